import CalendarModel
import HTTPTypes
import HummingbirdTesting
import LoopBooking
import Portal
import SQLStore
import SQLiteDriver
import Testing

@Suite("Bookings over the REST API")
struct BookingAPITests {
    @Test("A booking is made, read, moved and cancelled, and the change feed tells it")
    func lifeOfABooking() async throws {
        try await TestPortal().run { client in
            let room = try await client.addRoom()
            let made = try await client.book(
                room, "10:00", "11:00",
                [
                    "organizer": ["name": "Anna", "address": "anna@example.com"],
                    "attendees": [["name": "Bo", "address": "bo@example.com", "role": "optional"]],
                    "sensitivity": "private", "body": "Line\r\nbreak",
                ])
            #expect(made.status == .created)
            #expect(made.headers[.eTag] == "\"1\"")
            #expect(made["status"] == "confirmed")
            #expect(made["origin"] == "loopBooking")
            #expect(made["body"] == "Line\nbreak")
            #expect(made["start"] == monday("10:00"))
            #expect(made["attendees"]?.array?.first?["role"] == "optional")
            #expect(try await client.send(.get, "/api/v1/bookings/\(made.id)").json == made.json)

            let moved = try await client.send(
                .patch, "/api/v1/bookings/\(made.id)", ["start": monday("12:00"), "end": monday("13:00")])
            #expect(moved.status == .ok)
            #expect(moved["revision"] == 2)
            let renamed = try await client.send(.patch, "/api/v1/bookings/\(made.id)", ["subject": "Retro"])
            #expect(renamed["revision"] == 3)
            let same = try await client.send(.patch, "/api/v1/bookings/\(made.id)", ["subject": "Retro"])
            #expect(same["revision"] == 3)

            let cancelled = try await client.send(.delete, "/api/v1/bookings/\(made.id)?reason=Not%20needed")
            #expect(cancelled.status == .ok)
            #expect(cancelled["status"] == "cancelled")
            #expect(cancelled["reason"] == "Not needed")
            #expect(try await client.send(.delete, "/api/v1/bookings/\(made.id)")["revision"] == 4)
            let late = try await client.send(.patch, "/api/v1/bookings/\(made.id)", ["subject": "Again"])
            #expect(late.status == .conflict)
            #expect(late.code == "booking-closed")

            let feed = try await client.send(.get, "/api/v1/changes")
            let changes = feed["changes"]?.array ?? []
            #expect(changes.map { $0["kind"] } == ["created", "moved", "changed", "cancelled"])
            #expect(changes.map { $0["position"] } == [1, 2, 3, 4])
            #expect(changes.map { $0["revision"] } == [1, 2, 3, 4])
            #expect(changes[1]["start"] == "2026-03-02T11:00:00Z")
            #expect(changes[1]["fields"] == ["time"])
            #expect(changes[0]["author"] == ["kind": "apiToken", "name": "acme door panel"])
            #expect(changes[3]["reason"] == "Not needed")
            #expect(feed["last"] == 4)
            let rest = try await client.send(.get, "/api/v1/changes?after=3")
            #expect(rest["changes"]?.array?.count == 1)
            #expect(try await client.send(.get, "/api/v1/changes?after=4")["last"] == 4)
        }
    }

    @Test("A cancelled booking gives its slot back")
    func cancelFrees() async throws {
        try await TestPortal().run { client in
            let room = try await client.addRoom()
            let first = try await client.book(room, "10:00", "11:00")
            #expect(try await client.book(room, "10:30", "11:30").status == .conflict)
            _ = try await client.send(.delete, "/api/v1/bookings/\(first.id)")
            #expect(try await client.book(room, "10:30", "11:30").status == .created)
        }
    }

