import CLibICal
import CalendarModel
import CalendarTime

/// A time as a file gives it, with the zone it is meant in found.
enum FileTime: Hashable {
    case date(CivilDate)
    case clock(WallTime, ZoneID)

    var isDate: Bool {
        if case .date = self { return true }
        return false
    }

    /// What the clock shows where the time was written; midnight for a date.
    var ownWall: WallTime {
        switch self {
        case .date(let date): WallTime(date: date, hour: 0, minute: 0)
        case .clock(let wall, _): wall
        }
    }

    /// What the clock shows in another zone. A date is midnight in every zone.
    func wall(in zone: ZoneID) -> WallTime {
        guard case .clock(let wall, let own) = self, own != zone, let instant = Zones.instant(of: wall, in: own) else {
            return ownWall
        }
        return Zones.wallTime(of: instant, in: zone) ?? wall
    }

    /// A date as its midnight in a zone.
    func asClock(in zone: ZoneID) -> FileTime { isDate ? .clock(ownWall, zone) : self }

    /// The time some while later: days and weeks as the calendar has them, hours and less as they pass.
    func advanced(by length: icaldurationtype) -> FileTime {
        let sign = length.is_neg != 0 ? -1 : 1
        let days = sign * (Int(length.weeks) * 7 + Int(length.days))
        let seconds = Int64(sign) * (Int64(length.hours) * 3600 + Int64(length.minutes) * 60 + Int64(length.seconds))
        switch self {
        case .date(let date): return .date(Zones.date(date, addingDays: days))
        case .clock(let wall, let zone):
            let moved = WallTime(
                date: Zones.date(wall.date, addingDays: days), hour: wall.hour, minute: wall.minute,
                second: wall.second)
            guard seconds != 0, let instant = Zones.instant(of: moved, in: zone),
                let later = Zones.wallTime(of: instant.advanced(by: .seconds(seconds)), in: zone)
            else { return .clock(moved, zone) }
            return .clock(later, zone)
        }
    }

    /// The meeting's time from its first and its last moment.
    /// - Returns: Nil when a zone is unknown to the zone data.
    static func meetingTime(from start: FileTime, to end: FileTime, roomZone: ZoneID) -> MeetingTime? {
        if case .date(let first) = start, case .date(let last) = end {
            return (try? Zones.allDay(first: first, end: last, zone: roomZone)).map(MeetingTime.allDay)
        }
        guard case .clock(let begin, let zone) = start, let from = Zones.instant(of: begin, in: zone),
            let until = Zones.instant(of: end.wall(in: zone), in: zone), from <= until,
            let close = Zones.wallTime(of: until, in: zone)
        else { return nil }
        return .timed(TimedSpan(start: begin, end: close, zone: zone, span: TimeSpan(start: from, end: until)))
    }
}

extension icaldurationtype {
    /// A length as the file writes it; nil for what is none, and for more than a century.
    init?(_ text: String) {
        self = icaldurationtype_from_string(text)
        let parts: [(UInt32, UInt32)] = [
            (weeks, 5200), (days, 36_600), (hours, 876_000), (minutes, 52_600_000), (seconds, 3_160_000_000),
        ]
        guard icaldurationtype_is_bad_duration(self) == 0, parts.allSatisfy({ $0 <= $1 }) else { return nil }
    }

    /// Whether it counts whole days only.
    var isWholeDays: Bool { hours == 0 && minutes == 0 && seconds == 0 }
}

extension MeetingTime {
    /// The zone of a timed meeting.
    var zone: ZoneID? {
        if case .timed(let timed) = self { return timed.zone }
        return nil
    }
}
