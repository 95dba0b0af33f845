import CalendarModel

/// Bookings to look for. All words must stand in the subject or in the organizer's name or address.
package struct BookingSearch: Hashable, Sendable {
    package var words: [String]
    package var room: RoomID?
    /// Bookings that end after this.
    package var from: Instant?
    /// Bookings that start before this.
    package var to: Instant?
    /// Behind this booking.
    package var after: Place?
    package var limit: Int

    package struct Place: Hashable, Sendable {
        package var start: Instant
        package var id: BookingID

        package init(start: Instant, id: BookingID) {
            self.start = start
            self.id = id
        }
    }

    /// - Parameter text: what somebody typed.
    package init(
        _ text: String = "", room: RoomID? = nil, from: Instant? = nil, to: Instant? = nil, after: Place? = nil,
        limit: Int
    ) {
        words = Self.folded(text).split(separator: " ").prefix(Self.mostWords).map(String.init)
        self.room = room
        self.from = from
        self.to = to
        self.after = after
        self.limit = limit
    }

    fileprivate static let mostWords = 4

    /// As words are kept and compared: without case, and with single spaces.
    package static func folded(_ text: String) -> String { canonicalLine(text).lowercased() }
}

/// A booking that was found, with the start by which the list is ordered.
package struct FoundBooking: Sendable {
    package var booking: Booking
    package var place: BookingSearch.Place
}

extension Store {
    /// In order of start. Cancelled ones are among them: people ask what became of a booking.
    package func search(_ search: BookingSearch, of organization: OrganizationID) async throws -> [FoundBooking] {
        // Words are kept folded, so nothing slower, such as LIKE, is needed.
        let contains =
            switch driver.dialect {
            case .sqlite: "instr"
            }
        let from = search.from?.microseconds ?? .min
        let after = search.after?.start.microseconds ?? .min
        // A short booking that is not over began later than this.
        let recent = max(from, .min + Self.longBooking) - Self.longBooking
        var values: [SQLValue] = [
            .text(organization.rawValue), .integer(from), .integer(search.to?.microseconds ?? .max),
            .integer(after), .text(search.after?.id.rawValue ?? ""), .integer(Int64(search.limit)), .integer(recent),
            .integer(max(after, recent)),
        ]
        // Only what is asked for is compared: with a hundred thousand bookings to look through, each comparison counts.
        var conditions = "organization = $1 AND end_us > $2"
        if search.after != nil { conditions += " AND (start_us > $4 OR id > $5)" }
        let short = search.to == nil ? "" : "AND start_us < $3"
        let long =
            (search.to == nil ? "" : "AND start_us + 0 < $3") + (search.after == nil ? "" : " AND start_us + 0 >= $4")
        if let room = search.room {
            values.append(.text(room.rawValue))
            conditions += " AND room = $\(values.count)"
        }
        for word in search.words {
            values.append(.text(word))
            conditions += " AND \(contains)(words, $\(values.count)) > 0"
        }
        // What is over is passed over: short bookings by their start, long ones (series are long) by their end. The sum
        // without effect keeps the database from reading those by their start, too.
        let matches = conditions
        let bound = values
        let part = "SELECT id, start_us FROM bookings WHERE \(matches)"
        let end = "ORDER BY start_us, id LIMIT $6"
        return try await driver.read { connection in
            try connection.query(
                """
                SELECT \(Booking.columns), start_us FROM (
                    SELECT id AS found_id, start_us AS found_us FROM (
                        SELECT * FROM (\(part) \(short) AND start_us >= $8 \(end)) AS short
                        UNION ALL
                        SELECT * FROM (\(part) AND end_us - start_us > \(Self.longBooking)
                            \(long) AND start_us + 0 < $7
                            ORDER BY start_us + 0, id LIMIT $6) AS long
                    ) AS either \(end)
                ) AS found CROSS JOIN bookings
                WHERE organization = $1 AND id = found_id
                ORDER BY found_us, found_id
                """, bound
            ).map(FoundBooking.init)
        }
    }

    /// Two days, in microseconds: the index of long bookings has what lasts longer.
    private static let longBooking: Int64 = 172_800_000_000

    /// Bookings by their own id, or by the id of the event that they are paired with.
    package func bookings(
        calledByID id: String, of organization: OrganizationID
    ) async throws -> [FoundBooking] {
        try await driver.read { connection in
            try connection.query(
                """
                SELECT \(Booking.columns), start_us FROM (
                    SELECT CAST($2 AS TEXT) AS found_id
                    UNION SELECT pairings.booking AS found_id FROM links CROSS JOIN pairings
                    WHERE links.organization = $1 AND pairings.link = links.id AND pairings.event = $2
                        AND pairings.ended_us IS NULL
                ) AS found CROSS JOIN bookings
                WHERE organization = $1 AND id = found_id
                """, [.text(organization.rawValue), .text(id)]
            ).map(FoundBooking.init)
        }
    }

    /// Fills in the words of bookings that were kept before there were any.
    func writeMissingWords() async throws {
        while true {
            let done = try await driver.write { connection in
                let rows = try connection.query(
                    "SELECT organization, id, meeting FROM bookings WHERE words IS NULL LIMIT 500", [])
                for row in rows {
                    // What cannot be read is found by no word; it must not keep the program from starting.
                    let meeting = try? StoredJSON.value(Meeting.self, from: row.text("meeting"), column: "meeting")
                    try connection.execute(
                        "UPDATE bookings SET words = $3 WHERE organization = $1 AND id = $2",
                        [
                            .text(try row.text("organization")), .text(try row.text("id")),
                            .text(meeting?.searchedWords ?? ""),
                        ])
                }
                return rows.isEmpty
            }
            if done { return }
        }
    }
}

extension FoundBooking {
    fileprivate init(_ row: SQLRow) throws {
        booking = try Booking(row)
        place = BookingSearch.Place(
            start: Instant(microseconds: try row.integer("start_us")), id: booking.id)
    }
}

extension Meeting {
    /// What a meeting is found by. Of a private one only who made it.
    var searchedWords: String {
        let person = organizer.map { [$0.name, $0.address] } ?? []
        let texts = (sensitivity.hidesContent ? [] : [subject]) + person
        return String(BookingSearch.folded(texts.joined(separator: " ")).prefix(200))
    }
}
