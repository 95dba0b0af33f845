import CalendarModel
import SyncEngine

/// What each write leaves behind: pairings, observations, and a line in the booking's story.
extension LinkPass {
    func created(
        _ create: Operation.CreateEvent, event: Event, organizerEvent: EventID?, wasSeenToLand: Bool,
        because operation: Operation
    ) -> [Effect] {
        let kept = Privacy.redacted(event, policy: link.policy.content)
        let isInvitation = organizerEvent != nil
        // Of an event that was found later, what differs from what was written is somebody's change, and is to cross.
        let agreed = wasSeenToLand ? kept.meeting : kept.meeting.taking(fieldsWritten, from: create.meeting)
        // A series may have been written in part only; the rest of it is still to cross.
        let bookingBase = wasSeenToLand ? create.bookingMeeting : create.bookingMeeting.missing(in: kept.meeting)
        var pairing = Pairing(
            id: PairingID(environment.newID()), link: link.id, booking: create.booking,
            event: isInvitation ? nil : event.id, organizerEvent: organizerEvent, uid: event.uid,
            origin: .loopBooking, bookingBase: bookingBase,
            eventBase: agreed,
            bookingRevision: create.bookingRevision, eventVersion: isInvitation ? nil : event.version,
            roomResponse: isInvitation ? .notResponded : .organizer, invitedAt: isInvitation ? now : nil)
        if !wasSeenToLand { pairing.reopen() }
        return [.pair(pairing)] + (isInvitation ? [] : [observation(of: event)])
            + [tell(operation, booking: create.booking, event: event.id)]
    }

    func updated(
        _ update: Operation.UpdateEvent, outcome: WriteOutcome, because operation: Operation
    ) -> [Effect] {
        var effects: [Effect] = []
        let kept = Privacy.redacted(outcome.event, policy: link.policy.content)
        let known = pairing(update.pairing)
        if var pairing = known {
            let before = pairing.eventBase
            pairing.eventBase = pairing.eventBase.taking(parts: update.parts, from: kept.meeting)
            if pairing.isInvitation {
                if update.isAnsweredAnew(before: before) {
                    pairing.roomResponse = .notResponded
                    pairing.invitedAt = now
                }
                if update.parts.touchesTime {
                    // What was seen of the room's copy until now is older than this write.
                    pairing.eventVersion = pairing.event.flatMap { observed($0) }?.event.version
                }
            } else {
                pairing.agree(on: kept, policy: link.policy)
            }
            if let bookingMeeting = update.bookingMeeting {
                pairing.bookingBase = pairing.bookingBase.taking(parts: update.bookingParts, from: bookingMeeting)
            }
            if let booking = planned[pairing.booking] { pairing.agree(on: booking, policy: link.policy) }
            effects.append(.pair(pairing))
        }
        if known?.isInvitation != true { effects.append(observation(of: outcome.event)) }
        return effects + [tell(operation, booking: known?.booking, event: outcome.event.id)]
    }

    func cancelled(_ cancel: Operation.CancelEvent, because operation: Operation) -> [Effect] {
        let booking = pairing(cancel.pairing)?.booking
        let event = cancel.reference.event
        return [.end(cancel.pairing)] + (event.map { [.forget($0)] } ?? [])
            + [tell(operation, booking: booking, event: event)]
    }

    func declined(_ decline: Operation.DeclineEvent, because operation: Operation) -> [Effect] {
        let booking = pairing(decline.pairing)?.booking
        var effects: [Effect] = []
        if decline.occurrence == nil, let pairing = decline.pairing { effects = [.end(pairing)] }
        if var observed = observed(decline.event) {
            if let occurrence = decline.occurrence {
                observed.event.meeting.recurrence?.set(.cancelled, of: occurrence)
            } else {
                observed.event.response = .declined
            }
            effects.append(.observe(observed))
        }
        return effects + [tell(operation, booking: booking, event: decline.event)]
    }

    func proposed(_ propose: Operation.ProposeTime, because operation: Operation) -> [Effect] {
        var effects = [tell(operation, booking: pairing(propose.pairing)?.booking, event: propose.event)]
        if var pairing = pairing(propose.pairing) {
            pairing.proposed = propose.time
            effects.append(.pair(pairing))
        }
        return effects
    }

    /// The fields of an event that a create writes and the policy lets us read back.
    private var fieldsWritten: Set<MeetingField> {
        link.policy.content == .everything ? [.time, .subject, .body, .sensitivity, .showAs] : [.time, .showAs]
    }

    func created(
        _ booking: Booking, _ create: Operation.CreateBooking, for event: Event, because operation: Operation
    ) -> [Effect] {
        // A repeated create returns the booking as it stands now; people may have changed it since.
        let agreed = booking.revision == 1 ? booking.meeting : create.meeting
        var pairing = Pairing(
            id: PairingID(environment.newID()), link: link.id, booking: booking.id, event: event.id, uid: event.uid,
            origin: .calendar, bookingBase: agreed,
            // The event may have been seen changed since it was planned for; that is still to cross.
            eventBase: create.eventMeeting ?? event.meeting,
            bookingRevision: booking.revision, eventVersion: create.eventVersion ?? event.version,
            roomResponse: event.role == .organizer ? .organizer : event.response)
        pairing.agree(on: booking, policy: link.policy)
        return [.pair(pairing), tell(operation, booking: booking.id, event: event.id)]
    }

