import CalendarModel
import CalendarTime

extension Series {
    /// The series from one of its occurrences on, as a series of its own: the later part of one that is cut in two, or
    /// what is left of one that began long ago. It has the same occurrences from there on, under the same original
    /// starts.
    ///
    /// - Parameter original: The original start of the occurrence it begins with.
    /// - Returns: Nil when the series has no occurrence there.
    package func continuing(at original: WallTime) -> Meeting? {
        guard has(original), let time = regularTime(of: original) else { return nil }
        var rule = recurrence.rule.completed(for: start)
        if case .after(let count) = rule.end {
            let before = Set(originals(from: start.date, through: original.date)).subtracting(recurrence.additions)
            let passed = before.count { $0 < original }
            guard passed < count else { return single(at: original, time) }
            rule.end = .after(count: count - passed)
        }
        // Whole days of an interval are counted from the start: an added date does not begin them anew.
        guard !recurrence.additions.contains(original) || rule.interval == 1 else { return nil }
        func later(_ originals: Set<WallTime>) -> Set<WallTime> { originals.filter { $0 >= original } }
        var result = meeting
        result.time = time
        result.recurrence = Recurrence(
            rule: rule, cancelled: later(recurrence.cancelled),
            exceptions: recurrence.exceptions.filter { $0.key >= original },
            additions: later(recurrence.additions))
        return result
    }

    private func single(at original: WallTime, _ time: MeetingTime) -> Meeting? {
        meeting.occurrence(at: time, recurrence.exceptions[original])
    }

    /// The first original start at or after an instant, cancelled ones passed over; nil when there is none within some
    /// years.
    package func nextOriginal(notBefore instant: Instant, withinYears years: Int = 5) -> WallTime? {
        guard let date = Zones.date(of: max(instant, meeting.span.start), in: zone) else { return nil }
        return originals(
            from: Zones.date(date, addingDays: -1), through: Zones.date(date, addingDays: 366 * years)
        ).first { original in
            guard !recurrence.cancelled.contains(original), let time = regularTime(of: original) else { return false }
            return time.span.start >= instant
        }
    }
}
