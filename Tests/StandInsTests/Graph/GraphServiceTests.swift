import HTTPTypes
import StandIns
import Testing

@Suite("Graph stand-in: limits, batches and the rest")
struct GraphServiceTests {
    @Test("a fifth request at once to one mailbox is refused", .timeLimit(.minutes(1)))
    func concurrency() async throws {
        let gate = Gate()
        try await GraphHarness.run({ $0.graph.processingMilliseconds = 1 }, pause: { _ in await gate.pass() }) {
            graph in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 { group.addTask { try await graph.get("\(GraphHarness.oslo)/calendar").status } }
                await gate.holds(4)
                // Refused at once, without waiting for the gate.
                let fifth = try await graph.get("\(GraphHarness.oslo)/calendar")
                await gate.open()
                #expect(fifth.status == 429)
                #expect(fifth.code == "ApplicationThrottled")
                #expect(fifth["error"]?["message"]?.string?.contains("MailboxConcurrency") == true)
                for try await status in group { #expect(status == 200) }
            }
            #expect(try await graph.get("\(GraphHarness.oslo)/calendar").status == 200)
        }
    }

    @Test("requests beyond the limit of ten minutes are told when to come back")
    func quota() async throws {
        try await GraphHarness.run({ $0.requestsPerTenMinutes = 3 }) { graph in
            for _ in 0..<3 {
                #expect(try await graph.get("\(GraphHarness.oslo)/calendar").status == 200)
                graph.clock.advance(.seconds(10))
            }
            let refused = try await graph.get("\(GraphHarness.oslo)/calendar")
            #expect(refused.status == 429)
            let wait = try #require(refused.header("Retry-After").flatMap { Int($0) })
            #expect(try await graph.get("/users/bergen@contoso.example/calendar").status == 200)
            graph.clock.advance(.seconds(wait))
            #expect(try await graph.get("\(GraphHarness.oslo)/calendar").status == 200)
        }
    }

    @Test("a batch answers each request by its id, with 424 after a failure and 429 beyond four to a mailbox")
    func batch() async throws {
        try await GraphHarness.run { graph in
            var requests: [GraphJSON] = [
                [
                    "id": "make", "method": "POST", "url": "/users/bergen@contoso.example/events",
                    "headers": ["Content-Type": "application/json", "Prefer": "IdType=\"ImmutableId\""],
                    "body": GraphHarness.event("In a batch"),
                ],
                [
                    "id": "list", "method": "GET", "url": "/users/bergen@contoso.example/events?$select=subject",
                    "dependsOn": ["make"],
                ],
                ["id": "bad", "method": "GET", "url": "/users/ada@contoso.example/events"],
                ["id": "after", "method": "GET", "url": "/places/microsoft.graph.room", "dependsOn": ["bad"]],
            ]
            for number in 0..<6 {
                requests.append([
                    "id": .string("o\(number)"), "method": "GET", "url": "/users/oslo@contoso.example/calendar",
                ])
            }
            let reply = try await graph.send(.post, "/$batch", ["requests": .array(requests)])
            #expect(reply.status == 200)
            let responses = reply["responses"]?.array ?? []
            func status(_ id: String) -> Int? { responses.first { $0["id"] == .string(id) }?["status"]?.int }
            #expect(status("make") == 201)
            #expect(status("bad") == 403)
            #expect(status("after") == 424)
            #expect(responses.first { $0["id"] == "list" }?["body"]?["value"]?.array?.first?["subject"] == "In a batch")
            let throttled = responses.filter { $0["status"] == 429 }
            #expect(throttled.count == 2)
            #expect(throttled.allSatisfy { $0["headers"]?["Retry-After"]?.string != nil })

            let many = GraphJSON.array((0..<21).map { ["id": .string("\($0)"), "method": "GET", "url": "/me"] })
            #expect(try await graph.send(.post, "/$batch", ["requests": many]).status == 400)
        }
    }

    @Test("getSchedule shows who is busy")
    func schedule() async throws {
        try await GraphHarness.run { graph in
            _ = try await graph.send(.post, "\(GraphHarness.oslo)/events", GraphHarness.event("Busy", zone: "UTC"))
            let reply = try await graph.send(
                .post, "/me/calendar/getSchedule",
                [
                    "schedules": ["oslo@contoso.example", "nobody@contoso.example"],
                    "startTime": ["dateTime": "2026-03-02T09:00:00", "timeZone": "UTC"],
                    "endTime": ["dateTime": "2026-03-02T12:00:00", "timeZone": "UTC"],
                    "availabilityViewInterval": 60,
                ])
            #expect(reply.status == 200)
            #expect(reply.values.first?["availabilityView"] == "020")
            #expect(reply.values.first?["scheduleItems"]?.array?.first?["status"] == "busy")
            #expect(reply.values.last?["error"]?["responseCode"] == "ErrorMailRecipientNotFound")
        }
    }

    @Test("ids are translated both ways, and both forms open the event")
    func ids() async throws {
        try await GraphHarness.run { graph in
            let made = try await graph.send(.post, "\(GraphHarness.oslo)/events", GraphHarness.event("x"))
            let reply = try await graph.send(
                .post, "\(GraphHarness.oslo)/translateExchangeIds",
                [
                    "inputIds": [.string(made.id)], "sourceIdType": "restId", "targetIdType": "restImmutableEntryId",
                ])
            let immutable = try #require(reply.values.first?["targetId"]?.string)
            #expect(immutable != made.id)
            let read = try await graph.get(
                "\(GraphHarness.oslo)/events/\(immutable)", prefer: "IdType=\"ImmutableId\"")
            #expect(read.id == immutable)
        }
    }

    @Test("time zones, mailbox settings and calendars")
    func rest() async throws {
        try await GraphHarness.run { graph in
            let zone = try await graph.get("\(GraphHarness.oslo)/mailboxSettings/timeZone")
            #expect(zone["value"] == "W. Europe Standard Time")
            let windows = try await graph.get("/me/outlook/supportedTimeZones")
            #expect(windows.values.contains { $0["alias"] == "W. Europe Standard Time" })
            let iana = try await graph.get(
                "/me/outlook/supportedTimeZones(TimeZoneStandard=microsoft.graph.timeZoneStandard'Iana')")
            #expect(iana.values.contains { $0["alias"] == "Europe/Oslo" })
            let calendars = try await graph.get("\(GraphHarness.oslo)/calendars")
            let id = try #require(calendars.values.first?["id"]?.string)
            #expect(try await graph.get("\(GraphHarness.oslo)/calendars/\(id)/events").status == 200)
            let control = try await graph.send(.get, "/control/v1/mailboxes/oslo@contoso.example/events")
            #expect(control["events"] == [])
        }
    }
}
