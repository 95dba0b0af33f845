import CalendarModel
import ICalendar
import Testing

@Suite("Expanding recurrence rules")
struct RecurrenceExpansionTests {
    private func date(_ year: Int, _ month: Int, _ day: Int) -> CivilDate {
        CivilDate(year: year, month: month, day: day)
    }

    private func dates(
        _ rule: RecurrenceRule, start: CivilDate, from: CivilDate? = nil, through: CivilDate, limit: Int = 1000
    ) throws -> [String] {
        try RecurrenceExpansion.occurrences(
            of: rule, startingAt: WallTime(date: start, hour: 10, minute: 30), from: from ?? start, through: through,
            limit: limit
        ).map(\.description)
    }

    @Test("the 31st of each month leaves out the shorter months")
    func thirtyFirst() throws {
        let rule = RecurrenceRule(frequency: .monthly, dayOfMonth: 31)
        #expect(
            try dates(rule, start: date(2026, 1, 31), through: date(2026, 8, 1)) == [
                "2026-01-31T10:30:00", "2026-03-31T10:30:00", "2026-05-31T10:30:00", "2026-07-31T10:30:00",
            ])
    }

    @Test("29 February comes back in leap years only, and not in 2100")
    func leapDay() throws {
        let rule = RecurrenceRule(frequency: .yearly, dayOfMonth: 29, month: 2)
        #expect(
            try dates(rule, start: date(2088, 2, 29), through: date(2105, 1, 1)) == [
                "2088-02-29T10:30:00", "2092-02-29T10:30:00", "2096-02-29T10:30:00", "2104-02-29T10:30:00",
            ])
    }

    @Test("the last weekday of the month")
    func lastWorkday() throws {
        let rule = RecurrenceRule(
            frequency: .monthly, weekdays: [.monday, .tuesday, .wednesday, .thursday, .friday], position: -1)
        #expect(
            try dates(rule, start: date(2026, 1, 30), through: date(2026, 5, 31)) == [
                "2026-01-30T10:30:00", "2026-02-27T10:30:00", "2026-03-31T10:30:00", "2026-04-30T10:30:00",
                "2026-05-29T10:30:00",
            ])
    }

    @Test("the week's first day decides which weeks a two-week rule skips (RFC 5545's own example)")
    func weekStart() throws {
        var rule = RecurrenceRule(
            frequency: .weekly, interval: 2, weekdays: [.tuesday, .sunday], weekStart: .monday, end: .after(count: 4))
        #expect(
            try dates(rule, start: date(1997, 8, 5), through: date(1998, 1, 1)) == [
                "1997-08-05T10:30:00", "1997-08-10T10:30:00", "1997-08-19T10:30:00", "1997-08-24T10:30:00",
            ])
        rule.weekStart = .sunday
        #expect(
            try dates(rule, start: date(1997, 8, 5), through: date(1998, 1, 1)) == [
                "1997-08-05T10:30:00", "1997-08-17T10:30:00", "1997-08-19T10:30:00", "1997-08-31T10:30:00",
            ])
    }

    @Test("a count is counted from the series' start, whatever part is asked for")
    func count() throws {
        let rule = RecurrenceRule(frequency: .daily, interval: 2, end: .after(count: 5))
        #expect(
            try dates(rule, start: date(2026, 3, 1), from: date(2026, 3, 6), through: date(2026, 4, 1)) == [
                "2026-03-07T10:30:00", "2026-03-09T10:30:00",
            ])
    }

    @Test("the end date is inclusive in wall time")
    func until() throws {
        let rule = RecurrenceRule(
            frequency: .weekly, weekdays: [.monday, .wednesday], end: .on(date(2026, 3, 11)))
        let found = try dates(rule, start: date(2026, 3, 2), through: date(2026, 12, 31))
        #expect(found.last == "2026-03-11T10:30:00")
        #expect(found.count == 4)
    }

    @Test("an endless rule far in the past is expanded where it is asked for, and no further than the limit")
    func endless() throws {
        let rule = RecurrenceRule(frequency: .weekly, weekdays: [.friday])
        #expect(
            try dates(rule, start: date(2001, 1, 5), from: date(2026, 3, 6), through: date(2026, 3, 20)) == [
                "2026-03-06T10:30:00", "2026-03-13T10:30:00", "2026-03-20T10:30:00",
            ])
        #expect(
            try dates(rule, start: date(2001, 1, 5), from: date(2001, 1, 1), through: date(2090, 1, 1), limit: 7).count
                == 7)
    }

    @Test("a start that the rule does not match is not an occurrence")
    func unmatchedStart() throws {
        let rule = RecurrenceRule(frequency: .weekly, weekdays: [.tuesday], end: .after(count: 2))
        #expect(
            try dates(rule, start: date(2026, 3, 2), through: date(2026, 4, 1)) == [
                "2026-03-03T10:30:00", "2026-03-10T10:30:00",
            ])
    }

    @Test("an interval of zero is refused")
    func impossible() {
        #expect(throws: RecurrenceError.self) {
            try dates(
                RecurrenceRule(frequency: .daily, interval: 0), start: date(2026, 3, 2), through: date(2026, 4, 1))
        }
    }
}

@Suite("Writing recurrence rules")
struct RecurrenceRuleTextTests {
    @Test("a rule is written as RFC 5545 has it")
    func text() {
        let rule = RecurrenceRule(
            frequency: .yearly, interval: 2, weekdays: [.thursday], position: -1, month: 11, weekStart: .sunday,
            end: .on(CivilDate(year: 2030, month: 12, day: 31)))
        #expect(
            rule.rruleText
                == "FREQ=YEARLY;INTERVAL=2;BYMONTH=11;BYDAY=TH;BYSETPOS=-1;UNTIL=20301231T235959;WKST=SU")
    }
}
