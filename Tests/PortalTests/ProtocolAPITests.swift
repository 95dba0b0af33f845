import CalendarModel
import HTTPTypes
import Logging
import LoopBooking
import Portal
import SQLStore
import Synchronization
import Testing

@Suite("The REST API's manners")
struct ProtocolAPITests {
    @Test("Health needs no token")
    func health() async throws {
        try await TestPortal().run { client in
            var anonymous = client
            anonymous.secret = nil
            let answer = try await anonymous.send(.get, "/healthz")
            #expect(answer.status == .ok)
            #expect(answer.json == ["status": "ok"])
        }
    }

    @Test("Without a token in force nothing is answered", arguments: [nil, "loopsync_wrong", ""])
    func unauthorized(secret: String?) async throws {
        try await TestPortal().run { client in
            var stranger = client
            stranger.secret = secret
            let answer = try await stranger.send(.get, "/api/v1/rooms")
            #expect(answer.status == .unauthorized)
            #expect(answer.headers[.wwwAuthenticate]?.hasPrefix("Bearer realm=") == true)
            #expect(answer.headers[.contentType] == "application/problem+json")
            #expect(answer["status"] == 401)
        }
    }

    @Test("A revoked token stops working at once")
    func revoked() async throws {
        let portal = try await TestPortal()
        try await portal.run { client in
            #expect(try await client.send(.get, "/api/v1/rooms").status == .ok)
            try await portal.store.revokeToken(named: "acme door panel", of: "acme", now: TestPortal.now)
            #expect(try await client.send(.get, "/api/v1/rooms").status == .unauthorized)
        }
    }

    @Test("Nothing of one organization can be seen or touched by another")
    func organizations() async throws {
        try await TestPortal().run { client in
            let room = try await client.addRoom()
            let made = try await client.book(room, "10:00", "11:00")
            var other = client
            other.secret = TestPortal.otherSecret
            #expect(try await other.send(.get, "/api/v1/rooms")["rooms"] == [])
            #expect(try await other.send(.get, "/api/v1/bookings")["bookings"] == [])
            #expect(try await other.send(.get, "/api/v1/changes")["changes"] == [])
            for path in [
                "rooms/\(room)", "bookings/\(made.id)", "bookings?room=\(room)",
                "rooms/\(room)/availability?from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z",
            ] {
                #expect(try await other.send(.get, "/api/v1/\(path)").status == .notFound, "\(path)")
            }
            #expect(try await other.send(.patch, "/api/v1/rooms/\(room)", ["name": "Mine"]).status == .notFound)
            #expect(try await other.send(.delete, "/api/v1/rooms/\(room)").status == .notFound)
            #expect(try await other.send(.patch, "/api/v1/bookings/\(made.id)", ["subject": "x"]).status == .notFound)
            #expect(try await other.send(.delete, "/api/v1/bookings/\(made.id)").status == .notFound)
            #expect(try await other.book(room, "12:00", "13:00").errors == ["room: no-such-room"])
            // Names and positions are counted for each on its own.
            let theirs = try await other.addRoom("Oslo")
            _ = try await other.book(theirs, "10:00", "11:00")
            let change = try await other.send(.get, "/api/v1/changes")["changes"]?.array?.first
            #expect(change?["position"] == 1)
            #expect(try await client.send(.get, "/api/v1/bookings/\(made.id)").json == made.json)
        }
    }

    @Test("A repeated POST with the same key makes one booking and is answered the same")
    func idempotency() async throws {
        try await TestPortal().run { client in
            let room = try await client.addRoom()
            let key = ["Idempotency-Key": "k-1"]
            let first = try await client.book(room, "10:00", "11:00", headers: key)
            #expect(first.status == .created)
            _ = try await client.send(.patch, "/api/v1/bookings/\(first.id)", ["subject": "Renamed since"])
            let second = try await client.book(room, "10:00", "11:00", headers: key)
            #expect(second.status == .created)
            #expect(second.json == first.json)
            #expect(second.headers[.eTag] == first.headers[.eTag])
            #expect(second.headers.contains { $0.name.canonicalName == "idempotency-replayed" })

            let other = try await client.book(room, "12:00", "13:00", headers: key)
            #expect(other.status == .unprocessableContent)
            #expect(other.code == "idempotency-key-reused")
            let asRoom = try await client.send(
                .post, "/api/v1/rooms", ["name": "New", "timeZone": "UTC"], headers: key)
            #expect(asRoom.code == "idempotency-key-reused")
            // A request that failed leaves its key free.
            let failed = try await client.book(room, "10:30", "11:00", headers: ["Idempotency-Key": "k-2"])
            #expect(failed.status == .conflict)
            let mended = try await client.book(room, "14:00", "15:00", headers: ["Idempotency-Key": "k-2"])
            #expect(mended.status == .created)
            let empty = try await client.book(
                room, "16:00", "17:00", headers: ["Idempotency-Key": String(repeating: "k", count: 256)])
            #expect(empty.code == "invalid-idempotency-key")
        }
    }

