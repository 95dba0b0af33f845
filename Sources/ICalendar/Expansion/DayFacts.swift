import CLibICal
import CalendarModel

/// What the parts of a rule ask about a day, answered by libical's calendar functions. Numbers count from 1; the same
/// day counted from the end is negative.
struct DayFacts {
    let month: Int
    let dayOfMonth: Int
    let weekday: RecurrenceRule.Weekday
    private let time: icaltimetype

    init(_ time: icaltimetype) {
        self.time = time
        month = Int(time.month)
        dayOfMonth = Int(time.day)
        weekday = Self.weekday(of: time)
    }

    var lengthOfMonth: Int { Int(icaltime_days_in_month(time.month, time.year)) }
    var dayOfYear: Int { Int(icaltime_day_of_year(time)) }
    var lengthOfYear: Int { Int(icaltime_days_in_year(time.year)) }

    /// The number of the week that holds the day, and how many weeks its year has. A week belongs to the year in which
    /// most of its days lie, which is the year of its fourth day (RFC 5545 §3.3.10, BYWEEKNO).
    func week(startingOn first: RecurrenceRule.Weekday) -> (number: Int, ofWeeks: Int) {
        let fourthDay = Self.day(time, movedBy: 3 - weekday.days(after: first))
        let number = (Int(icaltime_day_of_year(fourthDay)) - 1) / 7 + 1
        // 28 December, or its like for another first day, is always within the last week.
        var lastDay = fourthDay
        lastDay.month = 12
        lastDay.day = 31
        let ofLast = Self.weekday(of: lastDay).days(after: first)
        let inLastWeek = Self.day(lastDay, movedBy: ofLast >= 3 ? 3 - ofLast : -4 - ofLast)
        return (number, (Int(icaltime_day_of_year(inLastWeek)) - 1) / 7 + 1)
    }

    private static func day(_ time: icaltimetype, movedBy days: Int) -> icaltimetype {
        var moved = time
        icaltime_adjust(&moved, Int32(days), 0, 0, 0)
        return moved
    }

    private static func weekday(of time: icaltimetype) -> RecurrenceRule.Weekday {
        // libical counts from Sunday = 1.
        let fromSunday = Int(icaltime_day_of_week(time)) - 1
        return RecurrenceRule.Weekday.allCases[(fromSunday + 6) % 7]
    }
}

extension RecurrenceRule.Weekday {
    /// How many days after another weekday this one comes: 0…6.
    package func days(after other: Self) -> Int {
        let order = Self.allCases
        let distance = (order.firstIndex(of: self) ?? 0) - (order.firstIndex(of: other) ?? 0)
        return (distance + 7) % 7
    }
}

extension RecurrenceRule {
    /// Whether a day passes all parts of a completed rule that name days; BYSETPOS, which chooses among those, is not
    /// one.
    func matches(_ day: DayFacts) -> Bool {
        func names(_ numbers: Set<Int>, _ number: Int, of length: @autoclosure () -> Int) -> Bool {
            numbers.isEmpty || numbers.contains(number) || numbers.contains(number - length() - 1)
        }
        guard months.isEmpty || months.contains(day.month),
            names(daysOfMonth, day.dayOfMonth, of: day.lengthOfMonth),
            daysOfYear.isEmpty || names(daysOfYear, day.dayOfYear, of: day.lengthOfYear)
        else { return false }
        if !weekdays.isEmpty || !ordinalDays.isEmpty {
            guard weekdays.contains(day.weekday) || matchesOrdinal(day) else { return false }
        }
        if !weeksOfYear.isEmpty {
            let week = day.week(startingOn: weekStart)
            guard names(weeksOfYear, week.number, of: week.ofWeeks) else { return false }
        }
        return true
    }

    /// Weekdays are counted within the month, or within the year for a yearly rule that names no month.
    private func matchesOrdinal(_ day: DayFacts) -> Bool {
        guard !ordinalDays.isEmpty else { return false }
        let withinYear = frequency == .yearly && months.isEmpty
        let number = withinYear ? day.dayOfYear : day.dayOfMonth
        let length = withinYear ? day.lengthOfYear : day.lengthOfMonth
        return ordinalDays.contains(OrdinalDay((number - 1) / 7 + 1, day.weekday))
            || ordinalDays.contains(OrdinalDay(-((length - number) / 7 + 1), day.weekday))
    }
}
