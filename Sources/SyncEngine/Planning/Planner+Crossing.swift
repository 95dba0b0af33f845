import CalendarModel

extension Planner {
    /// What brings a live pairing whose slot is its own to the same content on both sides.
    func crossingOperations(for live: LivePairing) -> [Operation] {
        let (pairing, booking, merge) = (live.pairing, live.booking, live.merge)
        var operations: [Operation] = []

        if !merge.toBooking.isEmpty, let event = live.observed?.event {
            operations.append(
                Operation(
                    .updateBooking(
                        Operation.UpdateBooking(
                            pairing: pairing.id, booking: booking.id, revision: booking.revision,
                            meeting: merge.incoming, parts: merge.toBooking, eventMeeting: event.meeting,
                            unfinished: merge.unfinished)),
                    because: reasons.changed(merge.toBooking, in: event.meeting, on: .calendar, merge: merge)))
        }
        if !merge.toEvent.isEmpty { operations += writesToEvent(live) }
        if merge.isEmpty, merge.needsRecording {
            operations.append(
                Operation(.settle(pairing: pairing.id), because: "Both sides agree; nothing to write."))
        }
        // A booking that is written here is looked at again before anything is said about it.
        return merge.toBooking.isEmpty ? operations + confirmation(of: live) : operations
    }

    private func writesToEvent(_ live: LivePairing) -> [Operation] {
        let (pairing, booking, merge) = (live.pairing, live.booking, live.merge)
        if let event = live.observed?.event, event.role == .attendee, !pairing.isInvitation {
            return answersToOrganizer(live, event)
        }
        let wanted = crossing.event(from: booking.meeting, origin: pairing.origin)
        guard
            state.expresses(
                (live.observed?.event.meeting ?? pairing.eventBase).taking(parts: merge.toEvent, from: wanted))
        else { return [putBack(live)] }
        return [
            Operation(
                .updateEvent(
                    Operation.UpdateEvent(
                        pairing: pairing.id, reference: pairing.reference,
                        version: pairing.isInvitation ? nil : live.observed?.event.version,
                        meeting: wanted, parts: merge.toEvent,
                        bookingParts: merge.fromBooking, bookingMeeting: booking.meeting)),
                because: reasons.changed(merge.fromBooking, in: booking.meeting, on: .loopBooking, merge: merge))
        ]
    }

    /// A series from the calendar got a rule that the calendar cannot hold: it stays as both sides had it.
    private func putBack(_ live: LivePairing) -> Operation {
        let parts = MeetingParts(
            live.merge.fromBooking.fields.intersection([.time, .recurrence]),
            occurrences: live.merge.fromBooking.occurrences)
        let update = Operation.UpdateBooking(
            pairing: live.pairing.id, booking: live.booking.id, revision: live.booking.revision,
            meeting: live.booking.meeting.taking(parts: parts, from: live.pairing.bookingBase), parts: parts,
            eventMeeting: nil)
        return Operation(.updateBooking(update), because: reasons.notExpressible)
    }

    /// A person organizes the meeting: the room may answer, not rewrite. It says no to occurrences that LoopBooking
    /// cancelled and proposes the times that LoopBooking would like; all else goes back to what the organizer said.
    private func answersToOrganizer(_ live: LivePairing, _ event: Event) -> [Operation] {
        let (pairing, booking) = (live.pairing, live.booking)
        var operations: [Operation] = []
        var back = live.merge.fromBooking
        for original in back.occurrences.sorted() where booking.meeting.recurrence?.state(of: original) == .cancelled {
            back.occurrences.remove(original)
            let comment = booking.reason ?? "Cancelled in LoopBooking."
            let decline = Operation.DeclineEvent(
                pairing: pairing.id, event: event.id, occurrence: original, comment: comment)
            operations.append(Operation(.declineEvent(decline), because: reasons.declined(comment)))
        }
        guard !back.isEmpty else { return operations }
        let proposal = proposal(back, booking: booking, event: event, pairing: pairing)
        if proposal != nil, isBeingAnswered(event) { return operations }
        if let proposal {
            operations.append(Operation(.proposeTime(proposal), because: reasons.proposed(proposal, to: event)))
        }
        let agreed = booking.meeting.taking(parts: back, from: crossing.booking(from: event.meeting))
        operations.append(
            Operation(
                .updateBooking(
                    Operation.UpdateBooking(
                        pairing: pairing.id, booking: booking.id, revision: booking.revision, meeting: agreed,
                        parts: back, eventMeeting: event.meeting)),
                because: reasons.onlyOrganizer(event, isProposed: proposal != nil || pairing.proposed != nil)))
        return operations
    }

    /// How long the room's attendant is given to answer. It takes seconds; a room without one leaves requests to people.
    private static let attendantTime: Duration = .seconds(300)

    /// Whether the room's own answer to the organizer may still be on its way. It would take a proposal back that is there
    /// before it. Until then the booking stays as somebody wanted it, and so nothing is forgotten.
    private func isBeingAnswered(_ event: Event) -> Bool {
        guard event.response == .none || event.response == .notResponded,
            let asked = event.modifiedAt ?? event.createdAt
        else { return false }
        return state.now < asked.advanced(by: Self.attendantTime)
    }

    /// The new time that LoopBooking would like: of a single meeting, or of one occurrence. A series as a whole cannot be
    /// proposed.
    private func proposal(
        _ parts: MeetingParts, booking: Booking, event: Event, pairing: Pairing
    ) -> Operation.ProposeTime? {
        guard state.proposesNewTimes else { return nil }
        func propose(_ time: MeetingTime, _ occurrence: WallTime?) -> Operation.ProposeTime? {
            guard time.span.end > state.now, pairing.proposed != time else { return nil }
            return Operation.ProposeTime(
                pairing: pairing.id, event: event.id, occurrence: occurrence, time: time,
                comment: "\(state.link.roomName) was asked for at this time in LoopBooking.")
        }
        if parts.fields.contains(.time), booking.meeting.recurrence == nil, event.meeting.recurrence == nil {
            return propose(booking.meeting.time, nil)
        }
        if parts.occurrences.count == 1, let original = parts.occurrences.first,
            let time = booking.meeting.recurrence?.exceptions[original]?.time
        {
            return propose(time, original)
        }
        return nil
    }

    /// A booking that waited for an answer gets it.
    private func confirmation(of live: LivePairing) -> [Operation] {
        guard live.booking.status == .pending || live.pairing.awaitsRoom else { return [] }
        func set(_ status: Booking.Status, _ reason: String) -> Operation {
            Operation(
                .setBookingStatus(
                    Operation.SetBookingStatus(
                        booking: live.booking.id, revision: live.booking.revision, status: status)),
                because: reason)
        }
        guard live.pairing.isInvitation, let organizerEvent = live.pairing.organizerEvent else {
            return [set(.confirmed, "The calendar holds the slot: confirmed.")]
        }
        let answer = live.observed?.event.response ?? live.pairing.roomResponse
        switch answer {
        case .accepted, .organizer:
            return live.booking.status == .pending ? [set(.confirmed, "The room accepted: confirmed.")] : []
        case .declined: return [set(.refused, "The room declined the meeting in the calendar.")]
        case .tentative, .notResponded, .none:
            let ask = Operation(
                .askRoom(pairing: live.pairing.id, organizerEvent: organizerEvent),
                because: "The room has not answered the invitation yet.")
            let hold = live.booking.status == .confirmed ? [set(.pending, "Waiting for the room's answer.")] : []
            return hold + [ask]
        }
    }
}
