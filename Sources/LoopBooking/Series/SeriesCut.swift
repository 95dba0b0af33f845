import CalendarModel
import CalendarTime
import ICalendar

/// A series cut in two at one of its occurrences. Nothing is lost and nothing is moved: what was cancelled, changed or added
/// goes with its occurrence, and a count is shared out.
struct SeriesCut {
    let head: Meeting
    let tail: Meeting

    /// Nil when the series has no occurrence, cancelled or not, before `original`.
    init?(_ series: Series, from original: WallTime) {
        let recurrence = series.recurrence
        let rule = recurrence.rule
        // The rule's own occurrence of that day may come before one that was added to it.
        let ofThatDay = WallTime(
            date: original.date, hour: series.start.hour, minute: series.start.minute, second: series.start.second)
        let lastDay = ofThatDay < original ? original.date : Zones.date(original.date, addingDays: -1)
        let before = series.originals(from: Self.first(of: series), through: original.date).filter { $0 < original }
        guard !before.isEmpty else { return nil }
        var head = series.meeting
        head.recurrence = recurrence.keeping { $0 < original }
        head.recurrence?.rule.end = .on(lastDay)
        var tail = series.meeting
        tail.recurrence = recurrence.keeping { $0 >= original }
        if case .after(let count) = rule.end {
            let ruled = Set(before).subtracting(recurrence.additions.filter { !Self.matches(rule, $0, series) })
            tail.recurrence?.rule.end = .after(count: max(1, count - ruled.count))
        }
        // The rule goes on in step only from a day that it matches itself.
        let next = RecurrenceRules.firstMatch(of: rule, from: series.start, notBefore: original)
        let start = next ?? original
        if next == nil {
            // Only additions are left.
            tail.recurrence?.rule = RecurrenceRule(frequency: .daily, end: .after(count: 1))
        }
        guard let time = series.regularTime(of: start) else { return nil }
        tail.time = time
        self.head = head
        self.tail = tail
    }

    private static func first(of series: Series) -> CivilDate {
        series.recurrence.additions.map(\.date).reduce(series.start.date, min)
    }

    private static func matches(_ rule: RecurrenceRule, _ original: WallTime, _ series: Series) -> Bool {
        RecurrenceRules.firstMatch(of: rule, from: series.start, notBefore: original) == original
    }
}

extension Recurrence {
    /// With those single occurrences only that satisfy a condition on their original start.
    fileprivate func keeping(_ isKept: (WallTime) -> Bool) -> Recurrence {
        Recurrence(
            rule: rule, cancelled: cancelled.filter(isKept), exceptions: exceptions.filter { isKept($0.key) },
            additions: additions.filter(isKept))
    }
}
