import CalendarModel
import CalendarTime
import Synchronization
import TestSupport

/// The days of a story: where it starts, and when its slots are. Remembers what it worked out, because stories ask for the
/// same few slots again and again.
package struct StoryCalendar: Sendable {
    /// Where stories may start: near clock changes here and in America, at the turn of a year, before a leap day, and
    /// where nothing is special.
    static let starts = ["2026-03-23", "2026-10-19", "2026-06-01", "2026-12-28", "2028-02-25"].map(Times.date)
    static let zones = [Times.oslo, ZoneID("America/New_York"), .utc]

    let first: CivilDate

    func date(_ day: Int) -> CivilDate { Self.memory.date(first, day) }

    /// The start of a slot as a wall time in its zone.
    func wall(_ slot: Slot) -> WallTime {
        let minutes = (slot.halfHour ?? 0) * 30
        return WallTime(date: date(slot.day), hour: minutes / 60, minute: minutes % 60)
    }

    func time(_ slot: Slot) -> MeetingTime { Self.memory.time(slot, in: self) }

    func words(_ slot: Slot) -> String {
        let length = slot.halfHour == nil ? "\(slot.minutes / 1440) whole days" : "\(slot.minutes) minutes"
        let zone = slot.zone == Times.oslo ? "" : " (\(slot.zone))"
        return "\(wall(slot).description.prefix(16))\(zone), \(length)"
    }

    fileprivate func made(_ slot: Slot) -> MeetingTime {
        let start = wall(slot)
        guard slot.halfHour != nil else {
            let end = Zones.date(start.date, addingDays: max(1, slot.minutes / 1440))
            return Times.allDay(start.date.description, end.description)
        }
        return Times.at(start.description, minutes: slot.minutes, in: slot.zone)
    }

    private static let memory = Memory()

    private final class Memory: Sendable {
        private struct Key: Hashable {
            var first: CivilDate
            var slot: Slot
        }
        private struct Place: Hashable {
            var first: CivilDate
            var day: Int
        }

        private let times = Mutex<[Key: MeetingTime]>([:])
        private let dates = Mutex<[Place: CivilDate]>([:])

        func time(_ slot: Slot, in calendar: StoryCalendar) -> MeetingTime {
            let key = Key(first: calendar.first, slot: slot)
            if let known = times.withLock({ $0[key] }) { return known }
            let time = calendar.made(slot)
            times.withLock { $0[key] = time }
            return time
        }

        func date(_ first: CivilDate, _ day: Int) -> CivilDate {
            let place = Place(first: first, day: day)
            if let known = dates.withLock({ $0[place] }) { return known }
            let date = Zones.date(first, addingDays: day)
            dates.withLock { $0[place] = date }
            return date
        }
    }
}
