import CalendarModel
import HTTPTypes
import Portal
import Testing

@Suite("Series over the REST API")
struct SeriesAPITests {
    private let weekly: JSONValue = ["frequency": "weekly", "count": 5]

    @Test("A series is booked with its exceptions and comes back as one booking, to the letter")
    func roundTrip() async throws {
        try await TestPortal().run { client in
            let room = try await client.addRoom()
            let recurrence: JSONValue = [
                "frequency": "weekly", "interval": 2, "weekdays": ["monday", "thursday"], "until": "2026-06-30",
                "weekStart": "sunday", "cancelled": ["2026-03-05T10:00:00"],
                "exceptions": [
                    [
                        "original": "2026-03-16T10:00:00",
                        "start": ["dateTime": "2026-03-17T12:00:00", "timeZone": "Europe/Oslo"],
                        "end": ["dateTime": "2026-03-17T13:30:00", "timeZone": "Europe/Oslo"], "subject": "Guests",
                    ]
                ], "additions": ["2026-03-11T10:00:00"],
            ]
            let made = try await client.book(room, "10:00", "11:00", ["recurrence": recurrence])
            #expect(made.status == .created, "\(made.text)")
            let shown = try #require(made["recurrence"])
            #expect(shown["weekdays"] == ["monday", "thursday"])
            #expect(shown["until"] == "2026-06-30")
            #expect(shown["count"] == .null)
            #expect(shown["ordinalDays"] == [])
            #expect(shown["exceptions"]?.array?.first?["subject"] == "Guests")
            #expect(shown["exceptions"]?.array?.first?["allDay"] == false)
            // What is shown can be sent as it is.
            let again = try await client.send(.patch, "/api/v1/bookings/\(made.id)", ["recurrence": shown])
            #expect(again["revision"] == 1, "\(again.text)")
            let list = try await client.send(
                .get, "/api/v1/bookings/\(made.id)/occurrences?from=2026-03-01T00:00:00Z&to=2026-03-20T00:00:00Z")
            let occurrences = list["occurrences"]?.array ?? []
            #expect(
                occurrences.map { $0["original"] } == [
                    "2026-03-02T10:00:00", "2026-03-05T10:00:00", "2026-03-11T10:00:00", "2026-03-16T10:00:00",
                    "2026-03-19T10:00:00",
                ])
            #expect(
                occurrences.map { $0["status"] } == [
                    "confirmed", "cancelled", "confirmed", "confirmed", "confirmed",
                ])
            #expect(occurrences[3]["subject"] == "Guests")
            #expect(occurrences[3]["changed"] == true)
            #expect(occurrences[3]["start"]?["dateTime"] == "2026-03-17T12:00:00")
            let availability = try await client.send(
                .get, "/api/v1/rooms/\(room)/availability?from=2026-03-16T00:00:00Z&to=2026-03-18T00:00:00Z")
            #expect(
                availability["taken"] == [["start": "2026-03-17T11:00:00Z", "end": "2026-03-17T12:30:00Z"]])
        }
    }

    @Test("An occurrence that ends in the second pass of the hour that autumn repeats says so")
    func repeatedHour() async throws {
        try await TestPortal().run { client in
            let room = try await client.addRoom()
            func night(_ time: String, _ offset: String) -> JSONValue {
                [
                    "dateTime": .string("2026-10-\(time):00"), "timeZone": "Europe/Oslo", "offset": .string(offset),
                ]
            }
            let series: JSONValue = [
                "room": .string(room), "subject": "Night shift", "start": night("24T01:30", "+02:00"),
                "end": night("24T03:30", "+02:00"), "recurrence": ["frequency": "daily", "count": 3],
            ]
            let made = try await client.send(.post, "/api/v1/bookings", series)
            #expect(made.status == .created, "\(made.text)")
            let list = try await client.send(
                .get, "/api/v1/bookings/\(made.id)/occurrences?from=2026-10-23T00:00:00Z&to=2026-10-28T00:00:00Z")
            #expect(
                list["occurrences"]?.array?.map { $0["end"] } == [
                    night("24T03:30", "+02:00"), night("25T02:30", "+01:00"), night("26T03:30", "+01:00"),
                ])
            // The rule goes by the clock, which shows the start the first time first.
            let second = try await client.send(
                .post, "/api/v1/bookings",
                [
                    "room": .string(room), "subject": "Late", "start": night("25T02:45", "+01:00"),
                    "end": night("25T03:00", "+01:00"), "recurrence": ["frequency": "daily", "count": 3],
                ])
            #expect(second.errors == ["start.offset: offset-mismatch"])
        }
    }

    @Test("Taken occurrences are named, or left out when that is asked for")
    func taken() async throws {
        try await TestPortal().run { client in
            let room = try await client.addRoom()
            let single = try await client.send(
                .post, "/api/v1/bookings",
                [
                    "room": .string(room), "subject": "Salary talk",
                    "start": ["dateTime": "2026-03-16T10:30:00", "timeZone": "Europe/Oslo"],
                    "end": ["dateTime": "2026-03-16T11:30:00", "timeZone": "Europe/Oslo"],
                ])
            let refused = try await client.book(room, "10:00", "11:00", ["recurrence": weekly])
            #expect(refused.status == .conflict)
            #expect(refused.code == "slot-taken")
            #expect(refused["conflictCount"] == 1)
            #expect(refused["occurrenceCount"] == 5)
            #expect(
                refused["conflicts"] == [
                    [
                        "original": "2026-03-16T10:00:00", "booking": .string(single.id),
                        "start": "2026-03-16T09:30:00Z", "end": "2026-03-16T10:30:00Z",
                    ]
                ])
            #expect(!refused.text.contains("Salary"))
            let key = ["Idempotency-Key": "series-1"]
            let body: [String: JSONValue] = ["recurrence": weekly, "onTaken": "skip"]
            let made = try await client.book(room, "10:00", "11:00", body, headers: key)
            #expect(made.status == .created)
            #expect(made["status"] == "confirmed")
            #expect(made["recurrence"]?["cancelled"] == ["2026-03-16T10:00:00"])
            #expect(made["reason"]?.string?.contains("2026-03-16") == true)
            let replay = try await client.book(room, "10:00", "11:00", body, headers: key)
            #expect(replay.json == made.json)
            #expect(replay.headers[try #require(HTTPField.Name("Idempotency-Replayed"))] == "true")
        }
    }

    @Test("One occurrence is changed, cancelled and restored under If-Match")
    func occurrences() async throws {
        try await TestPortal().run { client in
            let room = try await client.addRoom()
            let made = try await client.book(room, "10:00", "11:00", ["recurrence": weekly])
            let base = "/api/v1/bookings/\(made.id)/occurrences"
            let moved = try await client.send(
                .patch, "\(base)/2026-03-09T10:00:00",
                [
                    "start": ["dateTime": "2026-03-09T15:00:00", "timeZone": "Europe/Oslo"],
                    "end": ["dateTime": "2026-03-09T16:00:00", "timeZone": "Europe/Oslo"], "location": "Balcony",
                ], headers: ["If-Match": "\"1\""])
            #expect(moved.status == .ok, "\(moved.text)")
            #expect(moved.headers[.eTag] == "\"2\"")
            #expect(moved["recurrence"]?["exceptions"]?.array?.count == 1)
            let stale = try await client.send(
                .delete, "\(base)/2026-03-16T10:00:00", headers: ["If-Match": "\"1\""])
            #expect(stale.status == .preconditionFailed)
            let cancelled = try await client.send(.delete, "\(base)/2026-03-16T10%3A00%3A00?reason=Holiday")
            #expect(cancelled["recurrence"]?["cancelled"] == ["2026-03-16T10:00:00"])
            let closed = try await client.send(.patch, "\(base)/2026-03-16T10:00:00", ["subject": "x"])
            #expect(closed.status == .conflict)
            #expect(closed.code == "occurrence-cancelled")
            let key = ["Idempotency-Key": "restore-1"]
            let restored = try await client.send(.post, "\(base)/2026-03-16T10:00:00/restore", [:], headers: key)
            #expect(restored["recurrence"]?["cancelled"] == [])
            #expect(restored["revision"] == 4)
            let replay = try await client.send(.post, "\(base)/2026-03-16T10:00:00/restore", [:], headers: key)
            #expect(replay.json == restored.json)
            for wrong in ["2026-03-10T10:00:00", "tomorrow", "2026-03-09"] {
                let answer = try await client.send(.delete, "\(base)/\(wrong)")
                #expect(answer.status == .notFound, "\(wrong)")
            }
            let series = try await client.send(.patch, "\(base)/2026-03-23T10:00:00", ["attendees": []])
            #expect(series.status == .badRequest)
            #expect(series.errors == ["attendees: unknown-field"])
            let feed = try await client.send(.get, "/api/v1/changes")
            #expect(
                feed["changes"]?.array?.map { $0["occurrences"] } == [
                    [], [["original": "2026-03-09T10:00:00", "kind": "moved"]],
                    [["original": "2026-03-16T10:00:00", "kind": "cancelled"]],
                    [["original": "2026-03-16T10:00:00", "kind": "restored"]],
                ])
        }
    }

    @Test("This and following: two bookings, made once")
    func split() async throws {
        try await TestPortal().run { client in
            let room = try await client.addRoom()
            let made = try await client.book(room, "10:00", "11:00", ["recurrence": weekly])
            let path = "/api/v1/bookings/\(made.id)/split"
            let body: JSONValue = [
                "from": "2026-03-16T10:00:00", "subject": "Second half",
                "start": ["dateTime": "2026-03-16T12:00:00", "timeZone": "Europe/Oslo"],
                "end": ["dateTime": "2026-03-16T13:00:00", "timeZone": "Europe/Oslo"],
            ]
            let key = ["Idempotency-Key": "split-1"]
            let cut = try await client.send(.post, path, body, headers: key)
            #expect(cut.status == .created, "\(cut.text)")
            #expect(cut["booking"]?["recurrence"]?["until"] == "2026-03-15")
            #expect(cut["following"]?["recurrence"]?["count"] == 3)
            #expect(cut["following"]?["subject"] == "Second half")
            let location = try #require(cut.headers[.location])
            #expect(try await client.send(.get, location).json == cut["following"])
            #expect(try await client.send(.post, path, body, headers: key).json == cut.json)
            let first = try await client.send(.post, path, ["from": "2026-03-02T10:00:00"])
            #expect(first.status == .unprocessableContent)
            #expect(first.errors == ["from: nothing-before"])
            let none = try await client.send(.post, path, ["from": "2026-03-03T10:00:00"])
            #expect(none.code == "no-such-occurrence")
            let missing = try await client.send(.post, path, [:])
            #expect(missing.errors == ["from: required"])
        }
    }

    @Test("A series is extended and shortened by PATCH, and made single by null")
    func patch() async throws {
        try await TestPortal().run { client in
            let room = try await client.addRoom()
            let made = try await client.book(room, "10:00", "11:00", ["recurrence": weekly])
            let path = "/api/v1/bookings/\(made.id)"
            let longer = try await client.send(.patch, path, ["recurrence": ["until": "2026-12-31"]])
            #expect(longer["recurrence"]?["until"] == "2026-12-31")
            #expect(longer["recurrence"]?["count"] == .null)
            #expect(longer["recurrence"]?["frequency"] == "weekly")
            let text = try await client.send(
                .patch, path, ["recurrence": ["rrule": "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20261231T090000Z"]])
            #expect(text["recurrence"]?["frequency"] == "monthly", "\(text.text)")
            #expect(text["recurrence"]?["ordinalDays"] == [["ordinal": -1, "weekday": "friday"]])
            #expect(text["recurrence"]?["until"] == "2026-12-31")
            #expect(text["start"]?["dateTime"] == "2026-03-27T10:00:00")
            let endless = try await client.send(.patch, path, ["recurrence": ["until": nil]])
            #expect(endless["recurrence"]?["until"] == .null)
            let single = try await client.send(.patch, path, ["recurrence": nil])
            #expect(single["recurrence"] == .null)
            let occurrences = try await client.send(
                .get, "\(path)/occurrences?from=2026-03-01T00:00:00Z&to=2026-03-20T00:00:00Z")
            #expect(occurrences.code == "not-a-series")
        }
    }

    @Test(
        "What makes no sense is refused field by field",
        arguments: badRecurrences)
    func badInput(_ bad: Bad) async throws {
        try await TestPortal().run { client in
            let room = try await client.addRoom()
            let answer = try await client.book(room, "10:00", "11:00", ["recurrence": bad.recurrence])
            #expect([400, 422].contains(answer.status.code), "\(answer.text)")
            #expect(answer.errors == [bad.error], "\(answer.text)")
            #expect(try await client.send(.get, "/api/v1/bookings")["bookings"] == [])
        }
    }
}