    @Test("A taken slot is refused with the other booking's time, and nothing of what it is about")
    func slotTaken() async throws {
        try await TestPortal().run { client in
            let room = try await client.addRoom()
            let first = try await client.book(
                room, "10:00", "11:00", ["subject": "Salary talk", "sensitivity": "private"])
            let answer = try await client.book(room, "10:59", "12:00")
            #expect(answer.status == .conflict)
            #expect(answer.headers[.contentType] == "application/problem+json")
            #expect(answer.code == "slot-taken")
            #expect(
                answer["conflict"] == [
                    "booking": .string(first.id), "start": "2026-03-02T09:00:00Z", "end": "2026-03-02T10:00:00Z",
                ])
            #expect(!answer.text.contains("Salary"))
            // Back to back is no overlap, on both sides.
            #expect(try await client.book(room, "11:00", "12:00").status == .created)
            #expect(try await client.book(room, "09:00", "10:00").status == .created)
            // Around and inside are.
            #expect(try await client.book(room, "08:00", "18:00").status == .conflict)
            #expect(try await client.book(room, "10:15", "10:30").status == .conflict)
        }
    }

    @Test("A booking cannot be moved or stretched into another one")
    func overlappingPatch() async throws {
        try await TestPortal().run { client in
            let room = try await client.addRoom()
            let first = try await client.book(room, "10:00", "11:00")
            let second = try await client.book(room, "11:00", "12:00")
            for change: JSONValue in [
                ["start": monday("10:30")], ["start": monday("10:00"), "end": monday("11:00")],
                ["start": monday("09:00"), "end": monday("13:00")],
            ] {
                let answer = try await client.send(.patch, "/api/v1/bookings/\(second.id)", change)
                #expect(answer.status == .conflict)
                #expect(answer["conflict"]?["booking"] == .string(first.id))
            }
            let kept = try await client.send(.get, "/api/v1/bookings/\(second.id)")
            #expect(kept.json == second.json)
            // Onto itself is no clash.
            let shrunk = try await client.send(.patch, "/api/v1/bookings/\(second.id)", ["end": monday("11:30")])
            #expect(shrunk.status == .ok)
        }
    }

    @Test("Of fifty requests for one slot at the same moment exactly one is told yes")
    func parallelDoubleBooking() async throws {
        let file = TemporaryFile()
        defer { file.remove() }
        let driver = try SQLiteDriver(path: file.path)
        try await TestPortal(driver: driver).run(.ahc()) { client in
            let room = try await client.addRoom()
            let codes = try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<50 {
                    group.addTask {
                        let start = index.isMultiple(of: 2) ? "10:00" : "10:30"
                        return try await client.book(room, start, "11:00").status.code
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.count { $0 == 201 } == 1)
            #expect(codes.count { $0 == 409 } == 49)
            let list = try await client.send(.get, "/api/v1/bookings?room=\(room)")
            #expect(list["bookings"]?.array?.count == 1)
        }
        try await driver.close()
    }

    @Test("Everything that is wrong with a booking is said at once")
    func allViolations() async throws {
        try await TestPortal().run { client in
            let room = try await client.addRoom(
                "Oslo", ["openingHours": ["monday": ["08:00", "17:00"]], "maximumMinutes": 60])
            let long = String(repeating: "x", count: 256)
            let answer = try await client.book(
                room, "10:00", "12:00",
                [
                    "subject": .string(long), "body": .string(String(repeating: "y", count: 32_001)),
                    "organizer": ["name": .string(long), "address": "not an address"],
                    "attendees": [["address": "bo@example.com"], ["name": "No address"]], "showAs": "free",
                    "location": "a\nb", "recurrence": ["frequency": "weekly", "interval": 0],
                ])
            #expect(answer.status == .unprocessableContent)
            #expect(
                answer.errors == [
                    "subject: too-long", "body: too-long", "organizer.name: too-long",
                    "organizer.address: invalid-address", "attendees[1].address: required",
                    "location: control-character", "showAs: shown-as-free", "recurrence.interval: out-of-range",
                ])
        }
    }

    @Test(
        "Times are held to the room's rules",
        arguments: [
            ("2026-03-02T07:30:00", "2026-03-02T08:30:00", "start: outside-opening-hours"),
            ("2026-03-02T16:30:00", "2026-03-02T17:30:00", "end: outside-opening-hours"),
            ("2026-03-03T10:00:00", "2026-03-03T11:00:00", "start: outside-opening-hours"),
            ("2026-03-02T10:00:00", "2026-03-02T10:00:00", "end: end-before-start"),
            ("2026-03-02T10:00:00", "2026-03-02T09:00:00", "end: end-before-start"),
            ("2026-02-23T10:00:00", "2026-02-23T11:00:00", "start: in-the-past"),
            ("2026-06-01T10:00:00", "2026-06-01T11:00:00", "end: beyond-horizon"),
        ])
    func timeRules(start: String, end: String, expected: String) async throws {
        try await TestPortal().run { client in
            let room = try await client.addRoom(
                "Oslo", ["openingHours": ["monday": ["08:00", "17:00"]], "horizonDays": 90])
            let answer = try await client.send(
                .post, "/api/v1/bookings",
                [
                    "room": .string(room), "start": ["dateTime": .string(start), "timeZone": "Europe/Oslo"],
                    "end": ["dateTime": .string(end), "timeZone": "Europe/Oslo"],
                ])
            #expect(answer.status == .unprocessableContent)
            #expect(answer.errors == [expected])
        }
    }

    @Test("A zone, a room and a time that do not exist are named")
    func unknownThings() async throws {
        try await TestPortal().run { client in
            let answer = try await client.send(
                .post, "/api/v1/bookings",
                [
                    "room": "nowhere", "start": ["dateTime": "2026-03-02T10:00:00", "timeZone": "Europe/Atlantis"],
                    "end": ["dateTime": "2026-03-02T11:00:00", "timeZone": "Mars"],
                ])
            #expect(answer.status == .unprocessableContent)
            #expect(
                answer.errors == [
                    "room: no-such-room", "start.timeZone: unknown-time-zone", "end.timeZone: unknown-time-zone",
                ])
            let half = try await client.send(.post, "/api/v1/bookings", ["room": "nowhere", "startDate": "2026-03-02"])
            #expect(half.errors == ["startDate: misplaced", "start: required", "end: required"])
        }
    }

    @Test("An all-day booking has dates, and holds the room's whole day")
    func allDay() async throws {
        try await TestPortal().run { client in
            let room = try await client.addRoom()
            let made = try await client.send(
                .post, "/api/v1/bookings",
                ["room": .string(room), "allDay": true, "startDate": "2026-03-29", "endDate": "2026-03-30"])
            #expect(made.status == .created, "\(made.text)")
            #expect(made["startDate"] == "2026-03-29")
            #expect(made["start"] == nil)
            let feed = try await client.send(.get, "/api/v1/changes")
            // Clocks go forward that day: it has 23 hours.
            #expect(feed["changes"]?.array?.first?["start"] == "2026-03-28T23:00:00Z")
            #expect(feed["changes"]?.array?.first?["end"] == "2026-03-29T22:00:00Z")
            let timed = try await client.send(
                .patch, "/api/v1/bookings/\(made.id)",
                ["allDay": false, "start": monday("10:00"), "end": monday("11:00")])
            #expect(timed["allDay"] == false)
            #expect(timed["start"] == monday("10:00"))
        }
    }

    @Test("An end in the second pass of the hour that autumn repeats is kept through changes of anything else")
    func repeatedHour() async throws {
        try await TestPortal().run { client in
            func oslo(_ time: String, _ offset: String) -> JSONValue {
                [
                    "dateTime": .string("2026-10-25T\(time):00"), "timeZone": "Europe/Oslo",
                    "offset": .string(offset),
                ]
            }
            let room = try await client.addRoom()
            let made = try await client.send(
                .post, "/api/v1/bookings",
                [
                    "room": .string(room), "subject": "Night shift", "start": oslo("01:30", "+02:00"),
                    "end": oslo("02:30", "+01:00"),
                ])
            #expect(made.status == .created, "\(made.text)")
            #expect(made["end"] == oslo("02:30", "+01:00"))
            let taken = try await client.send(
                .get, "/api/v1/rooms/\(room)/availability?from=2026-10-24T22:00:00Z&to=2026-10-25T12:00:00Z")
            #expect(taken["taken"] == [["start": "2026-10-24T23:30:00Z", "end": "2026-10-25T01:30:00Z"]])
            let earlier = try await client.send(
                .patch, "/api/v1/bookings/\(made.id)", ["start": oslo("01:00", "+02:00")])
            #expect(earlier["end"] == oslo("02:30", "+01:00"))
            let wrong = try await client.send(
                .patch, "/api/v1/bookings/\(made.id)", ["start": oslo("01:00", "+01:00")])
            #expect(wrong.errors == ["start.offset: offset-mismatch"])
        }
    }

    @Test("A room that is not certain holds new bookings, or refuses them, with the reason")
    func blindLink() async throws {
        var portal = try await TestPortal()
        portal.store.roomCertainty = { connection, organization, room, _ in
            let name = try connection.first(
                "SELECT name FROM rooms WHERE organization = $1 AND id = $2",
                [.text(organization.rawValue), .text(room.rawValue)])?.text("name")
            return name == "Held" ? .hold("The calendar was not read since 09:00.") : .refuse("The calendar is blind.")
        }
        try await portal.run { client in
            let held = try await client.book(client.addRoom("Held"), "10:00", "11:00")
            #expect(held.status == .created)
            #expect(held["status"] == "pending")
            #expect(held["reason"] == "The calendar was not read since 09:00.")
            let refused = try await client.book(client.addRoom("Refused"), "10:00", "11:00")
            #expect(refused.status == .conflict)
            #expect(refused.code == "room-not-certain")
            #expect(refused["detail"] == "The calendar is blind.")
        }
    }

    @Test("Bookings are listed in order of time, page by page, each once")
    func pages() async throws {
        try await TestPortal().run { client in
            let room = try await client.addRoom()
            let other = try await client.addRoom("Bergen")
            var ids: [String] = []
            for hour in 8..<15 {
                let start = hour < 10 ? "0\(hour):00" : "\(hour):00"
                let end = hour < 9 ? "0\(hour + 1):00" : "\(hour + 1):00"
                ids.append(try await client.book(room, start, end).id)
                // The same start in another room must neither hide nor repeat anything.
                _ = try await client.book(other, start, end)
            }
            var seen: [String] = []
            var path: String? = "/api/v1/bookings?room=\(room)&limit=3&from=2026-03-02T00:00:00%2B01:00"
            var pages = 0
            while let next = path, pages < 10 {
                let answer = try await client.send(.get, next)
                try #require(answer.status == .ok, "\(answer.text)")
                seen += (answer["bookings"]?.array ?? []).compactMap { $0["id"]?.string }
                path = answer["next"]?.string
                if let path { #expect(answer.headers.contains { $0.value == "<\(path)>; rel=\"next\"" }) }
                pages += 1
            }
            #expect(pages == 3)
            #expect(seen == ids)

            var all: Set<String> = []
            path = "/api/v1/bookings?limit=1"
            var count = 0
            while let next = path, count < 20 {
                let answer = try await client.send(.get, next)
                all.formUnion((answer["bookings"]?.array ?? []).compactMap { $0["id"]?.string })
                path = answer["next"]?.string
                count += 1
            }
            #expect(count == 14)
            #expect(all.count == 14)

            let part = try await client.send(
                .get, "/api/v1/bookings?room=\(room)&from=2026-03-02T09:00:00Z&to=2026-03-02T10:00:00Z")
            #expect(part["bookings"]?.array?.compactMap { $0["id"]?.string } == [ids[2]])
            _ = try await client.send(.delete, "/api/v1/bookings/\(ids[0])")
            let cancelled = try await client.send(.get, "/api/v1/bookings?status=cancelled")
            #expect(cancelled["bookings"]?.array?.compactMap { $0["id"]?.string } == [ids[0]])
        }
    }
}
