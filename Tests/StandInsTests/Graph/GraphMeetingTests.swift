import HTTPTypes
import StandIns
import Testing

@Suite("Graph stand-in: meetings and the booking attendant")
struct GraphMeetingTests {
    private static let adas = "/users/ada@contoso.example"

    /// The room's own copies, as a delegate reads them.
    private static func copies(_ graph: GraphHarness, room: String = "oslo") async throws -> [GraphJSON] {
        try await graph.get("/users/\(room)@contoso.example/events", prefer: "IdType=\"ImmutableId\"").values
    }

    private static func meeting(_ subject: String, _ more: [String: GraphJSON] = [:]) -> GraphJSON {
        GraphHarness.event(
            subject,
            more.merging(["attendees": [GraphHarness.invite("oslo@contoso.example")]]) { own, _ in own })
    }

    private static func answer(_ graph: GraphHarness, _ id: String) async throws -> GraphJSON? {
        try await graph.get("\(adas)/events/\(id)", token: graph.ada)["attendees"]?.array?.first?["status"]?["response"]
    }

    @Test("the room's copy is tentative first, then accepted and rewritten")
    func accepted() async throws {
        try await GraphHarness.run { graph in
            let made = try await graph.send(
                .post, "\(Self.adas)/events",
                Self.meeting(
                    "Secret plan", ["sensitivity": "private", "body": ["contentType": "text", "content": "x"]]),
                token: graph.ada)
            #expect(made.status == 201)
            let tentative = try #require(try await Self.copies(graph).first)
            #expect(tentative["showAs"] == "tentative")
            #expect(tentative["responseStatus"]?["response"] == "notResponded")
            #expect(tentative["isOrganizer"] == false)
            #expect(tentative["subject"] == "Secret plan")
            #expect(tentative["iCalUId"] == made["iCalUId"])
            let mutableBefore = try await graph.get("\(GraphHarness.oslo)/events").values.first?["id"]

            graph.clock.advance(.seconds(2))
            let copy = try #require(try await Self.copies(graph).first)
            #expect(copy["id"] == tentative["id"])
            #expect(copy["showAs"] == "busy")
            #expect(copy["responseStatus"]?["response"] == "accepted")
            #expect(copy["subject"] == "Ada")
            #expect(copy["bodyPreview"] == "")
            #expect(copy["sensitivity"] == "normal")
            #expect(copy["organizer"]?["emailAddress"]?["address"] == "ada@contoso.example")
            let mutableAfter = try await graph.get("\(GraphHarness.oslo)/events").values.first?["id"]
            #expect(mutableAfter != mutableBefore)
            let old = try await graph.get("\(GraphHarness.oslo)/events/\(mutableBefore?.string ?? "")")
            #expect(old.code == "ErrorItemNotFound")
            #expect(try await Self.answer(graph, made.id) == "accepted")
        }
    }

    @Test("a clash is declined, and the room keeps no copy")
    func declined() async throws {
        try await GraphHarness.run { graph in
            _ = try await graph.send(.post, "\(GraphHarness.oslo)/events", GraphHarness.event("Direct"))
            let made = try await graph.send(.post, "\(Self.adas)/events", Self.meeting("Clash"), token: graph.ada)
            graph.clock.advance(.seconds(2))
            #expect(try await Self.copies(graph).map { $0["subject"] } == ["Direct"])
            #expect(try await Self.answer(graph, made.id) == "declined")
            // Back to back is no clash.
            let next = try await graph.send(
                .post, "\(Self.adas)/events",
                GraphHarness.event(
                    "After", from: "11:00", to: "12:00", ["attendees": [GraphHarness.invite("oslo@contoso.example")]]),
                token: graph.ada)
            graph.clock.advance(.seconds(2))
            #expect(try await Self.answer(graph, next.id) == "accepted")
        }
    }

    @Test("the room's settings decide: conflicts, booking window, subjects, AutoUpdate, None")
    func processing() async throws {
        try await GraphHarness.run(tenant: { tenant in
            tenant.rooms[0].calendarProcessing.allowConflicts = true
            tenant.rooms[0].calendarProcessing.deleteSubject = false
            tenant.rooms[0].calendarProcessing.addOrganizerToSubject = false
            tenant.rooms[0].calendarProcessing.bookingWindowInDays = 30
            tenant.rooms[1].calendarProcessing.automateProcessing = "AutoUpdate"
        }) { graph in
            _ = try await graph.send(.post, "\(GraphHarness.oslo)/events", GraphHarness.event("Direct"))
            let both = try await graph.send(
                .post, "\(Self.adas)/events",
                Self.meeting(
                    "Plan",
                    [
                        "attendees": [
                            GraphHarness.invite("oslo@contoso.example"), GraphHarness.invite("bergen@contoso.example"),
                        ]
                    ]), token: graph.ada)
            let far = try await graph.send(
                .post, "\(Self.adas)/events",
                GraphHarness.event(
                    "Far", date: "2026-05-01", ["attendees": [GraphHarness.invite("oslo@contoso.example")]]),
                token: graph.ada)
            graph.clock.advance(.seconds(2))
            #expect(Set(try await Self.copies(graph).compactMap { $0["subject"]?.string }) == ["Direct", "Plan"])
            #expect(try await Self.answer(graph, both.id) == "accepted")
            #expect(try await Self.answer(graph, far.id) == "declined")
            let pending = try await Self.copies(graph, room: "bergen")
            #expect(pending.map { $0["showAs"] } == ["tentative"])
            #expect(pending.map { $0["responseStatus"]?["response"] } == ["notResponded"])
        }
    }

