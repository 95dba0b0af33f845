import CalendarModel
import CalendarTime
import ICalendar

/// A file's occurrences within a window, as commands show them.
struct ICSOccurrences: Encodable {
    struct Row: Encodable {
        var uid: String
        /// RFC 3339 in UTC; a date for whole days, with the day after the last one as end.
        var start: String
        var end: String
        var allDay: Bool
        /// The zone in which the series keeps its time of day; nil for whole days.
        var timeZone: String?
        var subject: String
        var showAs: String
    }

    var occurrences: [Row]
    /// What could not be taken over, in words.
    var remarks: [String]

    init(_ calendar: ImportedCalendar, zone: ZoneID, window: TimeSpan) {
        let found = calendar.meetings.filter { !$0.isCancelled }.flatMap { imported in
            Self.meetings(of: imported.meeting, zone: zone, window: window).map { (imported.uid, $0) }
        }
        occurrences = found.sorted { $0.1.span.start < $1.1.span.start }.map { Row($0.0, $0.1) }
        remarks = calendar.remarks
        for imported in calendar.meetings {
            let name = imported.meeting.sensitivity.hidesContent ? "A private meeting" : "“\(imported.meeting.subject)”"
            remarks += imported.remarks.map { "\(name): \($0)" }
        }
    }

    private static func meetings(of meeting: Meeting, zone: ZoneID, window: TimeSpan) -> [Meeting] {
        guard let series = Series(meeting, roomZone: zone) else {
            let isWithin =
                meeting.span.isEmpty ? window.contains(meeting.span.start) : meeting.span.overlaps(window)
            return isWithin ? [meeting] : []
        }
        return series.occurrences(in: window).map { meeting.occurrence(at: $0.regularTime, $0.change) }
    }

    var text: String {
        var table = TextTable("START", "END", "TIME ZONE", "SUBJECT")
        for row in occurrences { table.add(row.start, row.end, row.timeZone ?? "", row.subject) }
        let lines = remarks.map { "note: \($0)" }
        return ([table.text] + lines).joined(separator: "\n")
    }
}

extension ICSOccurrences.Row {
    fileprivate init(_ uid: String, _ meeting: Meeting) {
        self.uid = uid
        subject = meeting.subject
        showAs = meeting.showAs.rawValue
        switch meeting.time {
        case .allDay(let time):
            (start, end, allDay, timeZone) = ("\(time.first)", "\(time.end)", true, nil)
        case .timed(let time):
            start = Timestamps.rfc3339(time.span.start)
            end = Timestamps.rfc3339(time.span.end)
            (allDay, timeZone) = (false, time.zone.name)
        }
    }
}
