import CalendarModel
import LoopBooking
import SQLStore
import SyncEngine
import SyncService
import TestSupport
import Testing

@Suite("The clash desk, for one meeting of a series")
struct SeriesClashTests {
    private let rita = ChangeAuthor.person("Rita")
    private let original = Times.wall("2026-03-10 14:00")

    /// A weekly series in the calendar, one of whose meetings finds the room booked in LoopBooking.
    private func clashing() async throws -> (office: SmallOffice, ours: Booking, series: EventID, clash: ClashView) {
        let office = try await SmallOffice()
        let ours = try await office.book("Ours", "2026-03-10 14:30")
        try await office.settle()
        var weekly = Samples.meeting("Weekly", Times.at("2026-03-03 14:00"))
        weekly.recurrence = Recurrence(
            rule: RecurrenceRule(frequency: .weekly, weekdays: [.tuesday], end: .after(count: 4)))
        let series = await office.calendar.personCreates(weekly)
        try await office.settle()
        return (office, ours, series, try #require(try await office.clashes().first))
    }

    @Test("The one occurrence lies on the desk, by its original start")
    func occurrence() async throws {
        let (office, ours, series, clash) = try await clashing()
        #expect(clash.a.booking == ours.id.rawValue)
        #expect(clash.b.event == series.rawValue && clash.b.occurrence == original.description)
        #expect(clash.b.title == "Weekly" && clash.b.when == "Tue 10 March 2026, 14:00–15:00 (Europe/Oslo)")
        #expect(try await office.clashes(all: true).count == 1)
        #expect(try await office.checkDrift().items == [])
    }

    @Test("It gets the room on both sides, and taking that back restores both")
    func keep() async throws {
        let (office, ours, series, clash) = try await clashing()
        _ = try await office.clashDesk.decide(clash.id, .keep(.b), by: rita)
        try await office.settle()
        let weekly = try #require(try await office.booking(called: "Weekly"))
        #expect(weekly.meeting.recurrence?.cancelled.isEmpty == true)
        #expect(try await office.desk.booking(ours.id).status == .refused)
        #expect(await office.calendar.event(series)?.meeting.recurrence?.irregular.isEmpty == true)
        #expect(try await office.checkDrift().items == [])

        _ = try await office.clashDesk.undo(clash.id, by: rita)
        try await office.settle()
        #expect(try await office.desk.booking(weekly.id).meeting.recurrence?.cancelled == [original])
        #expect(try await office.desk.booking(ours.id).status == .confirmed)
        #expect(try await office.event(of: ours.id)?.holdsRoom == true)
        #expect(try await office.checkDrift().items == [])
    }

    @Test("It moves to another room as a meeting of its own")
    func move() async throws {
        let (office, _, _, clash) = try await clashing()
        let bergen = try await office.addRoom("Bergen", capacity: 8)
        let decided = try await office.clashDesk.decide(clash.id, .move(.b, to: bergen), by: rita)
        try await office.settle()
        let booked = try await office.desk.booking(BookingID(try #require(decided.decision?.booked)))
        #expect(booked.meeting.subject == "Weekly" && booked.meeting.recurrence == nil)
        #expect(booked.meeting.time.sameTime(as: Times.at("2026-03-10 14:00")))
        #expect(try await office.clashes().isEmpty)
    }

    @Test("A series of LoopBooking that lost one meeting gets it back, and it is written into the calendar")
    func ofLoopBooking() async throws {
        let office = try await SmallOffice()
        try await office.settle()
        await office.calendar.personCreates(Samples.meeting("Theirs", Times.at("2026-03-10 14:30")))
        office.clock.advance(by: .seconds(5))
        var draft = BookingDraft(
            room: office.link.room, time: TimeDraft(Times.at("2026-03-03 14:00")), subject: "Weekly",
            organizer: Samples.anna)
        draft.recurrence = RecurrenceChange(
            Recurrence(rule: RecurrenceRule(frequency: .weekly, weekdays: [.tuesday], end: .after(count: 4))))
        let weekly = try await office.desk.create(draft, by: .person("Anna Berg")).entity
        try await office.settle()
        let clash = try #require(try await office.clashes().first)
        #expect(clash.b.booking == weekly.id.rawValue && clash.b.occurrence == original.description)
        _ = try await office.clashDesk.decide(clash.id, .keep(.b), by: rita)
        try await office.settle()
        #expect(try await office.desk.booking(weekly.id).meeting.recurrence?.irregular.isEmpty == true)
        #expect(try await office.event(of: weekly.id)?.meeting.recurrence?.irregular.isEmpty == true)
        #expect(try await office.booking(called: "Theirs")?.status == .refused)
        #expect(try await office.checkDrift().items == [])
        _ = try await office.clashDesk.undo(clash.id, by: rita)
        try await office.settle()
        #expect(try await office.desk.booking(weekly.id).meeting.recurrence?.cancelled == [original])
        #expect(try await office.booking(called: "Theirs")?.status == .confirmed)
        #expect(try await office.checkDrift().items == [])
    }

    @Test("Its story names the day")
    func story() async throws {
        let (office, _, _, clash) = try await clashing()
        _ = try await office.clashDesk.decide(clash.id, .keep(.a), by: rita)
        let weekly = try #require(try await office.booking(called: "Weekly"))
        let story = try await BookingStory.read(
            weekly.id, organization: SmallOffice.organization, store: office.store, desk: office.desk)
        #expect(story.contains { $0.who == "Rita" && $0.what.contains("The meeting on Tue 10 March 2026") })
    }
}
