import HTTPTypes
import StandIns
import Testing

@Suite("Graph stand-in: series")
struct GraphSeriesTests {
    /// Mondays at 10:00 in Berlin's zone, over the change to summer time on 29 March 2026.
    private static func weekly(_ range: [String: GraphJSON] = ["type": "numbered", "numberOfOccurrences": 6])
        -> GraphJSON
    {
        GraphHarness.event(
            "Weekly",
            [
                "recurrence": [
                    "pattern": ["type": "weekly", "interval": 1, "daysOfWeek": ["monday"]],
                    "range": .object(range.merging(["startDate": "2026-03-02"]) { old, _ in old }),
                ]
            ])
    }

    private static let spring = "startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-06-01T00:00:00Z"

    @Test("the server fills in the unused members of the pattern")
    func filled() async throws {
        try await GraphHarness.run { graph in
            let made = try await graph.send(.post, "\(GraphHarness.oslo)/events", Self.weekly())
            #expect(made.status == 201)
            #expect(made["type"] == "seriesMaster")
            #expect(
                made["recurrence"]?["pattern"] == [
                    "type": "weekly", "interval": 1, "daysOfWeek": ["monday"], "firstDayOfWeek": "sunday", "month": 0,
                    "dayOfMonth": 0, "index": "first",
                ])
            #expect(
                made["recurrence"]?["range"] == [
                    "type": "numbered", "startDate": "2026-03-02", "endDate": "0001-01-01", "numberOfOccurrences": 6,
                    "recurrenceTimeZone": "W. Europe Standard Time",
                ])
        }
    }

    @Test("occurrences keep their wall time across a clock change, and their ids")
    func occurrences() async throws {
        try await GraphHarness.run { graph in
            let made = try await graph.send(.post, "\(GraphHarness.oslo)/events", Self.weekly())
            let view = try await graph.get("\(GraphHarness.oslo)/calendarView?\(Self.spring)")
            #expect(view.values.count == 6)
            let starts = view.values.compactMap { $0["start"]?["dateTime"]?.string }
            #expect(starts[3] == "2026-03-23T09:00:00.0000000")
            #expect(starts[4] == "2026-03-30T08:00:00.0000000")
            #expect(view.values.allSatisfy { $0["type"] == "occurrence" && $0["seriesMasterId"] == .string(made.id) })
            #expect(Set(view.values.compactMap { $0["iCalUId"]?.string }).count == 6)
            #expect(view.values[4]["originalStart"] == "2026-03-30T08:00:00Z")
            let instances = try await graph.get("\(GraphHarness.oslo)/events/\(made.id)/instances?\(Self.spring)")
            #expect(instances.values.map { $0["id"] } == view.values.map { $0["id"] })
            let one = try await graph.get("\(GraphHarness.oslo)/events/\(view.values[2]["id"]?.string ?? "")")
            #expect(one["start"] == view.values[2]["start"])
            // The list has the master only.
            #expect(try await graph.get("\(GraphHarness.oslo)/events").values.count == 1)
        }
    }

    @Test("all six patterns give the days that they mean")
    func patterns() async throws {
        let cases: [(GraphJSON, String, [String])] = [
            (["type": "daily", "interval": 3], "2026-03-02", ["2026-03-02", "2026-03-05", "2026-03-08"]),
            (
                ["type": "weekly", "interval": 1, "daysOfWeek": ["tuesday", "friday"]], "2026-03-03",
                ["2026-03-03", "2026-03-06", "2026-03-10"]
            ),
            (
                ["type": "absoluteMonthly", "interval": 2, "dayOfMonth": 15], "2026-03-15",
                ["2026-03-15", "2026-05-15", "2026-07-15"]
            ),
            (
                ["type": "relativeMonthly", "interval": 1, "daysOfWeek": ["thursday"], "index": "last"], "2026-03-26",
                ["2026-03-26", "2026-04-30", "2026-05-28"]
            ),
            (
                ["type": "absoluteYearly", "interval": 1, "dayOfMonth": 24, "month": 12], "2026-12-24",
                ["2026-12-24", "2027-12-24", "2028-12-24"]
            ),
            (
                ["type": "relativeYearly", "interval": 1, "daysOfWeek": ["monday"], "index": "second", "month": 5],
                "2026-05-11", ["2026-05-11", "2027-05-10", "2028-05-08"]
            ),
        ]
        try await GraphHarness.run { graph in
            for (pattern, first, expected) in cases {
                let made = try await graph.send(
                    .post, "\(GraphHarness.oslo)/events",
                    GraphHarness.event(
                        "p", date: first,
                        [
                            "recurrence": [
                                "pattern": pattern,
                                "range": ["type": "numbered", "startDate": .string(first), "numberOfOccurrences": 3],
                            ]
                        ]))
                #expect(made.status == 201, "\(pattern)")
                let found = try await graph.get(
                    "\(GraphHarness.oslo)/events/\(made.id)/instances?startDateTime=2026-01-01&endDateTime=2029-12-31")
                #expect(
                    found.values.compactMap { $0["start"]?["dateTime"]?.string?.prefix(10) } == expected.map { $0[...] }
                )
            }
        }
    }

    @Test("an end date is inclusive, and a wrong start date is refused")
    func ranges() async throws {
        try await GraphHarness.run { graph in
            _ = try await graph.send(
                .post, "\(GraphHarness.oslo)/events", Self.weekly(["type": "endDate", "endDate": "2026-03-16"]))
            #expect(try await graph.get("\(GraphHarness.oslo)/calendarView?\(Self.spring)").values.count == 3)
            let wrong = try await graph.send(
                .post, "\(GraphHarness.oslo)/events",
                Self.weekly(["type": "noEnd", "startDate": "2026-03-09"]))
            #expect(wrong.status == 400)
            let endless = try await graph.send(.post, "\(GraphHarness.oslo)/events", Self.weekly(["type": "noEnd"]))
            #expect(endless["recurrence"]?["range"]?["endDate"] == "0001-01-01")
        }
    }

    @Test("one occurrence can be changed and taken out, and the master knows")
    func exceptions() async throws {
        try await GraphHarness.run { graph in
            let made = try await graph.send(.post, "\(GraphHarness.oslo)/events", Self.weekly())
            let view = try await graph.get("\(GraphHarness.oslo)/calendarView?\(Self.spring)")
            let second = view.values[1]["id"]?.string ?? ""
            let third = view.values[2]["id"]?.string ?? ""
            let crossing = try await graph.send(
                .patch, "\(GraphHarness.oslo)/events/\(second)",
                GraphHarness.event("Moved", date: "2026-03-16"))
            #expect(crossing.status == 400)
            #expect(crossing.code == "ErrorOccurrenceCrossingBoundary")
            let moved = try await graph.send(
                .patch, "\(GraphHarness.oslo)/events/\(second)", GraphHarness.event("Moved", date: "2026-03-11"))
            #expect(moved.status == 200)
            #expect(moved["type"] == "exception")
            #expect(moved.id == second)
            #expect(moved["originalStart"] == "2026-03-09T09:00:00Z")
            #expect(try await graph.send(.delete, "\(GraphHarness.oslo)/events/\(third)").status == 204)
            #expect(try await graph.get("\(GraphHarness.oslo)/events/\(third)").status == 404)

            let master = try await graph.get(
                "\(GraphHarness.oslo)/events/\(made.id)?$select=subject,cancelledOccurrences"
                    + "&$expand=exceptionOccurrences($select=subject)")
            #expect(master["cancelledOccurrences"] == [.string("OID.\(made.id).2026-03-16")])
            #expect(master["exceptionOccurrences"]?.array?.map { $0["subject"] } == ["Moved"])
            #expect(try await graph.get("\(GraphHarness.oslo)/calendarView?\(Self.spring)").values.count == 5)

            // The rest of the series still follows its master; the exception keeps its own subject.
            _ = try await graph.send(.patch, "\(GraphHarness.oslo)/events/\(made.id)", ["subject": "Renamed"])
            let renamed = try await graph.get("\(GraphHarness.oslo)/calendarView?\(Self.spring)&$select=subject")
            #expect(
                renamed.values.map { $0["subject"] } == ["Renamed", "Moved", "Renamed", "Renamed", "Renamed"])

            // A new rule makes the series anew.
            let again = try await graph.send(
                .patch, "\(GraphHarness.oslo)/events/\(made.id)",
                [
                    "recurrence": [
                        "pattern": ["type": "weekly", "interval": 1, "daysOfWeek": ["monday"]],
                        "range": ["type": "numbered", "startDate": "2026-03-02", "numberOfOccurrences": 4],
                    ]
                ])
            #expect(again.status == 200)
            let anew = try await graph.get("\(GraphHarness.oslo)/calendarView?\(Self.spring)")
            #expect(anew.values.count == 4)
            #expect(anew.values.allSatisfy { $0["type"] == "occurrence" })
        }
    }
}
