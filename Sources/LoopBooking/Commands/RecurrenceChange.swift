import CalendarModel
import ICalendar

/// How somebody wants a meeting to repeat. Nil leaves a part as it is, or as the rule says by itself when it is new.
package struct RecurrenceChange: Hashable, Sendable {
    /// One occurrence that differs.
    package struct Exception: Hashable, Sendable {
        package var original: WallTime
        package var change: BookingChange

        package init(original: WallTime, change: BookingChange) {
            self.original = original
            self.change = change
        }
    }

    /// Given: a new rule, as the value of an iCalendar RRULE, and none of the parts below it.
    package var rrule: String?
    /// Given: a new rule. Nil: the present rule with the parts given.
    package var frequency: RecurrenceRule.Frequency?
    package var interval: Int?
    package var weekdays: Set<RecurrenceRule.Weekday>?
    package var ordinalDays: Set<RecurrenceRule.OrdinalDay>?
    package var daysOfMonth: Set<Int>?
    package var months: Set<Int>?
    package var daysOfYear: Set<Int>?
    package var weeksOfYear: Set<Int>?
    package var positions: Set<Int>?
    package var weekStart: RecurrenceRule.Weekday?
    package var end: RecurrenceRule.End?
    /// These three replace what stands; nil keeps it as far as its occurrences still exist.
    package var cancelled: Set<WallTime>?
    package var exceptions: [Exception]?
    package var additions: Set<WallTime>?

    package init() {}

    /// A whole recurrence.
    package init(_ recurrence: Recurrence) {
        let rule = recurrence.rule
        frequency = rule.frequency
        interval = rule.interval
        weekdays = rule.weekdays
        ordinalDays = rule.ordinalDays
        daysOfMonth = rule.daysOfMonth
        months = rule.months
        daysOfYear = rule.daysOfYear
        weeksOfYear = rule.weeksOfYear
        positions = rule.positions
        weekStart = rule.weekStart
        end = rule.end
        cancelled = recurrence.cancelled
        exceptions = recurrence.exceptions.sorted { $0.key < $1.key }
            .map { Exception(original: $0.key, change: BookingChange($0.value)) }
        additions = recurrence.additions
    }

    /// The rule that this makes of another, or of nothing for a meeting that did not repeat.
    ///
    /// - Parameters:
    ///   - start: of the series.
    ///   - zone: of the series; nil for an all-day one.
    func rule(over old: RecurrenceRule?, start: WallTime, zone: ZoneID?) -> Checked<RecurrenceRule> {
        if let rrule { return read(rrule, start: start, zone: zone) }
        let base: RecurrenceRule
        if let frequency {
            base = RecurrenceRule(frequency: frequency)
        } else if let old {
            base = old
        } else {
            return Checked([.required("recurrence.frequency", "A series needs its frequency, such as weekly.")])
        }
        return Checked(
            RecurrenceRule(
                frequency: base.frequency, interval: interval ?? base.interval, weekdays: weekdays ?? base.weekdays,
                ordinalDays: ordinalDays ?? base.ordinalDays, positions: positions ?? base.positions,
                daysOfMonth: daysOfMonth ?? base.daysOfMonth, months: months ?? base.months,
                daysOfYear: daysOfYear ?? base.daysOfYear, weeksOfYear: weeksOfYear ?? base.weeksOfYear,
                weekStart: weekStart ?? base.weekStart, end: end ?? base.end))
    }

    private func read(_ text: String, start: WallTime, zone: ZoneID?) -> Checked<RecurrenceRule> {
        let parts: [Any?] = [
            frequency, interval, weekdays, ordinalDays, daysOfMonth, months, daysOfYear, weeksOfYear, positions,
            weekStart, end,
        ]
        guard parts.allSatisfy({ $0 == nil }) else {
            return Checked([
                RuleViolation(
                    code: "misplaced", field: "recurrence.rrule",
                    message: "rrule is the whole rule. Leave out frequency and the other parts, or leave out rrule.")
            ])
        }
        do { return Checked(try RecurrenceRule(rruleText: text, seriesStart: start, zone: zone)) } catch {
            return Checked([RuleViolation(code: "invalid-rrule", field: "recurrence.rrule", message: "\(error)")])
        }
    }
}

/// What to do when the room is taken for some occurrences of a series.
package enum OnTaken: String, Hashable, Sendable, CaseIterable {
    /// All occurrences or none.
    case refuse
    /// Book what is free and leave out what is taken.
    case skip
}
