import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import StandIns
import Synchronization
import Testing

@Suite("Checking bodies against Graph's declared types")
struct SchemaTests {
    static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Schemas/graph_calendar_subset.csdl.xml").path()

    private static let event: JSONDocument = [
        "@odata.etag": "W/\"abc\"", "id": "AAMk=", "subject": "Team", "isAllDay": false, "showAs": "busy",
        "sensitivity": "normal", "createdDateTime": "2026-03-02T09:00:00.0000000Z", "categories": [],
        "start": ["dateTime": "2026-03-02T10:00:00.0000000", "timeZone": "UTC"],
        "body": ["contentType": "html", "content": "<p>x</p>"], "recurrence": .null,
        "attendees": [
            [
                "type": "resource", "status": ["response": "accepted", "time": "2026-03-02T09:00:00Z"],
                "emailAddress": ["name": "Oslo", "address": "oslo@contoso.example"],
            ]
        ],
        "singleValueExtendedProperties": [["id": "String {x} Name y", "value": "1"]],
    ]

    /// Sends one request, has it answered with a body, and tells what the checker found.
    private func violations(
        _ method: HTTPRequest.Method, _ path: String, request: JSONDocument? = nil, status: Int = 200,
        reply: JSONDocument?
    ) async throws -> [String] {
        let fixture = try await SimFixture(schemaFile: Self.file, installers: [Self.answering(status, reply)])
        return try await fixture.run { client in
            _ = try await client.json(method, path, request)
            let report = try await client.get("/control/v1/violations")
            #expect(report.json["checked"]?["requests"] == 1)
            #expect(report.json["checked"]?["replies"] == 1)
            return (report.json["violations"]?.array ?? []).map {
                "\($0["where"]?.string ?? ""): \($0["message"]?.string ?? "")"
            }
        }
    }

    private func violations(_ path: String, status: Int = 200, reply: JSONDocument?) async throws -> [String] {
        try await violations(.get, path, status: status, reply: reply)
    }

    private static func answering(_ status: Int, _ reply: JSONDocument?) -> LoopSim.RouteInstaller {
        { router, _ in
            for method in [HTTPRequest.Method.get, .post, .patch, .delete] {
                router.on("/v1.0/**", method: method) { _, _ in
                    let body = try reply.map { try JSONEncoder().encode($0) } ?? Data()
                    return Response(
                        status: HTTPResponse.Status(code: status),
                        body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
                }
            }
        }
    }

    private func eventWith(_ name: String, _ value: JSONDocument) -> JSONDocument {
        var members = Self.event.object ?? [:]
        members[name] = value
        return .object(members)
    }

    @Test("A right event passes, alone and in a delta page with a removal")
    func passes() async throws {
        #expect(try await violations("/v1.0/users/a%40b/events/x", reply: Self.event).isEmpty)
        let page: JSONDocument = [
            "@odata.context": "c", "@odata.deltaLink": "d",
            "value": [
                Self.event,
                ["@odata.type": "#microsoft.graph.event", "id": "1", "@removed": ["reason": "deleted"]],
            ],
        ]
        #expect(try await violations("/v1.0/users/a%40b/calendarView/delta?$deltatoken=x", reply: page).isEmpty)
    }

    /// A wrong member and the words the checker must find for it.
    struct Wrong: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var name: String
        var value: JSONDocument
        var finding: String
    }

    static let wrongs: [Wrong] = [
        Wrong(testDescription: "unknown name", name: "subjekt", value: "x", finding: "subjekt: event has no property"),
        Wrong(testDescription: "wrong case", name: "isallday", value: true, finding: "isallday: event has no property"),
        Wrong(
            testDescription: "text for a boolean", name: "isAllDay", value: "true",
            finding: "isAllDay: must be Edm.Boolean, is a string"),
        Wrong(
            testDescription: "number for text", name: "subject", value: 7,
            finding: "subject: must be Edm.String, is a whole number"),
        Wrong(
            testDescription: "fraction for Int32", name: "reminderMinutesBeforeStart", value: .number(1.5),
            finding: "reminderMinutesBeforeStart: must be Edm.Int32"),
        Wrong(
            testDescription: "too large for Int32", name: "reminderMinutesBeforeStart", value: 3_000_000_000,
            finding: "reminderMinutesBeforeStart: must be Edm.Int32"),
        Wrong(
            testDescription: "unknown enumeration member", name: "showAs", value: "away",
            finding: "showAs: \"away\" is no member of freeBusyStatus"),
        Wrong(
            testDescription: "enumeration member in other case", name: "showAs", value: "Busy",
            finding: "\"Busy\" is no member of freeBusyStatus"),
        Wrong(
            testDescription: "time without offset", name: "createdDateTime", value: "2026-03-02T09:00:00",
            finding: "createdDateTime: must be Edm.DateTimeOffset"),
        Wrong(
            testDescription: "impossible date", name: "createdDateTime", value: "2026-02-30T09:00:00Z",
            finding: "createdDateTime: must be Edm.DateTimeOffset"),
        Wrong(
            testDescription: "object for a list", name: "categories", value: [:],
            finding: "categories: must be an array"),
        Wrong(
            testDescription: "null in a list", name: "cancelledOccurrences", value: [.null],
            finding: "cancelledOccurrences[0]: must not be null"),
        Wrong(
            testDescription: "null where none may be", name: "start",
            value: ["dateTime": .null, "timeZone": "UTC"], finding: "start.dateTime: must not be null"),
        Wrong(
            testDescription: "unknown name inside", name: "start",
            value: ["dateTime": "2026-03-02T10:00:00", "zone": "UTC"],
            finding: "start.zone: dateTimeTimeZone has no property"),
        Wrong(
            testDescription: "wrong name in a list of objects", name: "attendees", value: [["kind": "required"]],
            finding: "attendees[0].kind: attendee has no property"),
        Wrong(
            testDescription: "text for an object", name: "body", value: "hello",
            finding: "body: must be an object of the type itemBody"),
        Wrong(
            testDescription: "unknown annotation", name: "@odata.colour", value: "x",
            finding: "OData knows no annotation"),
        Wrong(
            testDescription: "wrong derived type", name: "@odata.type", value: "#microsoft.graph.room",
            finding: "is no event"),
    ]

