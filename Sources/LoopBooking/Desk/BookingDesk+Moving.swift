import CalendarModel

/// Another room for a booking: it is booked there and given up here, both or neither.
extension BookingDesk {
    /// The rooms that are open and free for the whole meeting and hold at least as many people as its own, by name.
    package func freeRooms(for meeting: Meeting, insteadOf own: RoomID) async throws -> [Room] {
        try await store.read { try freeRooms(for: meeting, insteadOf: own, in: $0) }
    }

    /// - Returns: the booking in the other room.
    /// - Throws: `DeskError.slotTaken` when the other room is not free.
    package func move(
        _ id: BookingID, to room: RoomID, by author: ChangeAuthor, because reason: String
    ) async throws -> Booking {
        try await store.write { transaction in
            let old = try existing(id, in: transaction)
            let there = try existing(room, in: transaction)
            let made = try book(old.meeting, in: there, by: author, because: reason, in: transaction)
            var standing = BookingStanding(old)
            standing.status = .cancelled
            standing.reason = reason
            try restore([standing], by: author, because: reason, in: transaction)
            return made
        }
    }
}
