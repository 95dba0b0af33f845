import CalendarModel
import Foundation

extension Zones {
    /// What the clocks of an unnamed zone are known to show.
    package struct ClockSample: Hashable, Sendable {
        package var instant: Instant
        package var secondsAheadOfUTC: Int

        package init(instant: Instant, secondsAheadOfUTC: Int) {
            self.instant = instant
            self.secondsAheadOfUTC = secondsAheadOfUTC
        }
    }

    /// A zone whose clocks show what an unnamed zone's do: for zones that a file or a vendor defines by rules
    /// ("Customized Time Zone") instead of by name.
    ///
    /// - Parameters:
    ///   - samples: The more, and the closer to the clock changes, the surer.
    ///   - preferred: Taken first, such as the room's own zone; several zones often have the same rules.
    /// - Returns: Nil when there are no samples or no zone fits.
    package static func zone(showing samples: [ClockSample], preferring preferred: [ZoneID] = []) -> ZoneID? {
        guard !samples.isEmpty else { return nil }
        let moments = samples.map { ($0.instant.foundationDate, $0.secondsAheadOfUTC) }
        func fits(_ zone: TimeZone) -> Bool { moments.allSatisfy { zone.secondsFromGMT(for: $0) == $1 } }
        if let own = preferred.first(where: { id in TimeZone(identifier: id.name).map(fits) ?? false }) { return own }
        return candidates.first { fits($0.zone) }?.id
    }

    /// Where, and at which time of day there, something recurs that is known by its moments only.
    package struct SharedClock: Hashable, Sendable {
        package var zone: ZoneID
        /// What the zone's clocks show at the moments, on the first date.
        package var start: WallTime
    }

    /// The zone in which all of some moments have one time of day, or else most of them: for a series in a zone that a
    /// vendor keeps to itself, of which only its occurrences are known. When the clocks change is known by that, how far
    /// they are ahead is not: of the zones that fit, it is the one nearest to the preferred zone.
    ///
    /// - Parameters:
    ///   - moments: When the occurrences are; the more clock changes lie between them, the surer.
    ///   - first: When the series begins, which tells the zones apart that are a day ahead.
    ///   - date: The date on which it begins in its own zone.
    ///   - preferred: Taken first, such as the room's own zone: several zones often have the same rules.
    /// - Returns: Nil when there are no moments, or it begins on that date nowhere.
    package static func clock(
        sharedBy moments: [Instant], beginning first: Instant, on date: CivilDate, preferring preferred: [ZoneID] = []
    ) -> SharedClock? {
        guard !moments.isEmpty else { return nil }
        let own = preferred.compactMap { id in TimeZone(identifier: id.name).map { (id: id, zone: $0) } }
        var best: (zone: ZoneID, second: Int, count: Int)?
        for candidate in own + nearest(to: own.first?.zone, at: first) {
            let count = timesOfDay(of: moments, in: candidate.zone)
            // The least of those that are as frequent, so that the answer is always the same one.
            guard let (second, number) = count.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
                number > best?.count ?? 0, wallTime(of: first, in: candidate.id)?.date == date
            else { continue }
            best = (candidate.id, second, number)
            if number == moments.count { break }
        }
        return best.map { best in
            let (hour, minute, second) = (best.second / 3600, best.second / 60 % 60, best.second % 60)
            return SharedClock(
                zone: best.zone, start: WallTime(date: date, hour: hour, minute: minute, second: second))
        }
    }

    /// Whole hours away first, as most zones are from each other; those of the most people first among the equally near.
    private static func nearest(to zone: TimeZone?, at moment: Instant) -> [(id: ZoneID, zone: TimeZone)] {
        guard let zone else { return candidates }
        let date = moment.foundationDate
        let own = zone.secondsFromGMT(for: date)
        func distance(_ other: TimeZone) -> Int { abs(other.secondsFromGMT(for: date) - own) }
        return candidates.enumerated().map { place, candidate in
            let distance = distance(candidate.zone)
            return (candidate: candidate, order: (distance % 3600 == 0 ? 0 : 1, distance, place))
        }
        .sorted { $0.order < $1.order }.map(\.candidate)
    }

    /// How often clocks show a time of day, in seconds from midnight.
    private static func timesOfDay(of moments: [Instant], in zone: TimeZone) -> [Int: Int] {
        var count: [Int: Int] = [:]
        for moment in moments {
            let seconds = Int(moment.microseconds / 1_000_000) + zone.secondsFromGMT(for: moment.foundationDate)
            count[((seconds % 86_400) + 86_400) % 86_400, default: 0] += 1
        }
        return count
    }

    /// UTC, then the zones that stand for a Windows zone, which are those of the most people, then all others.
    private static let candidates: [(id: ZoneID, zone: TimeZone)] = {
        let names = TimeZone.knownTimeZoneIdentifiers.filter { known($0) != nil }.sorted()
        let common = names.filter { name in
            windowsName(for: ZoneID(name)).map { fromVendor($0) == .zone(ZoneID(name)) } ?? false
        }
        let ordered = ["UTC"] + common + names.filter { !common.contains($0) }
        return ordered.compactMap { name in TimeZone(identifier: name).map { (ZoneID(name), $0) } }
    }()

    /// Whether a date and time of day is one of the calendar's: not 30 February, not 25 o'clock.
    package static func exists(_ wall: WallTime) -> Bool {
        guard (0..<24).contains(wall.hour), (0..<60).contains(wall.minute), (0..<60).contains(wall.second) else {
            return false
        }
        return exists(wall.date)
    }

    /// Whether a date is one of the calendar's.
    package static func exists(_ date: CivilDate) -> Bool {
        guard (1...12).contains(date.month), (1...31).contains(date.day), date.year > 0 else { return false }
        // The calendar rolls an impossible date over to another one.
        let noon = WallTime(date: date, hour: 12, minute: 0)
        return instant(of: noon, in: .utc).flatMap { wallTime(of: $0, in: .utc) } == noon
    }
}
