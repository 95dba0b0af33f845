import CalendarModel
import SyncEngine

extension LinkPass {
    /// Finds out what became of calls whose outcome an earlier pass did not learn: a lost answer, or a crash between call
    /// and record.
    mutating func clearUpOpenIntents() async throws {
        for intent in memory.openIntents {
            switch intent.operation.action {
            case .createEvent(let create): try await clearUp(intent, create)
            case .createBooking(let create): try await clearUp(intent, create)
            case .updateEvent(let update): try await clearUp(intent, update)
            case .updateBooking(let update): try await clearUp(intent, update)
            case .cancelEvent(let cancel): try await observeAgain(cancel.reference.event, closing: intent)
            case .declineEvent(let decline): try await observeAgain(decline.event, closing: intent)
            case .proposeTime(let propose): try await observeAgain(propose.event, closing: intent)
            case .setBookingStatus, .askRoom, .adopt, .attach, .settle, .end:
                // The booking is read anew in each pass; the plan sees whether it worked.
                try await close(intent, as: .abandoned)
            }
        }
    }

    /// An update that turns out to have worked is recorded as one that answered: else what a person undid since would look
    /// like nothing, and the update like a person's change.
    private mutating func clearUp(_ intent: Intent, _ update: Operation.UpdateEvent) async throws {
        let (id, organizerEvent) = (update.reference.event, update.reference.organizerEvent)
        let found: Event? =
            if let organizerEvent { try await organizerCopy(organizerEvent) } else if let id {
                try await lookFor(id)
            } else {
                nil
            }
        guard let event = found else {
            // Of our invitation the room's copy says what became of it.
            let gone: [Effect] = organizerEvent == nil ? id.map { [.forget($0)] } ?? [] : []
            // A calendar that only looks empty shows later whether it worked.
            guard organizerEvent != nil || pairing(update.pairing) == nil else { return try await keep(gone) }
            return try await close(intent, as: .abandoned, effects: gone)
        }
        let kept = Privacy.redacted(event, policy: link.policy.content)
        let readable = MeetingParts(
            update.parts.fields.intersection(
                link.policy.content == .everything ? Self.readBack : [.time, .recurrence, .showAs]),
            occurrences: update.parts.occurrences)
        var effects = organizerEvent == nil ? [present(event)] : []
        if event.version != update.version,
            update.meeting.differingParts(from: kept.meeting, among: readable).isEmpty
        {
            effects += updated(update, outcome: WriteOutcome(event: event), because: intent.operation)
        } else if event.version != update.version, var pairing = pairing(update.pairing) {
            // It may have been written in part, or somebody changed the event since: what of it stands there is agreed on.
            // What is missing is still to be written, and what differs is a person's.
            let landed = update.meeting.landed(in: kept.meeting, among: readable)
            pairing.eventBase = pairing.eventBase.taking(parts: landed, from: update.meeting.missing(in: kept.meeting))
            // What was to be put back stands in the base already.
            let agreed = update.bookingMeeting == nil ? landed : update.bookingParts.intersection(landed)
            let source = update.bookingMeeting ?? pairing.bookingBase
            pairing.bookingBase = pairing.bookingBase.taking(parts: agreed, from: source.missing(in: kept.meeting))
            pairing.reopen()
            effects.append(.pair(pairing))
        }
        try await close(intent, as: .abandoned, effects: effects)
    }

    /// The fields that a vendor gives back as they were written.
    private static let readBack: Set<MeetingField> = [
        .time, .recurrence, .subject, .body, .sensitivity, .showAs, .location,
    ]

    private mutating func clearUp(_ intent: Intent, _ update: Operation.UpdateBooking) async throws {
        let booking: Booking?
        do {
            booking = try await environment.bookings.bookings(
                in: link.room, window: TimeSpan(start: now, end: now), known: [update.booking]
            ).first { $0.id == update.booking }
        } catch {
            throw PassStop(bookingSide: error)
        }
        var effects: [Effect] = []
        if let booking, booking.revision > update.revision {
            // What of it stands there is agreed on, whatever people made of the rest since.
            var agreed = update
            agreed.parts = update.meeting.landed(in: booking.meeting, among: update.parts)
            let written = booking.revision == update.revision + 1 ? booking.meeting : update.meeting
            if !agreed.parts.isEmpty {
                effects = updated(agreed, booking: booking, written: written, because: intent.operation)
            }
        }
        try await close(intent, as: .abandoned, effects: effects)
    }

    private mutating func clearUp(_ intent: Intent, _ create: Operation.CreateEvent) async throws {
        guard pairing(for: create.booking) == nil else {
            try await close(intent, as: .done)
            return
        }
        let tag = EventTag(link: link.id, booking: create.booking, key: intent.key)
        do {
            guard let event = try await environment.connector.find(tag, in: link.resourceAddress) else {
                return  // Stays open: if the plan still wants it, it is done again under the same key.
            }
            let organizerEvent = create.mode == .invite ? event.id : nil
            let effects = created(
                create, event: event, organizerEvent: organizerEvent, wasSeenToLand: false, because: intent.operation)
            try await close(intent, as: .done, effects: effects)
        } catch let error as ConnectorError {
            throw PassStop(error)
        }
    }

    private mutating func clearUp(_ intent: Intent, _ create: Operation.CreateBooking) async throws {
        guard !memory.pairings.values.contains(where: { $0.event == create.event }),
            let observed = observed(create.event)
        else {
            try await close(intent, as: .abandoned)
            return
        }
        do {
            let booking = try await environment.bookings.create(
                create.meeting, in: link.room, key: intent.key, slotTakenAt: create.slotTakenAt,
                because: intent.operation.reason)
            try await close(
                intent, as: .done,
                effects: created(booking, create, for: observed.event, because: intent.operation))
        } catch let error as BookingError {
            if case .unavailable = error { throw PassStop(bookingSide: error) }
            try await close(intent, as: .refused)
        }
    }

    private mutating func observeAgain(_ id: EventID?, closing intent: Intent) async throws {
        var effects: [Effect] = []
        if let id { effects = [try await lookFor(id).map { observation(of: $0) } ?? .forget(id)] }
        try await close(intent, as: .abandoned, effects: effects)
    }

    /// Creates that nobody wants any more are given up once nothing of them can land any more.
    mutating func abandonStaleIntents() async throws {
        for intent in memory.openIntents {
            guard now.since(intent.calledAt) > environment.settings.watchUnknownOutcomes else { continue }
            guard case .createEvent(let create) = intent.operation.action else { continue }
            let booking = try? await environment.bookings.bookings(
                in: link.room, window: TimeSpan(start: now, end: now), known: [create.booking]
            ).first { $0.id == create.booking }
            if booking?.status.holdsRoom != true { try await close(intent, as: .abandoned) }
        }
    }

    func pairing(for booking: BookingID) -> Pairing? { memory.pairings.values.first { $0.booking == booking } }
}

extension Meeting {
    /// The parts in which another meeting is as this one was written. The rule of a series counts also when single occurrences
    /// are not as they were written (yet).
    fileprivate func landed(in found: Meeting, among parts: MeetingParts) -> MeetingParts {
        let missing = differingParts(from: found, among: parts)
        var landed = MeetingParts(
            parts.fields.subtracting(missing.fields), occurrences: parts.occurrences.subtracting(missing.occurrences))
        if parts.fields.contains(.recurrence), let own = recurrence, let theirs = found.recurrence,
            own.samePattern(as: theirs), agrees(with: found, in: .time)
        {
            landed.fields.insert(.recurrence)
        }
        return landed
    }
}
