import HTTPTypes
import StandIns
import Testing

@Suite("Graph stand-in: the booking attendant and series")
struct GraphAttendantTests {
    private static let adas = "/users/ada@contoso.example"
    private static let window = "startDateTime=2026-03-01T00:00:00Z&endDateTime=2027-03-01T00:00:00Z&$top=500"

    private static func daily(_ count: Int, from: String = "10:00", to: String = "11:00") -> GraphJSON {
        GraphHarness.event(
            "Daily", from: from, to: to,
            [
                "attendees": [GraphHarness.invite("oslo@contoso.example")],
                "recurrence": [
                    "pattern": ["type": "daily", "interval": 1],
                    "range": ["type": "numbered", "startDate": "2026-03-02", "numberOfOccurrences": .int(count)],
                ],
            ])
    }

    /// Ada invites the room, and the attendant answers.
    private static func invite(_ graph: GraphHarness, _ body: GraphJSON) async throws -> GraphHarness.Reply {
        let made = try await graph.send(.post, "\(adas)/events", body, token: graph.ada)
        #expect(made.status == 201)
        graph.clock.advance(.seconds(2))
        return made
    }

    private static func answer(_ graph: GraphHarness, _ id: String) async throws -> GraphJSON? {
        try await graph.get("\(adas)/events/\(id)", token: graph.ada)["attendees"]?.array?.first?["status"]?["response"]
    }

    private static func days(_ graph: GraphHarness, _ owner: String = GraphHarness.oslo) async throws -> [String] {
        try await graph.get("\(owner)/calendarView?\(window)", token: owner == adas ? graph.ada : nil).values
            .compactMap { $0["start"]?["dateTime"]?.string.map { String($0.prefix(10)) } }
    }

