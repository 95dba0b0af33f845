import HTTPTypes
import StandIns
import Testing

@Suite("Graph stand-in: answers, forwarding, delegates, organizers")
struct GraphAnswerTests {
    private static let adas = "/users/ada@contoso.example"
    private static let bos = "/users/bo@contoso.example"

    private static func run(_ body: @escaping @Sendable (GraphHarness) async throws -> Void) async throws {
        try await GraphHarness.run(
            tenant: { tenant in
                var bo = tenant.users[1]
                bo.id = "00000000-0000-4000-8000-000000000009"
                bo.principalName = "bo@contoso.example"
                bo.displayName = "Bo"
                tenant.users.append(bo)
                tenant.users[1].delegates = ["bo@contoso.example"]
            }, body)
    }

    private static func invite(
        _ graph: GraphHarness, _ more: [String: GraphJSON] = [:]
    ) async throws -> GraphHarness.Reply {
        let made = try await graph.send(
            .post, "\(adas)/events",
            GraphHarness.event(
                "Talk", more.merging(["attendees": [GraphHarness.invite("oslo@contoso.example")]]) { own, _ in own }),
            token: graph.ada)
        graph.clock.advance(.seconds(2))
        return made
    }

    private static func copy(_ graph: GraphHarness) async throws -> String {
        try await graph.get("\(GraphHarness.oslo)/events", prefer: #"IdType="ImmutableId""#).values.first?["id"]?.string
            ?? ""
    }

    private static let proposal: GraphJSON = [
        "start": ["dateTime": "2026-03-02T14:00:00", "timeZone": "W. Europe Standard Time"],
        "end": ["dateTime": "2026-03-02T15:00:00", "timeZone": "W. Europe Standard Time"],
    ]

    @Test("a proposed time reaches the organizer with the answer", arguments: ["tentativelyAccept", "decline"])
    func proposes(_ action: String) async throws {
        try await Self.run { graph in
            let made = try await Self.invite(graph)
            let path = "\(GraphHarness.oslo)/events/\(try await Self.copy(graph))/\(action)"
            let unsent = try await graph.send(.post, path, ["proposedNewTime": Self.proposal, "sendResponse": false])
            #expect(unsent.status == 400)
            let sent = try await graph.send(.post, path, ["comment": "Later?", "proposedNewTime": Self.proposal])
            #expect(sent.status == 202)
            let attendee = try await graph.get("\(Self.adas)/events/\(made.id)", token: graph.ada)["attendees"]?.array?
                .first
            #expect(attendee?["proposedNewTime"]?["start"]?["dateTime"] == "2026-03-02T13:00:00.0000000")
            #expect(
                attendee?["status"]?["response"] == (action == "decline" ? "declined" : "tentativelyAccepted"))
            #expect(
                try await graph.get("\(GraphHarness.oslo)/events").values.count == (action == "decline" ? 0 : 1))
        }
    }

    @Test("no proposal with an acceptance, and none where the organizer wants none")
    func refusesProposals() async throws {
        try await Self.run { graph in
            _ = try await Self.invite(graph, ["allowNewTimeProposals": false])
            let path = "\(GraphHarness.oslo)/events/\(try await Self.copy(graph))"
            for action in ["accept", "tentativelyAccept", "decline"] {
                let refused = try await graph.send(
                    .post, "\(path)/\(action)", ["proposedNewTime": Self.proposal])
                #expect(refused.status == 400)
            }
            #expect(try await graph.get(path)["responseStatus"]?["response"] == "accepted")
        }
    }

    @Test("one occurrence is answered on its own")
    func occurrence() async throws {
        try await Self.run { graph in
            let made = try await Self.invite(
                graph,
                [
                    "recurrence": [
                        "pattern": ["type": "daily", "interval": 1],
                        "range": ["type": "numbered", "startDate": "2026-03-02", "numberOfOccurrences": 3],
                    ]
                ])
            let window = "startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-04-01T00:00:00Z"
            let rooms = try await graph.get("\(GraphHarness.oslo)/calendarView?\(window)").values
            _ = try await graph.send(
                .post, "\(GraphHarness.oslo)/events/\(rooms[1]["id"]?.string ?? "")/tentativelyAccept", [:])
            let after = try await graph.get("\(GraphHarness.oslo)/calendarView?\(window)").values
            #expect(after.map { $0["showAs"] } == ["busy", "tentative", "busy"])
            #expect(
                after.map { $0["responseStatus"]?["response"] } == ["accepted", "tentativelyAccepted", "accepted"])
            let hers = try await graph.get("\(Self.adas)/calendarView?\(window)", token: graph.ada).values
            #expect(
                hers.map { $0["attendees"]?.array?.first?["status"]?["response"] }
                    == ["accepted", "tentativelyAccepted", "accepted"])
            #expect(made.status == 201)
        }
    }

    @Test("a forwarded meeting invites the newcomer only, by the organizer's own event")
    func forwards() async throws {
        try await Self.run { graph in
            let made = try await Self.invite(graph)
            let copy = try await Self.copy(graph)
            let before = try await graph.get("\(GraphHarness.oslo)/events/\(copy)").etag
            let sent = try await graph.send(
                .post, "\(GraphHarness.oslo)/events/\(copy)/forward",
                [
                    "toRecipients": [["emailAddress": ["address": "bo@contoso.example", "name": "Bo"]]],
                    "comment": "FYI",
                ])
            #expect(sent.status == 202)
            let attendees = try await graph.get("\(Self.adas)/events/\(made.id)", token: graph.ada)["attendees"]?.array
            #expect(
                attendees?.map { $0["emailAddress"]?["address"] } == ["oslo@contoso.example", "bo@contoso.example"])
            let bo = await graph.token(user: "bo@contoso.example")
            let his = try await graph.get("\(Self.bos)/events", token: bo).values
            #expect(his.count == 1)
            #expect(his.first?["organizer"]?["emailAddress"]?["address"] == "ada@contoso.example")
            #expect(try await graph.get("\(GraphHarness.oslo)/events/\(copy)").etag == before)
            let nobody = try await graph.send(
                .post, "\(GraphHarness.oslo)/events/\(copy)/forward", ["toRecipients": []])
            #expect(nobody.status == 400)
        }
    }

    @Test("a delegate writes on somebody's behalf, others may not")
    func delegates() async throws {
        try await Self.run { graph in
            let bo = await graph.token(user: "bo@contoso.example")
            let made = try await graph.send(.post, "\(Self.adas)/events", GraphHarness.event("For Ada"), token: bo)
            #expect(made.status == 201)
            #expect(made["organizer"]?["emailAddress"]?["address"] == "ada@contoso.example")
            let refused = try await graph.send(
                .post, "\(Self.bos)/events", GraphHarness.event("For Bo"), token: graph.ada)
            #expect(refused.status == 403)
        }
    }

    @Test("another organizer takes a meeting over; the copies say so and stay")
    func organizer() async throws {
        try await Self.run { graph in
            let made = try await Self.invite(graph)
            let copy = try await Self.copy(graph)
            let path = "/control/v1/mailboxes/ada@contoso.example/events/\(made.id)/organizer"
            #expect(try await graph.send(.post, path, ["address": "nobox@contoso.example"]).status == 404)
            #expect(try await graph.send(.post, path, ["address": "bo@contoso.example"]).status == 200)
            graph.clock.advance(.seconds(2))
            #expect(try await Self.copy(graph) == copy)
            let after = try await graph.get("\(GraphHarness.oslo)/events/\(copy)")
            #expect(after["organizer"]?["emailAddress"]?["address"] == "bo@contoso.example")
            #expect(after["responseStatus"]?["response"] == "accepted")
            #expect(try await graph.get("\(Self.adas)/events", token: graph.ada).values.isEmpty)
            // An answer to somebody who is gone is said to nobody, and does no harm.
            try await graph.world.removeUser("bo@contoso.example", of: "contoso.example")
            #expect(try await graph.send(.post, "\(GraphHarness.oslo)/events/\(copy)/decline", [:]).status == 202)
            #expect(try await graph.get("\(GraphHarness.oslo)/events").values.isEmpty)
        }
    }

    @Test("days that a month lacks are its last one; intervals have limits")
    func shortMonths() async throws {
        try await Self.run { graph in
            func series(_ pattern: GraphJSON, date: String) async throws -> GraphHarness.Reply {
                try await graph.send(
                    .post, "\(GraphHarness.oslo)/events",
                    GraphHarness.event(
                        "Monthly", date: date,
                        [
                            "recurrence": [
                                "pattern": pattern, "range": ["type": "noEnd", "startDate": .string(date)],
                            ]
                        ]))
            }
            func days(_ made: GraphHarness.Reply) async throws -> [String] {
                try await graph.get(
                    "\(GraphHarness.oslo)/events/\(made.id)/instances?startDateTime=2026-03-01T00:00:00Z"
                        + "&endDateTime=2029-03-10T00:00:00Z&$top=4"
                ).values.compactMap { $0["start"]?["dateTime"]?.string.map { String($0.dropFirst(2).prefix(8)) } }
            }
            let last = try await series(
                ["type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31], date: "2026-03-31")
            #expect(try await days(last) == ["26-03-31", "26-04-30", "26-05-31", "26-06-30"])
            let leap = try await series(
                ["type": "absoluteYearly", "interval": 1, "dayOfMonth": 29, "month": 2], date: "2027-02-28")
            #expect(try await days(leap) == ["27-02-28", "28-02-29", "29-02-28"])
            let far = try await series(
                ["type": "weekly", "interval": 100, "daysOfWeek": ["monday"]], date: "2026-03-02")
            #expect(far.status == 400)
        }
    }
}
