import CLibICal
import CalendarModel
import CalendarTime

/// The days among which a rule's occurrences are, walked by libical.
///
/// libical 3.0.16 gives wrong dates for some rules, one in ten of random ones: weekly rules with an interval may start
/// in the wrong week, BYSETPOS is not applied to weekly rules, daily rules overlook days counted from the month's end,
/// week numbers are off at the year's edges, BYMONTH with BYYEARDAY finds nothing, and `icalrecur_iterator_set_start`
/// loses its place in the same ways. So it is only given rules of the few shapes that it walks rightly, from the first
/// day of a period (all days of the week, for a weekly rule); what else the rule asks is decided day by day
/// (``RecurrenceRule/matches(_:)``). A test compares the outcome with python-dateutil.
struct CandidateDays: ~Copyable {
    private let iterator: OpaquePointer?

    /// - Parameters:
    ///   - rule: A completed rule.
    ///   - start: The series' start. Every candidate has its time of day.
    ///   - from: Candidates of the period that holds this date and of later ones are wanted; earlier periods are passed
    ///     over.
    ///   - through: The last date wanted.
    init(of rule: RecurrenceRule, startingAt start: WallTime, from: CivilDate, through: CivilDate) {
        let walk = rule.walk(through: through)
        let first = rule.firstDay(ofPeriodBefore: max(from, start.date), in: start.date)
        let begin = WallTime(date: first, hour: start.hour, minute: start.minute, second: start.second)
        // Nil when there is no such day, ever.
        iterator = icalrecur_iterator_new(icalrecurrencetype_from_string(walk.rruleText), begin.icalTime)
    }

    deinit { if let iterator { icalrecur_iterator_free(iterator) } }

    func next() -> icaltimetype? {
        guard let iterator else { return nil }
        let next = icalrecur_iterator_next(iterator)
        return icaltime_is_null_time(next) == 0 ? next : nil
    }
}

extension RecurrenceRule {
    /// A rule that libical walks rightly from a period's first day and that passes over none of this rule's days.
    fileprivate func walk(through: CivilDate) -> RecurrenceRule {
        var walk = RecurrenceRule(frequency: frequency, interval: interval, weekStart: weekStart, end: .on(through))
        switch frequency {
        case .daily: break
        case .weekly: walk.weekdays = Set(Weekday.allCases)
        case .monthly:
            walk.daysOfMonth = daysOfMonth
            if daysOfMonth.isEmpty { (walk.weekdays, walk.ordinalDays) = (weekdays, ordinalDays) }
        case .yearly:
            if !daysOfYear.isEmpty {
                walk.daysOfYear = daysOfYear
            } else if !daysOfMonth.isEmpty {
                walk.months = months.isEmpty ? Set(1...12) : months
                walk.daysOfMonth = daysOfMonth
            } else {
                walk.months = weeksOfYear.isEmpty ? months : []
                (walk.weekdays, walk.ordinalDays) = (weekdays, ordinalDays)
            }
        }
        return walk
    }

    /// The first day of the period that holds a date, or of the last one before it that the interval does not skip.
    fileprivate func firstDay(ofPeriodBefore date: CivilDate, in start: CivilDate) -> CivilDate {
        func reached(_ periods: Int) -> Int { periods / interval * interval }
        switch frequency {
        case .daily:
            return Zones.date(start, addingDays: reached(Zones.days(from: start, to: date)))
        case .weekly:
            let week = Zones.date(start, addingDays: -Zones.weekday(of: start).days(after: weekStart))
            return Zones.date(week, addingDays: 7 * reached(Zones.days(from: week, to: date) / 7))
        case .monthly:
            let month = start.monthsSinceYearZero
            let first = month + reached(date.monthsSinceYearZero - month)
            return CivilDate(year: first / 12, month: first % 12 + 1, day: 1)
        case .yearly:
            return CivilDate(year: start.year + reached(date.year - start.year), month: 1, day: 1)
        }
    }

    /// Which period of the rule a date belongs to, counted from anywhere.
    func period(of date: CivilDate, in start: CivilDate) -> Int {
        switch frequency {
        case .daily: Zones.days(from: start, to: date)
        case .weekly:
            Zones.days(
                from: Zones.date(start, addingDays: -Zones.weekday(of: start).days(after: weekStart)), to: date) / 7
        case .monthly: date.monthsSinceYearZero
        case .yearly: date.year
        }
    }
}

extension CivilDate {
    fileprivate var monthsSinceYearZero: Int { year * 12 + month - 1 }
}
