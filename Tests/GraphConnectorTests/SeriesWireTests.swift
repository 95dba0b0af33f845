import CalendarModel
import CalendarTime
import Foundation
import GraphConnector
import ICalendar
import SyncEngine
import Synchronization
import TestSupport
import Testing

/// What Graph may send of a series, by hand.
@Suite("Series as Graph sends them", .timeLimit(.minutes(3))) struct SeriesWireTests {
    private static let window = TimeSpan(start: Instant(seconds: 1_772_000_000), end: Instant(seconds: 1_780_000_000))

    private static func master(
        zone: String = "W. Europe Standard Time", shown: String = "W. Europe Standard Time",
        pattern: String = #""type":"weekly","interval":1,"daysOfWeek":["monday"],"firstDayOfWeek":"monday""#,
        range: String = #""type":"noEnd","startDate":"2026-03-02","endDate":"0001-01-01","numberOfOccurrences":0"#,
        start: String = "2026-03-02T09:00:00", end: String = "2026-03-02T10:00:00", more: String = ""
    ) -> String {
        GraphJSON.event(
            "m1", start: start, end: end, subject: "Weekly",
            more: """
                ,"recurrence":{"pattern":{\(pattern)},"range":{\(range),"recurrenceTimeZone":"\(zone)"}}\(more)
                """
        )
        .replacing("singleInstance", with: "seriesMaster")
        .replacing(
            #""originalStartTimeZone":"W. Europe Standard Time""#, with: #""originalStartTimeZone":"\#(shown)""#)
    }

    private static func read(_ master: String, room: ZoneID = ZoneID("Europe/Oslo")) async throws -> Event? {
        let holder = Mutex<Event?>(nil)
        try await ScriptedGraph.run(zone: room) { asked in
            .init(body: asked.target.contains("/instances") ? GraphJSON.page([]) : master)
        } _: { graph in
            let event = try await graph.fetch("m1")
            holder.withLock { $0 = event }
        }
        return holder.withLock { $0 }
    }

    private static func time(_ event: Event?) throws -> (zone: String, start: String) {
        guard case .timed(let timed) = try #require(event).meeting.time else { throw ScriptError() }
        return (timed.zone.name, timed.start.description)
    }
    private struct ScriptError: Error {}

    @Test(arguments: [
        ("W. Europe Standard Time", "UTC", "Europe/Oslo", "2026-03-02T10:00:00"),
        ("Tokyo Standard Time", "UTC", "Asia/Tokyo", "2026-03-02T18:00:00"),
        ("Europe/Berlin", "UTC", "Europe/Berlin", "2026-03-02T10:00:00"),
        ("", "Tokyo Standard Time", "Asia/Tokyo", "2026-03-02T18:00:00"),
        ("tzone://Microsoft/Custom", "W. Europe Standard Time", "Europe/Oslo", "2026-03-02T10:00:00"),
        ("Customized Time Zone", "tzone://Microsoft/Custom", "Europe/Oslo", "2026-03-02T10:00:00"),
        ("Nowhere Standard Time", "", "Europe/Oslo", "2026-03-02T10:00:00"),
        ("tzone://Microsoft/Utc", "W. Europe Standard Time", "UTC", "2026-03-02T09:00:00"),
    ])
    func `The zone is the series' own, else the one it was made in, else the room's`(
        _ zone: String, _ shown: String, _ expected: String, _ start: String
    ) async throws {
        let time = try Self.time(try await Self.read(Self.master(zone: zone, shown: shown)))
        #expect(time.zone == expected)
        #expect(time.start == start)
    }

    @Test func `Taken out and changed occurrences are known by their original start`() async throws {
        func exception(_ id: String, _ original: String, _ start: String, _ more: String = "") -> String {
            GraphJSON.event(
                id, start: start, end: start.replacing("T0", with: "T1"), subject: "Weekly",
                more: #","originalStart":"\#(original)","seriesMasterId":"m1"\#(more)"#
            ).replacing("singleInstance", with: "exception")
        }
        let event = try await Self.read(
            Self.master(
                more: """
                    ,"cancelledOccurrences":["OID.AAMk.with.dots=.2026-03-09","OID.m1.2026-03-10"],
                    "exceptionOccurrences":[
                    \(exception("x1", "2026-03-30T08:00:00Z", "2026-03-31T09:00:00")),
                    \(exception("x2", "2026-04-06T08:00:00Z", "2026-04-06T08:00:00", #","isCancelled":true"#)),
                    \(exception("x3", "2026-04-13T08:00:00Z", "2026-04-13T08:00:00",
                        #","responseStatus":{"response":"declined"}"#)
                        .replacing(#""isOrganizer":true"#, with: #""isOrganizer":false"#)),
                    \(exception("x4", "2026-04-20T08:00:00Z", "2026-04-20T08:00:00")
                        .replacing("T18", with: "T09").replacing(#""busy""#, with: #""free""#))]
                    """))
        let recurrence = try #require(event?.meeting.recurrence)
        #expect(
            recurrence.cancelled.map(\.description).sorted() == [
                "2026-03-09T10:00:00", "2026-04-06T10:00:00", "2026-04-13T10:00:00",
            ])
        #expect(
            recurrence.exceptions.keys.map(\.description).sorted() == ["2026-03-30T10:00:00", "2026-04-20T10:00:00"])
        let free = recurrence.exceptions[SeriesFixture.wall(4, 20, 10)]
        #expect(free == OccurrenceChange(showAs: .free))
    }

    @Test func `An all-day series without a zone floats, and its originals are its dates`() async throws {
        // Midnight in Oslo, told in UTC.
        let exception = GraphJSON.event(
            "x1", start: "2026-03-10T00:00:00", end: "2026-03-11T00:00:00", subject: "Moved",
            more: #","isAllDay":true,"originalStart":"2026-03-08T23:00:00Z","seriesMasterId":"m1""#
        ).replacing("singleInstance", with: "exception")
        for (zone, room) in [("", "Europe/Oslo"), ("W. Europe Standard Time", "Asia/Tokyo"), ("", "UTC")] {
            let event = try await Self.read(
                Self.master(
                    zone: zone, shown: "tzone://Microsoft/Custom", start: "2026-03-02T00:00:00",
                    end: "2026-03-03T00:00:00",
                    more: """
                        ,"isAllDay":true,"cancelledOccurrences":["OID.m1.2026-03-16"],"exceptionOccurrences":[\(exception)]
                        """), room: ZoneID(room))
            let recurrence = try #require(event?.meeting.recurrence)
            #expect(recurrence.cancelled.map(\.description) == ["2026-03-16T00:00:00"])
            #expect(recurrence.exceptions.keys.map(\.description) == ["2026-03-09T00:00:00"], "\(zone) in \(room)")
            #expect(event?.meeting.time.isAllDay == true)
        }
    }

    @Test func `A start that the pattern does not match is no occurrence`() async throws {
        let event = try #require(
            try await Self.read(
                Self.master(
                    pattern: #""type":"weekly","interval":2,"daysOfWeek":["monday"],"firstDayOfWeek":"sunday""#,
                    range:
                        #""type":"numbered","startDate":"2026-03-04","endDate":"0001-01-01","numberOfOccurrences":2"#,
                    start: "2026-03-04T09:00:00", end: "2026-03-04T10:00:00")))
        #expect(SeriesFixture.held(event.meeting) == ["2026-03-16T09:00:00Z", "2026-03-30T08:00:00Z"])
        #expect(event.meeting.recurrence?.additions.isEmpty == true)
    }

    @Test(arguments: ["delta", "window"])
    func `A series that cannot be understood is left out with a remark, and is not gone`(_ reader: String) async throws
    {
        let url = Mutex("")
        let strange = Self.master(pattern: #""type":"lunar","interval":1"#)
        let occurrence = GraphJSON.event("o1", more: #","seriesMasterId":"m1""#)
            .replacing("singleInstance", with: "occurrence")
        try await ScriptedGraph.run { asked in
            if asked.target == "/v1.0/$batch" {
                return .init(body: GraphJSON.batch([("0", 200, "", strange)]))
            }
            if asked.target.contains("delta") {
                return reader == "delta"
                    ? .init(
                        body: GraphJSON.page(
                            [occurrence, GraphJSON.event("e1")],
                            delta: url.withLock { $0 } + "/v1.0/users/x/calendarView/delta?$deltatoken=1"))
                    : .init(status: 403, body: GraphJSON.error("ErrorAccessDenied"))
            }
            return .init(body: GraphJSON.page([occurrence, GraphJSON.event("e1")]))
        } _: { graph in
            url.withLock { $0 = graph.server.url }
            let reading = try await graph.connector.readChanges(
                of: ScriptedGraph.room, since: nil, window: Self.window)
            #expect(reading.changed.map(\.id) == ["e1"])
            #expect(reading.unchanged == ["m1"])
            #expect(reading.remarks.contains { $0.contains("1 item(s)") })
        }
    }

    @Test func `Touched series are asked for once, and one that is gone meanwhile is said to be gone`() async throws {
        let url = Mutex("")
        func occurrence(_ id: String, _ master: String) -> String {
            #"{"id":"\#(id)","type":"occurrence","seriesMasterId":"\#(master)","@odata.etag":"W/\"1\""}"#
        }
        let page = [
            occurrence("o1", "m1"), occurrence("o2", "m1"), Self.master(), occurrence("o3", "m2"),
            #"{"id":"o9","@removed":{"reason":"deleted"}}"#,
        ]
        try await ScriptedGraph.run { asked in
            asked.target == "/v1.0/$batch"
                ? .init(
                    body: GraphJSON.batch([
                        ("0", 200, "", Self.master()), ("1", 404, "", GraphJSON.error("ErrorItemNotFound")),
                    ]))
                : .init(
                    body: GraphJSON.page(
                        page, delta: url.withLock { $0 } + "/v1.0/users/x/calendarView/delta?$deltatoken=1"))
        } _: { graph in
            url.withLock { $0 = graph.server.url }
            let reading = try await graph.connector.readChanges(of: ScriptedGraph.room, since: nil, window: Self.window)
            #expect(reading.changed.map(\.id) == ["m1"])
            #expect(reading.removed == ["m2", "o9"])
            #expect(graph.server.asked.count == 2)
            let requests = try #require(GraphJSON.object(graph.server.asked[1].body)["requests"] as? [[String: Any]])
            let asked = try #require(requests[0]["url"] as? String)
            #expect(asked.contains("cancelledOccurrences"))
            #expect(asked.contains("$expand=exceptionOccurrences"))
            #expect(requests.count == 2)
        }
    }

    @Test func `An occurrence is no event of its own`() async throws {
        let occurrence = GraphJSON.event("o1", more: #","seriesMasterId":"m1""#)
            .replacing("singleInstance", with: "occurrence")
        try await ScriptedGraph.run { _ in
            .init(body: occurrence)
        } _: { graph in
            let found = try await graph.fetch("o1")
            #expect(found == nil)
        }
    }
}