struct Bad: Sendable, CustomTestStringConvertible {
    let recurrence: JSONValue
    let error: String

    init(_ recurrence: JSONValue, _ error: String) {
        self.recurrence = recurrence
        self.error = error
    }

    var testDescription: String { error }
}

private let badRecurrences: [Bad] = [
    Bad(["frequency": "hourly"], "recurrence.frequency: invalid-value"),
    Bad([:], "recurrence.frequency: required"),
    Bad(["frequency": "weekly", "weekdays": ["monday", "funday"]], "recurrence.weekdays[1]: invalid-value"),
    Bad(["frequency": "weekly", "until": "2026-05-01", "count": 3], "recurrence.until: until-and-count"),
    Bad(["frequency": "weekly", "until": "2026-02-30"], "recurrence.until: invalid-date"),
    Bad(["frequency": "weekly", "until": "2026-02-01"], "recurrence.until: until-before-start"),
    Bad(["rrule": "FREQ=SOMETIMES"], "recurrence.rrule: invalid-rrule"),
    Bad(["rrule": "FREQ=WEEKLY;BYHOUR=9,10"], "recurrence.rrule: invalid-rrule"),
    Bad(["rrule": "FREQ=WEEKLY", "interval": 2], "recurrence.rrule: misplaced"),
    Bad(["frequency": "weekly", "interval": 0], "recurrence.interval: out-of-range"),
    Bad(["frequency": "weekly", "count": 1000], "recurrence.count: out-of-range"),
    Bad(["frequency": "weekly", "every": 2], "recurrence.every: unknown-field"),
    Bad(["frequency": "weekly", "cancelled": ["soon"]], "recurrence.cancelled[0]: invalid-value"),
    Bad(["frequency": "weekly", "cancelled": ["2026-03-03T10:00:00"]], "recurrence.cancelled: no-such-occurrence"),
    Bad(["frequency": "weekly", "exceptions": [["subject": "x"]]], "recurrence.exceptions[0].original: required"),
    Bad(
        ["frequency": "monthly", "ordinalDays": [["ordinal": 6, "weekday": "monday"]]],
        "recurrence.ordinalDays: out-of-range"),
    Bad(["frequency": "yearly", "daysOfMonth": [31], "months": [6]], "recurrence: never-matches"),
]
