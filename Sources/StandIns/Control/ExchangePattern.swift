import CalendarModel
import CalendarTime
import ICalendar

/// Exchange's patterns for rules. Not every rule has one.
enum ExchangePattern {
    private static let days: [RecurrenceRule.Weekday] = [
        .sunday, .monday, .tuesday, .wednesday, .thursday, .friday, .saturday,
    ]

    /// The recurrence that Exchange would hold for a series; nil when none of its patterns means the same.
    static func recurrence(of meeting: Meeting, starting start: ZonedTime) -> MailboxRecurrence? {
        guard let recurrence = meeting.recurrence else { return nil }
        let rule = recurrence.rule.normalized(for: start.wall)
        guard let pattern = pattern(of: rule),
            let read = try? GraphRecurrenceReader.read(
                ["pattern": .object(pattern), "range": .object(range(of: rule, from: start))], start: start),
            // Exchange knows the first day as an occurrence always.
            read.rule.normalized(for: start.wall) == rule, begins(rule, on: start.wall)
        else { return nil }
        return read
    }

    private static func begins(_ rule: RecurrenceRule, on start: WallTime) -> Bool {
        let first = try? RecurrenceExpansion.occurrences(
            of: rule, startingAt: start, from: start.date, through: start.date, limit: 1)
        return first == [start]
    }

    private static func pattern(of rule: RecurrenceRule) -> [String: GraphJSON]? {
        guard rule.ordinalDays.isEmpty, rule.daysOfYear.isEmpty, rule.weeksOfYear.isEmpty else { return nil }
        var pattern: [String: GraphJSON] = [
            "interval": .int(rule.interval), "firstDayOfWeek": .string(rule.weekStart.rawValue),
        ]
        let weekdays = GraphJSON.array(days.filter(rule.weekdays.contains).map { .string($0.rawValue) })
        switch rule.frequency {
        case .daily:
            pattern["type"] = "daily"
        case .weekly:
            pattern["type"] = "weekly"
            pattern["daysOfWeek"] = weekdays
        case .monthly, .yearly:
            let period = rule.frequency == .monthly ? "Monthly" : "Yearly"
            if rule.frequency == .yearly {
                guard rule.months.count == 1, let month = rule.months.first else { return nil }
                pattern["month"] = .int(month)
            }
            if rule.weekdays.isEmpty, rule.daysOfMonth.count == 1, let day = rule.daysOfMonth.first {
                pattern["type"] = .string("absolute" + period)
                // The last day of the month is the 31st, kept within the month.
                pattern["dayOfMonth"] = .int(day == -1 ? 31 : day)
            } else {
                let names = [1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"]
                guard rule.positions.count == 1, let name = rule.positions.first.flatMap({ names[$0] }) else {
                    return nil
                }
                pattern["type"] = .string("relative" + period)
                pattern["daysOfWeek"] = weekdays
                pattern["index"] = .string(name)
            }
        }
        return pattern
    }

    private static func range(of rule: RecurrenceRule, from start: ZonedTime) -> [String: GraphJSON] {
        var range: [String: GraphJSON] = [
            "startDate": .string(start.wall.date.description), "recurrenceTimeZone": .string(start.zone.name),
        ]
        switch rule.end {
        case .never: range["type"] = "noEnd"
        case .on(let date):
            range["type"] = "endDate"
            range["endDate"] = .string(date.description)
        case .after(let count):
            range["type"] = "numbered"
            range["numberOfOccurrences"] = .int(count)
        }
        return range
    }
}
