import CalendarModel
import CalendarTime
import Synchronization

/// Remembers what rules expand to and when wall times are: the same few series are asked about again and again, and
/// what they answer depends on nothing else. Bounded: it forgets everything when it is full.
final class Expansions: Sendable {
    static let shared = Expansions()

    private struct Key: Hashable {
        var rule: RecurrenceRule
        var start: WallTime
        var from: CivilDate
        var through: CivilDate
    }

    /// What a regular occurrence's time depends on.
    enum Place: Hashable {
        case timed(WallTime, ZoneID, microseconds: Int64)
        case allDay(CivilDate, ZoneID, days: Int)
    }

    private let starts = Mutex<[Key: [WallTime]]>([:])
    private let times = Mutex<[Place: MeetingTime]>([:])

    private static let mostRules = 20_000
    private static let mostTimes = 200_000
    /// How many occurrences are looked at in one go; a daily series has as many in thirty years.
    private static let mostOccurrences = 11_000

    /// A rule that cannot be expanded has no occurrences.
    func starts(
        of rule: RecurrenceRule, startingAt start: WallTime, from: CivilDate, through: CivilDate
    ) -> [WallTime] {
        let key = Key(rule: rule, start: start, from: from, through: through)
        if let known = starts.withLock({ $0[key] }) { return known }
        let found =
            (try? RecurrenceExpansion.occurrences(
                of: rule, startingAt: start, from: from, through: through, limit: Self.mostOccurrences)) ?? []
        starts.withLock { memory in
            if memory.count >= Self.mostRules { memory = [:] }
            memory[key] = found
        }
        return found
    }

    /// When a regular occurrence is; nil in a zone that nobody knows.
    func time(_ place: Place) -> MeetingTime? {
        if let known = times.withLock({ $0[place] }) { return known }
        guard let found = Self.workedOut(place) else { return nil }
        times.withLock { memory in
            if memory.count >= Self.mostTimes { memory = [:] }
            memory[place] = found
        }
        return found
    }

    private static func workedOut(_ place: Place) -> MeetingTime? {
        switch place {
        case .timed(let start, let zone, let microseconds):
            guard let begin = Zones.instant(of: start, in: zone) else { return nil }
            let span = TimeSpan(start: begin, end: begin.advanced(by: .microseconds(microseconds)))
            guard let end = Zones.wallTime(of: span.end, in: zone) else { return nil }
            return .timed(TimedSpan(start: start, end: end, zone: zone, span: span))
        case .allDay(let first, let zone, let days):
            let end = Zones.date(first, addingDays: days)
            return (try? Zones.allDay(first: first, end: end, zone: zone)).map(MeetingTime.allDay)
        }
    }
}
