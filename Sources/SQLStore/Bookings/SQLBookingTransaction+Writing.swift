import CalendarModel
import LoopBooking

extension SQLBookingTransaction {
    /// How long a request can be repeated with the same key.
    private static let requestKeyLife: Duration = .seconds(7 * 24 * 3600)

    func insert(_ booking: Booking, holding: Holding, key: OperationKey?) throws {
        try connection.execute(
            """
            INSERT INTO bookings (organization, id, room, start_us, end_us, status, reason, revision, origin,
                created_us, updated_us, slot_taken_us, meeting, slots_through_us, left_out, words)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
            """,
            [
                organizationValue, .text(booking.id.rawValue), .text(booking.room.rawValue),
                .integer(holding.reach.start.microseconds), .integer(holding.reach.end.microseconds),
                .text(booking.status.rawValue), .optional(booking.reason), .integer(booking.revision),
                .text(booking.origin.rawValue), .integer(booking.createdAt.microseconds),
                .integer(booking.updatedAt.microseconds), .integer(booking.slotTakenAt.microseconds),
                .text(try StoredJSON.text(booking.meeting)), .optional(holding.through?.microseconds),
                .text(booking.storedLeftOut), .text(booking.meeting.searchedWords),
            ])
        try take(holding.slots, for: booking.id, in: booking.room)
        guard let key else { return }
        try connection.execute(
            "INSERT INTO operation_keys (organization, key, booking) VALUES ($1, $2, $3)",
            [organizationValue, .text(key.rawValue), .text(booking.id.rawValue)])
    }

    func update(_ booking: Booking, holding: Holding) throws {
        try connection.execute(
            """
            UPDATE bookings SET status = $3, reason = $4, revision = $5, updated_us = $6, slot_taken_us = $7,
                meeting = $8, left_out = $9, words = $10
            WHERE organization = $1 AND id = $2
            """,
            [
                organizationValue, .text(booking.id.rawValue), .text(booking.status.rawValue),
                .optional(booking.reason), .integer(booking.revision),
                .integer(booking.updatedAt.microseconds), .integer(booking.slotTakenAt.microseconds),
                .text(try StoredJSON.text(booking.meeting)), .text(booking.storedLeftOut),
                .text(booking.meeting.searchedWords),
            ])
        try hold(holding, for: booking.id)
    }

    func hold(_ holding: Holding, for booking: BookingID) throws {
        let row = try connection.first(
            """
            UPDATE bookings SET start_us = $3, end_us = $4, slots_through_us = $5
            WHERE organization = $1 AND id = $2
            RETURNING room
            """,
            [
                organizationValue, .text(booking.rawValue), .integer(holding.reach.start.microseconds),
                .integer(holding.reach.end.microseconds), .optional(holding.through?.microseconds),
            ])
        guard let row else { return }
        let held = try connection.query(
            "SELECT start_us, end_us FROM booking_slots WHERE organization = $1 AND booking = $2",
            [organizationValue, .text(booking.rawValue)]
        ).map { try $0.span() }
        // Only the difference is written: a series has hundreds of slots, and one occurrence moves.
        let wanted = Set(holding.slots)
        for slot in held where !wanted.contains(slot) { try giveBack(slot, of: booking) }
        let kept = Set(held)
        try take(holding.slots.filter { !kept.contains($0) }, for: booking, in: RoomID(row.text("room")))
    }

    func append(_ change: BookingChangeRecord) throws {
        // Writers are one at a time, so the next position is free.
        let last = try connection.first(
            "SELECT COALESCE(MAX(position), 0) AS position FROM booking_changes WHERE organization = $1",
            [organizationValue])
        var change = change
        change.position = (try last?.integer("position") ?? 0) + 1
        try connection.execute(
            """
            INSERT INTO booking_changes (organization, position, booking, room, kind, revision, start_us, end_us,
                fields, author_kind, author, at_us, reason, occurrences)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            """,
            [
                organizationValue, .integer(change.position), .text(change.booking.rawValue),
                .text(change.room.rawValue), .text(change.kind.rawValue), .integer(change.revision),
                .integer(change.span.start.microseconds), .integer(change.span.end.microseconds),
                .text(change.storedFields), .text(change.author.kind), .text(change.author.name),
                .integer(change.at.microseconds), .optional(change.reason),
                .text(OccurrenceNote.stored(change.occurrences)),
            ])
        try store.afterBookingChange?(connection, change)
    }

    func remember<Entity: Codable & Sendable>(
        _ entity: Entity, answering request: RequestKey, at now: Instant
    ) throws {
        try connection.execute(
            "DELETE FROM request_keys WHERE created_us < $1",
            [.integer(now.advanced(by: .zero - Self.requestKeyLife).microseconds)])
        try connection.execute(
            """
            INSERT INTO request_keys (organization, client, key, digest, answer, created_us)
            VALUES ($1, $2, $3, $4, $5, $6)
            """,
            [
                organizationValue, .text(request.client), .text(request.key), .text(request.digest),
                .text(try StoredJSON.text(entity)), .integer(now.microseconds),
            ])
    }

    private func take(_ slots: [TimeSpan], for booking: BookingID, in room: RoomID) throws {
        for slot in slots {
            try connection.execute(
                """
                INSERT INTO booking_slots (organization, booking, start_us, end_us, room) VALUES ($1, $2, $3, $4, $5)
                """,
                [
                    organizationValue, .text(booking.rawValue), .integer(slot.start.microseconds),
                    .integer(slot.end.microseconds), .text(room.rawValue),
                ])
        }
    }

    private func giveBack(_ slot: TimeSpan, of booking: BookingID) throws {
        try connection.execute(
            "DELETE FROM booking_slots WHERE organization = $1 AND booking = $2 AND start_us = $3",
            [organizationValue, .text(booking.rawValue), .integer(slot.start.microseconds)])
    }
}