    @Test("the organizer's changes and cancellation reach the room's copy")
    func updates() async throws {
        try await GraphHarness.run { graph in
            let made = try await graph.send(.post, "\(Self.adas)/events", Self.meeting("Plan"), token: graph.ada)
            graph.clock.advance(.seconds(2))
            let before = try #require(try await Self.copies(graph).first)
            let moved = try await graph.send(
                .patch, "\(Self.adas)/events/\(made.id)", GraphHarness.event("Plan", from: "14:00", to: "15:00"),
                token: graph.ada)
            #expect(moved.status == 200)
            let pending = try #require(try await Self.copies(graph).first)
            #expect(pending["id"] == before["id"])
            #expect(pending["showAs"] == "tentative")
            graph.clock.advance(.seconds(2))
            let after = try #require(try await Self.copies(graph).first)
            #expect(after["start"]?["dateTime"] == "2026-03-02T13:00:00.0000000")
            #expect(after["responseStatus"]?["response"] == "accepted")
            #expect(after["subject"] == "Ada")

            let refused = try await graph.send(
                .post, "\(GraphHarness.oslo)/events/\(after["id"]?.string ?? "")/cancel", ["comment": "no"])
            #expect(refused.status == 400)
            let cancelled = try await graph.send(
                .post, "\(Self.adas)/events/\(made.id)/cancel", ["comment": "sorry"], token: graph.ada)
            #expect(cancelled.status == 202)
            let kept = try #require(try await Self.copies(graph).first)
            #expect(kept["isCancelled"] == true)
            #expect(kept["subject"] == "Canceled: Ada")
            #expect(try await graph.get("\(Self.adas)/events", token: graph.ada).values.isEmpty)
        }
    }

    @Test("cancelled meetings leave rooms that remove them")
    func removed() async throws {
        try await GraphHarness.run(tenant: { $0.rooms[0].calendarProcessing.removeCanceledMeetings = true }) { graph in
            let made = try await graph.send(.post, "\(Self.adas)/events", Self.meeting("Plan"), token: graph.ada)
            graph.clock.advance(.seconds(2))
            _ = try await graph.send(.delete, "\(Self.adas)/events/\(made.id)", token: graph.ada)
            #expect(try await Self.copies(graph).isEmpty)
        }
    }

    @Test("a room's decline frees it and tells the organizer; a deletion does not tell")
    func roomAnswers() async throws {
        try await GraphHarness.run { graph in
            let first = try await graph.send(.post, "\(Self.adas)/events", Self.meeting("One"), token: graph.ada)
            graph.clock.advance(.seconds(2))
            let copy = try #require(try await Self.copies(graph).first?["id"]?.string)
            let declined = try await graph.send(
                .post, "\(GraphHarness.oslo)/events/\(copy)/decline", ["comment": "taken", "sendResponse": true])
            #expect(declined.status == 202)
            #expect(try await Self.copies(graph).isEmpty)
            #expect(try await Self.answer(graph, first.id) == "declined")

            let second = try await graph.send(.post, "\(Self.adas)/events", Self.meeting("Two"), token: graph.ada)
            graph.clock.advance(.seconds(2))
            let other = try #require(try await Self.copies(graph).first?["id"]?.string)
            #expect(try await graph.send(.delete, "\(GraphHarness.oslo)/events/\(other)").status == 204)
            #expect(try await Self.answer(graph, second.id) == "accepted")
            let own = try await graph.send(.post, "\(Self.adas)/events/\(second.id)/decline", [:], token: graph.ada)
            #expect(own.status == 400)
        }
    }

    @Test("a series is accepted as a whole, and declined for one clash")
    func series() async throws {
        let recurrence: GraphJSON = [
            "pattern": ["type": "daily", "interval": 1],
            "range": ["type": "numbered", "startDate": "2026-03-02", "numberOfOccurrences": 3],
        ]
        try await GraphHarness.run { graph in
            let made = try await graph.send(
                .post, "\(Self.adas)/events", Self.meeting("Daily", ["recurrence": recurrence]), token: graph.ada)
            graph.clock.advance(.seconds(2))
            #expect(try await Self.answer(graph, made.id) == "accepted")
            let window = "startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-04-01T00:00:00Z"
            let view = try await graph.get("\(GraphHarness.oslo)/calendarView?\(window)")
            #expect(view.values.map { $0["subject"] } == ["Ada", "Ada", "Ada"])
            // The organizer takes one out; the room is free on that day.
            let days = try await graph.get("\(Self.adas)/calendarView?\(window)", token: graph.ada)
            _ = try await graph.send(
                .delete, "\(Self.adas)/events/\(days.values[1]["id"]?.string ?? "")", token: graph.ada)
            #expect(try await graph.get("\(GraphHarness.oslo)/calendarView?\(window)").values.count == 2)
            let clash = try await graph.send(
                .post, "\(Self.adas)/events", Self.meeting("Again", ["recurrence": recurrence]), token: graph.ada)
            graph.clock.advance(.seconds(2))
            #expect(try await Self.answer(graph, clash.id) == "declined")
        }
    }
}
