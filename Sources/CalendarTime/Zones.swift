import CICUZones
import CalendarModel
import Foundation

/// Time zones: names in the IANA and Windows spellings, and wall time ↔ instant by ICU's rules (those inside Foundation).
/// The only module that asks Foundation about time zones.
package enum Zones {
    /// The zone of an IANA name or alias, kept as it was spelled; nil for anything else.
    package static func known(_ name: String) -> ZoneID? {
        calendar(for: name) == nil ? nil : ZoneID(name)
    }

    /// Whether both names stand for one zone (`Asia/Calcutta` and `Asia/Kolkata`).
    package static func same(_ left: ZoneID, _ right: ZoneID) -> Bool {
        left == right || canonicalName(left.name) == canonicalName(right.name)
    }

    /// The instant at which clocks in the zone show `wall`. In the hour that spring skips: as if the clocks had not been
    /// changed yet; in the hour that autumn repeats: the first time (RFC 5545 §3.3.5). Nil when the zone is unknown.
    package static func instant(of wall: WallTime, in zone: ZoneID) -> Instant? {
        guard let calendar = calendar(for: zone.name) else { return nil }
        var components = DateComponents()
        components.year = wall.date.year
        components.month = wall.date.month
        components.day = wall.date.day
        components.hour = wall.hour
        components.minute = wall.minute
        components.second = wall.second
        return calendar.date(from: components).map(Instant.init)
    }

    /// The instant at which clocks that are `offset` minutes ahead of UTC show `wall`, when clocks in the zone are so
    /// then: it tells the two passes of the hour that autumn repeats apart. Nil when they are not.
    package static func instant(of wall: WallTime, offset: Int, in zone: ZoneID) -> Instant? {
        guard let there = instant(of: wall, in: .utc) else { return nil }
        let instant = there.advanced(by: .seconds(-60 * offset))
        let isShown = wallTime(of: instant, in: zone) == wall
        return isShown || instant == self.instant(of: wall, in: zone) ? instant : nil
    }

    /// How many minutes ahead of UTC a clock is that shows `wall` at an instant.
    package static func offset(of wall: WallTime, at instant: Instant) -> Int {
        guard let there = self.instant(of: wall, in: .utc) else { return 0 }
        return Int(there.since(instant).components.seconds / 60)
    }

    /// What clocks in the zone show at an instant, in whole seconds. Nil when the zone is unknown.
    package static func wallTime(of instant: Instant, in zone: ZoneID) -> WallTime? {
        guard let calendar = calendar(for: zone.name) else { return nil }
        let parts = calendar.dateComponents(
            [.year, .month, .day, .hour, .minute, .second], from: instant.foundationDate)
        guard let year = parts.year, let month = parts.month, let day = parts.day, let hour = parts.hour,
            let minute = parts.minute, let second = parts.second
        else { return nil }
        return WallTime(
            date: CivilDate(year: year, month: month, day: day), hour: hour, minute: minute, second: second)
    }

    /// A timed span from wall times.
    /// - Throws: `.unknownZone`, `.endBeforeStart` (also for an empty span).
    package static func timed(start: WallTime, end: WallTime, zone: ZoneID) throws(TimeError) -> TimedSpan {
        guard let from = instant(of: start, in: zone), let until = instant(of: end, in: zone) else {
            throw .unknownZone(zone.name)
        }
        guard from < until else { throw .endBeforeStart }
        return TimedSpan(start: start, end: end, zone: zone, span: TimeSpan(start: from, end: until))
    }

    /// A timed span from instants.
    /// - Throws: `.unknownZone`, `.endBeforeStart`.
    package static func timed(span: TimeSpan, zone: ZoneID) throws(TimeError) -> TimedSpan {
        guard let start = wallTime(of: span.start, in: zone), let end = wallTime(of: span.end, in: zone) else {
            throw .unknownZone(zone.name)
        }
        guard span.start < span.end else { throw .endBeforeStart }
        return TimedSpan(start: start, end: end, zone: zone, span: span)
    }

    /// Whole days, held in the room's zone from midnight to midnight.
    /// - Throws: `.unknownZone`, `.endBeforeStart` (`end` is the day after the last one).
    package static func allDay(first: CivilDate, end: CivilDate, zone: ZoneID) throws(TimeError) -> AllDaySpan {
        guard first < end else { throw .endBeforeStart }
        guard let from = startOfDay(first, in: zone), let until = startOfDay(end, in: zone) else {
            throw .unknownZone(zone.name)
        }
        return AllDaySpan(first: first, end: end, span: TimeSpan(start: from, end: until))
    }

    /// The first instant of a date in the zone: midnight, or the end of the gap where clocks skip it.
    package static func startOfDay(_ date: CivilDate, in zone: ZoneID) -> Instant? {
        guard let calendar = calendar(for: zone.name),
            let noon = instant(of: WallTime(date: date, hour: 12, minute: 0), in: zone)
        else { return nil }
        return Instant(calendar.startOfDay(for: noon.foundationDate))
    }

    /// The date on which an instant falls in the zone.
    package static func date(of instant: Instant, in zone: ZoneID) -> CivilDate? {
        wallTime(of: instant, in: zone)?.date
    }

    /// The date some days later, or earlier for a negative number.
    package static func date(_ date: CivilDate, addingDays days: Int) -> CivilDate {
        guard let noon = instant(of: WallTime(date: date, hour: 12, minute: 0), in: .utc),
            let calendar = calendar(for: ZoneID.utc.name),
            let moved = calendar.date(byAdding: .day, value: days, to: noon.foundationDate),
            let result = wallTime(of: Instant(moved), in: .utc)
        else { return date }
        return result.date
    }

    /// The number of days from one date to another; negative when `end` comes first.
    package static func days(from first: CivilDate, to end: CivilDate) -> Int {
        func noon(_ date: CivilDate) -> Instant? { instant(of: WallTime(date: date, hour: 12, minute: 0), in: .utc) }
        guard let from = noon(first), let until = noon(end), let calendar = calendar(for: ZoneID.utc.name) else {
            return 0
        }
        return calendar.dateComponents([.day], from: from.foundationDate, to: until.foundationDate).day ?? 0
    }

    package static func weekday(of date: CivilDate) -> RecurrenceRule.Weekday {
        guard let noon = instant(of: WallTime(date: date, hour: 12, minute: 0), in: .utc),
            let calendar = calendar(for: ZoneID.utc.name)
        else { return .monday }
        // Foundation counts from Sunday = 1.
        let order: [RecurrenceRule.Weekday] = [
            .sunday, .monday, .tuesday, .wednesday, .thursday, .friday, .saturday,
        ]
        return order[calendar.component(.weekday, from: noon.foundationDate) - 1]
    }

    /// Whether zone data is present at all. A binary that links only FoundationEssentials runs, and knows no zone.
    package static var dataIsPresent: Bool { TimeZone(identifier: "Europe/Berlin") != nil }

    /// The version of the zone rules used to convert wall times (Foundation's ICU), such as "2025b".
    package static var dataVersion: String { TimeZone.timeZoneDataVersion }

    private static func calendar(for name: String) -> Calendar? { CalendarCache.shared.calendar(for: name) }
}

extension Instant {
    init(_ date: Date) {
        self.init(microseconds: Int64((date.timeIntervalSince1970 * 1_000_000).rounded()))
    }

    var foundationDate: Date { Date(timeIntervalSince1970: Double(microseconds) / 1_000_000) }
}
