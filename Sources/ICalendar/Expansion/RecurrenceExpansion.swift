import CalendarModel
import CalendarTime

/// The occurrences of a series, computed in naive wall time: the caller puts the series' zone to each of them, so that
/// a meeting at 10:00 stays at 10:00 across a clock change.
package enum RecurrenceExpansion {
    /// The starts of the occurrences whose start date is within `from ... through`.
    ///
    /// - Parameters:
    ///   - rule: The rule; `COUNT` counts from `start`, an end date is inclusive in wall time.
    ///   - start: The series' own start. It is an occurrence only if the rule matches it.
    ///   - from: The first date wanted.
    ///   - through: The last date wanted, inclusive.
    ///   - limit: At most this many are returned, so that an endless rule costs a bounded amount of work.
    /// - Returns: In order of time; none when the rule never matches a day.
    /// - Throws: ``RecurrenceError`` for a rule with values that RFC 5545 does not allow.
    package static func occurrences(
        of rule: RecurrenceRule, startingAt start: WallTime, from: CivilDate, through: CivilDate, limit: Int
    ) throws(RecurrenceError) -> [WallTime] {
        guard rule.isPlausible else { throw .invalidRule(rule.rruleText) }
        var last = through
        if case .on(let end) = rule.end { last = min(last, end) }
        guard limit > 0, from <= last, start.date <= last else { return [] }

        var selection = Selection(rule.completed(for: start), start: start, from: from, last: last, limit: limit)
        return selection.run()
    }
}

/// Walks the candidates, keeps those that the rule means, and counts.
private struct Selection {
    let rule: RecurrenceRule
    let start: WallTime
    let from: CivilDate
    let last: CivilDate
    let limit: Int
    /// How many more the rule's COUNT allows.
    var left: Int
    var found: [WallTime] = []

    init(_ rule: RecurrenceRule, start: WallTime, from: CivilDate, last: CivilDate, limit: Int) {
        self.rule = rule
        self.start = start
        self.from = from
        self.last = last
        self.limit = limit
        left = .max
        if case .after(let count) = rule.end { left = count }
    }

    mutating func run() -> [WallTime] {
        // Counting begins at the start; BYSETPOS needs the last period to its end.
        let counts = left < .max
        let candidates = CandidateDays(
            of: rule, startingAt: start, from: counts ? start.date : from,
            through: rule.positions.isEmpty ? last : Zones.date(last, addingDays: 366))
        var period: [WallTime] = []
        var key: Int?
        while !isDone, let candidate = candidates.next() {
            guard rule.matches(DayFacts(candidate)) else { continue }
            let wall = WallTime(icalTime: candidate)
            guard !rule.positions.isEmpty else {
                take(wall)
                continue
            }
            let own = rule.period(of: wall.date, in: start.date)
            if own != key {
                choose(from: period)
                (period, key) = ([], own)
            }
            period.append(wall)
        }
        choose(from: period)
        return found
    }

    private var isDone: Bool { left == 0 || found.count == limit }

    /// Takes those of a period's days that BYSETPOS names.
    private mutating func choose(from period: [WallTime]) {
        for (index, wall) in period.enumerated()
        where rule.positions.contains(index + 1) || rule.positions.contains(index - period.count) {
            take(wall)
        }
    }

    private mutating func take(_ wall: WallTime) {
        guard !isDone, wall >= start, wall.date <= last else { return }
        if left < .max { left -= 1 }
        if wall.date >= from { found.append(wall) }
    }
}
