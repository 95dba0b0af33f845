import CalendarModel
import CalendarTime

/// Makes a rule with RFC 5545's meaning of Graph's pattern.
///
/// A day of the month that a month does not have means that month's last day in Exchange (Microsoft's reference of
/// `DayOfMonth`), while RFC 5545 passes over such months. So the 31st is read as the last day, and the 30th as the last
/// among the 28th, 29th and 30th.
enum RecurrenceReader {
    static let positions = ["first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1]

    static func rule(_ wire: GraphRecurrence) throws(EventReader.Failure) -> RecurrenceRule {
        let pattern = wire.pattern
        let interval = max(1, pattern.interval ?? 1)
        var rule = RecurrenceRule(frequency: .daily, interval: interval)
        switch pattern.type?.lowercased() {
        case "daily": break
        case "weekly":
            rule.frequency = .weekly
            rule.weekdays = try weekdays(pattern)
            rule.weekStart = try weekday(pattern.firstDayOfWeek ?? "sunday")
        case "absolutemonthly":
            rule.frequency = .monthly
            (rule.daysOfMonth, rule.positions) = days(upTo: try dayOfMonth(pattern))
        case "relativemonthly":
            rule.frequency = .monthly
            try setDays(of: &rule, pattern)
        case "absoluteyearly":
            rule.frequency = .yearly
            let month = try month(pattern)
            let day = try dayOfMonth(pattern)
            rule.months = [month]
            rule.daysOfMonth = [day < longest(month) || day == longest(month) && month != 2 ? day : -1]
        case "relativeyearly":
            rule.frequency = .yearly
            rule.months = [try month(pattern)]
            try setDays(of: &rule, pattern)
        default: throw .badRecurrence("its type is not known")
        }
        rule.end = try end(wire.range)
        return rule
    }

    /// The date from which the pattern counts.
    static func startDate(_ wire: GraphRecurrence) -> CivilDate? {
        wire.range.startDate.flatMap { try? Timestamps.parseDate($0) }
    }

    /// The most days that a month has in any year.
    static func longest(_ month: Int) -> Int { [4, 6, 9, 11].contains(month) ? 30 : month == 2 ? 29 : 31 }

    /// Exchange's day of the month, kept within each month.
    static func days(upTo day: Int) -> (days: Set<Int>, positions: Set<Int>) {
        switch day {
        case 31: ([-1], [])
        case 29, 30: (Set(28...day), [-1])
        default: ([day], [])
        }
    }

    private static func setDays(of rule: inout RecurrenceRule, _ pattern: GraphRecurrence.Pattern) throws(EventReader
        .Failure)
    {
        guard let position = positions[pattern.index?.lowercased() ?? "first"] else {
            throw .badRecurrence("its index is not known")
        }
        let days = try weekdays(pattern)
        if days.count == 1, let day = days.first {
            rule.ordinalDays = [.init(position, day)]
        } else {
            rule.weekdays = days
            rule.positions = [position]
        }
    }

    private static func weekdays(
        _ pattern: GraphRecurrence.Pattern
    ) throws(EventReader.Failure) -> Set<RecurrenceRule.Weekday> {
        var days: Set<RecurrenceRule.Weekday> = []
        for name in pattern.daysOfWeek ?? [] { days.insert(try weekday(name)) }
        guard !days.isEmpty else { throw .badRecurrence("it names no days of the week") }
        return days
    }

    private static func weekday(_ name: String) throws(EventReader.Failure) -> RecurrenceRule.Weekday {
        guard let day = RecurrenceRule.Weekday(rawValue: name.lowercased()) else {
            throw .badRecurrence("a day of the week is not known")
        }
        return day
    }

    private static func dayOfMonth(_ pattern: GraphRecurrence.Pattern) throws(EventReader.Failure) -> Int {
        guard let day = pattern.dayOfMonth, (1...31).contains(day) else {
            throw .badRecurrence("it has no day of the month")
        }
        return day
    }

    private static func month(_ pattern: GraphRecurrence.Pattern) throws(EventReader.Failure) -> Int {
        guard let month = pattern.month, (1...12).contains(month) else { throw .badRecurrence("it has no month") }
        return month
    }

    private static func end(_ range: GraphRecurrence.Range) throws(EventReader.Failure) -> RecurrenceRule.End {
        switch range.type?.lowercased() {
        case "noend": return .never
        case "numbered":
            guard let count = range.numberOfOccurrences, count > 0 else {
                throw .badRecurrence("its number of occurrences is missing")
            }
            return .after(count: count)
        case "enddate":
            guard let text = range.endDate, let date = try? Timestamps.parseDate(text) else {
                throw .badRecurrence("its end date is missing")
            }
            // How the server shows that there is no date.
            return date.year <= 1 ? .never : .on(date)
        default: throw .badRecurrence("its range is not known")
        }
    }
}
