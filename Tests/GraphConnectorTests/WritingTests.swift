import CalendarModel
import CalendarTime
import Foundation
import GraphConnector
import SyncEngine
import Synchronization
import TestSupport
import Testing

@Suite("Writing, as Graph is asked for it", .timeLimit(.minutes(3))) struct WritingTests {
    private let room = ScriptedGraph.room

    private func draft(_ mode: WritingMode = .direct) throws -> EventDraft {
        EventDraft(
            meeting: try StandInWorld.meeting(),
            tag: EventTag(link: "link-1", booking: "booking-1", key: "7E163156-7762-4BEB-A1C6-729EA81755A7"), mode: mode
        )
    }

    private static let created = GraphJSON.event("new", start: "2026-03-03T09:00:00", end: "2026-03-03T10:00:00")

    @Test func `The batch holds the event without attendees, and the check after it`() async throws {
        try await ScriptedGraph.run { _ in
            .init(
                body: GraphJSON.batch([
                    ("overlap", 200, "", GraphJSON.page([Self.created])), ("write", 201, "", Self.created),
                ]))
        } _: { graph in
            _ = try await graph.connector.create(try draft(), in: room)
            #expect(graph.server.asked.map(\.target) == ["/v1.0/$batch"])
            let requests = try #require(GraphJSON.object(graph.server.asked[0].body)["requests"] as? [[String: Any]])
            #expect(requests.count == 2)
            #expect(requests[0]["method"] as? String == "POST")
            #expect(requests[0]["url"] as? String == "/users/oslo-ext@contoso.example/calendar/events")
            #expect(requests[1]["dependsOn"] as? [String] == ["write"])
            let view = try #require(requests[1]["url"] as? String)
            #expect(view.contains("startDateTime=2026-03-03T09%3A00%3A00Z"))
            let headers = try #require(requests[0]["headers"] as? [String: String])
            #expect(headers["Prefer"]?.contains(#"IdType="ImmutableId""#) == true)
            #expect(headers["Content-Type"] == "application/json")
            let event = try #require(requests[0]["body"] as? [String: Any])
            #expect(event["attendees"] == nil)
            #expect(event["isReminderOn"] as? Bool == false)
            #expect(event["responseRequested"] as? Bool == false)
            #expect(event["allowNewTimeProposals"] as? Bool == false)
            #expect(event["isAllDay"] as? Bool == false)
            #expect(event["transactionId"] as? String == "7e163156-7762-4beb-a1c6-729ea81755a7")
            #expect(
                event["start"] as? [String: String]
                    == ["dateTime": "2026-03-03T10:00:00.0000000", "timeZone": "W. Europe Standard Time"])
            let property = try #require((event["singleValueExtendedProperties"] as? [[String: String]])?.first)
            #expect(property["value"] == "v1;link-1;booking-1;7E163156-7762-4BEB-A1C6-729EA81755A7")
            #expect(property["id"]?.hasSuffix("Name LoopBookingSync") == true)
        }
    }

    @Test func `What is throttled inside a batch is sent again, with what waited for it`() async throws {
        let count = Mutex(0)
        try await ScriptedGraph.run { _ in
            let number = count.withLock { count in
                count += 1
                return count
            }
            return .init(
                body: number == 1
                    ? GraphJSON.batch([
                        ("write", 429, #""Retry-After":"2.5""#, GraphJSON.error("ApplicationThrottled")),
                        ("overlap", 424, "", GraphJSON.error("FailedDependency")),
                    ])
                    : GraphJSON.batch([("write", 201, "", Self.created), ("overlap", 200, "", GraphJSON.page([]))]))
        } _: { graph in
            let outcome = try await graph.connector.create(try draft(), in: room)
            #expect(outcome.event.id == "new")
            #expect(graph.clock.slept.first == .milliseconds(2500))
            #expect(graph.server.asked.count == 2)
        }
    }

    @Test func `A check that failed is made again on its own; without it the write counts as unknown`() async throws {
        let isBroken = Mutex(false)
        try await ScriptedGraph.run { asked in
            if asked.target == "/v1.0/$batch" {
                return .init(
                    body: GraphJSON.batch([
                        ("write", 201, "", Self.created), ("overlap", 403, "", GraphJSON.error("ErrorAccessDenied")),
                    ]))
            }
            return isBroken.withLock { $0 }
                ? .init(status: 500)
                : .init(
                    body: GraphJSON.page([
                        Self.created,
                        GraphJSON.event("other", start: "2026-03-03T09:30:00", end: "2026-03-03T11:00:00"),
                        GraphJSON.event("before", start: "2026-03-03T08:00:00", end: "2026-03-03T09:00:00"),
                        GraphJSON.event("free", start: "2026-03-03T09:00:00", end: "2026-03-03T10:00:00")
                            .replacing(#""showAs":"busy""#, with: #""showAs":"free""#),
                    ]))
        } _: { graph in
            let outcome = try await graph.connector.create(try draft(), in: room)
            #expect(outcome.overlapping.map(\.id) == ["other"])
            isBroken.withLock { $0 = true }
            let error = await #expect(throws: ConnectorError.self) {
                try await graph.connector.create(try draft(), in: room)
            }
            #expect(error?.kind == .outcomeUnknown)
        }
    }

    @Test func `When the vendor says that it exists, the existing event is the answer`() async throws {
        try await ScriptedGraph.run { asked in
            asked.target == "/v1.0/$batch"
                ? .init(
                    body: GraphJSON.batch([
                        ("write", 409, "", GraphJSON.error("ErrorDuplicateTransactionId")),
                        ("overlap", 424, "", GraphJSON.error("FailedDependency")),
                    ]))
                : .init(body: GraphJSON.page([Self.created]))
        } _: { graph in
            let outcome = try await graph.connector.create(try draft(), in: room)
            #expect(outcome.event.id == "new")
            #expect(graph.server.asked[1].target.contains("$filter=singleValueExtendedProperties"))
        }
    }

    @Test func `A fault that may have worked is unknown, one that cannot have is passing`() async throws {
        for (status, kind) in [(504, ConnectorError.Kind.outcomeUnknown), (500, .outcomeUnknown), (503, .transient)] {
            try await ScriptedGraph.run { _ in
                .init(status: status)
            } _: { graph in
                let error = await #expect(throws: ConnectorError.self) {
                    try await graph.connector.create(try draft(), in: room)
                }
                #expect(error?.kind == kind, "\(status)")
                #expect(graph.server.asked.count == 4)
            }
        }
    }

    @Test func `An invitation names the room as resource, and everybody once`() async throws {
        try await ScriptedGraph.run { _ in
            .init(status: 201, body: Self.created)
        } _: { graph in
            var draft = try draft(.invite)
            draft.meeting.attendees = [
                Attendee(person: Person(name: "Bo", address: "bo@x"), role: .optional),
                Attendee(person: Person(name: "Anna again", address: "ANNA@contoso.example")),
                Attendee(person: Person(name: "Oslo", address: ScriptedGraph.room), role: .resource),
            ]
            _ = try await graph.connector.create(draft, in: room)
            let asked = graph.server.asked[0]
            #expect(asked.target == "/v1.0/users/sync@contoso.example/events")
            let attendees = GraphJSON.object(asked.body)["attendees"] as? [[String: Any]] ?? []
            #expect(attendees.compactMap { $0["type"] as? String } == ["resource", "required", "optional"])
            let addresses = attendees.compactMap { ($0["emailAddress"] as? [String: String])?["address"] }
            #expect(addresses == ["oslo-ext@contoso.example", "anna@contoso.example", "bo@x"])
        }
    }

    @Test func `Fields that this side cannot write are not sent`() async throws {
        try await ScriptedGraph.run { _ in
            .init(body: Self.created)
        } _: { graph in
            _ = try await graph.connector.update(
                EventReference(event: "new"), to: try StandInWorld.meeting(), parts: [.organizer, .attendees],
                ifVersion: Version("W/\"1\""), in: room)
            #expect(graph.server.asked.map(\.method) == ["GET"])
            _ = try await graph.connector.update(
                EventReference(event: "new"), to: try StandInWorld.meeting("Named"), parts: [.subject],
                ifVersion: Version("W/\"1\""), in: room)
            #expect(graph.server.asked[1].method == "PATCH")
            #expect(graph.server.asked[1].headers["if-match"] == "W/\"1\"")
            #expect(GraphJSON.object(graph.server.asked[1].body) as? [String: String] == ["subject": "Named"])
        }
    }

    @Test func `A write that names no event is refused here`() async throws {
        try await ScriptedGraph.run { _ in
            .init()
        } _: { graph in
            let error = await #expect(throws: ConnectorError.self) {
                try await graph.connector.cancel(
                    EventReference(event: nil), ifVersion: nil, comment: "", in: room)
            }
            #expect(error?.kind == .rejected)
            #expect(graph.server.asked.isEmpty)
        }
    }
}
