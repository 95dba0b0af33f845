import CalendarModel
import LoopBooking
import SQLStore
import SQLiteDriver
import Synchronization
import Testing

@Suite("Bookings in the database")
struct BookingStoreTests {
    @Test("A booking comes back as it was stored, to the letter")
    func roundTrip() async throws {
        let test = try await TestStore()
        var draft = test.draft(9, 10)
        draft.body = "Zeile 1\nZeile 2 🎉"
        draft.organizer = Person(name: "Åse", address: "ase@example.com")
        draft.attendees = [Attendee(person: Person(name: "Bo", address: "bo@example.com"), role: .optional)]
        draft.sensitivity = .confidential
        let made = try await test.desk.create(draft, by: .person("Anna")).entity
        let read = try await test.desk.booking(made.id)
        #expect(read == made)
        #expect(read.meeting.span == TestStore.span(9, 10))
        #expect(read.slotTakenAt == TestStore.start)
    }

    @Test("The database itself refuses two bookings in one slot, whoever writes")
    func databaseKeepsSlots() async throws {
        let test = try await TestStore()
        let first = Booking(
            id: "a", organization: TestStore.acme, room: test.room, meeting: TestStore.meeting(9, 10),
            createdAt: TestStore.start, updatedAt: TestStore.start, slotTakenAt: TestStore.start)
        let bookings = test.store.bookings(of: TestStore.acme)
        try await bookings.write { try $0.insert(first, holding: holding(first), key: nil) }
        for (from, to) in [(9, 10), (8, 12), (9, 11), (8, 10)] {
            var second = first
            second.id = "b"
            second.meeting = TestStore.meeting(from, to)
            let candidate = second
            await #expect(throws: SQLError.self, "\(from) to \(to)") {
                try await bookings.write { try $0.insert(candidate, holding: holding(candidate), key: nil) }
            }
        }
        var beside = first
        beside.id = "c"
        beside.meeting = TestStore.meeting(10, 11)
        let candidate = beside
        try await bookings.write { try $0.insert(candidate, holding: holding(candidate), key: nil) }
        var moved = beside
        moved.meeting = TestStore.meeting(9, 11)
        let wrong = moved
        do {
            try await bookings.write { try $0.update(wrong, holding: holding(wrong)) }
            Issue.record("the move was accepted")
        } catch SQLError.constraint(let text) {
            #expect(text.contains("slot taken"))
        }
    }

    private func holding(_ booking: Booking) -> Holding {
        Holding(reach: booking.meeting.span, slots: [booking.meeting.span])
    }

    @Test("The change feed cannot be altered or shortened")
    func appendOnly() async throws {
        let test = try await TestStore()
        _ = try await test.desk.create(test.draft(9, 10), by: .person("Anna"))
        for statement in ["UPDATE booking_changes SET reason = 'x'", "DELETE FROM booking_changes"] {
            await #expect(throws: SQLError.constraint("booking_changes is append-only")) {
                try await test.store.driver.write { try $0.execute(statement) }
            }
        }
        #expect(try await test.desk.changes(after: 0, limit: 10).count == 1)
    }

    @Test("What the hook throws undoes the booking; what it writes stays with it")
    func hook() async throws {
        var test = try await TestStore()
        let seen = Mutex<[BookingChangeRecord]>([])
        test.store.afterBookingChange = { _, change in
            seen.withLock { $0.append(change) }
            if change.kind == .cancelled { throw SQLError.failed("no") }
        }
        let made = try await test.desk.create(test.draft(9, 10), by: .sync("link")).entity
        let desk = test.desk
        await #expect(throws: SQLError.failed("no")) { try await desk.cancel(made.id, by: .person("Anna")) }
        #expect(try await desk.booking(made.id) == made)
        #expect(try await desk.changes(after: 0, limit: 10).count == 1)
        #expect(seen.withLock { $0.map(\.room) } == [test.room, test.room])
        #expect(seen.withLock { $0.first?.author } == .sync("link"))
    }

    @Test("Nothing is read or written across organizations")
    func organizations() async throws {
        let test = try await TestStore()
        try await test.store.addOrganization(Organization(id: "other", name: "Other"), now: TestStore.start)
        let made = try await test.desk.create(test.draft(9, 10), by: .person("Anna")).entity
        let other = test.desk(of: "other")
        await #expect(throws: DeskError.noSuchBooking(made.id)) { try await other.booking(made.id) }
        await #expect(throws: DeskError.noSuchBooking(made.id)) { try await other.cancel(made.id, by: .person("x")) }
        await #expect(throws: DeskError.noSuchRoom(test.room)) { try await other.room(test.room) }
        await #expect(throws: DeskError.noSuchRoom(test.room)) {
            try await other.createFromCalendar(
                TestStore.meeting(12, 13), in: test.room, key: "k", slotTakenAt: TestStore.start, by: .sync("l"),
                because: "")
        }
        #expect(
            try await other.bookings(in: test.room, window: TestStore.span(0, 23), known: [made.id]).isEmpty)
        // The same ids in another organization are other things.
        let twin = Room(id: test.room, organization: "other", name: "Oslo", zone: .utc)
        try await test.store.bookings(of: "other").write { try $0.insert(twin, at: TestStore.start) }
        let second = try await other.create(test.draft(9, 10), by: .person("x")).entity
        #expect(second.status == .confirmed)
        #expect(try await test.desk.booking(made.id) == made)
    }

    @Test("Tokens are found by digest while they are in force, and named once")
    func tokens() async throws {
        let test = try await TestStore()
        let token = APIToken(id: "t1", organization: TestStore.acme, name: "panel", createdAt: TestStore.start)
        try await test.store.addToken(token, digest: "d1")
        #expect(try await test.store.token(digest: "d1") == token)
        #expect(try await test.store.token(digest: "d2") == nil)
        let again = APIToken(id: "t2", organization: TestStore.acme, name: "panel", createdAt: TestStore.start)
        await #expect(throws: TokenError.nameTaken("panel")) { try await test.store.addToken(again, digest: "d2") }
        try await test.store.revokeToken(named: "panel", of: TestStore.acme, now: TestStore.start)
        #expect(try await test.store.token(digest: "d1") == nil)
        await #expect(throws: TokenError.noSuchToken("panel")) {
            try await test.store.revokeToken(named: "panel", of: TestStore.acme, now: TestStore.start)
        }
        try await test.store.addToken(again, digest: "d2")
        #expect(try await test.store.tokens(of: TestStore.acme).count == 2)
    }

    @Test("A room is found by the name people type")
    func roomByName() async throws {
        let test = try await TestStore()
        #expect(try await test.store.room(named: " oSLO", of: TestStore.acme)?.id == test.room)
        #expect(try await test.store.room(named: "Bergen", of: TestStore.acme) == nil)
    }

    @Test("The sync's reading walks what ends after its window's start, not the room's whole past")
    func readingIsBounded() async throws {
        let test = try await TestStore()
        let plan = try await test.store.driver.read { connection in
            try connection.query(
                """
                EXPLAIN QUERY PLAN SELECT id FROM bookings
                WHERE organization = $1 AND room = $2 AND end_us > $3 AND start_us + 0 < $4
                ORDER BY start_us + 0, id LIMIT $5
                """, ["acme", "oslo", 0, 1, 10]
            ).map { try $0.text("detail") }.joined(separator: "\n")
        }
        #expect(plan.contains("bookings_room_end"), "\(plan)")
    }

    @Test("A request's key is forgotten after a week")
    func requestKeys() async throws {
        let test = try await TestStore()
        let key = RequestKey(client: "t", key: "k", digest: "d")
        let first = try await test.desk.create(test.draft(9, 10), by: .person("Anna"), request: key)
        let replay = try await test.desk.create(test.draft(9, 10), by: .person("Anna"), request: key)
        #expect(replay.isReplay)
        #expect(replay.entity == first.entity)
        let otherClient = RequestKey(client: "u", key: "k", digest: "d")
        let desk = test.desk
        await #expect(throws: DeskError.self) {
            try await desk.create(test.draft(9, 10), by: .person("Bo"), request: otherClient)
        }
        test.clock.advance(by: .seconds(8 * 24 * 3600))
        let unrelated = RequestKey(client: "t", key: "k2", digest: "d")
        _ = try await test.desk.addRoom(RoomDraft(name: "Bergen", zone: "UTC"), request: unrelated)
        let count = try await test.store.driver.read { try $0.query("SELECT key FROM request_keys").count }
        #expect(count == 1)
    }
}
