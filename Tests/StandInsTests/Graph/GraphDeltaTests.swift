import HTTPTypes
import StandIns
import Testing

@Suite("Graph stand-in: delta")
struct GraphDeltaTests {
    private static let window = "startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-04-01T00:00:00Z"
    private static let immutable = "IdType=\"ImmutableId\", odata.maxpagesize=50"

    private static func quiet(_ settings: inout WorldSettings) {
        settings.secondChangeKeyDelayMilliseconds = nil
        settings.deltaDuplicates = false
    }

    @Test("a round gives everything in the window; the next one what changed, what went and what left the window")
    func rounds() async throws {
        try await GraphHarness.run(Self.quiet) { graph in
            var ids: [String] = []
            for subject in ["stays", "changes", "goes", "leaves"] {
                let made = try await graph.send(
                    .post, "\(GraphHarness.oslo)/events", GraphHarness.event(subject), prefer: Self.immutable)
                ids.append(made.id)
            }
            _ = try await graph.send(
                .post, "\(GraphHarness.oslo)/events", GraphHarness.event("far", date: "2026-09-01"))
            let first = try await graph.round(
                try await graph.get("\(GraphHarness.oslo)/calendarView/delta?\(Self.window)", prefer: Self.immutable),
                prefer: Self.immutable)
            #expect(first.values.map { $0["subject"] } == ["stays", "changes", "goes", "leaves"])
            #expect(first.values.first?["singleValueExtendedProperties"] == nil)

            _ = try await graph.send(.patch, "\(GraphHarness.oslo)/events/\(ids[1])", ["subject": "changed"])
            _ = try await graph.send(.delete, "\(GraphHarness.oslo)/events/\(ids[2])")
            _ = try await graph.send(
                .patch, "\(GraphHarness.oslo)/events/\(ids[3])", GraphHarness.event("leaves", date: "2026-06-01"))
            let second = try await graph.round(try await graph.follow(first.link, prefer: Self.immutable))
            #expect(second.values.count == 3)
            #expect(second.values[0]["subject"] == "changed")
            #expect(second.values[1]["id"] == .string(ids[2]))
            #expect(second.values[1]["@removed"] == ["reason": "deleted"])
            #expect(second.values[2]["id"] == .string(ids[3]))
            #expect(second.values[2]["@removed"] == ["reason": "deleted"])
            let third = try await graph.round(try await graph.follow(second.link))
            #expect(third.values.isEmpty)
        }
    }

    @Test("pages go on where the last one ended, also with one entry each")
    func paging() async throws {
        try await GraphHarness.run { graph in
            for number in 0..<5 {
                _ = try await graph.send(.post, "\(GraphHarness.oslo)/events", GraphHarness.event("\(number)"))
            }
            let prefer = "odata.maxpagesize=1"
            let round = try await graph.round(
                try await graph.get("\(GraphHarness.oslo)/calendarView/delta()?\(Self.window)", prefer: prefer),
                prefer: prefer)
            #expect(round.pages == 5)
            #expect(round.values.map { $0["subject"] } == ["0", "1", "2", "3", "4"])
        }
    }

