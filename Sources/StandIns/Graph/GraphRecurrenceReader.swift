import CalendarModel
import CalendarTime

/// Reads Graph's patterned recurrence, checks it as the server does, and fills in the unused members.
enum GraphRecurrenceReader {
    private static let days: [RecurrenceRule.Weekday] = [
        .sunday, .monday, .tuesday, .wednesday, .thursday, .friday, .saturday,
    ]
    private static let positions = ["first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1]

    static func read(
        _ members: [String: GraphJSON], start: ZonedTime
    ) throws(GraphError) -> MailboxRecurrence {
        guard let pattern = members["pattern"]?.object, let range = members["range"]?.object else {
            throw .invalidProperty("recurrence", "A recurrence needs a pattern and a range.")
        }
        var (shownPattern, rule) = try readPattern(pattern)
        let zone = try readZone(range, start: start)
        let (shownRange, end) = try readRange(range, start: start, zone: zone)
        rule.end = end
        if rule.frequency == .weekly, rule.weekdays.isEmpty {
            throw .invalidProperty("recurrence", "A weekly pattern needs daysOfWeek.")
        }
        shownPattern["interval"] = .int(rule.interval)
        return MailboxRecurrence(pattern: shownPattern, range: shownRange, rule: rule, zone: zone)
    }

    private static func readPattern(
        _ pattern: [String: GraphJSON]
    ) throws(GraphError) -> ([String: GraphJSON], RecurrenceRule) {
        let known: Set<String> = ["type", "interval", "daysOfWeek", "firstDayOfWeek", "dayOfMonth", "month", "index"]
        try refuseUnknown(pattern, known, "recurrencePattern")
        let interval = pattern["interval"]?.int ?? 1
        let types = [
            "daily", "weekly", "absoluteMonthly", "relativeMonthly", "absoluteYearly", "relativeYearly",
        ]
        guard let given = pattern["type"]?.string,
            let type = types.first(where: { $0.lowercased() == given.lowercased() })
        else { throw .invalidProperty("recurrence", "The pattern's type is missing or unknown.") }
        guard (1...(type == "daily" ? 999 : 99)).contains(interval) else {
            throw .invalidProperty("recurrence", "The interval is out of range.")
        }

        var shown: [String: GraphJSON] = [
            "type": .string(type), "month": 0, "dayOfMonth": 0, "firstDayOfWeek": "sunday", "index": "first",
        ]
        var rule = RecurrenceRule(frequency: .daily, interval: interval, weekStart: .sunday)
        if let first = pattern["firstDayOfWeek"], first != .null {
            rule.weekStart = try day(first)
            shown["firstDayOfWeek"] = .string(rule.weekStart.rawValue)
        }
        if type == "weekly" || type.hasPrefix("relative") {
            let given = try (pattern["daysOfWeek"]?.array ?? []).map { (value) throws(GraphError) in try day(value) }
            guard !given.isEmpty else { throw .invalidProperty("recurrence", "\(type) needs daysOfWeek.") }
            rule.weekdays = Set(given)
            shown["daysOfWeek"] = .array(days.filter(rule.weekdays.contains).map { .string($0.rawValue) })
        }
        if type.hasPrefix("absolute") {
            guard let dayOfMonth = pattern["dayOfMonth"]?.int, (1...31).contains(dayOfMonth) else {
                throw .invalidProperty("recurrence", "\(type) needs a dayOfMonth of 1 to 31.")
            }
            (rule.daysOfMonth, rule.positions) = keptWithinMonth(dayOfMonth)
            shown["dayOfMonth"] = .int(dayOfMonth)
        }
        if type.hasPrefix("relative") {
            let index = pattern["index"]?.string?.lowercased() ?? "first"
            guard let position = positions[index] else {
                throw .invalidProperty("recurrence", "The index '\(index)' is unknown.")
            }
            rule.positions = [position]
            shown["index"] = .string(index)
        }
        if type.hasSuffix("Yearly") {
            guard let month = pattern["month"]?.int, (1...12).contains(month) else {
                throw .invalidProperty("recurrence", "\(type) needs a month of 1 to 12.")
            }
            rule.months = [month]
            let longest = [4, 6, 9, 11].contains(month) ? 30 : month == 2 ? 29 : 31
            if type == "absoluteYearly", let day = pattern["dayOfMonth"]?.int {
                rule.daysOfMonth = [month == 2 && day >= 29 || day > longest ? -1 : day]
                rule.positions = []
            }
            shown["month"] = .int(month)
        }
        rule.frequency =
            switch type {
            case "daily": .daily
            case "weekly": .weekly
            case "absoluteMonthly", "relativeMonthly": .monthly
            default: .yearly
            }
        return (shown, rule)
    }

    /// A day that a month does not have is its last one.
    private static func keptWithinMonth(_ day: Int) -> (days: Set<Int>, positions: Set<Int>) {
        switch day {
        case 31: ([-1], [])
        case 29, 30: (Set(28...day), [-1])
        default: ([day], [])
        }
    }

    private static func readZone(
        _ range: [String: GraphJSON], start: ZonedTime
    ) throws(GraphError) -> ZonedTime.Zone {
        guard let name = range["recurrenceTimeZone"]?.string, !name.isEmpty, name != start.zone.name else {
            return start.zone
        }
        guard let zone = ZonedTime.Zone(named: name) else { throw .unknownZone(name) }
        return zone
    }

    private static func readRange(
        _ range: [String: GraphJSON], start: ZonedTime, zone: ZonedTime.Zone
    ) throws(GraphError) -> ([String: GraphJSON], RecurrenceRule.End) {
        let known: Set<String> = ["type", "startDate", "endDate", "numberOfOccurrences", "recurrenceTimeZone"]
        try refuseUnknown(range, known, "recurrenceRange")
        let startDate = start.wall.date
        if let text = range["startDate"]?.string {
            guard let given = try? Timestamps.parseDate(text) else {
                throw .unreadableBody("Cannot convert the literal '\(text)' to the expected type 'Edm.Date'.")
            }
            guard given == startDate || given == start.shown(in: zone).wall.date else {
                throw .invalidProperty("recurrence", "range.startDate must be the date of the event's start.")
            }
        }
        var shown: [String: GraphJSON] = [
            "startDate": .string(startDate.description), "endDate": "0001-01-01", "numberOfOccurrences": 0,
            "recurrenceTimeZone": .string(zone.name),
        ]
        switch range["type"]?.string?.lowercased() {
        case "enddate":
            guard let text = range["endDate"]?.string, let end = try? Timestamps.parseDate(text), end >= startDate
            else {
                throw .invalidProperty("recurrence", "An endDate range needs an endDate that is not before its start.")
            }
            shown["type"] = "endDate"
            shown["endDate"] = .string(end.description)
            return (shown, .on(end))
        case "noend":
            shown["type"] = "noEnd"
            return (shown, .never)
        case "numbered":
            guard let count = range["numberOfOccurrences"]?.int, (1...999).contains(count) else {
                throw .invalidProperty("recurrence", "A numbered range needs a numberOfOccurrences of 1 to 999.")
            }
            shown["type"] = "numbered"
            shown["numberOfOccurrences"] = .int(count)
            return (shown, .after(count: count))
        default: throw .invalidProperty("recurrence", "The range's type is missing or unknown.")
        }
    }

    private static func day(_ value: GraphJSON) throws(GraphError) -> RecurrenceRule.Weekday {
        guard let name = value.string, let day = days.first(where: { $0.rawValue == name.lowercased() }) else {
            throw .invalidProperty("recurrence", "A day of the week is unknown.")
        }
        return day
    }

    private static func refuseUnknown(
        _ members: [String: GraphJSON], _ known: Set<String>, _ type: String
    ) throws(GraphError) {
        for name in members.keys where !known.contains(name) && !name.contains("@") {
            throw .unreadableBody("The property '\(name)' does not exist on type 'microsoft.graph.\(type)'.")
        }
    }
}
