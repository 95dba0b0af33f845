import CalendarModel
import ICalendar

/// The rules for a rule of recurrence: RFC 5545 §3.3.10, and numbers that make sense for a room.
package enum RecurrenceRules {
    package static let largestInterval = 999
    package static let largestCount = 999
    /// Of cancelled, changed and added occurrences each.
    package static let mostSingleOccurrences = 1_000

    /// Every rule that a rule breaks by itself, whatever its start.
    static func violations(of rule: RecurrenceRule) -> [RuleViolation] {
        var violations: [RuleViolation] = []
        if !(1...largestInterval).contains(rule.interval) {
            violations.append(outOfRange("interval", "from 1 to \(largestInterval)"))
        }
        if case .after(let count) = rule.end, !(1...largestCount).contains(count) {
            let hint = count > largestCount ? " Leave it out for a series without end." : ""
            violations.append(outOfRange("count", "from 1 to \(largestCount)", hint: hint))
        }
        violations += numbers(rule.daysOfMonth, "daysOfMonth", 31)
        violations += numbers(rule.daysOfYear, "daysOfYear", 366)
        violations += numbers(rule.weeksOfYear, "weeksOfYear", 53)
        violations += numbers(rule.positions, "positions", 366)
        let largestOrdinal = rule.frequency == .monthly ? 5 : 53
        violations += numbers(Set(rule.ordinalDays.map(\.ordinal)), "ordinalDays", largestOrdinal)
        if !rule.months.allSatisfy((1...12).contains) { violations.append(outOfRange("months", "from 1 to 12")) }
        return violations + misplaced(rule)
    }

    /// The first occurrence that a rule by itself puts at or after an instant; nil when there is none.
    ///
    /// - Parameter start: of the series.
    static func firstMatch(
        of rule: RecurrenceRule, from start: WallTime, notBefore earliest: WallTime? = nil
    ) -> WallTime? {
        let earliest = earliest ?? start
        // A rule repeats itself within the calendar's own cycle.
        let far = CivilDate(year: earliest.date.year + max(400, rule.interval * 4), month: 12, day: 31)
        // Two, because the first may be on that day but earlier.
        let found = try? RecurrenceExpansion.occurrences(
            of: rule, startingAt: start, from: earliest.date, through: far, limit: 2)
        return found?.first { $0 >= earliest }
    }

    static func tooMany(_ count: Int, _ field: String) -> [RuleViolation] {
        guard count > mostSingleOccurrences else { return [] }
        return [
            RuleViolation(
                code: "too-many", field: "recurrence.\(field)",
                message: "A series has at most \(mostSingleOccurrences) \(field); this one has \(count).")
        ]
    }

    private static func numbers(_ numbers: Set<Int>, _ field: String, _ largest: Int) -> [RuleViolation] {
        guard !numbers.allSatisfy({ $0 != 0 && (-largest...largest).contains($0) }) else { return [] }
        return [outOfRange(field, "from 1 to \(largest), or from -1 to -\(largest) counted from the end")]
    }

    private static func outOfRange(_ field: String, _ range: String, hint: String = "") -> RuleViolation {
        RuleViolation(
            code: "out-of-range", field: "recurrence.\(field)",
            message: "recurrence.\(field) must be \(range).\(hint)")
    }

    private static func misplaced(_ rule: RecurrenceRule) -> [RuleViolation] {
        var violations: [RuleViolation] = []
        func refuse(_ field: String, _ isMisplaced: Bool, _ message: String) {
            guard isMisplaced else { return }
            violations.append(RuleViolation(code: "misplaced", field: "recurrence.\(field)", message: message))
        }
        let isYearly = rule.frequency == .yearly
        refuse(
            "ordinalDays", !rule.ordinalDays.isEmpty && !isYearly && rule.frequency != .monthly,
            "Numbered weekdays, such as the second Monday, belong to monthly and yearly series; use weekdays here.")
        refuse(
            "ordinalDays", !rule.ordinalDays.isEmpty && !rule.weeksOfYear.isEmpty,
            "Numbered weekdays cannot be combined with weeksOfYear; use weekdays.")
        refuse(
            "daysOfMonth", !rule.daysOfMonth.isEmpty && rule.frequency == .weekly,
            "daysOfMonth cannot be given for a weekly series; use weekdays, or a monthly frequency.")
        refuse(
            "daysOfYear", !rule.daysOfYear.isEmpty && !isYearly, "daysOfYear belongs to yearly series.")
        refuse(
            "weeksOfYear", !rule.weeksOfYear.isEmpty && !isYearly, "weeksOfYear belongs to yearly series.")
        let namesDays =
            !rule.weekdays.isEmpty || !rule.ordinalDays.isEmpty || !rule.daysOfMonth.isEmpty || !rule.months.isEmpty
            || !rule.daysOfYear.isEmpty || !rule.weeksOfYear.isEmpty
        refuse(
            "positions", !rule.positions.isEmpty && !namesDays,
            "positions choose among the days that weekdays, daysOfMonth or the like name; name those too.")
        return violations
    }
}
