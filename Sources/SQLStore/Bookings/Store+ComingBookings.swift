import CalendarModel

/// A booking that is not over, with who organizes it.
package struct ComingBooking: Hashable, Sendable {
    package var id: BookingID
    package var room: RoomID
    package var roomName: String
    package var organizer: Person
    package var span: TimeSpan
    package var isSeries: Bool
    /// Nil when only the organizer is meant to see it.
    package var subject: String?
}

extension Store {
    /// Bookings that hold their room and are not over, with an organizer's address, by start. Read in portions.
    package func comingBookings(of organization: OrganizationID, now: Instant) async throws -> [ComingBooking] {
        var result: [ComingBooking] = []
        var place: (start: Int64, id: String) = (.min, "")
        while true {
            let after = place
            let (rows, next) = try await driver.read { connection in
                let rows = try connection.query(
                    """
                    SELECT bookings.id AS id, bookings.room AS room, rooms.name AS room_name, start_us, meeting
                    FROM bookings
                    JOIN rooms ON rooms.organization = bookings.organization AND rooms.id = bookings.room
                    WHERE bookings.organization = $1 AND status IN ('confirmed', 'pending') AND end_us > $2
                        AND (start_us > $3 OR start_us = $3 AND bookings.id > $4)
                    ORDER BY start_us, bookings.id LIMIT 1000
                    """,
                    [
                        .text(organization.rawValue), .integer(now.microseconds), .integer(after.start),
                        .text(after.id),
                    ])
                let last = try rows.last.map { (start: try $0.integer("start_us"), id: try $0.text("id")) }
                return (try rows.compactMap(ComingBooking.init), rows.count == 1000 ? last : nil)
            }
            result += rows
            guard let next else { return result }
            place = next
        }
    }
}

extension ComingBooking {
    fileprivate init?(_ row: SQLRow) throws {
        let meeting = try StoredJSON.value(Meeting.self, from: row.text("meeting"), column: "meeting")
        guard let organizer = meeting.organizer, !organizer.address.isEmpty else { return nil }
        self.init(
            id: BookingID(try row.text("id")), room: RoomID(try row.text("room")),
            roomName: try row.text("room_name"), organizer: organizer, span: meeting.span,
            isSeries: meeting.recurrence != nil, subject: meeting.sensitivity.hidesContent ? nil : meeting.subject)
    }
}
