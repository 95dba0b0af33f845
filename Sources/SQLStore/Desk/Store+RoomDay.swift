import CalendarModel
import SyncEngine

/// What a link's calendar holds that may touch a span, as it was last read, and which meetings are one.
package struct ObservedSpan: Sendable {
    package var events: [ObservedEvent]
    /// The event of each booking, by the booking's id as the engine knows it.
    package var pairs: [BookingID: EventID]
}

extension Store {
    /// Events that touch `span`, and every series: which of its occurrences do is for the caller to find out.
    package func observed(of link: LinkID, touching span: TimeSpan) async throws -> ObservedSpan {
        try await driver.read { connection in
            let events = try connection.query(
                """
                SELECT content FROM observed_events
                WHERE link = $1 AND (start_us < $3 AND end_us > $2 OR content LIKE '%"recurrence":{%')
                ORDER BY start_us, event
                """,
                [.text(link.rawValue), .integer(span.start.microseconds), .integer(span.end.microseconds)]
            ).map { try StoredJSON.value(ObservedEvent.self, from: $0.text("content"), column: "content") }
            let pairs = try connection.query(
                "SELECT booking, event FROM pairings WHERE link = $1 AND ended_us IS NULL AND event IS NOT NULL",
                [.text(link.rawValue)]
            ).map { (BookingID(try $0.text("booking")), EventID(try $0.text("event"))) }
            return ObservedSpan(events: events, pairs: Dictionary(pairs, uniquingKeysWith: { $1 }))
        }
    }
}
