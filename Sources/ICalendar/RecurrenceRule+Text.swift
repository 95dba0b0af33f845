import CalendarModel

extension RecurrenceRule {
    /// The rule as the value of an iCalendar `RRULE` property (RFC 5545 §3.3.10). An end date is inclusive and written
    /// as the last second of that day in floating time, because the rule is expanded in the series' own wall time.
    package var rruleText: String {
        var parts = ["FREQ=\(frequency.rawValue.uppercased())"]
        if interval != 1 { parts.append("INTERVAL=\(interval)") }
        if let month { parts.append("BYMONTH=\(month)") }
        if let dayOfMonth { parts.append("BYMONTHDAY=\(dayOfMonth)") }
        let days = Weekday.allCases.filter(weekdays.contains)
        if !days.isEmpty { parts.append("BYDAY=\(days.map(\.rruleCode).joined(separator: ","))") }
        if let position, !days.isEmpty { parts.append("BYSETPOS=\(position)") }
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
