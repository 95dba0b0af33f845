import CalendarModel
import CalendarTime

/// The form of dates in messages (RFC 5322 §3.3).
enum MailDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Mon, 2 Mar 2026 08:00:00 +0000`
    static func text(_ instant: Instant) -> String {
        guard let wall = Zones.wallTime(of: instant, in: .utc) else { return "Thu, 1 Jan 1970 00:00:00 +0000" }
        let clock = wall.description.suffix(8)
        return
            "\(day(wall.date)), \(wall.date.day) \(months[wall.date.month - 1]) \(wall.date.year) \(clock) +0000"
    }

    private static func day(_ date: CivilDate) -> String {
        switch Zones.weekday(of: date) {
        case .monday: "Mon"
        case .tuesday: "Tue"
        case .wednesday: "Wed"
        case .thursday: "Thu"
        case .friday: "Fri"
        case .saturday: "Sat"
        case .sunday: "Sun"
        }
    }
}
