/// A date of the Gregorian calendar without a time zone: what "3 March" means to a person.
package struct CivilDate: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    package let year: Int
    package let month: Int
    package let day: Int

    /// No validity check: CalendarTime's readers refuse impossible dates.
    package init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    package static func < (left: CivilDate, right: CivilDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    /// `2026-03-02`
    package var description: String { "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))" }
}

/// A date and a time of day as a clock on the wall shows them, without a time zone: what people mean.
package struct WallTime: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    package let date: CivilDate
    package let hour: Int
    package let minute: Int
    package let second: Int

    package init(date: CivilDate, hour: Int, minute: Int, second: Int = 0) {
        self.date = date
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    package static func < (left: WallTime, right: WallTime) -> Bool {
        if left.date != right.date { return left.date < right.date }
        return (left.hour, left.minute, left.second) < (right.hour, right.minute, right.second)
    }

    package var isMidnight: Bool { hour == 0 && minute == 0 && second == 0 }

    /// `2026-03-02T09:00:00`
    package var description: String { "\(date)T\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))" }
}

/// The name of a time zone as IANA spells it, such as `Europe/Oslo`.
package struct ZoneID: Hashable, Sendable, Codable, CustomStringConvertible {
    package let name: String

    package init(_ name: String) { self.name = name }

    package init(from decoder: any Decoder) throws {
        name = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }

    package static let utc = ZoneID("UTC")
    package var description: String { name }
}

private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
