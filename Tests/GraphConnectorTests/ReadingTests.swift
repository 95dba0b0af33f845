import CalendarModel
import CalendarTime
import Foundation
import GraphConnector
import SyncEngine
import Synchronization
import TestSupport
import Testing

@Suite("Reading a room's calendar", .timeLimit(.minutes(3))) struct ReadingTests {
    private let window = TimeSpan(start: Instant(seconds: 1_772_000_000), end: Instant(seconds: 1_780_000_000))
    private let room = ScriptedGraph.room

    /// The connector only follows links to its own host, whose port the script does not know: the client's first
    /// request tells it through this holder.
    private final class Base: Sendable {
        let url = Mutex("")
        func link(_ token: String) -> String { url.withLock { $0 } + "/v1.0/users/x/calendarView/delta?\(token)" }
    }

    private func run(
        _ script: @escaping @Sendable (ScriptedServer.Asked, Base) -> ScriptedServer.Answer,
        _ body: @Sendable @escaping (ScriptedGraph) async throws -> Void
    ) async throws {
        let base = Base()
        try await ScriptedGraph.run { asked in
            script(asked, base)
        } _: { graph in
            base.url.withLock { $0 = graph.server.url }
            try await body(graph)
        }
    }

    @Test func `The first round covers the window, and the next one costs one request`() async throws {
        try await run { asked, base in
            asked.target.contains("$deltatoken")
                ? .init(body: GraphJSON.page([], delta: base.link("$deltatoken=2")))
                : .init(body: GraphJSON.page([GraphJSON.event("e1")], delta: base.link("$deltatoken=1")))
        } _: { graph in
            let first = try await graph.connector.readChanges(of: room, since: nil, window: window)
            #expect(first.changed.map(\.id) == ["e1"])
            #expect(first.coverage == .window(window))
            #expect(first.cursor.reader == .delta)
            #expect(first.cursor.window == window)
            let asked = graph.server.asked[0]
            #expect(
                asked.target.hasPrefix(
                    "/v1.0/users/oslo-ext@contoso.example/calendarView/delta?startDateTime=2026-02-25T"))
            let prefer = asked.headers["prefer"] ?? ""
            #expect(prefer.contains(#"IdType="ImmutableId""#))
            #expect(prefer.contains(#"outlook.timezone="UTC""#))
            #expect(prefer.contains(#"outlook.body-content-type="text""#))
            #expect(prefer.contains("odata.maxpagesize=200"))
            #expect(asked.headers["authorization"] == "Bearer token-1")
            #expect(asked.headers["client-request-id"]?.isEmpty == false)
            let second = try await graph.connector.readChanges(of: room, since: first.cursor, window: window)
            #expect(second.changed.isEmpty && second.removed.isEmpty)
            #expect(second.coverage == .changes)
            #expect(graph.server.asked.count == 2)
        }
    }

    @Test func `Pages are followed, doubles folded, the newest state kept, removals noted`() async throws {
        @Sendable func modified(_ minute: Int) -> String {
            #","lastModifiedDateTime":"2026-02-01T10:0\#(minute):00.0000000Z""#
        }
        try await run { asked, base in
            if asked.target.contains("page2") {
                return .init(
                    body: GraphJSON.page(
                        [
                            GraphJSON.event("e1", etag: "1", subject: "Old", more: modified(1)),
                            #"{"@removed":{"reason":"deleted"},"id":"e2"}"#,
                            #"{"@removed":{"reason":"deleted"},"id":"e9"}"#,
                            GraphJSON.event("e3", subject: "Again"), "{\"nonsense\":1}",
                        ], delta: base.link("$deltatoken=1")))
            }
            return .init(
                body: GraphJSON.page(
                    [
                        GraphJSON.event("e1", etag: "2", subject: "New", more: modified(2)), GraphJSON.event("e2"),
                        GraphJSON.event("e3"),
                    ], next: base.link("page2")))
        } _: { graph in
            let reading = try await graph.connector.readChanges(of: room, since: nil, window: window)
            #expect(reading.changed.map(\.id) == ["e1", "e3"])
            #expect(reading.changed.map(\.meeting.subject) == ["New", "Again"])
            #expect(reading.changed[0].version == Version("W/\"2\""))
            #expect(reading.removed == ["e2", "e9"])
            #expect(reading.remarks.count == 1)
        }
    }

    @Test(arguments: [(410, ""), (400, "SyncStateNotFound"), (404, "resyncRequired")])
    func `A forgotten cursor means a new full round`(_ status: Int, _ code: String) async throws {
        try await run { asked, base in
            asked.target.contains("$deltatoken=old")
                ? .init(status: status, body: GraphJSON.error(code))
                : .init(body: GraphJSON.page([GraphJSON.event("e1")], delta: base.link("$deltatoken=1")))
        } _: { graph in
            let cursor = Cursor(
                value: graph.server.url + "/v1.0/x?$deltatoken=old", window: window, reader: .delta)
            let reading = try await graph.connector.readChanges(of: room, since: cursor, window: window)
            #expect(reading.coverage == .window(window))
            #expect(reading.remarks.count == 1)
            #expect(reading.changed.count == 1)
        }
    }

    @Test func `A cursor of another window is not used`() async throws {
        try await run { _, base in
            .init(body: GraphJSON.page([], delta: base.link("$deltatoken=1")))
        } _: { graph in
            let other = TimeSpan(start: window.start, end: window.end.advanced(by: .seconds(86_400)))
            let cursor = Cursor(value: graph.server.url + "/v1.0/old", window: window, reader: .delta)
            let reading = try await graph.connector.readChanges(of: room, since: cursor, window: other)
            #expect(reading.coverage == .window(other))
            #expect(!graph.server.asked[0].target.contains("/old"))
        }
    }

    @Test func `A refusal inside a delta round switches to reading the whole window, for good`() async throws {
        try await run { asked, base in
            if asked.target.contains("page2") { return .init(status: 403, body: GraphJSON.error("ErrorAccessDenied")) }
            if asked.target.contains("delta") {
                return .init(body: GraphJSON.page([GraphJSON.event("e1")], next: base.link("page2")))
            }
            return .init(body: GraphJSON.page([GraphJSON.event("e1"), GraphJSON.event("e2")]))
        } _: { graph in
            let reading = try await graph.connector.readChanges(of: room, since: nil, window: window)
            #expect(reading.changed.map(\.id) == ["e1", "e2"])
            #expect(reading.cursor.reader == .snapshot)
            #expect(reading.remarks.first?.contains("ErrorAccessDenied") == true)
            let before = graph.server.asked.count
            let next = try await graph.connector.readChanges(of: room, since: reading.cursor, window: window)
            #expect(graph.server.asked.count == before + 1)
            #expect(graph.server.asked[before].target.contains("/calendar/calendarView?"))
            #expect(graph.server.asked[before].target.contains("$top=500"))
            #expect(next.coverage == .window(window))
            #expect(next.remarks.isEmpty)
        }
    }

    @Test func `Without any right the refusal is reported, not a switch`() async throws {
        try await run { _, _ in
            .init(status: 403, body: GraphJSON.error("DelegatedCalendarAccessDenied"))
        } _: { graph in
            let error = await #expect(throws: ConnectorError.self) {
                try await graph.connector.readChanges(of: room, since: nil, window: window)
            }
            #expect(error?.kind == .forbidden)
            #expect(error?.diagnosis.step == .grantFullAccess)
        }
    }

    @Test(arguments: [
        "https://evil.example/v1.0/x", "http://127.0.0.1:1/v1.0/x", "ftp://127.0.0.1/x", "//evil.example/x",
    ])
    func `A link to another host is not followed`(_ link: String) async throws {
        try await run { _, _ in
            .init(body: GraphJSON.page([], next: link))
        } _: { graph in
            let error = await #expect(throws: ConnectorError.self) {
                try await graph.connector.readChanges(of: room, since: nil, window: window)
            }
            #expect(error?.kind == .protocolViolation)
            #expect(graph.server.asked.count == 1)
        }
    }

    @Test func `A link that leads in circles ends`() async throws {
        try await run { _, base in
            .init(body: GraphJSON.page([], next: base.link("again")))
        } _: { graph in
            let error = await #expect(throws: ConnectorError.self) {
                try await graph.connector.readChanges(of: room, since: nil, window: window)
            }
            #expect(error?.kind == .protocolViolation)
        }
    }

    private func single(_ json: String, zone: ZoneID = ZoneID("Europe/Oslo")) async throws -> Event? {
        let holder = Mutex<Event?>(nil)
        try await ScriptedGraph.run(zone: zone) { _ in
            .init(body: json)
        } _: { graph in
            let event = try await graph.connector.fetch("e1", in: ScriptedGraph.room)
            holder.withLock { $0 = event }
        }
        return holder.withLock { $0 }
    }

    @Test func `Times are instants from UTC, shown in the meeting's own zone`() async throws {
        let event = try #require(
            try await single(GraphJSON.event("e1", start: "2026-07-02T09:00:00", end: "2026-07-02T10:00:00")))
        guard case .timed(let timed) = event.meeting.time else {
            Issue.record("not timed")
            return
        }
        #expect(timed.zone == ZoneID("Europe/Oslo"), "of the zones with this Windows name, the room's")
        #expect(timed.start == WallTime(date: CivilDate(year: 2026, month: 7, day: 2), hour: 11, minute: 0))
        #expect(Timestamps.rfc3339(timed.span.start) == "2026-07-02T09:00:00Z")
    }

    @Test(arguments: ["tzone://Microsoft/Custom", "Customized Time Zone", "", "Nowhere Standard Time"])
    func `A zone without a usable name is the room's`(_ name: String) async throws {
        let json = GraphJSON.event("e1").replacing("W. Europe Standard Time", with: name)
        let event = try #require(try await single(json, zone: ZoneID("Asia/Tokyo")))
        guard case .timed(let timed) = event.meeting.time else {
            Issue.record("not timed")
            return
        }
        #expect(timed.zone == ZoneID("Asia/Tokyo"))
        #expect(timed.start.hour == 18)
    }

    @Test func `All-day meetings are dates, held in the room's zone`() async throws {
        let json = GraphJSON.event(
            "e1", start: "2026-03-02T00:00:00", end: "2026-03-04T00:00:00", more: #","isAllDay":true"#)
        let event = try #require(try await single(json, zone: ZoneID("Asia/Tokyo")))
        guard case .allDay(let allDay) = event.meeting.time else {
            Issue.record("not all day")
            return
        }
        #expect(allDay.first.description == "2026-03-02")
        #expect(allDay.end.description == "2026-03-04")
        #expect(Timestamps.rfc3339(allDay.span.start) == "2026-03-01T15:00:00Z")
    }

    @Test func `Everything a person can see is read`() async throws {
        let json = """
            {"@odata.etag":"W/\\"7\\"","id":"e1","iCalUId":"uid-1","subject":"Review","type":"singleInstance",
            "start":{"dateTime":"2026-03-02T09:00:00.0000000","timeZone":"UTC"},
            "end":{"dateTime":"2026-03-02T09:30:00.0000000","timeZone":"UTC"},
            "isOrganizer":false,"isCancelled":true,"sensitivity":"confidential","showAs":"oof",
            "responseStatus":{"response":"tentativelyAccepted","time":"2026-02-01T10:00:00Z"},
            "organizer":{"emailAddress":{"name":"Anna","address":"anna@contoso.example"}},
            "attendees":[{"type":"required","status":{"response":"accepted"},"emailAddress":{"name":"Bo","address":"bo@x"}},
            {"type":"resource","status":{"response":"notResponded"},"emailAddress":{"name":"Oslo","address":"oslo-ext@x"}},
            {"type":"futureKind","emailAddress":{"address":"c@x"}}],
            "location":{"displayName":"Oslo","locationType":"conferenceRoom"},
            "body":{"contentType":"html","content":"<p>Line&nbsp;1</p><p>Line 2</p>"},
            "createdDateTime":"2026-02-01T10:00:00.1234567Z","lastModifiedDateTime":"2026-02-02T10:00:00Z",
            "importance":{"unexpected":"shape"},"newField":[1,2]}
            """
        let event = try #require(try await single(json))
        #expect(event.uid == "uid-1")
        #expect(event.version == Version("W/\"7\""))
        #expect(event.role == .attendee)
        #expect(event.response == .tentative)
        #expect(event.isCancelled)
        #expect(event.meeting.subject == "Review")
        #expect(event.meeting.body == "Line 1\nLine 2")
        #expect(event.meeting.organizer == Person(name: "Anna", address: "anna@contoso.example"))
        #expect(event.meeting.attendees.map(\.role) == [.required, .resource, .required])
        #expect(event.meeting.attendees.map(\.response) == [.accepted, .notResponded, .none])
        #expect(event.meeting.sensitivity == .confidential)
        #expect(event.meeting.showAs == .outOfOffice)
        #expect(event.meeting.location == "Oslo")
        #expect(event.createdAt.map { Timestamps.rfc3339($0, fractionDigits: 6) } == "2026-02-01T10:00:00.123456Z")
        #expect(event.modifiedAt != nil)
    }

    @Test func `An event that is gone is nil, and one without a mailbox is an error`() async throws {
        try await ScriptedGraph.run { asked in
            .init(
                status: 404,
                body: GraphJSON.error(
                    asked.target.contains("gone") ? "ErrorItemNotFound" : "MailboxNotEnabledForRESTAPI"))
        } _: { graph in
            let found12 = try await graph.fetch("gone/+=")
            #expect(found12 == nil)
            #expect(graph.server.asked[0].target.hasSuffix("/events/gone%2F%2B%3D"))
            let error = await #expect(throws: ConnectorError.self) { try await graph.connector.fetch("e", in: room) }
            #expect(error?.kind == .forbidden)
        }
    }

    @Test func `An expired token is replaced once, and the call made again`() async throws {
        try await ScriptedGraph.run { asked in
            asked.headers["authorization"] == "Bearer token-1"
                ? .init(status: 401, body: GraphJSON.error("InvalidAuthenticationToken"))
                : .init(body: GraphJSON.event("e1"))
        } _: { graph in
            let found13 = try await graph.fetch("e1")
            #expect(found13?.id == "e1")
            #expect(graph.server.asked.count == 2)
        }
    }

    @Test func `Throttling is obeyed to the fraction, and holds the whole mailbox`() async throws {
        let count = Mutex(0)
        try await ScriptedGraph.run { _ in
            let number = count.withLock { count in
                count += 1
                return count
            }
            return number == 1
                ? .init(status: 429, headers: ["Retry-After": "2.128"], body: GraphJSON.error("ApplicationThrottled"))
                : .init(body: GraphJSON.event("e1"))
        } _: { graph in
            _ = try await graph.connector.fetch("e1", in: room)
            #expect(graph.clock.slept == [.milliseconds(2128)])
            #expect(graph.server.asked.count == 2)
        }
    }

    @Test func `A wait that is too long goes back to the queue with its length`() async throws {
        try await ScriptedGraph.run { _ in
            .init(status: 429, headers: ["Retry-After": "600"])
        } _: { graph in
            let error = await #expect(throws: ConnectorError.self) { try await graph.connector.fetch("e1", in: room) }
            #expect(error?.kind == .throttled)
            #expect(error?.retryAfter == .seconds(600))
            #expect(graph.server.asked.count == 1)
        }
    }

    @Test func `Rooms are listed page by page though no page says that there is another`() async throws {
        try await ScriptedGraph.run { asked in
            let skip = asked.target.contains("$skip=0") ? 0 : asked.target.contains("$skip=100") ? 100 : 200
            let rooms = (skip..<min(skip + 100, 230)).map { number in
                #"{"id":"p\#(number)","emailAddress":"room\#(number)@x","displayName":"Room \#(1000 + number)","capacity":"\#(number)","floorNumber":3}"#
            }
            return .init(body: GraphJSON.page(rooms))
        } _: { graph in
            let rooms = try await graph.connector.discoverResources()
            #expect(rooms.count == 230)
            #expect(rooms.first == Resource(address: "room0@x", name: "Room 1000", capacity: 0, floor: "3"))
            #expect(graph.server.asked.count == 3)
        }
    }

    @Test func `An organization without rooms, and a server that ignores paging, end too`() async throws {
        try await ScriptedGraph.run { _ in
            .init(status: 404, body: GraphJSON.error("invalid_place"))
        } _: { graph in
            let rooms14 = try await graph.rooms()
            #expect(rooms14.isEmpty)
        }
        let page = GraphJSON.page((0..<100).map { #"{"id":"p\#($0)","emailAddress":"room\#($0)@x"}"# })
        try await ScriptedGraph.run { _ in
            .init(body: page)
        } _: { graph in
            let rooms15 = try await graph.rooms()
            #expect(rooms15.count == 100)
        }
    }
}
