/// The rule of a series with RFC 5545's meaning (§3.3.10), but for what a room is never booked by: hours, minutes, seconds.
package struct RecurrenceRule: Hashable, Sendable, Codable {
    package enum Frequency: String, Hashable, Sendable, Codable, CaseIterable { case daily, weekly, monthly, yearly }
    package enum Weekday: String, Hashable, Sendable, Codable, CaseIterable {
        case monday, tuesday, wednesday, thursday, friday, saturday, sunday
    }
    package enum End: Hashable, Sendable, Codable {
        case never
        /// The last date, in the series' zone, on which an occurrence may start.
        case on(CivilDate)
        case after(count: Int)
    }

    /// A weekday counted within the month or year: the second Monday, the last Friday (-1).
    package struct OrdinalDay: Hashable, Sendable, Codable {
        package var ordinal: Int
        package var weekday: Weekday

        package init(_ ordinal: Int, _ weekday: Weekday) {
            self.ordinal = ordinal
            self.weekday = weekday
        }
    }

    package var frequency: Frequency
    package var interval: Int
    /// BYDAY without a number.
    package var weekdays: Set<Weekday>
    /// BYDAY with a number.
    package var ordinalDays: Set<OrdinalDay>
    /// BYMONTHDAY: 1…31, or negative from the month's end.
    package var daysOfMonth: Set<Int>
    /// BYMONTH
    package var months: Set<Int>
    /// BYYEARDAY
    package var daysOfYear: Set<Int>
    /// BYWEEKNO
    package var weeksOfYear: Set<Int>
    /// BYSETPOS: which of the matching days of a period count, -1 for the last.
    package var positions: Set<Int>
    package var weekStart: Weekday
    package var end: End

    /// The singular labels (`position`, `dayOfMonth`, `month`) add one value each; most rules have no more.
    package init(
        frequency: Frequency, interval: Int = 1, weekdays: Set<Weekday> = [], ordinalDays: Set<OrdinalDay> = [],
        position: Int? = nil, positions: Set<Int> = [], dayOfMonth: Int? = nil, daysOfMonth: Set<Int> = [],
        month: Int? = nil, months: Set<Int> = [], daysOfYear: Set<Int> = [], weeksOfYear: Set<Int> = [],
        weekStart: Weekday = .monday, end: End = .never
    ) {
        self.frequency = frequency
        self.interval = interval
        self.weekdays = weekdays
        self.ordinalDays = ordinalDays
        self.daysOfMonth = daysOfMonth.union([dayOfMonth].compactMap { $0 })
        self.months = months.union([month].compactMap { $0 })
        self.daysOfYear = daysOfYear
        self.weeksOfYear = weeksOfYear
        self.positions = positions.union([position].compactMap { $0 })
        self.weekStart = weekStart
        self.end = end
    }
}

extension RecurrenceRule {
    /// The rule as text in one fixed order, for digests.
    var canonicalParts: [String] {
        let days = Weekday.allCases.filter(weekdays.contains).map(\.rawValue)
        let ordinals = ordinalDays.map { "\($0.ordinal)\($0.weekday.rawValue)" }.sorted()
        let until =
            switch end {
            case .never: "never"
            case .on(let date): "on \(date)"
            case .after(let count): "after \(count)"
            }
        let numbers = [daysOfMonth, months, daysOfYear, weeksOfYear, positions].map { set in
            set.sorted().map(String.init).joined(separator: ",")
        }
        return [frequency.rawValue, weekStart.rawValue, until, String(interval)] + numbers + days + ordinals
    }
}
