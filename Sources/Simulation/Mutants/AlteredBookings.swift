import CalendarModel
import SyncEngine

/// The booking side with one fault.
struct AlteredBookings: BookingSystem {
    let base: any BookingSystem
    /// Whether somebody else's change is overwritten instead of looked at.
    var overwrites = false
    /// Applied to each meeting that is written.
    var written: @Sendable (Meeting) -> Meeting = { $0 }

    init(_ base: any BookingSystem) { self.base = base }

    func bookings(in room: RoomID, window: TimeSpan, known: Set<BookingID>) async throws(BookingError) -> [Booking] {
        try await base.bookings(in: room, window: window, known: known)
    }

    func slotsEnd(of room: RoomID) async throws(BookingError) -> Instant { try await base.slotsEnd(of: room) }

    func create(
        _ meeting: Meeting, in room: RoomID, key: OperationKey, slotTakenAt: Instant, because reason: String
    ) async throws(BookingError) -> Booking {
        try await base.create(written(meeting), in: room, key: key, slotTakenAt: slotTakenAt, because: reason)
    }

    func update(
        _ id: BookingID, to meeting: Meeting, parts: MeetingParts, ifRevision revision: Int64, because reason: String
    ) async throws(BookingError) -> Booking {
        do {
            return try await base.update(
                id, to: written(meeting), parts: parts, ifRevision: revision, because: reason)
        } catch {
            guard overwrites, error == .changed else { throw error }
            return try await base.update(
                id, to: written(meeting), parts: parts, ifRevision: revision + 1, because: reason)
        }
    }

    func updateTogether(_ updates: [BookingUpdate]) async throws(BookingError) -> [Booking] {
        try await base.updateTogether(
            updates.map { update in
                var update = update
                update.meeting = written(update.meeting)
                return update
            })
    }

    func setStatus(
        _ id: BookingID, to status: Booking.Status, ifRevision revision: Int64, because reason: String
    ) async throws(BookingError) -> Booking {
        try await base.setStatus(id, to: status, ifRevision: revision, because: reason)
    }
}
