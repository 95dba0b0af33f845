/// How a meeting repeats (RFC 5545 §3.3.10 semantics) with what differs from the rule. Series cross in a later version;
/// the types are here so that values need not change shape.
package struct Recurrence: Hashable, Sendable, Codable {
    package var rule: RecurrenceRule
    /// Original starts, in the series' own zone, of occurrences that were taken out.
    package var cancelled: Set<WallTime>
    /// Occurrences that differ from the series, by original start.
    package var exceptions: [WallTime: OccurrenceChange]

    package init(rule: RecurrenceRule, cancelled: Set<WallTime> = [], exceptions: [WallTime: OccurrenceChange] = [:]) {
        self.rule = rule
        self.cancelled = cancelled
        self.exceptions = exceptions
    }
}

/// What one occurrence has instead of the series' values; nil where it follows the series.
package struct OccurrenceChange: Hashable, Sendable, Codable {
    package var time: MeetingTime?
    package var subject: String?
    package var body: String?
    package var location: String?

    package init(time: MeetingTime? = nil, subject: String? = nil, body: String? = nil, location: String? = nil) {
        self.time = time
        self.subject = subject
        self.body = body
        self.location = location
    }
}

package struct RecurrenceRule: Hashable, Sendable, Codable {
    package enum Frequency: String, Hashable, Sendable, Codable { case daily, weekly, monthly, yearly }
    package enum Weekday: String, Hashable, Sendable, Codable, CaseIterable {
        case monday, tuesday, wednesday, thursday, friday, saturday, sunday
    }
    package enum End: Hashable, Sendable, Codable {
        case never
        /// The last date, in the series' zone, on which an occurrence may start.
        case on(CivilDate)
        case after(count: Int)
    }

    package var frequency: Frequency
    package var interval: Int
    package var weekdays: Set<Weekday>
    /// With `weekdays` in a monthly or yearly rule: which of the matching days, 1…4 or -1 for the last (BYSETPOS).
    package var position: Int?
    /// 1…31 or negative from the month's end (BYMONTHDAY).
    package var dayOfMonth: Int?
    package var month: Int?
    package var weekStart: Weekday
    package var end: End

    package init(
        frequency: Frequency, interval: Int = 1, weekdays: Set<Weekday> = [], position: Int? = nil,
        dayOfMonth: Int? = nil, month: Int? = nil, weekStart: Weekday = .monday, end: End = .never
    ) {
        self.frequency = frequency
        self.interval = interval
        self.weekdays = weekdays
        self.position = position
        self.dayOfMonth = dayOfMonth
        self.month = month
        self.weekStart = weekStart
        self.end = end
    }
}

extension RecurrenceRule {
    /// The rule as text in one fixed order, for digests.
    var canonicalParts: [String] {
        let days = Weekday.allCases.filter(weekdays.contains).map(\.rawValue)
        let until =
            switch end {
            case .never: "never"
            case .on(let date): "on \(date)"
            case .after(let count): "after \(count)"
            }
        let numbers = [interval, position, dayOfMonth, month].map { $0.map(String.init) ?? "" }
        return [frequency.rawValue, weekStart.rawValue, until] + numbers + days
    }
}
