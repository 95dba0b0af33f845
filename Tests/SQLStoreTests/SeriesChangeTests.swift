import CalendarModel
import LoopBooking
import SQLStore
import TestSupport
import Testing

@Suite("Changes to series")
struct SeriesChangeTests {
    private let anna = ChangeAuthor.person("Anna")

    @Test("One occurrence is moved, cancelled and restored; the feed says which and what")
    func oneOccurrence() async throws {
        let test = try await TestStore()
        let desk = test.desk
        let made = try await test.book(test.weekly(end: .after(count: 3)))
        let original = Times.wall("2026-03-09 09:00")
        var change = TestStore.change("2026-03-10", "14:00", "15:00")
        change.subject = "With guests"
        let moved = try await desk.changeOccurrence(original, of: made.id, change, ifRevision: 1, by: anna)
        #expect(moved.revision == 2)
        #expect(moved.meeting.recurrence?.exceptions[original]?.subject == "With guests")
        #expect(try await test.heldDates(of: made.id) == ["2026-03-02", "2026-03-10", "2026-03-16"])
        // Its regular slot is free again.
        let other = try await test.book(test.single("2026-03-09", "09:00", "10:00"))
        let renamed = try await desk.changeOccurrence(
            original, of: made.id, BookingChange(subject: "Guests"), by: anna)
        #expect(renamed.meeting.recurrence?.exceptions[original]?.time != nil)

        let cancelled = try await desk.cancelOccurrence(
            Times.wall("2026-03-16 09:00"), of: made.id, by: anna, reason: "Easter")
        #expect(cancelled.status == .confirmed)
        #expect(try await test.heldDates(of: made.id) == ["2026-03-02", "2026-03-10"])
        let again = try await desk.cancelOccurrence(Times.wall("2026-03-16 09:00"), of: made.id, by: anna)
        #expect(again.revision == cancelled.revision)
        await #expect(throws: DeskError.occurrenceCancelled(Times.wall("2026-03-16 09:00"))) {
            try await desk.changeOccurrence(
                Times.wall("2026-03-16 09:00"), of: made.id, BookingChange(subject: "x"), by: anna)
        }
        // The regular slot went to somebody else.
        let taken = await #expect(throws: DeskError.self) {
            try await desk.restoreOccurrence(original, of: made.id, by: anna)
        }
        guard case .occurrencesTaken(let conflicts)? = taken else {
            Issue.record("\(String(describing: taken))")
            return
        }
        #expect(conflicts.first.holder.booking == other.id)
        _ = try await desk.cancel(other.id, by: anna)
        _ = try await desk.restoreOccurrence(original, of: made.id, by: anna)
        let whole = try await desk.restoreOccurrence(Times.wall("2026-03-16 09:00"), of: made.id, by: anna).entity
        #expect(whole.meeting == made.meeting)
        #expect(try await test.heldDates(of: made.id) == ["2026-03-02", "2026-03-09", "2026-03-16"])

        let feed = try await desk.changes(of: made.id)
        #expect(
            feed.map { $0.occurrences.map(\.kind) } == [
                [], [.moved], [.changed], [.cancelled], [.restored], [.restored],
            ])
        #expect(feed[1].occurrences.map(\.original) == [original])
        #expect(feed[3].reason == "Easter")
        // One occurrence more or less does not put the series behind others.
        #expect(whole.slotTakenAt == made.slotTakenAt)
    }

    @Test("What is not an occurrence is refused, and single meetings have none")
    func noOccurrence() async throws {
        let test = try await TestStore()
        let desk = test.desk
        let series = try await test.book(test.weekly(end: .after(count: 3)))
        let single = try await test.book(test.single("2026-03-03", "09:00", "10:00"))
        let wrong = Times.wall("2026-03-10 09:00")
        await #expect(throws: DeskError.noSuchOccurrence(wrong)) {
            try await desk.cancelOccurrence(wrong, of: series.id, by: anna)
        }
        await #expect(throws: DeskError.notASeries) {
            try await desk.cancelOccurrence(Times.wall("2026-03-03 09:00"), of: single.id, by: anna)
        }
        await #expect(throws: DeskError.changed(revision: 1)) {
            try await desk.cancelOccurrence(Times.wall("2026-03-09 09:00"), of: series.id, ifRevision: 7, by: anna)
        }
        let error = await #expect(throws: DeskError.self) {
            try await desk.changeOccurrence(
                Times.wall("2026-03-09 09:00"), of: series.id, BookingChange(attendees: [], sensitivity: .private),
                by: anna)
        }
        #expect(brokenRules(error) == ["attendees: series-only", "sensitivity: series-only"])
        let onto = await #expect(throws: DeskError.self) {
            try await desk.changeOccurrence(
                Times.wall("2026-03-09 09:00"), of: series.id, TestStore.change("2026-03-16", "09:30", "10:30"),
                by: anna)
        }
        #expect(brokenRules(onto) == ["recurrence: overlaps-itself"])
    }

    @Test("The last occurrence takes the booking with it")
    func lastOccurrence() async throws {
        let test = try await TestStore()
        let made = try await test.book(test.weekly(end: .after(count: 2)))
        _ = try await test.desk.cancelOccurrence(Times.wall("2026-03-02 09:00"), of: made.id, by: anna)
        let gone = try await test.desk.cancelOccurrence(Times.wall("2026-03-09 09:00"), of: made.id, by: anna)
        #expect(gone.status == .cancelled)
        #expect(try await test.heldSpans(of: made.id).isEmpty)
    }

    @Test("A series is extended and shortened by its end alone")
    func ends() async throws {
        let test = try await TestStore()
        let desk = test.desk
        let made = try await test.book(test.weekly(end: .after(count: 3)))
        let longer = try await desk.change(
            made.id, TestStore.rule { $0.end = .on(Times.date("2026-03-23")) }, by: anna)
        #expect(longer.meeting.recurrence?.rule.frequency == .weekly)
        #expect(try await test.heldDates(of: made.id).last == "2026-03-23")
        let before = try await test.heldSpans(of: made.id)
        let shorter = try await desk.change(made.id, TestStore.rule { $0.end = .after(count: 2) }, by: anna)
        #expect(try await test.heldSpans(of: made.id) == Array(before.prefix(2)))
        #expect(shorter.slotTakenAt == longer.slotTakenAt)
        let endless = try await desk.change(made.id, TestStore.rule { $0.end = .never }, by: anna)
        #expect(endless.meeting.recurrence?.rule.end == .never)
    }

    @Test("When the wall time moves, single changes move along on the same dates")
    func movingAlong() async throws {
        let test = try await TestStore()
        let desk = test.desk
        let made = try await test.book(test.weekly(end: .after(count: 4)))
        _ = try await desk.changeOccurrence(
            Times.wall("2026-03-09 09:00"), of: made.id, BookingChange(subject: "Guests"), by: anna)
        _ = try await desk.cancelOccurrence(Times.wall("2026-03-16 09:00"), of: made.id, by: anna)
        let moved = try await desk.change(made.id, TestStore.change("2026-03-02", "11:00", "12:00"), by: anna)
        #expect(moved.meeting.recurrence?.exceptions.keys.sorted() == [Times.wall("2026-03-09 11:00")])
        #expect(moved.meeting.recurrence?.cancelled == [Times.wall("2026-03-16 11:00")])
        #expect(
            try await test.heldSpans(of: made.id).map(\.start)
                == ["2026-03-02 11:00", "2026-03-09 11:00", "2026-03-23 11:00"].map { Times.instant($0) })
        // On other days there is no place for them, and the feed says so.
        let tuesdays = try await desk.change(
            made.id, TestStore.rule { $0.weekdays = [.tuesday] }, by: anna)
        #expect(tuesdays.meeting.recurrence?.irregular.isEmpty == true)
        #expect(tuesdays.meeting.span.start == Times.instant("2026-03-03 11:00"))
        #expect(
            try await desk.changes(of: made.id).last?.reason
                == "Single changes fell away, because the series has no such occurrence any more: 2026-03-09.")
    }

    @Test("A single meeting becomes a series and a single one again")
    func becoming() async throws {
        let test = try await TestStore()
        let desk = test.desk
        let single = try await test.book(test.single("2026-03-02", "09:00", "10:00"))
        let series = try await desk.change(
            single.id,
            TestStore.rule {
                $0.frequency = .daily
                $0.end = .after(count: 3)
            }, by: anna)
        #expect(series.meeting.recurrence != nil)
        #expect(try await test.heldDates(of: single.id) == ["2026-03-02", "2026-03-03", "2026-03-04"])
        let again = try await desk.change(single.id, BookingChange(recurrence: .nothing), by: anna)
        #expect(again.meeting.recurrence == nil)
        #expect(try await test.heldDates(of: single.id) == ["2026-03-02"])
        let error = await #expect(throws: DeskError.self) {
            try await desk.change(single.id, TestStore.rule { $0.end = .never }, by: anna)
        }
        #expect(brokenRules(error) == ["recurrence.frequency: required"])
    }

    @Test("This and following: the series is cut, its exceptions go with their occurrences, a count is shared out")
    func split() async throws {
        let test = try await TestStore()
        let desk = test.desk
        let made = try await test.book(test.weekly(end: .after(count: 6)))
        _ = try await desk.cancelOccurrence(Times.wall("2026-03-09 09:00"), of: made.id, by: anna)
        _ = try await desk.changeOccurrence(
            Times.wall("2026-03-30 09:00"), of: made.id, BookingChange(subject: "Guests"), by: anna)
        var change = TestStore.change("2026-03-16", "13:00", "14:00")
        change.subject = "Later"
        let cut = try await desk.split(
            made.id, from: Times.wall("2026-03-16 09:00"), change, ifRevision: 3, by: anna
        ).entity
        #expect(cut.booking.meeting.recurrence?.rule.end == .on(Times.date("2026-03-15")))
        #expect(cut.booking.meeting.recurrence?.cancelled == [Times.wall("2026-03-09 09:00")])
        #expect(try await test.heldDates(of: made.id) == ["2026-03-02"])
        #expect(cut.following.meeting.subject == "Later")
        #expect(cut.following.meeting.recurrence?.rule.end == .after(count: 4))
        #expect(cut.following.meeting.recurrence?.exceptions.keys.sorted() == [Times.wall("2026-03-30 13:00")])
        #expect(
            try await test.heldSpans(of: cut.following.id).map(\.start)
                == ["2026-03-16", "2026-03-23", "2026-03-30", "2026-04-06"].map { Times.instant("\($0) 13:00") })
        #expect(try await desk.changes(of: made.id).last?.reason?.contains(cut.following.id.rawValue) == true)
        #expect(try await desk.changes(of: cut.following.id).map(\.kind) == [.created])

        let first = await #expect(throws: DeskError.self) {
            try await desk.split(made.id, from: Times.wall("2026-03-02 09:00"), by: anna)
        }
        #expect(brokenRules(first) == ["from: nothing-before"])
        // Every other week goes on in the same weeks.
        var fortnightly = test.weekly("16:00", "17:00", end: .never)
        fortnightly.recurrence?.interval = 2
        let second = try await test.book(fortnightly)
        let parts = try await desk.split(second.id, from: Times.wall("2026-03-30 16:00"), by: anna).entity
        #expect(try await test.heldDates(of: second.id) == ["2026-03-02", "2026-03-16"])
        #expect(try await test.heldDates(of: parts.following.id).prefix(2) == ["2026-03-30", "2026-04-13"])
        #expect(parts.following.slotTakenAt == second.slotTakenAt)
    }

    @Test("A cut whose second part finds no room leaves everything as it was")
    func splitIsWhole() async throws {
        let test = try await TestStore()
        let desk = test.desk
        let made = try await test.book(test.weekly())
        try await test.book(test.single("2026-03-23", "13:30", "14:00"))
        let change = TestStore.change("2026-03-16", "13:00", "14:00")
        await #expect(throws: DeskError.self) {
            try await desk.split(made.id, from: Times.wall("2026-03-16 09:00"), change, by: anna)
        }
        #expect(try await desk.booking(made.id) == made)
        #expect(try await test.heldDates(of: made.id).count == 10)
        var skipping = change
        skipping.onTaken = .skip
        let cut = try await desk.split(
            made.id, from: Times.wall("2026-03-16 09:00"), skipping, by: anna
        ).entity
        #expect(cut.following.meeting.recurrence?.cancelled == [Times.wall("2026-03-23 13:00")])
        #expect(cut.following.explanation?.contains("2026-03-23") == true)
    }
}
