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
            case .updateEvent(let update): try await observeAgain(update.reference.event, closing: intent)
            case .cancelEvent(let cancel): try await observeAgain(cancel.reference.event, closing: intent)
            case .declineEvent(let decline): try await observeAgain(decline.event, closing: intent)
            case .proposeTime(let propose): try await observeAgain(propose.event, closing: intent)
            case .updateBooking, .setBookingStatus, .askRoom, .adopt, .attach, .settle, .end:
                // The booking is read anew in each pass; the plan sees whether it worked.
                try await close(intent, as: .abandoned)
            }
        }
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
        if let id {
            do {
                if let event = try await environment.connector.fetch(id, in: link.resourceAddress) {
                    effects = [observation(of: event)]
                } else {
                    effects = [.forget(id)]
                }
            } catch {
                throw PassStop(error)
            }
        }
        try await close(intent, as: .abandoned, effects: effects)
    }

    /// Creates that nobody wants any more are given up once nothing of them can land any more.
    mutating func abandonStaleIntents() async throws {
        for intent in memory.openIntents {
            guard now.since(intent.openedAt) > environment.settings.watchUnknownOutcomes else { continue }
            guard case .createEvent(let create) = intent.operation.action else { continue }
            let booking = try? await environment.bookings.bookings(
                in: link.room, window: TimeSpan(start: now, end: now), known: [create.booking]
            ).first { $0.id == create.booking }
            if booking?.status.holdsRoom != true { try await close(intent, as: .abandoned) }
        }
    }

    func pairing(for booking: BookingID) -> Pairing? { memory.pairings.values.first { $0.booking == booking } }
}
