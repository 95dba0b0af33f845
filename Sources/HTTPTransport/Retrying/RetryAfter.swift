import CalendarModel
import CalendarTime

/// Reads `Retry-After` (RFC 9110 §10.2.3): seconds, or a date in one of the three forms of HTTP. Graph also sends fractions of
/// seconds.
package enum RetryAfter {
    /// How long to wait from `now`; zero when the instant is past, nil when the text makes no sense.
    package static func parse(_ text: String, now: Instant) -> Duration? {
        let text = text.trimmingWhitespace
        if let seconds = Double(text) {
            guard seconds.isFinite, seconds < 1_000_000_000 else { return nil }
            return .milliseconds(Int64((max(0, seconds) * 1000).rounded(.up)))
        }
        guard let instant = date(text) else { return nil }
        return max(.zero, instant.since(now))
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or `Sun Nov  6 08:49:37 1994`.
    package static func date(_ text: String) -> Instant? {
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "," || $0 == "-" }).map(String.init)
        switch parts.count {
        case 6 where parts[5] == "GMT": return instant(day: parts[1], month: parts[2], year: parts[3], time: parts[4])
        case 5: return instant(day: parts[2], month: parts[1], year: parts[4], time: parts[3])
        default: return nil
        }
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func instant(day: String, month: String, year: String, time: String) -> Instant? {
        guard let month = months.firstIndex(of: month), let day = Int(day), let number = Int(year) else { return nil }
        // Two digits, as RFC 850 wrote them: only dates near now are sent, and no server is older than 1970.
        let year = year.count == 2 ? (number < 70 ? 2000 + number : 1900 + number) : number
        let clock = time.split(separator: ":").compactMap { Int($0) }
        guard clock.count == 3 else { return nil }
        let numbers = [padded(year, 4), padded(month + 1, 2), padded(day, 2)].joined(separator: "-")
        let wall = clock.map { padded($0, 2) }.joined(separator: ":")
        return try? Timestamps.parseRFC3339("\(numbers)T\(wall)Z")
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension String {
    fileprivate var trimmingWhitespace: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
