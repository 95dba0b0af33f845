import CalendarModel
import ICalendar
import TestSupport
import Testing

@testable import LoopBooking

@Suite("A series cut in two")
struct SeriesCutTests {
    private func series(
        _ rule: RecurrenceRule, cancelled: Set<WallTime> = [], additions: Set<WallTime> = []
    ) throws -> Series {
        var meeting = Samples.meeting("Weekly", Times.at("2026-03-02 09:00"))
        meeting.recurrence = Recurrence(rule: rule, cancelled: cancelled, additions: additions)
        return try #require(Series(meeting, roomZone: Times.oslo))
    }

    private func starts(_ meeting: Meeting) -> [String] {
        let window = TimeSpan(start: Times.instant("2026-01-01 00:00"), end: Times.instant("2027-01-01 00:00"))
        return Series(meeting, roomZone: Times.oslo)?.occurrences(in: window).map(\.original.description) ?? []
    }

    @Test(
        "Both parts together have what the whole had",
        arguments: [
            RecurrenceRule(frequency: .weekly, interval: 2, weekdays: [.monday, .thursday], end: .after(count: 11)),
            RecurrenceRule(frequency: .daily, interval: 3, end: .on(CivilDate(year: 2026, month: 5, day: 1))),
            RecurrenceRule(frequency: .monthly, weekdays: [.monday], position: 1, end: .after(count: 6)),
            RecurrenceRule(frequency: .monthly, interval: 2, dayOfMonth: 2),
        ])
    func together(_ rule: RecurrenceRule) throws {
        let additions: Set = [Times.wall("2026-03-04 09:00"), Times.wall("2026-04-22 15:00")]
        let whole = try series(rule, additions: additions)
        let all = starts(whole.meeting)
        for original in whole.originals(from: Times.date("2026-03-03"), through: Times.date("2026-04-30")) {
            let cut = try #require(SeriesCut(whole, from: original))
            #expect(starts(cut.head) + starts(cut.tail) == all, "cut at \(original)")
            #expect(starts(cut.tail).first == original.description)
        }
    }

    @Test("Cancelled occurrences count, and go with their part")
    func counts() throws {
        let gone = Times.wall("2026-03-09 09:00")
        let whole = try series(RecurrenceRule(frequency: .weekly, end: .after(count: 5)), cancelled: [gone])
        let cut = try #require(SeriesCut(whole, from: Times.wall("2026-03-23 09:00")))
        #expect(cut.tail.recurrence?.rule.end == .after(count: 2))
        #expect(cut.head.recurrence?.cancelled == [gone])
        #expect(cut.tail.recurrence?.cancelled.isEmpty == true)
        #expect(SeriesCut(whole, from: Times.wall("2026-03-02 09:00")) == nil)
    }
}
