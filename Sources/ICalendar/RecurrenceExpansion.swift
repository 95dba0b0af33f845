import CLibICal
import CalendarModel
import CalendarTime

/// The occurrences of a series, computed by libical in naive wall time: the caller puts the series' zone to each of them,
/// so that a meeting at 10:00 stays at 10:00 across a clock change.
package enum RecurrenceExpansion {
    /// The starts of the occurrences whose start date is within `from ... through`.
    ///
    /// - Parameters:
    ///   - rule: The rule; `COUNT` counts from `start`, an end date is inclusive in wall time.
    ///   - start: The series' own start. It is an occurrence only if the rule matches it.
    ///   - from: The first date wanted.
    ///   - through: The last date wanted, inclusive.
    ///   - limit: At most this many are returned, so that an endless rule costs a bounded amount of work.
    /// - Throws: ``RecurrenceError`` when the rule cannot be expanded.
    package static func occurrences(
        of rule: RecurrenceRule, startingAt start: WallTime, from: CivilDate, through: CivilDate, limit: Int
    ) throws -> [WallTime] {
        let text = rule.rruleText
        guard isPlausible(rule) else { throw RecurrenceError.invalidRule(text) }
        guard limit > 0, from <= through, start.date <= through else { return [] }

        let parsed = icalrecurrencetype_from_string(text)
        guard parsed.freq != ICAL_NO_RECURRENCE else { throw RecurrenceError.invalidRule(text) }
        guard let iterator = icalrecur_iterator_new(parsed, start.icalTime) else {
            throw RecurrenceError.invalidRule(text)
        }
        defer { icalrecur_iterator_free(iterator) }

        // libical cannot skip ahead when it has to count, and returns 0 then: the loop below passes over the days before.
        if case .after = rule.end {
        } else if start.date < from {
            let midnight = WallTime(date: Zones.date(from, addingDays: -1), hour: 0, minute: 0)
            if start < midnight { _ = icalrecur_iterator_set_start(iterator, midnight.icalTime) }
        }

        var found: [WallTime] = []
        while found.count < limit {
            let next = icalrecur_iterator_next(iterator)
            guard icaltime_is_null_time(next) == 0 else { break }
            let wall = WallTime(icalTime: next)
            guard wall.date <= through else { break }
            if wall.date >= from, wall >= start { found.append(wall) }
        }
        return found
    }

    private static func isPlausible(_ rule: RecurrenceRule) -> Bool {
        guard rule.interval >= 1, rule.interval <= Int(Int16.max) else { return false }
        func within(_ numbers: Set<Int>, _ largest: Int) -> Bool {
            numbers.allSatisfy { $0 != 0 && abs($0) <= largest }
        }
        guard within(rule.daysOfMonth, 31), within(rule.daysOfYear, 366), within(rule.weeksOfYear, 53),
            within(rule.positions, 366), within(Set(rule.ordinalDays.map(\.ordinal)), 53),
            rule.months.allSatisfy({ (1...12).contains($0) })
        else { return false }
        if case .after(let count) = rule.end, count < 1 { return false }
        return true
    }
}

extension WallTime {
    fileprivate var icalTime: icaltimetype {
        var time = icaltime_null_time()
        time.year = Int32(date.year)
        time.month = Int32(date.month)
        time.day = Int32(date.day)
        time.hour = Int32(hour)
        time.minute = Int32(minute)
        time.second = Int32(second)
        return time
    }

    fileprivate init(icalTime: icaltimetype) {
        self.init(
            date: CivilDate(year: Int(icalTime.year), month: Int(icalTime.month), day: Int(icalTime.day)),
            hour: Int(icalTime.hour), minute: Int(icalTime.minute), second: Int(icalTime.second))
    }
}