    @Test(
        "occurrences that clash are declined one by one while the room's thresholds allow it",
        arguments: [(0, 0, false), (50, 1, false), (20, 2, false), (50, 2, true)])
    func thresholds(_ percentage: Int, _ instances: Int, _ isAccepted: Bool) async throws {
        try await GraphHarness.run(
            tenant: {
                $0.rooms[0].calendarProcessing.conflictPercentageAllowed = percentage
                $0.rooms[0].calendarProcessing.maximumConflictInstances = instances
            }
        ) { graph in
            for date in ["2026-03-03", "2026-03-05"] {
                _ = try await graph.send(
                    .post, "\(GraphHarness.oslo)/events", GraphHarness.event("Taken", date: date))
            }
            let made = try await Self.invite(graph, Self.daily(5))
            #expect(try await Self.answer(graph, made.id) == (isAccepted ? "accepted" : "declined"))
            guard isAccepted else { return }
            let copy = try #require(
                try await graph.get("\(GraphHarness.oslo)/events").values.first { $0["type"] == "seriesMaster" })
            let whole = try await graph.get(
                "\(GraphHarness.oslo)/events/\(copy["id"]?.string ?? "")?$select=cancelledOccurrences")
            let cancelled = whole["cancelledOccurrences"]?.array?.compactMap(\.string).map { $0.suffix(10) }
            #expect(cancelled == ["2026-03-03", "2026-03-05"])
            let hers = try await graph.get("\(Self.adas)/calendarView?\(Self.window)", token: graph.ada).values
            #expect(
                hers.map { $0["attendees"]?.array?.first?["status"]?["response"] }
                    == ["accepted", "declined", "accepted", "declined", "accepted"])
        }
    }

    @Test("a series beyond the booking window is declined, or shortened in the room's copy", arguments: [true, false])
    func horizon(_ isEnforced: Bool) async throws {
        try await GraphHarness.run(
            tenant: {
                $0.rooms[0].calendarProcessing.bookingWindowInDays = 10
                $0.rooms[0].calendarProcessing.enforceSchedulingHorizon = isEnforced
            }
        ) { graph in
            let made = try await Self.invite(graph, Self.daily(30))
            #expect(try await Self.answer(graph, made.id) == (isEnforced ? "declined" : "accepted"))
            #expect(try await Self.days(graph).last == (isEnforced ? nil : "2026-03-12"))
            #expect(try await Self.days(graph, Self.adas).count == 30)
            // The organizer's next change leaves the copy short.
            _ = try await graph.send(.patch, "\(Self.adas)/events/\(made.id)", ["subject": "New"], token: graph.ada)
            graph.clock.advance(.seconds(2))
            if !isEnforced { #expect(try await Self.days(graph).count == 11) }
        }
    }

    @Test("no recurring meetings, no long ones")
    func refusals() async throws {
        try await GraphHarness.run(
            tenant: {
                $0.rooms[0].calendarProcessing.allowRecurringMeetings = false
                $0.rooms[0].calendarProcessing.maximumDurationInMinutes = 90
            }
        ) { graph in
            let series = try await Self.invite(graph, Self.daily(3))
            #expect(try await Self.answer(graph, series.id) == "declined")
            for (to, expected) in [("11:30", "accepted"), ("13:31", "declined")] {
                let from = to == "11:30" ? "10:00" : "12:00"
                let made = try await Self.invite(
                    graph,
                    GraphHarness.event(
                        "One", from: from, to: to, ["attendees": [GraphHarness.invite("oslo@contoso.example")]]))
                #expect(try await Self.answer(graph, made.id) == .string(expected))
            }
        }
    }

    @Test("a request waits for approval, and a delegate decides", arguments: ["accepted", "declined"])
    func approval(_ decision: String) async throws {
        try await GraphHarness.run(
            tenant: {
                $0.rooms[0].calendarProcessing.allBookInPolicy = false
                $0.rooms[0].calendarProcessing.allRequestInPolicy = true
                $0.rooms[0].calendarProcessing.tentativePendingApproval = decision == "accepted"
            }
        ) { graph in
            let made = try await Self.invite(graph, Self.daily(3))
            #expect(try await Self.answer(graph, made.id) == "tentativelyAccepted")
            let copy = try #require(
                try await graph.get("\(GraphHarness.oslo)/events", prefer: #"IdType="ImmutableId""#).values.first)
            #expect(copy["showAs"] == (decision == "accepted" ? "tentative" : "free"))
            #expect(copy["responseStatus"]?["response"] == "tentativelyAccepted")
            let id = copy["id"]?.string ?? ""
            let path = "/control/v1/mailboxes/oslo@contoso.example/events/\(id)/answer"
            #expect(try await graph.send(.post, path, ["response": "maybe"]).status == 400)
            #expect(try await graph.send(.post, path, ["response": .string(decision)]).status == 200)
            #expect(try await Self.answer(graph, made.id) == .string(decision))
            #expect(try await Self.days(graph).count == (decision == "accepted" ? 3 : 0))
            #expect(try await graph.send(.post, path + "x", ["response": "accepted"]).status == 404)
        }
    }

    @Test("those who may book do, those who may ask wait, the others are declined")
    func policies() async throws {
        for (books, asks, expected) in [
            (["ADA@contoso.example"], [], "accepted"), ([], ["ada@contoso.example"], "tentativelyAccepted"),
            ([], [], "declined"),
        ] as [([String], [String], String)] {
            try await GraphHarness.run(
                tenant: {
                    $0.rooms[0].calendarProcessing.allBookInPolicy = false
                    $0.rooms[0].calendarProcessing.bookInPolicy = books
                    $0.rooms[0].calendarProcessing.requestInPolicy = asks
                }
            ) { graph in
                let made = try await Self.invite(graph, Self.daily(2))
                #expect(try await Self.answer(graph, made.id) == .string(expected))
            }
        }
    }

    @Test("a cancelled occurrence leaves the room's copy, or stays and says so", arguments: [true, false])
    func cancelledOccurrence(_ stays: Bool) async throws {
        try await GraphHarness.run({ $0.graph.cancelledOccurrencesStay = stays }) { graph in
            _ = try await Self.invite(graph, Self.daily(3))
            let hers = try await graph.get("\(Self.adas)/calendarView?\(Self.window)", token: graph.ada).values
            _ = try await graph.send(
                .delete, "\(Self.adas)/events/\(hers[1]["id"]?.string ?? "")", token: graph.ada)
            graph.clock.advance(.seconds(2))
            let rooms = try await graph.get("\(GraphHarness.oslo)/calendarView?\(Self.window)").values
            #expect(rooms.count == (stays ? 3 : 2))
            let cancelled = rooms.filter { $0["isCancelled"] == true }
            #expect(cancelled.count == (stays ? 1 : 0))
            #expect(cancelled.allSatisfy { $0["showAs"] == "free" && $0["type"] == "exception" })
        }
    }
}
