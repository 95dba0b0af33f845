import CLibICal
import CalendarModel
import CalendarTime

/// One VEVENT as the file has it: a meeting, a series, or an occurrence that differs from its series.
struct FileEvent {
    var sequence: Int
    var start: FileTime
    var end: FileTime
    /// Whether the zone of its start has rules in the file and no known name.
    var isInUnnamedZone: Bool
    /// Which occurrence it stands for (RECURRENCE-ID).
    var original: FileTime?
    /// Whether it also stands for all later ones (RANGE=THISANDFUTURE).
    var andFollowing: Bool
    /// Values of RRULE, each once.
    var rules: [String]
    var additions: [FilePeriod]
    var excluded: [FileTime]
    var isCancelled: Bool
    var content: FileContent
    var remarks: [String]

    /// - Returns: Nil, with the reason among the remarks, for an event without a start.
    init?(_ event: Component, zones: FileZones, remarks fileRemarks: inout [String]) {
        let given = event.property(ICAL_DTSTART_PROPERTY)
        guard let start = given.flatMap(zones.time) else {
            fileRemarks.append("An event without a start that can be read was left out.")
            return nil
        }
        var remarks: [String] = []
        isInUnnamedZone = given.map(zones.isByRules) ?? false
        sequence = event.property(ICAL_SEQUENCE_PROPERTY).flatMap { Int($0.value) } ?? -1
        (self.start, end) = Self.span(event, start: start, zones: zones, remarks: &remarks)
        let recurrenceID = event.property(ICAL_RECURRENCEID_PROPERTY)
        original = recurrenceID.flatMap(zones.time)
        if recurrenceID != nil, original == nil {
            fileRemarks.append("A changed occurrence that does not say which one it is was left out.")
            return nil
        }
        andFollowing = recurrenceID?.parameter("RANGE")?.uppercased() == "THISANDFUTURE"
        rules = event.properties(ICAL_RRULE_PROPERTY).map(\.value).inOrderOnce
        additions = event.properties(ICAL_RDATE_PROPERTY).compactMap { FilePeriod($0, zones: zones) }
        excluded = event.properties(ICAL_EXDATE_PROPERTY).compactMap(zones.time)
        isCancelled = event.property(ICAL_STATUS_PROPERTY)?.value.uppercased() == "CANCELLED"
        content = FileContent(event)
        for line in event.unreadable { Self.recover(line, rules: &rules, remarks: &remarks) }
        if event.property(ICAL_EXRULE_PROPERTY) != nil {
            remarks.append("Exceptions given as a rule (EXRULE) were left out; RFC 5545 has no such thing.")
        }
        if !event.children(ICAL_VALARM_COMPONENT).isEmpty { remarks.append("Its reminders were left out.") }
        if event.property(ICAL_ATTACH_PROPERTY) != nil { remarks.append("Its attachments were left out.") }
        self.remarks = remarks
    }

    /// From DTEND or DURATION; a day for a date without either, no time at all for a time without either.
    private static func span(
        _ event: Component, start: FileTime, zones: FileZones, remarks: inout [String]
    ) -> (start: FileTime, end: FileTime) {
        var start = start
        var end = start
        if let given = event.property(ICAL_DTEND_PROPERTY).flatMap(zones.time) {
            end = given
        } else if let length = event.property(ICAL_DURATION_PROPERTY).flatMap({ icaldurationtype($0.value) }) {
            if !length.isWholeDays { start = start.asClock(in: zones.floating) }
            end = start.advanced(by: length)
        } else if event.property(ICAL_DURATION_PROPERTY) != nil {
            remarks.append("Its length could not be read.")
        } else if case .date(let date) = start {
            end = .date(Zones.date(date, addingDays: 1))
        }
        // A date beside a time is its midnight, in the zone of the time.
        if case .clock(_, let zone) = end { start = start.asClock(in: zone) }
        if case .clock(_, let zone) = start { end = end.asClock(in: zone) }
        if isBefore(end, start) {
            remarks.append("It ended before it began; both were exchanged.")
            return (end, start)
        }
        if start.isDate, start == end, case .date(let date) = start {
            remarks.append("It ended on the day it began, which iCalendar reads as no time at all; one day was taken.")
            return (start, .date(Zones.date(date, addingDays: 1)))
        }
        return (start, end)
    }

    private static func isBefore(_ left: FileTime, _ right: FileTime) -> Bool {
        if case .clock(let leftWall, let leftZone) = left, case .clock(let rightWall, let rightZone) = right,
            let from = Zones.instant(of: leftWall, in: leftZone), let to = Zones.instant(of: rightWall, in: rightZone)
        {
            return from < to
        }
        return left.ownWall < right.ownWall
    }

    /// libical takes out what it cannot read and says so. A rule that some programs write is read after all.
    private static func recover(_ line: String, rules: inout [String], remarks: inout [String]) {
        if line.contains("RRULE"), let value = line.firstRange(of: "FREQ=") {
            rules.append(String(line[value.lowerBound...]))
        } else if let name = ["RDATE", "EXDATE", "DTEND", "DURATION", "RRULE"].first(where: line.contains) {
            remarks.append("Its \(name) could not be read.")
        }
    }
}

/// A date of RDATE, which may bring a length of its own.
struct FilePeriod {
    var start: FileTime
    var end: FileTime?

    init?(_ property: Property, zones: FileZones) {
        let value = property.value
        let zoneName = property.parameter("TZID")
        guard value.contains("/") else {
            guard let start = zones.time(value, zoneName: zoneName) else { return nil }
            self.start = start
            return
        }
        let period = icalperiodtype_from_string(value)
        guard icalperiodtype_is_null_period(period) == 0, let start = zones.time(period.start, zoneName: zoneName)
        else {
            return nil
        }
        self.start = start
        end =
            icaltime_is_null_time(period.end) == 0
            ? zones.time(period.end, zoneName: zoneName) : start.advanced(by: period.duration)
    }
}

extension Array where Element: Hashable {
    /// Each element once, where it came first.
    var inOrderOnce: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
