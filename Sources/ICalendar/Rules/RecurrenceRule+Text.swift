import CalendarModel

extension RecurrenceRule {
    /// The rule as the value of an iCalendar `RRULE` property (RFC 5545 §3.3.10). An end date is inclusive and written
    /// as the last second of that day in floating time, because the rule is expanded in the series' own wall time.
    package var rruleText: String {
        var parts = ["FREQ=\(frequency.rawValue.uppercased())"]
        if interval != 1 { parts.append("INTERVAL=\(interval)") }
        func list(_ name: String, _ numbers: Set<Int>) {
            if !numbers.isEmpty { parts.append("\(name)=\(numbers.sorted().map(String.init).joined(separator: ","))") }
        }
        list("BYMONTH", months)
        list("BYWEEKNO", weeksOfYear)
        list("BYYEARDAY", daysOfYear)
        list("BYMONTHDAY", daysOfMonth)
        let ordinals = ordinalDays.map { (Weekday.allCases.firstIndex(of: $0.weekday) ?? 0, $0) }
            .sorted { ($0.1.ordinal, $0.0) < ($1.1.ordinal, $1.0) }
            .map { "\($0.1.ordinal)\($0.1.weekday.rruleCode)" }
        let days = ordinals + Weekday.allCases.filter(weekdays.contains).map(\.rruleCode)
        if !days.isEmpty { parts.append("BYDAY=\(days.joined(separator: ","))") }
        list("BYSETPOS", positions)
        switch end {
        case .never: break
        case .on(let date): parts.append("UNTIL=\(date.basicText)T235959")
        case .after(let count): parts.append("COUNT=\(count)")
        }
        parts.append("WKST=\(weekStart.rruleCode)")
        return parts.joined(separator: ";")
    }
}

extension RecurrenceRule.Weekday {
    /// The two letters of RFC 5545, such as `MO`.
    var rruleCode: String { String(rawValue.prefix(2)).uppercased() }
}

extension CivilDate {
    /// `20260302`, RFC 5545's basic form.
    var basicText: String { description.filter { $0 != "-" } }
}
