import CalendarModel
import LoopBooking
import SQLStore
import Testing

@Suite("The booking desk")
struct DeskTests {
    @Test("A running meeting can be shortened and extended, not ended in the past")
    func runningMeeting() async throws {
        let test = try await TestStore()
        let made = try await test.desk.create(test.draft(9, 11), by: .person("Anna")).entity
        let half = TestStore.span(10, 10).start
        test.clock.advance(by: half.since(TestStore.start))
        let desk = test.desk
        let shorter = try await desk.change(made.id, ends(at: 10), by: .person("Anna"))
        #expect(shorter.meeting.span == TestStore.span(9, 10))
        _ = try await desk.change(made.id, ends(at: 12), by: .person("Anna"))
        test.clock.advance(by: .seconds(3600))
        let error = await #expect(throws: DeskError.self) {
            try await desk.change(made.id, ends(at: 10), by: .person("Anna"))
        }
        #expect(codes(error) == ["in-the-past"])
        // What is not about time can be changed at any time.
        test.clock.advance(by: .seconds(7 * 24 * 3600))
        let renamed = try await desk.change(made.id, BookingChange(subject: "Minutes"), by: .person("Anna"))
        #expect(renamed.meeting.subject == "Minutes")
    }

    @Test("A move takes the slot anew; typing the same time in another zone does not")
    func slotTakenAt() async throws {
        let test = try await TestStore()
        let made = try await test.desk.create(test.draft(9, 10), by: .person("Anna")).entity
        test.clock.advance(by: .seconds(60))
        let zone = BookingChange(
            time: TimeChange(
                start: ZonedTime(
                    wall: WallTime(date: CivilDate(year: 2026, month: 3, day: 2), hour: 8, minute: 0), zone: "UTC"),
                end: ZonedTime(
                    wall: WallTime(date: CivilDate(year: 2026, month: 3, day: 2), hour: 9, minute: 0), zone: "UTC")))
        let same = try await test.desk.change(made.id, zone, by: .person("Anna"))
        #expect(same.slotTakenAt == made.slotTakenAt)
        #expect(same.meeting.span == made.meeting.span)
        let moved = try await test.desk.change(made.id, ends(at: 11), by: .person("Anna"))
        #expect(moved.slotTakenAt == test.clock.now)
        #expect(moved.createdAt == made.createdAt)
    }

    @Test("The sync's write is made once a key, carries its origin, and is not held to people's rules")
    func createFromCalendar() async throws {
        let test = try await TestStore()
        let desk = test.desk
        _ = try await desk.changeRoom(
            test.room,
            RoomChange(
                openingHours: .weekly([.sunday: OpeningHours.MinuteRange(from: 0, to: 60)]), horizonDays: 1,
                maximumMinutes: 1))
        let earlier = Instant(seconds: 1_700_000_000)
        let first = try await create(desk, test, "key-1", 9, 17, slotTakenAt: earlier)
        #expect(first.origin == .calendar)
        #expect(first.slotTakenAt == earlier)
        #expect(try await create(desk, test, "key-1", 9, 17, slotTakenAt: earlier) == first)
        await #expect(throws: DeskError.slotTaken(by: first.id, during: TestStore.span(9, 17))) {
            try await create(desk, test, "key-2", 16, 18, slotTakenAt: earlier)
        }
        let changes = try await desk.changes(of: first.id)
        #expect(changes.map(\.kind) == [.created])
        #expect(changes.first?.author == .sync("link"))
    }

    @Test("The sync's update and status changes are conditional on the revision")
    func conditionalSync() async throws {
        let test = try await TestStore()
        let desk = test.desk
        let made = try await create(desk, test, "key", 9, 10, slotTakenAt: TestStore.start)
        let updated = try await desk.updateFromCalendar(
            made.id, to: TestStore.meeting(11, 12, subject: "New"), parts: [.subject], ifRevision: 1,
            by: .sync("link"), because: "The title was changed in Outlook.")
        #expect(updated.meeting.subject == "New")
        #expect(updated.meeting.span == TestStore.span(9, 10))
        await #expect(throws: DeskError.changed(revision: 2)) {
            try await desk.updateFromCalendar(
                made.id, to: TestStore.meeting(11, 12), parts: [.time], ifRevision: 1, by: .sync("link"), because: "")
        }
        await #expect(throws: DeskError.changed(revision: 2)) {
            try await desk.setStatus(made.id, to: .refused, ifRevision: 1, by: .sync("link"), because: "")
        }
        let refused = try await desk.setStatus(
            made.id, to: .refused, ifRevision: 2, by: .sync("link"), because: "The room went to another meeting.")
        #expect(refused.reason == "The room went to another meeting.")
        // Its slot is free, and cannot be had back once another has it.
        let other = try await desk.create(test.draft(9, 10), by: .person("Anna")).entity
        await #expect(throws: DeskError.slotTaken(by: other.id, during: TestStore.span(9, 10))) {
            try await desk.setStatus(made.id, to: .confirmed, ifRevision: 3, by: .sync("link"), because: "")
        }
        #expect(try await desk.changes(of: made.id).map(\.kind) == [.created, .changed, .refused])
        let person = await #expect(throws: DeskError.self) {
            try await desk.change(made.id, BookingChange(subject: "x"), by: .person("Anna"))
        }
        #expect(person == .closed(.refused))
    }

    @Test("The sync reads what touches the window, without cancelled ones, and all that it knows")
    func window() async throws {
        let test = try await TestStore()
        let desk = test.desk
        let inside = try await desk.create(test.draft(10, 11), by: .person("Anna")).entity
        let across = try await desk.create(test.draft(11, 14), by: .person("Anna")).entity
        let before = try await desk.create(test.draft(8, 10), by: .person("Anna")).entity
        let gone = try await desk.create(test.draft(14, 15), by: .person("Anna")).entity
        _ = try await desk.cancel(gone.id, by: .person("Anna"))
        let window = TestStore.span(10, 12)
        let read = try await desk.bookings(in: test.room, window: window, known: [])
        #expect(read.map(\.id) == [inside.id, across.id])
        let known = try await desk.bookings(in: test.room, window: window, known: [before.id, gone.id, "never"])
        #expect(Set(known.map(\.id)) == [inside.id, across.id, before.id, gone.id])
    }

    @Test("A meeting without length holds nothing")
    func emptySpan() async throws {
        let test = try await TestStore()
        let desk = test.desk
        _ = try await create(desk, test, "a", 9, 9, slotTakenAt: TestStore.start)
        _ = try await create(desk, test, "b", 9, 9, slotTakenAt: TestStore.start)
        let made = try await desk.create(test.draft(8, 10), by: .person("Anna")).entity
        #expect(made.status == .confirmed)
    }

    @Test("A room with all-day bookings to come stays in its zone")
    func zoneChange() async throws {
        let test = try await TestStore()
        let desk = test.desk
        let dates = TimeDraft.allDay(
            first: CivilDate(year: 2026, month: 3, day: 2), end: CivilDate(year: 2026, month: 3, day: 3))
        let made = try await desk.create(BookingDraft(room: test.room, time: dates), by: .person("Anna")).entity
        let error = await #expect(throws: DeskError.self) {
            try await desk.changeRoom(test.room, RoomChange(zone: "Europe/London"))
        }
        guard case .roomInUse? = error else {
            Issue.record("expected roomInUse, got \(String(describing: error))")
            return
        }
        _ = try await desk.cancel(made.id, by: .person("Anna"))
        #expect(try await desk.changeRoom(test.room, RoomChange(zone: "Europe/London")).zone.name == "Europe/London")
    }

    private func create(
        _ desk: BookingDesk, _ test: TestStore, _ key: OperationKey, _ from: Int, _ to: Int, slotTakenAt: Instant
    ) async throws -> Booking {
        try await desk.createFromCalendar(
            TestStore.meeting(from, to), in: test.room, key: key, slotTakenAt: slotTakenAt, by: .sync("link"),
            because: "It was booked in Outlook.")
    }

    private func ends(at hour: Int) -> BookingChange {
        BookingChange(time: TimeChange(end: TestStore.zoned(hour)))
    }

    private func codes(_ error: DeskError?) -> [String] {
        guard case .rulesBroken(let violations)? = error else { return [] }
        return violations.map(\.code)
    }
}
