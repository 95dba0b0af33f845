import CalendarModel
import CalendarTime

/// When each link's whole window is compared: once a night in its room's zone, the links spread over some hours.
package struct NightlyCheck: Sendable, Hashable {
    /// The hour at which the first links' turn comes, 0…23.
    package var hour: Int
    package var spread: Duration

    package init(hour: Int = 1, spread: Duration = .seconds(4 * 3600)) {
        self.hour = hour
        self.spread = spread
    }

    /// The next turn after `now`.
    /// - Parameter chance: 0…1; a link's place among the others.
    package func next(after now: Instant, in zone: ZoneID, chance: Double) -> Instant {
        guard let today = Zones.date(of: now, in: zone) else { return now.advanced(by: .seconds(86_400)) }
        for days in 0...1 {
            let date = Zones.date(today, addingDays: days)
            guard let start = Zones.instant(of: WallTime(date: date, hour: hour, minute: 0), in: zone) else { continue }
            let turn = start.advanced(by: spread * min(max(chance, 0), 1))
            if turn > now { return turn }
        }
        return now.advanced(by: .seconds(86_400))
    }
}
