import CalendarModel

extension RecurrenceRule {
    /// Whether the parts go together and all numbers are within what RFC 5545 §3.3.10 allows. A rule may be plausible
    /// and never match a day (30 February).
    package var isPlausible: Bool {
        guard interval >= 1, interval <= Int(Int16.max) else { return false }
        func within(_ numbers: Set<Int>, _ largest: Int) -> Bool {
            numbers.allSatisfy { $0 != 0 && abs($0) <= largest }
        }
        guard within(daysOfMonth, 31), within(daysOfYear, 366), within(weeksOfYear, 53), within(positions, 366),
            within(Set(ordinalDays.map(\.ordinal)), 53), months.allSatisfy({ (1...12).contains($0) })
        else { return false }
        // Weekdays are counted within months and years, and nowhere else.
        let isLong = frequency == .monthly || frequency == .yearly
        guard ordinalDays.isEmpty || (isLong && weeksOfYear.isEmpty) else { return false }
        guard frequency == .yearly || (weeksOfYear.isEmpty && daysOfYear.isEmpty) else { return false }
        if case .after(let count) = end, count < 1 { return false }
        return true
    }
}
