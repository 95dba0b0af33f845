import CalendarModel
import CalendarTime
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

@Suite("Recurrence rules as text")
struct RecurrenceRuleTextTests {
    private let start = WallTime(date: CivilDate(year: 2026, month: 3, day: 2), hour: 9, minute: 0)
    private let oslo = ZoneID("Europe/Oslo")

    private func read(_ text: String, zone: ZoneID? = ZoneID("Europe/Oslo")) throws -> RecurrenceRule {
        try RecurrenceRule(rruleText: text, seriesStart: start, zone: zone)
    }

    private func end(_ until: String, zone: ZoneID? = ZoneID("Europe/Oslo")) throws -> RecurrenceRule.End {
        try read("FREQ=DAILY;UNTIL=\(until)", zone: zone).end
    }

    @Test("a rule is written as RFC 5545 has it")
    func text() {
        let rule = RecurrenceRule(
            frequency: .yearly, interval: 2, weekdays: [.thursday], position: -1, month: 11, weekStart: .sunday,
            end: .on(CivilDate(year: 2030, month: 12, day: 31)))
        #expect(
            rule.rruleText
                == "FREQ=YEARLY;INTERVAL=2;BYMONTH=11;BYDAY=TH;BYSETPOS=-1;UNTIL=20301231T235959;WKST=SU")
    }

    @Test("all parts of a rule are read")
    func allParts() throws {
        let rule = try read(
            "RRULE:freq=yearly;interval=3;bymonth=1,12;byweekno=-1,20;byyearday=1,-366;bymonthday=-1,31;byday=SU,MO;"
                + "bysetpos=2,-1;wkst=SU;count=7")
        #expect(
            rule
                == RecurrenceRule(
                    frequency: .yearly, interval: 3, weekdays: [.sunday, .monday], positions: [2, -1],
                    daysOfMonth: [-1, 31], months: [1, 12], daysOfYear: [1, -366], weeksOfYear: [-1, 20],
                    weekStart: .sunday, end: .after(count: 7)))
        #expect(
            try read("FREQ=MONTHLY;BYDAY=+2MO,-1FR,WE").ordinalDays
                == [.init(2, .monday), .init(-1, .friday)])
        #expect(try read("FREQ=MONTHLY;BYDAY=+2MO,-1FR,WE").weekdays == [.wednesday])
    }

    @Test("UNTIL becomes the last date on which an occurrence may start")
    func until() throws {
        func on(_ month: Int, _ day: Int) -> RecurrenceRule.End { .on(CivilDate(year: 2026, month: month, day: day)) }
        #expect(try end("20260310") == on(3, 10))
        #expect(try end("20260310T090000") == on(3, 10))
        #expect(try end("20260310T085959") == on(3, 9))
        // 08:00 UTC is 09:00 in Oslo's winter and 10:00 in its summer.
        #expect(try end("20260310T080000Z") == on(3, 10))
        #expect(try end("20260310T075959Z") == on(3, 9))
        #expect(try end("20260710T070000Z") == on(7, 10))
        #expect(try end("20260309T230000Z") == on(3, 9))
        // An all-day series has no zone: its dates are as written.
        #expect(
            try RecurrenceRule(
                rruleText: "FREQ=DAILY;UNTIL=20260310T000000Z",
                seriesStart: WallTime(date: start.date, hour: 0, minute: 0), zone: nil
            ).end == on(3, 10))
    }

    @Test("the start's own time of day in a rule says nothing new")
    func ownTimeOfDay() throws {
        #expect(
            try read("FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0;BYSECOND=0") == read("FREQ=WEEKLY;BYDAY=MO"))
    }

    @Test(
        "what bookings cannot hold is refused by name",
        arguments: [
            ("FREQ=HOURLY", "a frequency of less than a day"),
            ("FREQ=SECONDLY;COUNT=3", "a frequency of less than a day"),
            ("FREQ=DAILY;BYHOUR=9,15", "hours (BYHOUR)"), ("FREQ=DAILY;BYMINUTE=30", "minutes (BYMINUTE)"),
        ])
    func unsupported(text: String, part: String) {
        #expect(throws: RecurrenceError.unsupported(part: part, rule: text)) { try read(text) }
    }

    @Test(
        "what is no rule is refused",
        arguments: [
            "", "FREQ=", "FREQ=FORTNIGHTLY", "BYDAY=MO", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=65537",
            "FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=-1", "FREQ=DAILY;COUNT=99999999999",
            "FREQ=DAILY;COUNT=2;UNTIL=20260310",
            "FREQ=DAILY;UNTIL=soon", "FREQ=WEEKLY;BYDAY=2MO", "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=MONTHLY;BYMONTHDAY=0",
            "FREQ=YEARLY;BYMONTH=13", "FREQ=YEARLY;BYDAY=54MO", "FREQ=MONTHLY;BYWEEKNO=3", "FREQ=DAILY;BYDAY=XX",
            "FREQ=DAILY;X-OWN=1", String(repeating: "FREQ=DAILY;", count: 9),
        ])
    func broken(text: String) {
        #expect(throws: RecurrenceError.invalidRule(text)) { try read(text) }
    }

    @Test(
        "spellings of one rule have one normal form",
        arguments: [
            ("FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=MO"), ("FREQ=MONTHLY", "FREQ=MONTHLY;BYMONTHDAY=2;WKST=SU"),
            ("FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=2"),
            ("FREQ=YEARLY;BYMONTHDAY=2;BYMONTH=3", "FREQ=YEARLY;BYMONTH=3"),
            ("FREQ=MONTHLY;BYDAY=2MO", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=2"),
            ("FREQ=MONTHLY;BYDAY=1TU,-1TU", "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=1,-1"),
            ("FREQ=MONTHLY;INTERVAL=12;BYDAY=1MO", "FREQ=YEARLY;BYMONTH=3;BYDAY=MO;BYSETPOS=1"),
            ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
            ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "FREQ=DAILY"),
            ("FREQ=WEEKLY;INTERVAL=2;WKST=SU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
        ])
    func normalForm(left: String, right: String) throws {
        let (left, right) = (try read(left), try read(right))
        #expect(left.normalized(for: start) == right.normalized(for: start))
    }

    @Test("a week start that decides which weeks are meant is kept")
    func weekStart() throws {
        let (sunday, monday) = (
            try read("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU"), try read("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO")
        )
        #expect(sunday.normalized(for: start) != monday.normalized(for: start))
    }
}
