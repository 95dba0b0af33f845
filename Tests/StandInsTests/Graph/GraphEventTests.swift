import HTTPTypes
import StandIns
import Testing

@Suite("Graph stand-in: single events")
struct GraphEventTests {
    private let marker = "String {6E2B1A4C-0000-4000-8000-0123456789AB} Name BookingId"

    @Test("an event is created, read, changed and deleted")
    func lifecycle() async throws {
        try await GraphHarness.run { graph in
            let made = try await graph.send(
                .post, "\(GraphHarness.oslo)/calendar/events",
                GraphHarness.event("Team sync", ["body": ["contentType": "text", "content": "a < b\nsecond"]]),
                prefer: "IdType=\"ImmutableId\", outlook.timezone=\"UTC\"")
            #expect(made.status == 201)
            #expect(made["subject"] == "Team sync")
            #expect(made["start"] == ["dateTime": "2026-03-02T09:00:00.0000000", "timeZone": "UTC"])
            #expect(made["originalStartTimeZone"] == "W. Europe Standard Time")
            #expect(made["isOrganizer"] == true)
            #expect(made["responseStatus"]?["response"] == "organizer")
            #expect(made["organizer"]?["emailAddress"]?["address"] == "oslo@contoso.example")
            #expect(made["type"] == "singleInstance")
            #expect(made["body"]?["contentType"] == "html")
            #expect(made["body"]?["content"]?.string?.contains("a &lt; b<br>") == true)
            #expect(made["bodyPreview"] == "a < b\r\nsecond")
            #expect(made["singleValueExtendedProperties"] == nil)
            #expect(made.header("Preference-Applied")?.contains("ImmutableId") == true)

            let text = try await graph.get(
                "\(GraphHarness.oslo)/events/\(made.id)", prefer: "outlook.body-content-type=\"text\"")
            #expect(text["body"] == ["contentType": "text", "content": "a < b\r\nsecond"])

            let stale = try await graph.send(
                .patch, "\(GraphHarness.oslo)/events/\(made.id)", ["subject": "No"], headers: ["If-Match": "W/\"old\""])
            #expect(stale.status == 412)
            #expect(stale.code == "ErrorIrresolvableConflict")
            let changed = try await graph.send(
                .patch, "\(GraphHarness.oslo)/events/\(made.id)", ["subject": "New"],
                headers: ["If-Match": made.etag])
            #expect(changed.status == 200)
            #expect(changed["subject"] == "New")
            #expect(changed["start"] == made["start"])
            #expect(changed.etag != made.etag)

            let gone = try await graph.send(.delete, "\(GraphHarness.oslo)/events/\(made.id)")
            #expect(gone.status == 204)
            let missing = try await graph.get("\(GraphHarness.oslo)/events/\(made.id)")
            #expect(missing.status == 404)
            #expect(missing.code == "ErrorItemNotFound")
        }
    }