    /// - Parameter written: what stood in the booking right after the write, when people may have changed it since.
    func updated(
        _ update: Operation.UpdateBooking, booking: Booking, written: Meeting? = nil, because operation: Operation
    ) -> [Effect] {
        guard var pairing = pairing(update.pairing) else {
            return [tell(operation, booking: booking.id, event: nil)]
        }
        pairing.bookingBase = pairing.bookingBase.taking(parts: update.parts, from: written ?? booking.meeting)
        for (original, agreed) in update.unfinished ?? [:] where update.parts.occurrences.contains(original) {
            pairing.bookingBase.recurrence?.set(.changed(agreed), of: original)
        }
        pairing.agree(on: booking, policy: link.policy)
        pairing.proposed = nil
        if let eventMeeting = update.eventMeeting {
            pairing.eventBase = pairing.eventBase.taking(parts: update.parts, from: eventMeeting)
        }
        if let event = pairing.event.flatMap({ observed($0) })?.event, !pairing.isInvitation {
            pairing.agree(on: event, policy: link.policy)
        }
        return [.pair(pairing), tell(operation, booking: booking.id, event: pairing.event)]
    }

    func changedStatus(of booking: Booking, because operation: Operation) -> [Effect] {
        var effects: [Effect] = []
        let known = pairing(for: booking.id)
        if var pairing = known {
            pairing.agree(on: booking, policy: link.policy)
            effects.append(.pair(pairing))
        }
        return effects + [tell(operation, booking: booking.id, event: known?.event)]
    }

    /// Other events that turned up in the slot while it was written: observed like any, so that the next round of planning
    /// decides who stays. While another create may still land, an unknown one waits for the next reading, which asks whether
    /// it is ours.
    func overlapping(_ outcome: WriteOutcome, under key: OperationKey) -> [Effect] {
        let mayBeOurs = memory.openIntents.contains { $0.key != key && $0.isCreate }
        return outcome.overlapping.filter { !mayBeOurs || observed($0.id) != nil }.map { observation(of: $0) }
    }

    func tell(_ operation: Operation, booking: BookingID?, event: EventID?) -> Effect {
        .tell(
            HistoryEntry(
                link: link.id, booking: booking.map(OccurrenceBookingID.whole), event: event, at: now,
                action: operation.action.name, sentence: operation.reason))
    }

    /// A clash is kept with both meetings, and told in the winner's story too.
    func notes(on operation: Operation) -> [Effect] {
        operation.clashes.map {
            .clash(ClashRecord(link: link.id, note: $0.ofWholeBookings, reason: operation.reason, at: now))
        }
    }

    func parties(of operation: Operation) -> (BookingID?, EventID?) {
        switch operation.action {
        case .createEvent(let create): (create.booking, nil)
        case .updateEvent(let update): (pairing(update.pairing)?.booking, update.reference.event)
        case .cancelEvent(let cancel): (pairing(cancel.pairing)?.booking, cancel.reference.event)
        case .declineEvent(let decline): (pairing(decline.pairing)?.booking, decline.event)
        case .proposeTime(let propose): (pairing(propose.pairing)?.booking, propose.event)
        case .createBooking(let create): (nil, create.event)
        case .updateBooking(let update): (update.booking, nil)
        case .setBookingStatus(let change): (change.booking, nil)
        case .adopt(let booking, let event): (booking, event)
        case .askRoom(let id, _), .attach(let id, _), .settle(let id), .end(let id): (pairing(id)?.booking, nil)
        }
    }
}

extension ClashNote {
    /// With the bookings that people know, whole ones, and the occurrences that are meant.
    fileprivate var ofWholeBookings: ClashNote {
        func whole(_ party: Party) -> Party {
            guard let slice = party.booking.flatMap(OccurrenceBookingID.init) else { return party }
            var result = party
            (result.booking, result.occurrence) = (slice.booking, slice.original)
            return result
        }
        return ClashNote(winner: whole(winner), loser: whole(loser))
    }
}

extension Operation.UpdateEvent {
    /// Whether the room has to answer the invitation once more: at another time, and when an occurrence that was off is on
    /// again. One that is moved or cancelled leaves the room's answer to the series as it is.
    fileprivate func isAnsweredAnew(before: Meeting) -> Bool {
        guard parts.fields.isDisjoint(with: [.time, .recurrence]) else { return true }
        return parts.occurrences.contains { original in
            before.recurrence?.state(of: original) == .cancelled
                && meeting.recurrence?.state(of: original) != .cancelled
        }
    }
}

extension Meeting {
    /// This series without what an event that was written from it does not have (yet): those of its irregular occurrences
    /// stand as they do there.
    func missing(in written: Meeting) -> Meeting {
        guard let own = recurrence, let found = written.recurrence else { return self }
        let open = own.irregular.filter { own.state(of: $0) != .asRule && found.state(of: $0) == .asRule }
        var result = self
        result.recurrence = own.taking(open, from: found)
        return result
    }
}
