import Foundation
import Synchronization

/// One Gregorian calendar per zone: making one costs far more than using it.
final class CalendarCache: Sendable {
    static let shared = CalendarCache()

    private let calendars = Mutex<[String: Calendar]>([:])

    /// The calendar of an IANA zone or alias; nil for a name that is not one.
    func calendar(for name: String) -> Calendar? {
        if let found = calendars.withLock({ $0[name] }) { return found }
        // Foundation also takes forms such as "GMT+0230" that nobody else knows; ICU tells real zones from those.
        guard Zones.canonicalName(name) != nil, let zone = TimeZone(identifier: name) else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        calendars.withLock { $0[name] = calendar }
        return calendar
    }
}
