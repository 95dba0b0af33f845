import CLibICal
import CalendarModel
import CalendarTime

extension RecurrenceRule {
    /// Reads the value of an `RRULE` property (RFC 5545 §3.3.10), with or without the property's name.
    ///
    /// - Parameters:
    ///   - rruleText: Such as `FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20261231T080000Z`.
    ///   - seriesStart: The series' start (DTSTART) as wall time; midnight for an all-day series.
    ///   - zone: The zone of the start; nil for an all-day or floating series. It gives UNTIL its meaning: our end is
    ///     the last date, in that zone, on which an occurrence may still start, so an UNTIL before the start's time of
    ///     day means the day before. An UNTIL that is a date includes that day.
    /// - Throws: `.invalidRule` for what is no rule; `.unsupported` for hours, minutes, seconds and other calendars
    ///   than the Gregorian; `.unknownZone`.
    package init(rruleText: String, seriesStart: WallTime, zone: ZoneID?) throws(RecurrenceError) {
        let text = rruleText.uppercased().hasPrefix("RRULE:") ? String(rruleText.dropFirst(6)) : rruleText
        guard Self.hasSoundNumbers(text) else { throw .invalidRule(text) }
        var parsed = icalrecurrencetype_from_string(text)
        defer { if let scale = parsed.rscale { icalmemory_free_buffer(scale) } }
        guard parsed.freq != ICAL_NO_RECURRENCE else { throw .invalidRule(text) }
        guard parsed.rscale == nil else { throw .unsupported(part: "a calendar of its own (RSCALE)", rule: text) }
        guard let frequency = Frequency(parsed.freq) else {
            throw .unsupported(part: "a frequency of less than a day", rule: text)
        }
        // Some programs write the start's own time of day into the rule.
        let clock = [
            ("hours (BYHOUR)", numbers(&parsed.by_hour), seriesStart.hour),
            ("minutes (BYMINUTE)", numbers(&parsed.by_minute), seriesStart.minute),
            ("seconds (BYSECOND)", numbers(&parsed.by_second), seriesStart.second),
        ]
        for (part, values, own) in clock where !values.isEmpty && values != [own] {
            throw .unsupported(part: part, rule: text)
        }
        guard let weekStart = Weekday(parsed.week_start) else { throw .invalidRule(text) }
        self.init(
            frequency: frequency, interval: Int(parsed.interval), positions: Set(numbers(&parsed.by_set_pos)),
            daysOfMonth: Set(numbers(&parsed.by_month_day)), months: Set(numbers(&parsed.by_month)),
            daysOfYear: Set(numbers(&parsed.by_year_day)), weeksOfYear: Set(numbers(&parsed.by_week_no)),
            weekStart: weekStart)
        for day in numbers(&parsed.by_day) {
            let code = Int16(truncatingIfNeeded: day)
            guard let weekday = Weekday(icalrecurrencetype_day_day_of_week(code)) else { throw .invalidRule(text) }
            switch Int(icalrecurrencetype_day_position(code)) {
            case 0: weekdays.insert(weekday)
            case let ordinal: ordinalDays.insert(OrdinalDay(ordinal, weekday))
            }
        }
        if parsed.count > 0 {
            end = .after(count: Int(parsed.count))
        } else if icaltime_is_null_time(parsed.until) == 0 {
            end = .on(try Self.lastDate(until: parsed.until, seriesStart: seriesStart, zone: zone))
        }
        guard isPlausible else { throw .invalidRule(text) }
    }

    /// The last date on which an occurrence may start, at the series' time of day, without passing UNTIL.
    private static func lastDate(
        until: icaltimetype, seriesStart: WallTime, zone: ZoneID?
    ) throws(RecurrenceError) -> CivilDate {
        let wall = WallTime(icalTime: until)
        guard until.is_date == 0 else { return wall.date }
        guard icaltime_is_utc(until) != 0, let zone else {
            return wall.date(ofLastStartAt: seriesStart) { $0 <= wall }
        }
        guard let instant = Zones.instant(of: wall, in: .utc), let local = Zones.wallTime(of: instant, in: zone) else {
            throw .unknownZone(zone.name)
        }
        return local.date(ofLastStartAt: seriesStart) { start in
            Zones.instant(of: start, in: zone).map { $0 <= instant } ?? false
        }
    }

    /// libical reads intervals into 16 bits and counts into 32, and wraps around where they do not fit.
    private static func hasSoundNumbers(_ text: String) -> Bool {
        text.uppercased().split(separator: ";").allSatisfy { part in
            let sides = part.split(separator: "=", maxSplits: 1)
            guard sides.count == 2, sides[0] == "INTERVAL" || sides[0] == "COUNT" else { return true }
            guard let number = Int(sides[1]) else { return false }
            return (1...Int(sides[0] == "COUNT" ? Int32.max : Int32(Int16.max))).contains(number)
        }
    }
}

extension WallTime {
    /// This date, or the one before if an occurrence that starts on it would be too late.
    fileprivate func date(ofLastStartAt start: WallTime, _ isInTime: (WallTime) -> Bool) -> CivilDate {
        let sameDay = WallTime(date: date, hour: start.hour, minute: start.minute, second: start.second)
        return isInTime(sameDay) ? date : Zones.date(date, addingDays: -1)
    }
}

/// One of libical's lists, which are fixed arrays closed by a marker.
private func numbers<List>(_ list: inout List) -> [Int] {
    withUnsafeBytes(of: &list) { bytes in
        bytes.bindMemory(to: Int16.self).prefix { Int32($0) != Int32(ICAL_RECURRENCE_ARRAY_MAX.rawValue) }.map(Int.init)
    }
}

extension RecurrenceRule.Frequency {
    fileprivate init?(_ frequency: icalrecurrencetype_frequency) {
        switch frequency {
        case ICAL_DAILY_RECURRENCE: self = .daily
        case ICAL_WEEKLY_RECURRENCE: self = .weekly
        case ICAL_MONTHLY_RECURRENCE: self = .monthly
        case ICAL_YEARLY_RECURRENCE: self = .yearly
        default: return nil
        }
    }
}

extension RecurrenceRule.Weekday {
    fileprivate init?(_ weekday: icalrecurrencetype_weekday) {
        switch weekday {
        case ICAL_MONDAY_WEEKDAY: self = .monday
        case ICAL_TUESDAY_WEEKDAY: self = .tuesday
        case ICAL_WEDNESDAY_WEEKDAY: self = .wednesday
        case ICAL_THURSDAY_WEEKDAY: self = .thursday
        case ICAL_FRIDAY_WEEKDAY: self = .friday
        case ICAL_SATURDAY_WEEKDAY: self = .saturday
        case ICAL_SUNDAY_WEEKDAY: self = .sunday
        default: return nil
        }
    }
}
