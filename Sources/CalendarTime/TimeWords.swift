import CalendarModel

/// Times in words for people, in the zone of the room they are about.
package enum TimeWords {
    /// `Mon 2 March 2026, 10:00–11:00 (Europe/Oslo)`; whole days without hours.
    package static func span(_ span: TimeSpan, in zone: ZoneID) -> String {
        guard let start = Zones.wallTime(of: span.start, in: zone), let end = Zones.wallTime(of: span.end, in: zone)
        else { return "\(Timestamps.rfc3339(span.start)) to \(Timestamps.rfc3339(span.end))" }
        if start.isMidnight, end.isMidnight, start.date < end.date {
            let last = Zones.date(end.date, addingDays: -1)
            return start.date == last ? "\(date(last)), all day" : "\(date(start.date)) to \(date(last)), all day"
        }
        let until = start.date == end.date ? clock(end) : "\(date(end.date)), \(clock(end))"
        return "\(date(start.date)), \(clock(start))–\(until) (\(zone))"
    }

    /// `Mon 2 March 2026, 10:00:05 (Europe/Oslo)`
    package static func moment(_ instant: Instant, in zone: ZoneID) -> String {
        guard let wall = Zones.wallTime(of: instant, in: zone) else { return Timestamps.rfc3339(instant) }
        return "\(date(wall.date)), \(wall.description.suffix(8)) (\(zone))"
    }

    /// `Mon 2 March 2026`
    package static func date(_ date: CivilDate) -> String {
        let day = Zones.weekday(of: date).rawValue
        return
            "\(day.prefix(1).uppercased())\(day.dropFirst().prefix(2)) \(date.day) \(months[date.month - 1]) \(date.year)"
    }

    /// A meeting's time: timed ones in the room's zone, whole days as dates.
    package static func time(_ time: MeetingTime, in zone: ZoneID) -> String {
        guard case .allDay(let days) = time else { return span(time.span, in: zone) }
        let last = Zones.date(days.end, addingDays: -1)
        return days.first == last ? "\(date(last)), all day" : "\(date(days.first)) to \(date(last)), all day"
    }

    package static func clock(_ wall: WallTime) -> String { String(wall.description.dropFirst(11).prefix(5)) }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
}
