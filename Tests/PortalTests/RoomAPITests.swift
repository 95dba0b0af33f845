import HTTPTypes
import Portal
import SQLStore
import Testing

@Suite("Rooms over the REST API")
struct RoomAPITests {
    @Test("A room is added, read, changed and removed")
    func lifeOfARoom() async throws {
        try await TestPortal().run { client in
            let added = try await client.send(
                .post, "/api/v1/rooms",
                [
                    "name": "Oslo", "timeZone": "Europe/Oslo", "capacity": 8, "location": "3rd floor",
                    "openingHours": ["monday": ["08:00", "17:00"], "friday": ["00:00", "24:00"]],
                    "horizonDays": 90, "maximumMinutes": 240,
                ])
            #expect(added.status == .created)
            #expect(added.headers[.location] == "/api/v1/rooms/\(added.id)")
            #expect(added.headers[.eTag] == "\"1\"")

            let read = try await client.send(.get, "/api/v1/rooms/\(added.id)")
            #expect(read.status == .ok)
            #expect(read.json == added.json)
            #expect(read["openingHours"]?["friday"] == ["00:00", "24:00"])

            let changed = try await client.send(
                .patch, "/api/v1/rooms/\(added.id)", ["capacity": nil, "openingHours": nil, "name": "Oslo 2"],
                headers: ["If-Match": "\"1\""])
            #expect(changed.status == .ok)
            #expect(changed.headers[.eTag] == "\"2\"")
            #expect(changed["capacity"] == JSONValue.null)
            #expect(changed["openingHours"] == JSONValue.null)
            #expect(changed["horizonDays"] == 90)

            let removed = try await client.send(.delete, "/api/v1/rooms/\(added.id)")
            #expect(removed.status == .noContent)
            #expect(try await client.send(.get, "/api/v1/rooms/\(added.id)").status == .notFound)
            // The name is free again.
            _ = try await client.addRoom("Oslo 2")
        }
    }

    @Test("Everything that is wrong with a room is said at once")
    func allViolations() async throws {
        try await TestPortal().run { client in
            let answer = try await client.send(
                .post, "/api/v1/rooms",
                [
                    "name": " ", "timeZone": "Mars/Olympus", "capacity": 0, "horizonDays": 0, "maximumMinutes": -5,
                    "openingHours": ["monday": ["17:00", "08:00"]],
                ])
            #expect(answer.status == .unprocessableContent)
            #expect(
                answer.errors == [
                    "name: required", "capacity: out-of-range", "timeZone: unknown-time-zone",
                    "horizonDays: out-of-range", "maximumMinutes: out-of-range", "openingHours.monday: invalid-hours",
                ])
        }
    }

    @Test("A name is given once, whatever its case")
    func nameTaken() async throws {
        try await TestPortal().run { client in
            _ = try await client.addRoom("Oslo")
            let answer = try await client.send(.post, "/api/v1/rooms", ["name": "OSLO ", "timeZone": "UTC"])
            #expect(answer.status == .conflict)
            #expect(answer.code == "room-name-taken")
        }
    }

    @Test("A room with bookings to come cannot be removed")
    func roomInUse() async throws {
        try await TestPortal().run { client in
            let room = try await client.addRoom()
            let booked = try await client.book(room, "10:00", "11:00")
            let refused = try await client.send(.delete, "/api/v1/rooms/\(room)")
            #expect(refused.status == .conflict)
            #expect(refused.code == "room-in-use")
            _ = try await client.send(.delete, "/api/v1/bookings/\(booked.id)")
            #expect(try await client.send(.delete, "/api/v1/rooms/\(room)").status == .noContent)
            // What was booked there is still told.
            #expect(try await client.send(.get, "/api/v1/bookings/\(booked.id)").status == .ok)
        }
    }

    @Test("A room that is needed elsewhere cannot be removed, and the answer says by what")
    func roomUse() async throws {
        var portal = try await TestPortal()
        portal.store.roomUse = { _, _, _ in "It is linked to oslo-ext@example.com. Remove the link first." }
        try await portal.run { client in
            let room = try await client.addRoom()
            let refused = try await client.send(.delete, "/api/v1/rooms/\(room)")
            #expect(refused.status == .conflict)
            #expect(refused["detail"]?.string?.contains("Remove the link first") == true)
        }
    }

    @Test("Availability has what is taken and what is free within opening hours")
    func availability() async throws {
        try await TestPortal().run { client in
            let room = try await client.addRoom("Oslo", ["openingHours": ["monday": ["08:00", "17:00"]]])
            _ = try await client.book(room, "10:00", "11:00")
            let answer = try await client.send(
                .get, "/api/v1/rooms/\(room)/availability?from=2026-03-01T00:00:00Z&to=2026-03-04T00:00:00Z")
            #expect(answer["taken"] == [["start": "2026-03-02T09:00:00Z", "end": "2026-03-02T10:00:00Z"]])
            #expect(
                answer["free"] == [
                    ["start": "2026-03-02T07:00:00Z", "end": "2026-03-02T09:00:00Z"],
                    ["start": "2026-03-02T10:00:00Z", "end": "2026-03-02T16:00:00Z"],
                ])
            for query in ["", "?from=2026-03-01T00:00:00Z", "?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z"] {
                let wrong = try await client.send(.get, "/api/v1/rooms/\(room)/availability\(query)")
                #expect(wrong.status == .badRequest)
            }
        }
    }

    @Test("Rooms are listed by name, page by page")
    func pages() async throws {
        try await TestPortal().run { client in
            for name in ["Oslo", "bergen", "Ålesund", "Bodø", "Tromsø"] { _ = try await client.addRoom(name) }
            var names: [String] = []
            var path: String? = "/api/v1/rooms?limit=2"
            var pages = 0
            while let next = path, pages < 10 {
                let answer = try await client.send(.get, next)
                try #require(answer.status == .ok, "\(answer.text)")
                names += (answer["rooms"]?.array ?? []).compactMap { $0["name"]?.string }
                path = answer["next"]?.string
                pages += 1
            }
            #expect(pages == 3)
            #expect(names == ["bergen", "Bodø", "Oslo", "Tromsø", "Ålesund"])
        }
    }
}
