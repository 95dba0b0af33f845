import CalendarModel
import CalendarTime

/// Readable times. Texts are `2026-03-02 09:00`; a fault in one is a fault of the test and traps.
package enum Times {
    package static let oslo = ZoneID("Europe/Oslo")

    package static func wall(_ text: String) -> WallTime {
        let numbers = text.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
        precondition(numbers.count >= 5, "Not a wall time: \(text)")
        return WallTime(
            date: CivilDate(year: numbers[0], month: numbers[1], day: numbers[2]), hour: numbers[3],
            minute: numbers[4])
    }

    package static func date(_ text: String) -> CivilDate { wall(text + " 00:00").date }

    package static func instant(_ text: String, in zone: ZoneID = oslo) -> Instant {
        guard let instant = Zones.instant(of: wall(text), in: zone) else {
            preconditionFailure("No such zone: \(zone)")
        }
        return instant
    }

    /// `at("2026-03-02 09:00", minutes: 30)`
    package static func at(_ start: String, minutes: Int = 60, in zone: ZoneID = oslo) -> MeetingTime {
        let from = instant(start, in: zone)
        return timed(TimeSpan(start: from, end: from.advanced(by: .seconds(minutes * 60))), in: zone)
    }

    package static func timed(_ span: TimeSpan, in zone: ZoneID = oslo) -> MeetingTime {
        guard let timed = try? Zones.timed(span: span, zone: zone) else {
            preconditionFailure("Not a meeting's span: \(span)")
        }
        return .timed(timed)
    }

    /// Whole days; `end` is the day after the last one.
    package static func allDay(_ first: String, _ end: String, in zone: ZoneID = oslo) -> MeetingTime {
        guard let days = try? Zones.allDay(first: date(first), end: date(end), zone: zone) else {
            preconditionFailure("Not whole days: \(first) to \(end)")
        }
        return .allDay(days)
    }
}
