import CalendarModel
import CalendarTime

/// One rule can be spelled in many ways. These forms make spellings comparable.
extension RecurrenceRule {
    /// The rule with what its series' start implies filled in (RFC 5545 §3.3.10): a weekly rule without days means the
    /// start's weekday, a monthly one its day of the month, a yearly one its month and day.
    package func completed(for start: WallTime) -> RecurrenceRule {
        var result = self
        let namesDays = !weekdays.isEmpty || !ordinalDays.isEmpty || !daysOfMonth.isEmpty || !daysOfYear.isEmpty
        guard !namesDays else { return result }
        switch frequency {
        case .daily: break
        case .weekly: result.weekdays = [Zones.weekday(of: start.date)]
        case .monthly: result.daysOfMonth = [start.date.day]
        case .yearly where !weeksOfYear.isEmpty: result.weekdays = [Zones.weekday(of: start.date)]
        case .yearly:
            if months.isEmpty { result.months = [start.date.month] }
            result.daysOfMonth = [start.date.day]
        }
        return result
    }

    /// The completed rule in one spelling of its own, so that two rules which vendors write differently compare equal.
    /// It has the same occurrences from the same start.
    ///
    /// - Counted weekdays become weekdays with a position (`2MO` → `MO` + position 2), which is how Exchange says it.
    /// - Every 12 months becomes every year; a yearly rule for the start's month stays one.
    /// - Daily on some weekdays becomes weekly on those; weekly on all seven becomes daily.
    /// - Weeks begin on Monday wherever it makes no difference.
    package func normalized(for start: WallTime) -> RecurrenceRule {
        var result = completed(for: start)
        result.putMonthsAsYears(start)
        result.putOrdinalsAsPositions()
        result.putDaysAsWeeks()
        if !result.dependsOnWeekStart(start) { result.weekStart = .monday }
        return result
    }

    private mutating func putMonthsAsYears(_ start: WallTime) {
        guard frequency == .monthly, interval % 12 == 0, months.isEmpty || months == [start.date.month] else { return }
        frequency = .yearly
        interval /= 12
        months = [start.date.month]
    }

    private mutating func putOrdinalsAsPositions() {
        // With several months in a year, or none, positions count within the year.
        let countsInMonth = frequency == .monthly || (frequency == .yearly && months.count == 1)
        guard countsInMonth || (frequency == .yearly && months.isEmpty), weekdays.isEmpty, positions.isEmpty,
            daysOfMonth.isEmpty, daysOfYear.isEmpty, weeksOfYear.isEmpty,
            let weekday = ordinalDays.first?.weekday, ordinalDays.allSatisfy({ $0.weekday == weekday })
        else { return }
        weekdays = [weekday]
        positions = Set(ordinalDays.map(\.ordinal))
        ordinalDays = []
    }

    private mutating func putDaysAsWeeks() {
        guard interval == 1, positions.isEmpty, daysOfMonth.isEmpty else { return }
        if frequency == .daily, !weekdays.isEmpty { frequency = .weekly }
        guard frequency == .weekly, weekdays.count == Weekday.allCases.count else { return }
        frequency = .daily
        weekdays = []
    }

    private func dependsOnWeekStart(_ start: WallTime) -> Bool {
        if !weeksOfYear.isEmpty { return true }
        guard frequency == .weekly else { return false }
        if !positions.isEmpty { return true }
        return interval > 1 && weekdays != [Zones.weekday(of: start.date)]
    }
}