    @Test("every property of the model is in an answer, with its type")
    func completeness() async throws {
        try await GraphHarness.run { graph in
            let made = try await graph.send(.post, "\(GraphHarness.oslo)/events", GraphHarness.event("x"))
            for name in [
                "allowNewTimeProposals", "hasAttachments", "hideAttendees", "isAllDay", "isCancelled", "isDraft",
                "isOnlineMeeting", "isOrganizer", "isReminderOn", "responseRequested",
            ] { #expect(made[name]?.bool != nil, "\(name)") }
            for name in ["attendees", "categories", "locations"] { #expect(made[name]?.array != nil, "\(name)") }
            for name in [
                "bodyPreview", "changeKey", "createdDateTime", "iCalUId", "importance", "lastModifiedDateTime",
                "onlineMeetingProvider", "originalEndTimeZone", "sensitivity", "showAs", "webLink", "@odata.context",
            ] { #expect(made[name]?.string != nil, "\(name)") }
            #expect(made["reminderMinutesBeforeStart"]?.int == 15)
            #expect(made["@odata.etag"]?.string == "W/\"\(made["changeKey"]?.string ?? "")\"")
        }
    }

    @Test("bad requests are answered as Graph does")
    func refusals() async throws {
        try await GraphHarness.run { graph in
            let events = "\(GraphHarness.oslo)/events"
            func code(_ body: GraphJSON) async throws -> String? {
                let reply = try await graph.send(.post, events, body)
                #expect(reply.status == 400)
                return reply.code
            }
            #expect(try await code(GraphHarness.event("x", ["colour": "red"])) == "RequestBodyRead")
            #expect(
                try await code(GraphHarness.event("x", from: "11:00", to: "10:00")) == "ErrorPropertyValidationFailure")
            #expect(
                try await code(GraphHarness.event("x", zone: "Mars Standard Time")) == "TimeZoneNotSupportedException")
            #expect(try await code(GraphHarness.event("x", ["isAllDay": true])) == "ErrorPropertyValidationFailure")
            #expect(try await code(GraphHarness.event("x", ["showAs": "asleep"])) == "RequestBodyRead")
            #expect(try await code("no object") == "BadRequest")
            let malformed = try await graph.get("\(events)/AAMkXYZ")
            #expect(malformed.status == 400)
            #expect(malformed.code == "ErrorInvalidIdMalformed")
            #expect(try await graph.get("\(events)?$select=colour").code == "RequestBroker--ParseUri")
            #expect(try await graph.get("\(events)?$filter=subject like 'x'").status == 400)
            #expect(try await graph.get("\(events)", prefer: "outlook.timezone=\"Mars\"").status == 400)
            #expect(try await graph.get("/users/bergen@contoso.example/events").values.isEmpty)
        }
    }

    @Test("all-day events stay midnight to midnight in every zone")
    func allDay() async throws {
        try await GraphHarness.run { graph in
            let day: GraphJSON = ["dateTime": "2026-03-02T00:00:00", "timeZone": "Europe/Oslo"]
            let next: GraphJSON = ["dateTime": "2026-03-03T00:00:00", "timeZone": "Europe/Oslo"]
            _ = try await graph.send(
                .post, "\(GraphHarness.oslo)/events", ["subject": "Day", "isAllDay": true, "start": day, "end": next])
            let shown = try await graph.get(
                "\(GraphHarness.oslo)/events", prefer: "outlook.timezone=\"Pacific Standard Time\"")
            #expect(
                shown.values.first?["start"]
                    == ["dateTime": "2026-03-02T00:00:00.0000000", "timeZone": "Pacific Standard Time"])
            #expect(shown.values.first?["originalStartTimeZone"] == "Europe/Oslo")
        }
    }

    @Test("a repeated transactionId gives the same event, or a conflict where that is switched on")
    func transactions() async throws {
        let body = GraphHarness.event("Once", ["transactionId": "7E163156-7762-4BEB-A1C6-729EA81755A7"])
        try await GraphHarness.run { graph in
            let first = try await graph.send(.post, "\(GraphHarness.oslo)/events", body)
            let second = try await graph.send(.post, "\(GraphHarness.oslo)/events", body)
            #expect(second.status == 201)
            #expect(second.id == first.id)
            #expect(try await graph.get("\(GraphHarness.oslo)/events").values.count == 1)
        }
        try await GraphHarness.run({ $0.graph.duplicateTransactionConflicts = true }) { graph in
            _ = try await graph.send(.post, "\(GraphHarness.oslo)/events", body)
            #expect(try await graph.send(.post, "\(GraphHarness.oslo)/events", body).status == 409)
        }
    }

    @Test("extended properties are kept, expanded and searched, and not echoed otherwise")
    func extendedProperties() async throws {
        let marker = marker
        try await GraphHarness.run { graph in
            let made = try await graph.send(
                .post, "\(GraphHarness.oslo)/events",
                GraphHarness.event(
                    "Tagged",
                    [
                        "singleValueExtendedProperties": [["id": .string(marker), "value": "4711"]]
                    ]))
            _ = try await graph.send(.post, "\(GraphHarness.oslo)/events", GraphHarness.event("Plain"))
            let quoted = marker.replacing(" ", with: "%20")
            let expanded = try await graph.get(
                "\(GraphHarness.oslo)/events/\(made.id)?$expand=singleValueExtendedProperties($filter=id%20eq%20'\(quoted)')"
            )
            #expect(expanded["singleValueExtendedProperties"]?.array?.first?["value"] == "4711")
            let found = try await graph.get(
                "\(GraphHarness.oslo)/events?$filter=singleValueExtendedProperties/Any(ep:%20ep/id%20eq%20'\(quoted)'"
                    + "%20and%20ep/value%20eq%20'4711')")
            #expect(found.values.count == 1)
            #expect(found.values.first?["subject"] == "Tagged")
            let other = try await graph.get(
                "\(GraphHarness.oslo)/events?$filter=singleValueExtendedProperties/Any(ep:%20ep/id%20eq%20'\(quoted)'"
                    + "%20and%20ep/value%20eq%20'4712')")
            #expect(other.values.isEmpty)
        }
    }

