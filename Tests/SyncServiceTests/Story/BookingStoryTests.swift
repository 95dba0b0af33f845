import CalendarModel
import LoopBooking
import SQLStore
import SyncEngine
import SyncService
import TestSupport
import Testing

@Suite("One booking's story")
struct BookingStoryTests {
    private func story(of booking: BookingID, in office: SmallOffice) async throws -> [BookingStory.Line] {
        try await BookingStory.read(
            booking, organization: SmallOffice.organization, store: office.store, desk: office.desk)
    }

    @Test("It tells who changed what on which side, when it crossed, in the room's time")
    func plain() async throws {
        let office = try await SmallOffice()
        try await office.settle()
        let booking = try await office.book("Ours", "2026-03-02 09:00")
        try await office.settle()
        let event = try #require(try await office.event(of: booking.id)?.id)
        await office.calendar.personChanges(event) { $0.time = Times.at("2026-03-02 11:00") }
        try await office.settle()
        let lines = try await story(of: booking.id, in: office)
        #expect(lines.map(\.who) == ["Anna Berg", "sync", "sync"])
        #expect(lines[0].what == "Booked in LoopBooking for Mon 2 March 2026, 09:00–10:00 (Europe/Oslo).")
        #expect(lines[0].when.hasPrefix("Mon 2 March 2026, 07:") && lines[0].when.hasSuffix("(Europe/Oslo)"))
        #expect(lines[2].what.contains("Moved to") && lines[2].what.contains("in the calendar"))
    }

    @Test("Of a series it names the days that were changed")
    func series() async throws {
        let office = try await SmallOffice()
        try await office.settle()
        var draft = BookingDraft(
            room: office.link.room, time: TimeDraft(Times.at("2026-03-03 14:00")), subject: "Weekly",
            organizer: Samples.anna)
        draft.recurrence = RecurrenceChange(
            Recurrence(rule: RecurrenceRule(frequency: .weekly, weekdays: [.tuesday], end: .after(count: 4))))
        let weekly = try await office.desk.create(draft, by: .person("Anna Berg")).entity
        try await office.settle()
        let (tenth, seventeenth) = (Times.wall("2026-03-10 14:00"), Times.wall("2026-03-17 14:00"))
        let at = ZonedTime(wall: Times.wall("2026-03-11 15:00"), zone: Times.oslo.name)
        let until = ZonedTime(wall: Times.wall("2026-03-11 16:00"), zone: Times.oslo.name)
        _ = try await office.desk.changeOccurrence(
            tenth, of: weekly.id, BookingChange(time: TimeChange(start: at, end: until)), by: .person("Bo"))
        _ = try await office.desk.cancelOccurrence(seventeenth, of: weekly.id, by: .person("Bo"), reason: "Holiday")
        try await office.settle()
        let told = try await story(of: weekly.id, in: office).filter { $0.who == "Bo" }.map(\.what)
        #expect(told.count == 2)
        #expect(
            told.first?.hasPrefix(
                """
                In LoopBooking the meeting on Tue 10 March 2026 was moved to Wed 11 March 2026, 15:00–16:00 (Europe/Oslo)
                """) == true)
        #expect(told.last?.hasPrefix("In LoopBooking the meeting on Tue 17 March 2026 was cancelled") == true)
    }

    @Test("It tells a clash in both meetings' stories, once, with who decided")
    func clash() async throws {
        let office = try await SmallOffice()
        let ours = try await office.book("Ours", "2026-03-02 09:00")
        try await office.settle()
        await office.calendar.personCreates(Samples.meeting("Theirs", Times.at("2026-03-02 09:30")))
        try await office.settle()
        let clash = try #require(try await office.clashes().first)
        _ = try await office.clashDesk.decide(clash.id, .keep(.b), by: .person("Rita"))
        try await office.settle()
        let told = try await story(of: ours.id, in: office)
        #expect(told.count { $0.what.contains("kept the room: another meeting, made in the calendar") } == 1)
        #expect(told.count { $0.who == "Rita" && $0.what.contains("Rita") } == 1)
        let theirs = try #require(try await office.booking(called: "Theirs"))
        let other = try await story(of: theirs.id, in: office)
        #expect(other.contains { $0.who == "Rita" && $0.what.contains("It keeps the room") })
    }
}
