import CalendarModel
import LoopBooking
import SyncEngine

/// The built-in booking system behind the engine's port, for one link. What it writes carries the link as its author.
package struct LoopBookingSystem: BookingSystem {
    private let desk: BookingDesk
    private let author: ChangeAuthor

    package init(desk: BookingDesk, link: LinkID) {
        self.desk = desk
        author = .sync(link)
    }

    package func bookings(
        in room: RoomID, window: TimeSpan, known: Set<BookingID>
    ) async throws(BookingError) -> [Booking] {
        try await translating { try await desk.bookings(in: room, window: window, known: known) }
    }

    package func slotsEnd(of room: RoomID) async throws(BookingError) -> Instant {
        try await translating { try await desk.slotsEnd(of: room) }
    }

    package func create(
        _ meeting: Meeting, in room: RoomID, key: OperationKey, slotTakenAt: Instant, because reason: String
    ) async throws(BookingError) -> Booking {
        try await translating {
            try await desk.createFromCalendar(
                meeting, in: room, key: key, slotTakenAt: slotTakenAt, by: author, because: reason)
        }
    }

    package func update(
        _ id: BookingID, to meeting: Meeting, parts: MeetingParts, ifRevision revision: Int64, because reason: String
    ) async throws(BookingError) -> Booking {
        try await translating {
            try await desk.updateFromCalendar(
                id, to: meeting, parts: parts, ifRevision: revision, by: author, because: reason)
        }
    }

    package func updateTogether(_ updates: [BookingUpdate]) async throws(BookingError) -> [Booking] {
        try await translating {
            try await desk.updateFromCalendar(
                updates.map { update in
                    CalendarChange(
                        booking: update.booking, meeting: update.meeting, parts: update.parts,
                        revision: update.revision, reason: update.reason)
                }, by: author)
        }
    }

    package func setStatus(
        _ id: BookingID, to status: Booking.Status, ifRevision revision: Int64, because reason: String
    ) async throws(BookingError) -> Booking {
        try await translating {
            try await desk.setStatus(id, to: status, ifRevision: revision, by: author, because: reason)
        }
    }

    private func translating<Value: Sendable>(
        _ body: () async throws -> Value
    ) async throws(BookingError) -> Value {
        do { return try await body() } catch let error as DeskError {
            throw BookingError(error)
        } catch is CancellationError {
            throw .unavailable("The work was cancelled.")
        } catch {
            throw .unavailable("LoopBooking's database did not answer: \(error)")
        }
    }
}

extension BookingError {
    /// The desk's refusal in the engine's words.
    init(_ error: DeskError) {
        self =
            switch error {
            case .noSuchBooking: .notFound
            case .noSuchRoom(let room): .rejected("There is no room \(room) in LoopBooking.")
            case .slotTaken(let other, _): .slotTaken(by: other)
            case .occurrencesTaken(let taken): .slotTaken(by: taken.first.holder.booking)
            case .notASeries: .rejected("The booking is a single meeting.")
            case .noSuchOccurrence(let original): .rejected("The series has no occurrence at \(original).")
            case .occurrenceCancelled(let original): .rejected("The occurrence at \(original) was cancelled.")
            case .changed: .changed
            case .rulesBroken(let violations): .rejected(violations.map(\.message).joined(separator: " "))
            case .closed(let status): .rejected("The booking is \(status.rawValue).")
            case .notCertain(let reason), .roomInUse(let reason): .rejected(reason)
            case .roomNameTaken(let name): .rejected("Another room is called \(name).")
            case .requestKeyReused: .rejected("The key was used for another request.")
            }
    }
}
