import CalendarModel
import ICalendar
import SyncEngine
import TestSupport

/// What stands on both sides at the end of a story that broke a promise.
extension World {
    func whatStands() async -> [String] {
        var lines = ["Then there stand:"]
        for (room, site) in sites.enumerated() {
            for booking in bookings.all where booking.room == site.link.room && booking.status != .cancelled {
                let label = ledger.label(of: booking.id).map { "#\($0), " } ?? ""
                lines.append("  in LoopBooking: \(label)\(booking.status.rawValue), \(words(booking.meeting))")
            }
            for event in await site.calendar.events {
                let label = ledger.label(of: event.id).map { "#\($0), " } ?? ""
                let state = event.isCancelled ? "cancelled" : event.response.rawValue
                lines.append("  in calendar \(room): \(label)\(event.id), \(state), \(words(event.meeting))")
            }
        }
        return lines
    }

    private func words(_ meeting: Meeting) -> String {
        let time =
            switch meeting.time {
            case .timed(let timed): "\(timed.start)–\(timed.end) (\(timed.zone))"
            case .allDay(let days): "all day \(days.first)–\(days.end)"
            }
        let free = meeting.showAs.holdsRoom ? "" : ", \(meeting.showAs.rawValue)"
        guard let recurrence = meeting.recurrence else { return time + free }
        let changed = recurrence.exceptions.sorted { $0.key < $1.key }.map { original, change in
            "\(original) " + (change.showAs.map { "is \($0.rawValue)" } ?? "differs")
        }
        return ([time + free, recurrence.words] + changed).joined(separator: ", ")
    }
}
