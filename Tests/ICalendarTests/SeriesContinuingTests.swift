import CalendarModel
import CalendarTime
import ICalendar
import Testing

@Suite("A series from one of its occurrences on")
struct SeriesContinuingTests {
    private let oslo = ZoneID("Europe/Oslo")

    private func series(_ rule: String, cancelled: Set<Int> = []) throws -> Series {
        let start = WallTime(date: CivilDate(year: 2026, month: 1, day: 29), hour: 9, minute: 0)
        let end = WallTime(date: start.date, hour: 10, minute: 0)
        var meeting = Meeting(
            time: .timed(try Zones.timed(start: start, end: end, zone: oslo)), subject: "Standup",
            recurrence: Recurrence(rule: try RecurrenceRule(rruleText: rule, seriesStart: start, zone: oslo)))
        let plain = try #require(Series(meeting, roomZone: oslo))
        let all = originals(plain)
        meeting.recurrence?.cancelled = Set(cancelled.map { all[$0] })
        return try #require(Series(meeting, roomZone: oslo))
    }

    private func originals(_ series: Series) -> [WallTime] {
        series.originals(
            from: CivilDate(year: 2025, month: 1, day: 1), through: CivilDate(year: 2031, month: 12, day: 31))
    }

    @Test(
        "It has the same occurrences from there on, under the same names",
        arguments: [
            "FREQ=DAILY;INTERVAL=3;COUNT=40", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU,TH;WKST=SU", "FREQ=WEEKLY;COUNT=9",
            "FREQ=MONTHLY;UNTIL=20290101", "FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU,-1TH", "FREQ=YEARLY",
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=30",
        ])
    func tail(rule: String) throws {
        let whole = try series(rule)
        let all = originals(whole)
        for index in stride(from: 0, to: min(all.count, 25), by: 3) {
            let meeting = try #require(whole.continuing(at: all[index]), "\(all[index])")
            let later = try #require(Series(meeting, roomZone: oslo))
            #expect(later.start == all[index])
            #expect(originals(later) == Array(all[index...]), "from \(all[index])")
            #expect(later.occurrence(all[index])?.span == whole.occurrence(all[index])?.span)
        }
    }

    @Test("It begins where the series has an occurrence, and keeps what differs later")
    func differences() throws {
        let whole = try series("FREQ=DAILY;COUNT=5", cancelled: [0, 3])
        let all = originals(whole)
        let meeting = try #require(whole.continuing(at: all[2]))
        #expect(meeting.recurrence?.cancelled == [all[3]])
        let elsewhere = WallTime(date: all[2].date, hour: 12, minute: 0)
        #expect(whole.continuing(at: elsewhere) == nil)
        #expect(whole.nextOriginal(notBefore: whole.meeting.span.start) == all[1])
        let end = try #require(whole.regularTime(of: all[4])).span.end
        #expect(whole.nextOriginal(notBefore: end) == nil)
    }
}
