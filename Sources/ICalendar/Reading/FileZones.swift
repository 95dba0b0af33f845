import CLibICal
import CalendarModel
import CalendarTime

/// The time zones of one calendar in a file: by name where the name is known, else by the rules the file gives.
final class FileZones {
    /// What a TZID stands for.
    private enum Meaning {
        case zone(ZoneID)
        /// No zone of the zone data has these rules: instants can be computed, and that is all.
        case rules(OpaquePointer)
        case unknown
    }

    /// Where times without a zone are meant.
    let floating: ZoneID
    private(set) var remarks: [String] = []
    /// The zone that the calendar as a whole is shown in (X-WR-TIMEZONE), for times in UTC.
    private let shown: ZoneID?
    private var definitions: [String: Component] = [:]
    private var meanings: [String: Meaning] = [:]
    /// The names that say nothing, behind which rules stood that a known zone has too.
    private var foundByRules: Set<String> = []

    init(of calendar: Component, roomZone: ZoneID) {
        for definition in calendar.children(ICAL_VTIMEZONE_COMPONENT) {
            guard let name = definition.property(ICAL_TZID_PROPERTY)?.value else { continue }
            definitions[name] = definition
        }
        let name = calendar.extraProperty("X-WR-TIMEZONE")?.value ?? ""
        shown = name.isEmpty ? nil : Self.zone(named: name)
        floating = shown ?? roomZone
        if !name.isEmpty, shown == nil {
            remarks.append("The calendar's time zone “\(name.prefix(60))” is unknown; the room's was taken instead.")
        }
    }

    deinit {
        for case .rules(let rules) in meanings.values { icaltimezone_free(rules, 1) }
    }

    /// The times of a property: a date, a time, or for RDATE a period.
    func time(_ property: Property) -> FileTime? { time(property.value, zoneName: property.parameter("TZID")) }

    func time(_ text: String, zoneName: String?) -> FileTime? {
        let parsed = icaltime_from_string(text)
        guard icaltime_is_null_time(parsed) == 0 else { return nil }
        return time(parsed, zoneName: zoneName)
    }

    func time(_ parsed: icaltimetype, zoneName: String?) -> FileTime? {
        let wall = WallTime(icalTime: parsed)
        guard Zones.exists(wall) else { return nil }
        if parsed.is_date != 0 { return .date(wall.date) }
        if icaltime_is_utc(parsed) != 0 { return inUTC(wall) }
        guard let zoneName else { return .clock(wall, floating) }
        switch meaning(of: zoneName, near: wall) {
        case .zone(.utc): return inUTC(wall)
        case .zone(let zone): return .clock(wall, zone)
        case .unknown: return .clock(wall, floating)
        case .rules(let rules):
            var time = wall.icalTime
            let offset = icaltimezone_get_utc_offset(rules, &time, nil)
            let seconds = Zones.instant(of: wall, in: .utc).map { $0.advanced(by: .seconds(-Int64(offset))) }
            return seconds.flatMap { Zones.wallTime(of: $0, in: .utc) }.map { .clock($0, .utc) }
        }
    }

    /// Whether a property's time was read by the rules that the file gives for a zone without a known name.
    func isByRules(_ property: Property) -> Bool {
        property.parameter("TZID").map(foundByRules.contains) ?? false
    }

    private func inUTC(_ wall: WallTime) -> FileTime {
        let time = FileTime.clock(wall, .utc)
        guard let shown else { return time }
        return .clock(time.wall(in: shown), shown)
    }

    private func meaning(of name: String, near wall: WallTime) -> Meaning {
        if let known = meanings[name] { return known }
        let found = find(name, near: wall)
        meanings[name] = found
        return found
    }

    private func find(_ name: String, near wall: WallTime) -> Meaning {
        if let zone = Self.zone(named: name) { return .zone(zone) }
        guard let definition = definitions[name] else {
            remarks.append(
                "The time zone “\(name.prefix(60))” is unknown and the file does not say what it is. "
                    + "Its times were taken as times in \(floating).")
            return .unknown
        }
        if let place = definition.extraProperty("X-LIC-LOCATION")?.value, let zone = Self.zone(named: place) {
            return .zone(zone)
        }
        guard let rules = icaltimezone_new(), let copy = icalcomponent_new_clone(definition.pointer) else {
            return .unknown
        }
        guard icaltimezone_set_component(rules, copy) != 0 else {
            icaltimezone_free(rules, 1)
            icalcomponent_free(copy)
            remarks.append(
                "The rules that the file gives for its time zone “\(name.prefix(60))” are broken. "
                    + "Its times were taken as times in \(floating).")
            return .unknown
        }
        if let zone = Zones.zone(showing: Self.samples(of: rules, from: wall.date.year)) {
            icaltimezone_free(rules, 1)
            foundByRules.insert(name)
            return .zone(zone)
        }
        remarks.append(
            "No known time zone has the rules that the file gives for its time zone “\(name.prefix(60))”. "
                + "Its times were taken as instants (UTC); a series stays at its time in UTC.")
        return .rules(rules)
    }

    /// What the zone's clocks show through three years, week by week.
    private static func samples(of rules: OpaquePointer, from year: Int) -> [Zones.ClockSample] {
        (0..<157).compactMap { week in
            let date = Zones.date(CivilDate(year: year, month: 1, day: 1), addingDays: 7 * week)
            let wall = WallTime(date: date, hour: 12, minute: 0)
            guard let instant = Zones.instant(of: wall, in: .utc) else { return nil }
            var time = wall.icalTime
            let offset = icaltimezone_get_utc_offset_of_utc_time(rules, &time, nil)
            return Zones.ClockSample(instant: instant, secondsAheadOfUTC: Int(offset))
        }
    }

    /// The zone of a name as programs write it: IANA, Windows, or an IANA name behind a prefix such as
    /// `/freeassociation.sourceforge.net/Europe/Berlin` or `/mozilla.org/20070129_1/America/New_York`.
    static func zone(named name: String) -> ZoneID? {
        let plain = name.trimmingSpaces
        if case .zone(let zone) = Zones.fromVendor(plain) { return zone }
        // The longest end that is a name: America/Argentina/Buenos_Aires has three parts.
        let parts = plain.split(separator: "/").map(String.init)
        for length in [3, 2, 1] where parts.count > length || (parts.count == length && plain.hasPrefix("/")) {
            let end = parts.suffix(length).joined(separator: "/")
            if case .zone(let zone) = Zones.fromVendor(end) { return zone }
        }
        return nil
    }
}

extension String {
    var trimmingSpaces: String {
        let isSpace: (Character) -> Bool = { $0.isWhitespace || $0 == "\"" }
        return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }
}
