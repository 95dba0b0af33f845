import CalendarModel
import LoopBooking
import SQLStore
import TestSupport
import Testing

@Suite("Series written by the sync, and as time goes by")
struct SeriesSyncTests {
    private func weekly(_ start: String = "2026-03-02 09:00", end: RecurrenceRule.End = .never) -> Meeting {
        var meeting = Samples.meeting("From Outlook", Times.at(start))
        meeting.recurrence = Recurrence(rule: RecurrenceRule(frequency: .weekly, end: end))
        return meeting
    }

    private func create(_ meeting: Meeting, _ key: OperationKey, in test: TestStore) async throws -> Booking {
        try await test.desk.createFromCalendar(
            meeting, in: test.room, key: key, slotTakenAt: TestStore.start, by: .sync("link"), because: "Outlook")
    }

    @Test("One occurrence is taken over without touching the others, and only where the room is free")
    func oneOccurrence() async throws {
        let test = try await TestStore()
        let desk = test.desk
        let made = try await create(weekly(end: .after(count: 4)), "a", in: test)
        let original = Times.wall("2026-03-09 09:00")
        var theirs = made.meeting
        theirs.subject = "Another subject"
        theirs.recurrence?.set(.changed(OccurrenceChange(time: Times.at("2026-03-09 15:00"))), of: original)
        theirs.recurrence?.set(.cancelled, of: Times.wall("2026-03-16 09:00"))
        let blocker = try await test.book(test.single("2026-03-09", "15:30", "16:30"))
        let wanted = theirs
        let error = await #expect(throws: DeskError.self) {
            try await desk.updateFromCalendar(
                made.id, to: wanted, parts: MeetingParts([], occurrences: [original]), ifRevision: 1,
                by: .sync("link"), because: "Moved in Outlook.")
        }
        guard case .occurrencesTaken(let taken)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(taken.conflicts.map(\.holder.booking) == [blocker.id])
        _ = try await desk.cancel(blocker.id, by: .person("Anna"))
        let updated = try await desk.updateFromCalendar(
            made.id, to: wanted, parts: MeetingParts([], occurrences: [original]), ifRevision: 1, by: .sync("link"),
            because: "Moved in Outlook.")
        #expect(updated.meeting.subject == made.meeting.subject)
        #expect(updated.meeting.recurrence?.cancelled.isEmpty == true)
        #expect(
            try await test.heldSpans(of: made.id).map(\.start)
                == ["2026-03-02 09:00", "2026-03-09 15:00", "2026-03-16 09:00", "2026-03-23 09:00"].map {
                    Times.instant($0)
                })
        #expect(try await desk.changes(of: made.id).last?.occurrences.map(\.kind) == [.moved])
    }

    @Test("Two series swap their slots in one transaction")
    func swap() async throws {
        let test = try await TestStore()
        let desk = test.desk
        let early = try await create(weekly("2026-03-02 09:00", end: .after(count: 5)), "a", in: test)
        let late = try await create(weekly("2026-03-02 10:00", end: .after(count: 5)), "b", in: test)
        func change(_ booking: Booking, _ start: String) -> CalendarChange {
            CalendarChange(
                booking: booking.id, meeting: weekly(start, end: .after(count: 5)), parts: [.time], revision: 1,
                reason: "Swapped in Outlook.")
        }
        let swapped = try await desk.updateFromCalendar(
            [change(early, "2026-03-02 10:00"), change(late, "2026-03-02 09:00")], by: .sync("link"))
        #expect(swapped.map(\.revision) == [2, 2])
        #expect(try await test.heldSpans(of: early.id).first?.start == Times.instant("2026-03-02 10:00"))
        #expect(try await test.heldSpans(of: late.id).count == 5)
        // Nothing changed: slots and revisions stay.
        let same = try await desk.updateFromCalendar(
            [
                CalendarChange(
                    booking: early.id, meeting: swapped[0].meeting, parts: [.time, .recurrence], revision: 2, reason: ""
                )
            ], by: .sync("link"))
        #expect(same[0].revision == 2)
        #expect(try await test.heldSpans(of: early.id).count == 5)
    }

    @Test("Occurrences of the calendar that overlap each other, or are shown as free, hold the room once or not at all")
    func calendarLiberties() async throws {
        let test = try await TestStore()
        var meeting = Samples.meeting("Long days", Times.at("2026-03-02 09:00", minutes: 30 * 60))
        meeting.recurrence = Recurrence(rule: RecurrenceRule(frequency: .daily, end: .after(count: 3)))
        let long = try await create(meeting, "a", in: test)
        #expect(
            try await test.heldSpans(of: long.id)
                == [TimeSpan(start: Times.instant("2026-03-02 09:00"), end: Times.instant("2026-03-05 15:00"))])
        var quiet = weekly("2026-03-09 09:00", end: .after(count: 2))
        quiet.recurrence?.exceptions[Times.wall("2026-03-09 09:00")] = OccurrenceChange(showAs: .free)
        let second = try await create(quiet, "b", in: test)
        #expect(try await test.heldDates(of: second.id) == ["2026-03-16"])
    }

    @Test("An endless series holds slots beyond what anybody can book, and gets more without being rewritten")
    func rolling() async throws {
        let test = try await TestStore()
        let desk = test.desk
        let made = try await test.book(test.weekly(end: .never))
        let held = try await test.heldSpans(of: made.id)
        // 400 days and 60 to spare, a slot a week.
        #expect(held.count == 66)
        test.clock.advance(by: .seconds(20 * 86_400))
        #expect(try await desk.extendSlots(of: test.room).isEmpty)
        #expect(try await test.heldSpans(of: made.id) == held)
        test.clock.advance(by: .seconds(20 * 86_400))
        #expect(try await desk.extendSlots(of: test.room).isEmpty)
        let more = try await test.heldSpans(of: made.id)
        #expect(more.count == held.count + 6)
        #expect(Array(more.prefix(held.count)) == held)
        #expect(try await desk.booking(made.id) == made)
        #expect(try await desk.changes(of: made.id).count == 1)
        #expect(try await test.store.roomsWithRollingSeries().map(\.room) == [test.room])
    }

    @Test("Who was first keeps a slot beyond the written ones, and the series that comes later leaves it out")
    func clashOnExtension() async throws {
        let test = try await TestStore()
        let desk = test.desk
        // Far ahead, booked in the calendar before the series.
        let far = try await create(Samples.meeting("Fair", Times.at("2027-07-05 08:00", minutes: 240)), "far", in: test)
        let series = try await test.book(test.weekly(end: .never))
        // Further ahead still, after the series: the series has it already, though no slot is written.
        await #expect(throws: DeskError.self) {
            try await create(Samples.meeting("Late", Times.at("2027-07-12 09:00")), "late", in: test)
        }
        test.clock.advance(by: .seconds(60 * 86_400))
        let lost = try await desk.extendSlots(of: test.room)
        #expect(lost.map(\.id) == [series.id])
        #expect(lost.first?.meeting.recurrence?.cancelled == [Times.wall("2027-07-05 09:00")])
        #expect(lost.first?.status == .confirmed)
        let entry = try await desk.changes(of: series.id).last
        #expect(entry?.author == .loopBooking)
        #expect(entry?.reason == "Left out, because the room is taken then: 2027-07-05.")
        #expect(entry?.occurrences.map(\.kind) == [.cancelled])
        #expect(try await desk.booking(far.id) == far)
        #expect(try await test.heldDates(of: series.id).contains("2027-07-12"))
    }

    @Test("A refused series gives all its slots back, and is confirmed again only when all of them are free")
    func status() async throws {
        let test = try await TestStore()
        let desk = test.desk
        let made = try await create(weekly(end: .after(count: 4)), "a", in: test)
        _ = try await desk.setStatus(made.id, to: .refused, ifRevision: 1, by: .sync("link"), because: "No")
        #expect(try await test.heldSpans(of: made.id).isEmpty)
        let other = try await test.book(test.single("2026-03-16", "09:00", "10:00"))
        await #expect(throws: DeskError.self) {
            try await desk.setStatus(made.id, to: .confirmed, ifRevision: 2, by: .sync("link"), because: "Yes")
        }
        _ = try await desk.cancel(other.id, by: .person("Anna"))
        _ = try await desk.setStatus(made.id, to: .confirmed, ifRevision: 2, by: .sync("link"), because: "Yes")
        #expect(try await test.heldSpans(of: made.id).count == 4)
    }

    @Test("The database refuses overlapping slots, within one booking too")
    func trigger() async throws {
        let test = try await TestStore()
        let made = try await create(weekly(end: .after(count: 2)), "a", in: test)
        let bookings = test.store.bookings(of: TestStore.acme)
        let span = made.meeting.span
        let inside = TimeSpan(start: span.start.advanced(by: .seconds(60)), end: span.end)
        await #expect(throws: SQLError.self) {
            try await bookings.write { transaction in
                try transaction.hold(Holding(reach: span, slots: [span, inside]), for: made.id)
            }
        }
        await #expect(throws: SQLError.self) {
            try await test.store.driver.write { try $0.execute("UPDATE booking_slots SET end_us = end_us + 1") }
        }
        #expect(try await test.heldSpans(of: made.id).count == 2)
    }
}
