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