    @Test("Wrong names, types and members are found in replies and in requests", arguments: wrongs)
    func findings(_ wrong: Wrong) async throws {
        let body = eventWith(wrong.name, wrong.value)
        let inReply = try await violations("/v1.0/users/a/events/x", reply: body)
        #expect(inReply.count == 1)
        #expect(inReply.first?.contains(wrong.finding) == true, "\(inReply)")
        #expect(inReply.first?.hasPrefix("reply 200 to GET ") == true)
        let inRequest = try await violations(
            .post, "/v1.0/users/a/calendar/events", request: body, status: 201, reply: Self.event)
        #expect(inRequest.count == 1)
        #expect(inRequest.first?.hasPrefix("request POST ") == true)
        #expect(inRequest.first?.contains(wrong.finding) == true, "\(inRequest)")
    }

    @Test("A path that the checker does not know is a finding")
    func unknownPath() async throws {
        let found = try await violations("/v1.0/users/a/messages", reply: ["value": []])
        #expect(found.first?.contains("knows no such operation") == true)
        #expect(try await violations(.delete, "/v1.0/users/a/calendar", status: 204, reply: nil).count == 1)
    }

    @Test("Actions, free/busy, places and refusals have their own bodies")
    func otherBodies() async throws {
        let action = "/v1.0/users/a/events/x/decline"
        #expect(
            try await violations(
                .post, action, request: ["comment": "no", "sendResponse": true], status: 202, reply: nil
            ).isEmpty)
        #expect(
            try await violations(.post, action, request: ["sendResponse": "yes"], status: 202, reply: nil).count == 1)
        let schedule = "/v1.0/users/a/calendar/getSchedule"
        let asked: JSONDocument = [
            "schedules": ["r@b"], "startTime": ["dateTime": "2026-03-02T10:00:00", "timeZone": "UTC"],
            "availabilityViewInterval": 15,
        ]
        let answered: JSONDocument = [
            "value": [["scheduleId": "r@b", "availabilityView": "0", "scheduleItems": [["status": "busy"]]]]
        ]
        #expect(try await violations(.post, schedule, request: asked, reply: answered).isEmpty)
        #expect(
            try await violations(.post, schedule, request: ["schedule": ["r@b"]], reply: answered).first?
                .contains("no parameter") == true)
        let rooms: JSONDocument = ["value": [["id": "1", "displayName": "Oslo", "capacity": 8, "nickname": "o"]]]
        #expect(try await violations("/v1.0/places/microsoft.graph.room?$top=5", reply: rooms).isEmpty)
        let wrongRooms: JSONDocument = ["value": [["id": "1", "capacity": "8"]]]
        #expect(try await violations("/v1.0/places/microsoft.graph.room", reply: wrongRooms).count == 1)
        let refusal: JSONDocument = ["error": ["code": "ErrorItemNotFound", "message": "x", "innerError": [:]]]
        #expect(try await violations("/v1.0/users/a/events/x", status: 404, reply: refusal).isEmpty)
        #expect(try await violations("/v1.0/users/a/events/x", status: 404, reply: ["oops": 1]).count == 1)
        #expect(try await violations(.delete, "/v1.0/users/a/events/x", status: 204, reply: nil).isEmpty)
        #expect(try await violations("/v1.0/users/a/events", reply: Self.event).count == 1)
    }

    @Test("The requests and replies inside a batch are checked one by one")
    func batches() async throws {
        let request: JSONDocument = [
            "requests": [
                ["id": "1", "method": "GET", "url": "/users/a/events/x"],
                ["id": "2", "method": "PATCH", "url": "/users/a/events/y", "body": ["showAs": "away"]],
                ["id": "3", "method": "GET", "url": "/users/a/contacts"],
            ]
        ]
        let reply: JSONDocument = [
            "responses": [
                ["id": "2", "status": 200, "headers": [:], "body": Self.event],
                ["id": "1", "status": 200, "body": eventWith("isAllDay", "no")],
                ["id": "3", "status": 404, "body": ["error": ["code": "x", "message": "y"]]],
            ]
        ]
        let fixture = try await SimFixture(schemaFile: Self.file, installers: [Self.answering(200, reply)])
        try await fixture.run { client in
            _ = try await client.json(.post, "/v1.0/$batch", request)
            let report = await fixture.sim.schema?.report()
            let messages = (report?.violations ?? []).map(\.message)
            #expect(messages.count == 3)
            #expect(messages.contains { $0.contains("\"away\" is no member") })
            #expect(messages.contains { $0.contains("must be Edm.Boolean") })
            #expect(messages.contains { $0.contains("knows no such operation") })
            #expect(report?.checked.requests == 4)
        }
    }

    @Test("A file that is no CSDL is refused with the reason")
    func malformed() {
        #expect(throws: LoopSimError.self) { try CSDLSchema(xml: Data("<oops".utf8)) }
        #expect(throws: LoopSimError.self) { try CSDLSchema(xml: Data("<Schema/>".utf8)) }
        #expect(throws: LoopSimError.self) { try CSDLSchema(file: "/nowhere/at/all.xml") }
    }
}
