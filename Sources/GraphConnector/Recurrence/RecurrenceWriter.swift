import CalendarModel
import CalendarTime

/// Makes Graph's pattern of a rule, where Graph has one that means the same. What a rule leaves to its start (the
/// weekday of a weekly one, the day of a monthly one) is said.
enum RecurrenceWriter {
    typealias Pattern = GraphRecurrence.Pattern

    /// - Parameter start: the date of the series' own start.
    static func pattern(_ rule: RecurrenceRule, startingOn start: CivilDate) throws(InexpressibleSeries) -> Pattern {
        guard rule.daysOfYear.isEmpty, rule.weeksOfYear.isEmpty else { throw .daysOfYear }
        guard rule.interval >= 1, rule.interval <= (rule.frequency == .daily ? 999 : 99) else { throw .interval }
        switch rule.frequency {
        case .daily: return try daily(rule)
        case .weekly: return try weekly(rule, start)
        case .monthly: return try monthly(rule, start)
        case .yearly: return try yearly(rule, start)
        }
    }

    static func range(
        _ end: RecurrenceRule.End, startingOn start: CivilDate, zoneName: String
    ) throws(InexpressibleSeries) -> GraphRecurrence.Range {
        var range = GraphRecurrence.Range(startDate: start.description, recurrenceTimeZone: zoneName)
        switch end {
        case .never: range.type = "noEnd"
        case .on(let date):
            guard date >= start else { throw .endsBeforeStart }
            range.type = "endDate"
            range.endDate = date.description
        case .after(let count):
            guard (1...999).contains(count) else { throw .count }
            range.type = "numbered"
            range.numberOfOccurrences = count
        }
        return range
    }

    // MARK: Kinds

    private static func daily(_ rule: RecurrenceRule) throws(InexpressibleSeries) -> Pattern {
        guard rule.months.isEmpty else { throw .monthsOfShortPeriods }
        guard rule.daysOfMonth.isEmpty else { throw .manyDaysOfMonth }
        guard rule.positions.isEmpty, rule.ordinalDays.isEmpty else { throw .position }
        if rule.weekdays.isEmpty { return Pattern(type: "daily", interval: rule.interval) }
        // Every day that is one of these: the same as every week on these.
        guard rule.interval == 1 else { throw .mixedDays }
        return weekly(on: rule.weekdays, interval: 1, weekStart: rule.weekStart)
    }

    private static func weekly(_ rule: RecurrenceRule, _ start: CivilDate) throws(InexpressibleSeries) -> Pattern {
        guard rule.months.isEmpty else { throw .monthsOfShortPeriods }
        guard rule.daysOfMonth.isEmpty else { throw .mixedDays }
        guard rule.positions.isEmpty, rule.ordinalDays.isEmpty else { throw .position }
        let days = rule.weekdays.isEmpty ? [Zones.weekday(of: start)] : rule.weekdays
        return weekly(on: days, interval: rule.interval, weekStart: rule.weekStart)
    }

    private static func weekly(
        on days: Set<RecurrenceRule.Weekday>, interval: Int, weekStart: RecurrenceRule.Weekday
    ) -> Pattern {
        Pattern(type: "weekly", interval: interval, daysOfWeek: names(days), firstDayOfWeek: weekStart.rawValue)
    }

    private static func monthly(_ rule: RecurrenceRule, _ start: CivilDate) throws(InexpressibleSeries) -> Pattern {
        guard rule.months.isEmpty else { throw .manyMonths }
        if rule.weekdays.isEmpty, rule.ordinalDays.isEmpty {
            return Pattern(type: "absoluteMonthly", interval: rule.interval, dayOfMonth: try day(rule, start))
        }
        if rule.positions.isEmpty, rule.ordinalDays.isEmpty, rule.daysOfMonth.isEmpty, rule.interval == 1 {
            // Every such day of every month: the same as every week.
            return weekly(on: rule.weekdays, interval: 1, weekStart: rule.weekStart)
        }
        let (index, days) = try relative(rule)
        return Pattern(type: "relativeMonthly", interval: rule.interval, daysOfWeek: days, index: index)
    }

    private static func yearly(_ rule: RecurrenceRule, _ start: CivilDate) throws(InexpressibleSeries) -> Pattern {
        guard rule.months.count <= 1 else { throw .manyMonths }
        if rule.weekdays.isEmpty, rule.ordinalDays.isEmpty {
            guard rule.months.count == 1 || rule.daysOfMonth.isEmpty else { throw .noMonth }
            let month = rule.months.first ?? start.month
            return Pattern(
                type: "absoluteYearly", interval: rule.interval, dayOfMonth: try day(rule, start, month: month),
                month: month)
        }
        guard let month = rule.months.first else { throw .noMonth }
        let (index, days) = try relative(rule)
        return Pattern(type: "relativeYearly", interval: rule.interval, daysOfWeek: days, month: month, index: index)
    }

    // MARK: Days

    /// - Parameter month: of a yearly rule; nil for every month.
    private static func day(
        _ rule: RecurrenceRule, _ start: CivilDate, month: Int? = nil
    ) throws(InexpressibleSeries) -> Int {
        let longest = month.map(RecurrenceReader.longest) ?? 31
        let shortest = month.map { $0 == 2 ? 28 : longest } ?? 28
        let days = rule.daysOfMonth.isEmpty ? [start.day] : rule.daysOfMonth
        if days.count > 1 {
            // The last among the 28th to some day: that day, kept within each month.
            for last in (29...31).reversed()
            where days == Set(28...last) && rule.positions == [-1] && last <= longest { return last }
            throw .manyDaysOfMonth
        }
        guard rule.positions.isEmpty else { throw .position }
        guard let day = days.first else { throw .manyDaysOfMonth }
        if day == -1 { return longest }
        guard day > 0 else { throw .negativeDayOfMonth }
        guard day <= shortest else { throw .skippedDayOfMonth }
        return day
    }

    private static func relative(
        _ rule: RecurrenceRule
    ) throws(InexpressibleSeries) -> (index: String, days: [String]) {
        guard rule.daysOfMonth.isEmpty else { throw .mixedDays }
        let position: Int?
        let days: Set<RecurrenceRule.Weekday>
        if rule.ordinalDays.isEmpty {
            position = rule.positions.count == 1 ? rule.positions.first : nil
            days = rule.weekdays
        } else {
            guard rule.weekdays.isEmpty, rule.positions.isEmpty else { throw .position }
            position = rule.ordinalDays.count == 1 ? rule.ordinalDays.first?.ordinal : nil
            days = Set(rule.ordinalDays.map(\.weekday))
        }
        guard let index = RecurrenceReader.positions.first(where: { $0.value == position })?.key else {
            throw .position
        }
        return (index, names(days))
    }

    private static func names(_ days: Set<RecurrenceRule.Weekday>) -> [String] {
        RecurrenceRule.Weekday.allCases.filter(days.contains).map(\.rawValue)
    }
}
