import CalendarModel
import CalendarTime

/// When a room is open, as instants.
package enum OpeningTimes {
    /// The open spans of a room that touch `span`, in order. Hours that run on over midnight are one span.
    package static func spans(of room: Room, touching span: TimeSpan) -> [TimeSpan] {
        guard case .weekly(let week) = room.openingHours else { return [span] }
        guard !span.isEmpty, let first = Zones.wallTime(of: span.start, in: room.zone)?.date,
            let last = Zones.wallTime(of: span.end, in: room.zone)?.date
        else { return [] }
        var result: [TimeSpan] = []
        var date = first
        while date <= last {
            if let hours = week[Zones.weekday(of: date)], let open = open(hours, on: date, in: room.zone) {
                if let previous = result.last, open.start <= previous.end {
                    result[result.count - 1].end = max(previous.end, open.end)
                } else {
                    result.append(open)
                }
            }
            date = Zones.date(date, addingDays: 1)
        }
        return result.filter { $0.overlaps(span) }
    }

    /// The parts of `span` in which the room is open and not taken. `taken` is in order and does not overlap.
    package static func free(in room: Room, during span: TimeSpan, taken: [TimeSpan]) -> [TimeSpan] {
        var result: [TimeSpan] = []
        for open in spans(of: room, touching: span) {
            var start = max(open.start, span.start)
            let end = min(open.end, span.end)
            for busy in taken where busy.overlaps(TimeSpan(start: start, end: end)) {
                if busy.start > start { result.append(TimeSpan(start: start, end: busy.start)) }
                start = max(start, busy.end)
            }
            if start < end { result.append(TimeSpan(start: start, end: end)) }
        }
        return result
    }

    /// The opening hours of one weekday in words: `08:00 to 17:00`.
    package static func words(for hours: OpeningHours.MinuteRange) -> String {
        "\(clock(hours.from)) to \(clock(hours.to))"
    }

    private static func open(_ hours: OpeningHours.MinuteRange, on date: CivilDate, in zone: ZoneID) -> TimeSpan? {
        guard let start = instant(minute: hours.from, on: date, in: zone),
            let end = instant(minute: hours.to, on: date, in: zone), start < end
        else { return nil }
        return TimeSpan(start: start, end: end)
    }

    private static func instant(minute: Int, on date: CivilDate, in zone: ZoneID) -> Instant? {
        let day = minute >= 1440 ? Zones.date(date, addingDays: 1) : date
        let rest = minute >= 1440 ? 0 : minute
        return Zones.instant(of: WallTime(date: day, hour: rest / 60, minute: rest % 60), in: zone)
    }

    private static func clock(_ minute: Int) -> String {
        let parts = [minute / 60, minute % 60].map { $0 < 10 ? "0\($0)" : String($0) }
        return parts.joined(separator: ":")
    }
}
