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

    /// A pattern for LIKE that a word anywhere satisfies.
    fileprivate func pattern(_ index: Int) -> SQLValue {
        guard words.indices.contains(index) else { return .text("%") }
        var escaped = ""
        for character in words[index] {
            if "%_\\".contains(character) { escaped.append("\\") }
            escaped.append(character)
        }
        return .text("%\(escaped)%")
    }
}

/// A booking that was found, with the start by which the list is ordered.
package struct FoundBooking: Sendable {
    package var booking: Booking
    package var place: BookingSearch.Place
}

extension Store {
    /// In order of start. Cancelled ones are among them: people ask what became of a booking.
    package func search(_ search: BookingSearch, of organization: OrganizationID) async throws -> [FoundBooking] {
        var values: [SQLValue] = [
            .text(organization.rawValue), .integer(search.from?.microseconds ?? .min),
            .integer(search.to?.microseconds ?? .max), .optional(search.room?.rawValue),
            .integer(search.after?.start.microseconds ?? .min), .text(search.after?.id.rawValue ?? ""),
        ]
        values += (0..<BookingSearch.mostWords).map(search.pattern)
        values.append(.integer(Int64(search.limit)))
        let bound = values
        return try await driver.read { connection in
            // The inner query reads an index that holds all it asks for; the few that are shown are fetched.
            let matches = """
                words LIKE $7 ESCAPE '\\' AND words LIKE $8 ESCAPE '\\' AND words LIKE $9 ESCAPE '\\'
                    AND words LIKE $10 ESCAPE '\\'
                """
            return try connection.query(
                """
                SELECT \(Booking.columns), start_us FROM bookings
                WHERE organization = $1 AND id IN (
                    SELECT id FROM bookings
                    WHERE organization = $1 AND end_us > $2 AND start_us < $3
                        AND (CAST($4 AS TEXT) IS NULL OR room = $4)
                        AND start_us >= $5 AND (start_us > $5 OR id > $6) AND \(matches)
                    ORDER BY start_us, id LIMIT $11)
                ORDER BY start_us, id
                """, bound
            ).map(FoundBooking.init)
        }
    }

    /// Bookings by their own id, or by the id of the event that they are paired with.
    package func bookings(
        calledByID id: String, of organization: OrganizationID
    ) async throws -> [FoundBooking] {
        try await driver.read { connection in
            try connection.query(
                """
                SELECT \(Booking.columns), start_us FROM bookings
                WHERE organization = $1 AND (id = $2 OR id IN (
                    SELECT booking FROM pairings WHERE event = $2 AND ended_us IS NULL
                        AND link IN (SELECT links.id FROM links WHERE links.organization = $1)))
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
