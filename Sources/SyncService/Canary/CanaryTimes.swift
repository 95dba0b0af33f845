import CalendarModel
import CalendarTime

/// When a round trip's booking is made for: far ahead, at night where the room is open then, else when it opens.
enum CanaryTimes {
    private static let farthest = 120
    private static let minutes: Int64 = 15

    static func candidates(in room: Room, now: Instant) -> [MeetingTime] {
        guard let today = Zones.date(of: now, in: room.zone) else { return [] }
        let first = max(1, min(farthest, room.rules.horizonDays - 1))
        return (0..<10).map { first - $0 }.filter { $0 > 0 }
            .map { Zones.date(today, addingDays: $0) }
            .flatMap { day in starts(on: day, in: room).compactMap { time(day, $0, in: room.zone) } }
    }

    /// Minutes after midnight.
    private static func starts(on day: CivilDate, in room: Room) -> [Int] {
        switch room.openingHours {
        case .always: return [3 * 60 + 30, 4 * 60]
        case .weekly(let week):
            guard let hours = week[Zones.weekday(of: day)] else { return [] }
            if hours.from <= 210, hours.to >= 225 { return [210] }
            return [hours.from, hours.to - Int(minutes)].filter { $0 >= hours.from }
        }
    }

    private static func time(_ day: CivilDate, _ start: Int, in zone: ZoneID) -> MeetingTime? {
        let wall = WallTime(date: day, hour: start / 60, minute: start % 60)
        guard let instant = Zones.instant(of: wall, in: zone) else { return nil }
        let span = TimeSpan(start: instant, end: instant.advanced(by: .seconds(minutes * 60)))
        return (try? Zones.timed(span: span, zone: zone)).map { .timed($0) }
    }
}