    @Test("Changes are conditional on the revision that was read")
    func conditions() async throws {
        try await TestPortal().run { client in
            let room = try await client.addRoom()
            let made = try await client.book(room, "10:00", "11:00")
            let path = "/api/v1/bookings/\(made.id)"
            let known = try await client.send(.get, path, headers: ["If-None-Match": "\"1\""])
            #expect(known.status == .notModified)
            #expect(known.text.isEmpty)
            #expect(try await client.send(.get, path, headers: ["If-None-Match": "\"7\""]).status == .ok)

            let good = try await client.send(.patch, path, ["subject": "A"], headers: ["If-Match": "\"1\""])
            #expect(good.status == .ok)
            for stale in ["\"1\"", "W/\"2\"", "\"foreign\"", "\"8\", \"9\""] {
                let answer = try await client.send(.patch, path, ["subject": "B"], headers: ["If-Match": stale])
                #expect(answer.status == .preconditionFailed, "\(stale)")
                #expect(answer["revision"] == 2)
                #expect(answer.headers[.eTag] == "\"2\"")
                #expect(
                    try await client.send(.delete, path, headers: ["If-Match": stale]).status == .preconditionFailed)
            }
            let any = try await client.send(.patch, path, ["subject": "C"], headers: ["If-Match": "*"])
            #expect(any["revision"] == 3)
            let several = try await client.send(.patch, path, ["subject": "D"], headers: ["If-Match": "\"1\", \"3\""])
            #expect(several["revision"] == 4)
            let roomStale = try await client.send(
                .patch, "/api/v1/rooms/\(room)", ["name": "X"], headers: ["If-Match": "\"2\""])
            #expect(roomStale.status == .preconditionFailed)
        }
    }

    @Test(
        "A body that is not a JSON object is refused with its fault",
        arguments: [
            ("{\"room\": ", "malformed-json"), ("", "malformed-json"), ("[1,2]", "invalid-body"),
            ("\"text\"", "invalid-body"), ("{\"room\": nan}", "malformed-json"),
            (String(repeating: "[", count: 5000), "malformed-json"),
        ])
    func malformed(body: String, code: String) async throws {
        try await TestPortal().run { client in
            let answer = try await client.sendText(.post, "/api/v1/bookings", body)
            #expect(answer.status == .badRequest)
            #expect(answer.code == code)
        }
    }

    @Test("Malformed JSON is told with its place, not with its content")
    func malformedPlace() async throws {
        try await TestPortal().run { client in
            let answer = try await client.sendText(.post, "/api/v1/bookings", #"{"subject": "Secret" "room": 1}"#)
            let detail = try #require(answer["detail"]?.string)
            #expect(detail.contains("character 21"))
            #expect(!detail.contains("Secret"))
        }
    }

    @Test("Every field of the wrong kind and every unknown field is named")
    func wrongFields() async throws {
        try await TestPortal().run { client in
            let answer = try await client.send(
                .post, "/api/v1/bookings",
                [
                    "subject": 5, "allDay": "yes", "sensitivity": "secret", "sbject": "typo",
                    "start": ["dateTime": "2026-02-30T10:00:00", "timeZone": "Europe/Oslo", "ofset": 1],
                    "end": "11:00", "attendees": [["address": 1], "bo@example.com"], "status": "confirmed",
                ])
            #expect(answer.status == .badRequest)
            #expect(answer.code == "invalid-body")
            #expect(
                answer.errors == [
                    "room: required", "start.dateTime: invalid-time", "start.ofset: unknown-field",
                    "end: invalid-type", "allDay: invalid-type", "subject: invalid-type",
                    "attendees[0].address: invalid-type", "attendees[1]: invalid-type", "sensitivity: invalid-value",
                    "sbject: unknown-field", "status: unknown-field",
                ])
        }
    }

    @Test("A body that is not said to be JSON, or is too large, is refused")
    func mediaTypeAndSize() async throws {
        let options = PortalServer.Options(maximumBodyBytes: 2_000)
        try await TestPortal(options: options).run { client in
            for type in ["text/plain", "application/x-www-form-urlencoded", "application/merge-patch+json"] {
                let answer = try await client.sendText(.post, "/api/v1/rooms", "{}", headers: ["Content-Type": type])
                #expect(answer.status == .unsupportedMediaType)
            }
            let utf8 = try await client.sendText(
                .post, "/api/v1/rooms", #"{"name":"Oslo","timeZone":"UTC"}"#,
                headers: ["Content-Type": "application/json; charset=utf-8"])
            #expect(utf8.status == .created)
            let large = try await client.send(
                .post, "/api/v1/rooms", ["name": .string(String(repeating: "x", count: 3_000)), "timeZone": "UTC"])
            #expect(large.status == .contentTooLarge)
            #expect(large.code == "body-too-large")
        }
    }

    @Test("Addresses and methods that do not exist are answered as problems")
    func notFound() async throws {
        try await TestPortal().run { client in
            let nothing = try await client.send(.get, "/api/v1/nothing")
            #expect(nothing.status == .notFound)
            #expect(nothing.code == "not-found")
            #expect(nothing.headers[.contentType] == "application/problem+json")
            let method = try await client.send(.put, "/api/v1/rooms/1", [:])
            #expect(method.status == .methodNotAllowed)
            #expect(method.headers[.allow] == "DELETE, GET, HEAD, PATCH")
            #expect(try await client.send(.get, "/api/v1/bookings/none").status == .notFound)
            #expect(try await client.send(.get, "/api/v1/bookings?room=none").status == .notFound)
        }
    }

    @Test(
        "A query that cannot be meant is refused",
        arguments: [
            "bookings?limit=0", "bookings?limit=201", "bookings?limit=x", "bookings?form=2026-03-02T00:00:00Z",
            "bookings?from=yesterday", "bookings?from=2026-03-02T00:00:00", "bookings?status=maybe",
            "bookings?after=%21", "bookings?after=YWJj", "bookings?limit=1&limit=2", "changes?after=-1", "rooms?x=1",
            "rooms?after=%21",
        ])
    func badQuery(path: String) async throws {
        try await TestPortal().run { client in
            let answer = try await client.send(.get, "/api/v1/\(path)")
            #expect(answer.status == .badRequest)
            #expect(answer.json["detail"] != nil)
        }
    }

    @Test("Every answer has the request's id: the client's own when it is harmless")
    func requestID() async throws {
        try await TestPortal().run { client in
            let own = try await client.send(.get, "/api/v1/rooms", headers: ["X-Request-Id": "abc-1"])
            #expect(own.headers.first { $0.name.canonicalName == "x-request-id" }?.value == "abc-1")
            let bad = try await client.send(.get, "/api/v1/none", headers: ["X-Request-Id": "a b<script>"])
            let id = try #require(bad.headers.first { $0.name.canonicalName == "x-request-id" }?.value)
            #expect(!id.contains("<"))
            #expect(bad["requestId"]?.string == id)
        }
    }

    @Test("A fault inside is answered with the request's id and logged without content")
    func internalFault() async throws {
        let log = LogLines()
        var portal = try await TestPortal(logger: Logger(label: "test", factory: { _ in LineHandler(lines: log) }))
        portal.store.afterBookingChange = { _, _ in throw SQLError.failed("disk I/O error") }
        try await portal.run { client in
            let room = try await client.addRoom()
            let answer = try await client.book(room, "10:00", "11:00", ["subject": "Top secret subject"])
            #expect(answer.status == .internalServerError)
            #expect(answer.code == "internal-error")
            #expect(!answer.text.contains("disk"))
            let id = try #require(answer["requestId"]?.string)
            let text = log.text
            #expect(text.contains(id))
            #expect(text.contains("disk I/O error"))
            #expect(!text.contains("Top secret"))
            // Nothing is half-done.
            #expect(try await client.send(.get, "/api/v1/bookings")["bookings"] == [])
            _ = try await client.send(.delete, "/api/v1/bookings/none?reason=Confidential")
            #expect(!log.text.contains("Confidential"))
            #expect(!log.text.contains(TestPortal.secret))
            #expect(log.text.contains("/api/v1/bookings/{id}"))
        }
    }

    @Test("Further routes are reached with a token only")
    func additionalRoutes() async throws {
        var portal = try await TestPortal()
        portal.routes = [
            APIRoute(.get, "/further") { request in
                APIReply(["organization": .string(request.organization.rawValue)])
            }
        ]
        try await portal.run { client in
            let answer = try await client.send(.get, "/api/v1/further")
            #expect(answer.json == ["organization": "acme"])
            var anonymous = client
            anonymous.secret = nil
            #expect(try await anonymous.send(.get, "/api/v1/further").status == .unauthorized)
            #expect(try await client.send(.post, "/api/v1/further", [:]).status == .methodNotAllowed)
        }
    }
}

/// What was logged, as text.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var text: String { lines.withLock { $0.joined(separator: "\n") } }
}

struct LineHandler: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .trace

    init(lines: LogLines) { self.lines = lines }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        lines.add("\(event.message) \(all)")
    }
}
