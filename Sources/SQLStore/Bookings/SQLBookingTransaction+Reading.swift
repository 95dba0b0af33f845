import CalendarModel
import LoopBooking

extension SQLBookingTransaction {
    func booking(_ id: BookingID) throws -> Booking? {
        try connection.first(
            "SELECT \(Booking.columns) FROM bookings WHERE organization = $1 AND id = $2",
            [organizationValue, .text(id.rawValue)]
        ).map(Booking.init)
    }

    func bookings(_ query: BookingQuery) throws -> [Booking] {
        // A missing bound is an open end.
        var values: [SQLValue] = [
            organizationValue, .integer(query.from?.microseconds ?? .min), .integer(query.to?.microseconds ?? .max),
            .optional(query.status?.rawValue), .integer(query.after?.start.microseconds ?? .min),
            .text(query.after?.id.rawValue ?? ""), .integer(Int64(query.limit)),
        ]
        guard let room = query.room else {
            return try connection.query(
                """
                SELECT \(Booking.columns) FROM bookings
                WHERE organization = $1 AND end_us > $2 AND start_us < $3
                    AND (CAST($4 AS TEXT) IS NULL OR status = $4)
                    AND (start_us > $5 OR (start_us = $5 AND id > $6)) AND start_us >= $5
                ORDER BY start_us, id LIMIT $7
                """, values
            ).map(Booking.init)
        }
        values.append(.text(room.rawValue))
        guard query.from != nil else {
            return try connection.query(
                """
                SELECT \(Booking.columns) FROM bookings
                WHERE organization = $1 AND room = $8 AND end_us > $2 AND start_us < $3
                    AND (CAST($4 AS TEXT) IS NULL OR status = $4)
                    AND (start_us > $5 OR (start_us = $5 AND id > $6)) AND start_us >= $5
                ORDER BY start_us, id LIMIT $7
                """, values
            ).map(Booking.init)
        }
        // "+ 0" keeps the database from walking the room's whole past by start: what ends after `from` is the short
        // part.
        return try connection.query(
            """
            SELECT \(Booking.columns) FROM bookings
            WHERE organization = $1 AND room = $8 AND end_us > $2 AND start_us + 0 < $3
                AND (CAST($4 AS TEXT) IS NULL OR status = $4)
                AND (start_us + 0 > $5 OR (start_us + 0 = $5 AND id > $6))
            ORDER BY start_us + 0, id LIMIT $7
            """, values
        ).map(Booking.init)
    }

    func booking(madeBy key: OperationKey) throws -> Booking? {
        let row = try connection.first(
            "SELECT booking FROM operation_keys WHERE organization = $1 AND key = $2",
            [organizationValue, .text(key.rawValue)])
        return try row.flatMap { try booking(BookingID($0.text("booking"))) }
    }

    func slots(in room: RoomID, during span: TimeSpan) throws -> [HeldSlot] {
        // Slots of a room never overlap, so the order of their ends is that of their starts.
        try connection.query(
            """
            SELECT booking, start_us, end_us FROM booking_slots
            WHERE organization = $1 AND room = $2 AND end_us > $3 AND start_us < $4 ORDER BY end_us
            """,
            [
                organizationValue, .text(room.rawValue), .integer(span.start.microseconds),
                .integer(span.end.microseconds),
            ]
        ).map { HeldSlot(booking: BookingID(try $0.text("booking")), span: try $0.span()) }
    }

    func rolling(in room: RoomID, before limit: Instant) throws -> [RollingSeries] {
        try connection.query(
            """
            SELECT \(Booking.columns), slots_through_us FROM bookings
            WHERE organization = $1 AND room = $2 AND slots_through_us IS NOT NULL AND slots_through_us < $3
            ORDER BY slots_through_us, id
            """, [organizationValue, .text(room.rawValue), .integer(limit.microseconds)]
        ).map { row in
            RollingSeries(
                booking: try Booking(row), through: Instant(microseconds: try row.integer("slots_through_us")))
        }
    }

    func upcoming(in room: RoomID, after instant: Instant, limit: Int) throws -> [Booking] {
        try connection.query(
            """
            SELECT \(Booking.columns) FROM bookings
            WHERE organization = $1 AND room = $2 AND end_us > $3 AND status IN ('confirmed', 'pending')
            ORDER BY end_us LIMIT $4
            """,
            [organizationValue, .text(room.rawValue), .integer(instant.microseconds), .integer(Int64(limit))]
        ).map(Booking.init)
    }

    func changes(after position: Int64, limit: Int) throws -> [BookingChangeRecord] {
        try connection.query(
            """
            SELECT \(BookingChangeRecord.columns) FROM booking_changes WHERE organization = $1 AND position > $2
            ORDER BY position LIMIT $3
            """, [organizationValue, .integer(position), .integer(Int64(limit))]
        ).map(BookingChangeRecord.init)
    }

    func changes(of booking: BookingID) throws -> [BookingChangeRecord] {
        try connection.query(
            """
            SELECT \(BookingChangeRecord.columns) FROM booking_changes WHERE organization = $1 AND booking = $2
            ORDER BY revision
            """, [organizationValue, .text(booking.rawValue)]
        ).map(BookingChangeRecord.init)
    }

    func certainty(of room: RoomID, at now: Instant) throws -> RoomCertainty {
        try store.roomCertainty?(connection, organization, room, now) ?? .certain
    }

    func answer<Entity: Codable & Sendable>(to request: RequestKey, as type: Entity.Type) throws -> (
        digest: String, entity: Entity
    )? {
        let row = try connection.first(
            "SELECT digest, answer FROM request_keys WHERE organization = $1 AND client = $2 AND key = $3",
            [organizationValue, .text(request.client), .text(request.key)])
        guard let row else { return nil }
        let digest = try row.text("digest")
        // Another request's answer may be of another kind; it is only read when the requests are the same.
        guard digest == request.digest else { throw DeskError.requestKeyReused }
        return (digest, try StoredJSON.value(type, from: row.text("answer"), column: "answer"))
    }
}

extension SQLRow {
    /// The columns `start_us` and `end_us`.
    func span() throws -> TimeSpan {
        TimeSpan(
            start: Instant(microseconds: try integer("start_us")), end: Instant(microseconds: try integer("end_us")))
    }
}