    @Test("the change key changes once more by itself after a write")
    func secondChangeKey() async throws {
        try await GraphHarness.run { graph in
            let made = try await graph.send(.post, "\(GraphHarness.oslo)/events", GraphHarness.event("x"))
            #expect(try await graph.get("\(GraphHarness.oslo)/events/\(made.id)").etag == made.etag)
            graph.clock.advance(.seconds(1))
            let later = try await graph.get("\(GraphHarness.oslo)/events/\(made.id)")
            #expect(later.etag != made.etag)
            #expect(later["subject"] == "x")
            graph.clock.advance(.seconds(60))
            #expect(try await graph.get("\(GraphHarness.oslo)/events/\(made.id)").etag == later.etag)
        }
    }

    @Test("direct writes are not checked for clashes")
    func clashes() async throws {
        try await GraphHarness.run { graph in
            for subject in ["a", "b"] {
                let made = try await graph.send(.post, "\(GraphHarness.oslo)/events", GraphHarness.event(subject))
                #expect(made.status == 201)
            }
        }
    }
}

@Suite("Graph stand-in: lists of events")
struct GraphListTests {
    @Test("calendarView overlaps its window, pages by ten and gives next links that work")
    func calendarView() async throws {
        try await GraphHarness.run { graph in
            for hour in 0..<12 {
                let from = "\(hour < 10 ? "0" : "")\(hour)"
                _ = try await graph.send(
                    .post, "\(GraphHarness.oslo)/events",
                    GraphHarness.event("\(hour)", from: "\(from):00", to: "\(from):30", zone: "UTC"))
            }
            let window = "startDateTime=2026-03-02T00:15:00Z&endDateTime=2026-03-02T11:00:00Z"
            let first = try await graph.get("\(GraphHarness.oslo)/calendarView?\(window)")
            #expect(first.values.count == 10)
            #expect(first.values.first?["subject"] == "0")
            let second = try await graph.follow(first["@odata.nextLink"])
            // The one that begins when the window ends is not in it.
            #expect(second.values.map { $0["subject"] } == ["10"])
            #expect(second["@odata.nextLink"] == nil)
            let sized = try await graph.get(
                "\(GraphHarness.oslo)/calendar/calendarView?\(window)", prefer: "odata.maxpagesize=4")
            #expect(sized.values.count == 4)
            let top = try await graph.get("\(GraphHarness.oslo)/calendarView?\(window)&$top=500&$select=subject")
            #expect(top.values.count == 11)
            #expect(top.values.first?["start"] == nil)
            let offset = try await graph.get(
                "\(GraphHarness.oslo)/calendarView?startDateTime=2026-03-02T02:00:00%2B01:00&endDateTime=2026-03-02T03:00:00%2B01:00"
            )
            #expect(offset.values.map { $0["subject"] } == ["1"])
            #expect(try await graph.get("\(GraphHarness.oslo)/calendarView").code == "ErrorInvalidParameter")
        }
    }

    @Test("filters and orders")
    func filters() async throws {
        try await GraphHarness.run { graph in
            for (index, name) in ["b", "a", "it's"].enumerated() {
                _ = try await graph.send(
                    .post, "\(GraphHarness.oslo)/events",
                    GraphHarness.event(name, date: "2026-03-0\(index + 2)", zone: "UTC"))
                graph.clock.advance(.seconds(60))
            }
            func subjects(_ query: String) async throws -> [String] {
                let reply = try await graph.get("\(GraphHarness.oslo)/events?\(query)")
                #expect(reply.status == 200, "\(query)")
                return reply.values.compactMap { $0["subject"]?.string }
            }
            #expect(try await subjects("$orderby=subject") == ["a", "b", "it's"])
            #expect(try await subjects("$orderby=start/dateTime%20desc&$top=1") == ["it's"])
            #expect(try await subjects("$filter=subject%20eq%20'it''s'") == ["it's"])
            #expect(
                try await subjects("$filter=start/dateTime%20ge%20'2026-03-03T00:00:00'&$orderby=subject") == [
                    "a", "it's",
                ])
            #expect(
                try await subjects("$filter=startswith(subject,'A')%20or%20subject%20eq%20'B'&$orderby=subject") == [
                    "a", "b",
                ])
            // Each is touched once more by the second change key; the clock has passed all of them but the last.
            #expect(
                try await subjects("$filter=lastModifiedDateTime%20gt%202026-03-02T08:01:30Z&$orderby=subject")
                    .contains("it's"))
            #expect(try await subjects("$filter=lastModifiedDateTime%20gt%202026-03-02T09:00:00Z") == [])
        }
    }
}
