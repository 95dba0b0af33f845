import CalendarModel
import SyncEngine

extension Store {
    /// The engine's part of a booking's story, oldest first; with what was done to its event before there was a booking.
    package func history(of booking: BookingID, in organization: OrganizationID) async throws -> [HistoryEntry] {
        try await driver.read { connection in
            try connection.query(
                """
                SELECT link, booking, event, at_us, action, sentence FROM history
                WHERE organization = $1 AND booking = $2
                    OR organization = $1 AND booking IS NULL
                        AND link IN (SELECT link FROM pairings WHERE booking = $2)
                        AND event IN (SELECT event FROM pairings WHERE booking = $2)
                ORDER BY position
                """, [.text(organization.rawValue), .text(booking.rawValue)]
            ).map(HistoryEntry.init)
        }
    }

    /// The newest lines of a link's story, newest first.
    package func history(of link: LinkID, limit: Int) async throws -> [HistoryEntry] {
        try await driver.read { connection in
            try connection.query(
                """
                SELECT link, booking, event, at_us, action, sentence FROM history WHERE link = $1
                ORDER BY position DESC LIMIT $2
                """, [.text(link.rawValue), .integer(Int64(limit))]
            ).map(HistoryEntry.init)
        }
    }
}

extension HistoryEntry {
    fileprivate init(_ row: SQLRow) throws {
        self.init(
            link: LinkID(try row.text("link")), booking: try row.optionalText("booking").map { BookingID($0) },
            event: try row.optionalText("event").map { EventID($0) },
            at: Instant(microseconds: try row.integer("at_us")), action: try row.text("action"),
            sentence: try row.text("sentence"))
    }
}
