import CalendarModel
import LoopBooking

extension SQLBookingTransaction {
    /// How long a request can be repeated with the same key.
    private static let requestKeyLife: Duration = .seconds(7 * 24 * 3600)

    func insert(_ booking: Booking, key: OperationKey?) throws {
        try connection.execute(
            """
            INSERT INTO bookings (organization, id, room, start_us, end_us, status, reason, revision, origin,
                created_us, updated_us, slot_taken_us, meeting)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            """,
            [
                organizationValue, .text(booking.id.rawValue), .text(booking.room.rawValue),
                .integer(booking.meeting.span.start.microseconds), .integer(booking.meeting.span.end.microseconds),
                .text(booking.status.rawValue), .optional(booking.reason), .integer(booking.revision),
                .text(booking.origin.rawValue), .integer(booking.createdAt.microseconds),
                .integer(booking.updatedAt.microseconds), .integer(booking.slotTakenAt.microseconds),
                .text(try StoredJSON.text(booking.meeting)),
            ])
        try holdSlot(of: booking)
        guard let key else { return }
        try connection.execute(
            "INSERT INTO operation_keys (organization, key, booking) VALUES ($1, $2, $3)",
            [organizationValue, .text(key.rawValue), .text(booking.id.rawValue)])
    }

    func update(_ booking: Booking) throws {
        try connection.execute(
            """
            UPDATE bookings SET start_us = $3, end_us = $4, status = $5, reason = $6, revision = $7, updated_us = $8,
                slot_taken_us = $9, meeting = $10
            WHERE organization = $1 AND id = $2
            """,
            [
                organizationValue, .text(booking.id.rawValue),
                .integer(booking.meeting.span.start.microseconds), .integer(booking.meeting.span.end.microseconds),
                .text(booking.status.rawValue), .optional(booking.reason), .integer(booking.revision),
                .integer(booking.updatedAt.microseconds), .integer(booking.slotTakenAt.microseconds),
                .text(try StoredJSON.text(booking.meeting)),
            ])
        try holdSlot(of: booking)
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
                fields, author_kind, author, at_us, reason)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            """,
            [
                organizationValue, .integer(change.position), .text(change.booking.rawValue),
                .text(change.room.rawValue), .text(change.kind.rawValue), .integer(change.revision),
                .integer(change.span.start.microseconds), .integer(change.span.end.microseconds),
                .text(change.storedFields), .text(change.author.kind), .text(change.author.name),
                .integer(change.at.microseconds), .optional(change.reason),
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

    /// Keeps the slot table in step with the booking: one slot for a booking that holds its room, none otherwise. A
    /// meeting without length holds nothing.
    private func holdSlot(of booking: Booking) throws {
        let span = booking.meeting.span
        guard booking.status.holdsRoom, !span.isEmpty else {
            try connection.execute(
                "DELETE FROM booking_slots WHERE organization = $1 AND booking = $2",
                [organizationValue, .text(booking.id.rawValue)])
            return
        }
        let values: [SQLValue] = [
            organizationValue, .text(booking.id.rawValue), .integer(span.start.microseconds),
            .integer(span.end.microseconds),
        ]
        let updated = try connection.execute(
            """
            UPDATE booking_slots SET start_us = $3, end_us = $4 WHERE organization = $1 AND booking = $2
            """, values)
        guard updated == 0 else { return }
        try connection.execute(
            """
            INSERT INTO booking_slots (organization, booking, start_us, end_us, room) VALUES ($1, $2, $3, $4, $5)
            """, values + [.text(booking.room.rawValue)])
    }
}