    @Test("series come as a whole master and bare occurrences")
    func series() async throws {
        try await GraphHarness.run(Self.quiet) { graph in
            let made = try await graph.send(
                .post, "\(GraphHarness.oslo)/events",
                GraphHarness.event(
                    "Weekly",
                    [
                        "recurrence": [
                            "pattern": ["type": "weekly", "interval": 1, "daysOfWeek": ["monday"]],
                            "range": ["type": "noEnd", "startDate": "2026-03-02"],
                        ]
                    ]))
            let round = try await graph.round(
                try await graph.get(
                    "\(GraphHarness.oslo)/calendarView/delta?\(Self.window)", prefer: "odata.maxpagesize=50"))
            #expect(round.values.count == 6)
            #expect(round.values[0]["type"] == "seriesMaster")
            #expect(round.values[0]["subject"] == "Weekly")
            #expect(
                round.values[1].object.map { Set($0.keys) } == [
                    "@odata.type", "@odata.etag", "id", "seriesMasterId", "type", "start", "end",
                ])
            let last = try #require(round.values.last?["id"]?.string)
            _ = try await graph.send(.delete, "\(GraphHarness.oslo)/events/\(last)")
            let next = try await graph.round(try await graph.follow(round.link, prefer: "odata.maxpagesize=50"))
            #expect(next.values.filter { $0["@removed"] != nil }.map { $0["id"] } == [.string(last)])
            #expect(next.values.filter { $0["@removed"] == nil }.count == 5)
            _ = try await graph.send(.delete, "\(GraphHarness.oslo)/events/\(made.id)")
            let gone = try await graph.round(try await graph.follow(next.link, prefer: "odata.maxpagesize=50"))
            #expect(gone.values.contains { $0["id"] == .string(made.id) && $0["@removed"] != nil })
        }
    }

    @Test("items may come twice in a round")
    func duplicates() async throws {
        try await GraphHarness.run { graph in
            for number in 0..<5 {
                _ = try await graph.send(.post, "\(GraphHarness.oslo)/events", GraphHarness.event("\(number)"))
            }
            let round = try await graph.round(
                try await graph.get(
                    "\(GraphHarness.oslo)/calendarView/delta?\(Self.window)", prefer: "odata.maxpagesize=50"))
            #expect(round.values.count == 6)
            #expect(Set(round.values.compactMap { $0["id"]?.string }).count == 5)
        }
    }

    @Test("$select is refused, and a token belongs to its mailbox")
    func refusals() async throws {
        try await GraphHarness.run { graph in
            let selected = try await graph.get("\(GraphHarness.oslo)/calendarView/delta?\(Self.window)&$select=subject")
            #expect(selected.status == 400)
            let round = try await graph.get("\(GraphHarness.oslo)/calendarView/delta?\(Self.window)")
            let link = try #require(round["@odata.deltaLink"]?.string)
            #expect(link.hasPrefix("http://localhost"))
            let foreign = try await graph.follow(.string(link.replacing("oslo@", with: "bergen@")))
            #expect(foreign.status == 400)
        }
    }

    @Test("a token that was let expire is answered with 410, or with syncStateNotFound")
    func expiry() async throws {
        try await GraphHarness.run { graph in
            let round = try await graph.get("\(GraphHarness.oslo)/calendarView/delta?\(Self.window)")
            _ = try await graph.send(
                .post, "/control/v1/mailboxes/oslo@contoso.example/expire-delta", ["how": "410"])
            let gone = try await graph.follow(round["@odata.deltaLink"])
            #expect(gone.status == 410)
            #expect(gone.code == "resyncRequired")
            let anew = try await graph.follow(.string(gone.header("Location") ?? ""))
            #expect(anew.status == 200)
            _ = try await graph.send(
                .post, "/control/v1/mailboxes/oslo@contoso.example/expire-delta", ["how": "syncStateNotFound"])
            let lost = try await graph.follow(anew["@odata.deltaLink"])
            #expect(lost.status == 400)
            #expect(lost.code == "syncStateNotFound")
        }
    }

    @Test("next links can be closed to delegates")
    func forbidden() async throws {
        try await GraphHarness.run({ $0.deltaNextLinkForbidden = true }) { graph in
            for number in 0..<2 {
                _ = try await graph.send(.post, "\(GraphHarness.oslo)/events", GraphHarness.event("\(number)"))
            }
            let first = try await graph.get(
                "\(GraphHarness.oslo)/calendarView/delta?\(Self.window)", prefer: "odata.maxpagesize=1")
            #expect(first.status == 200)
            #expect(try await graph.follow(first["@odata.nextLink"]).status == 403)
            let application = await graph.token(user: nil, scopes: "", roles: "Calendars.Read")
            #expect(try await graph.follow(first["@odata.nextLink"], token: application).status == 200)
        }
    }
}
