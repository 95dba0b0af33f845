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

    private struct Place: Hashable {
        var wall: WallTime
        var zone: ZoneID
    }

    private let starts = Mutex<[Key: [WallTime]]>([:])
    private let instants = Mutex<[Place: Instant]>([:])

    private static let mostRules = 20_000
    private static let mostInstants = 200_000
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

    func instant(of wall: WallTime, in zone: ZoneID) -> Instant? {
        let place = Place(wall: wall, zone: zone)
        if let known = instants.withLock({ $0[place] }) { return known }
        guard let found = Zones.instant(of: wall, in: zone) else { return nil }
        instants.withLock { memory in
            if memory.count >= Self.mostInstants { memory = [:] }
            memory[place] = found
        }
        return found
    }
}
