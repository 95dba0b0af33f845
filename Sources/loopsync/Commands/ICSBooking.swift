import CalendarModel
import CalendarTime
import ICalendar
import LoopBooking
import SyncEngine

/// Books a file's meetings in a room.
struct ICSBooking {
    let room: Room
    let desk: BookingDesk
    let now: Instant

    /// What became of the file.
    struct Outcome: Encodable {
        var meetings: [Row]
        var remarks: [String]

        var text: String {
            var table = TextTable("MEETING", "OUTCOME", "WHY")
            for row in meetings { table.add(row.subject, row.outcome.rawValue, row.why) }
            return ([table.text] + remarks.map { "note: \($0)" }).joined(separator: "\n")
        }
    }

    struct Row: Encodable {
        enum Kind: String, Encodable {
            case booked
            case bookedBefore = "booked before"
            case passedOver = "passed over"
            case refused
        }

        var uid: String
        var subject: String
        var outcome: Kind
        var booking: String?
        var why: String
        var remarks: [String]
    }

    func book(_ calendar: ImportedCalendar) async -> Outcome {
        var rows: [Row] = []
        for (number, imported) in calendar.meetings.enumerated() { rows.append(await book(imported, number: number)) }
        return Outcome(meetings: rows, remarks: calendar.remarks)
    }

    private func book(_ imported: ImportedMeeting, number: Int) async -> Row {
        var row = Row(
            uid: imported.uid, subject: imported.meeting.subject, outcome: .passedOver, why: "",
            remarks: imported.remarks)
        func passedOver(_ why: String) -> Row {
            row.why = why
            return row
        }
        guard !imported.isCancelled else { return passedOver("It was called off.") }
        guard imported.meeting.showAs.holdsRoom else { return passedOver("It is shown as free, so it holds no room.") }
        guard let meeting = ahead(of: fitted(imported.meeting, remarks: &row.remarks)) else {
            return passedOver("It is over.")
        }
        do {
            // A file may have several meetings of one name (changed occurrences without their series).
            let key = RequestKey(
                client: "ics \(room.id)", key: "\(imported.uid) \(number)", digest: "\(imported.meeting.fingerprint())")
            let made = try await desk.create(draft(meeting), by: .person("loopsync ics import"), request: key)
            row.outcome = made.isReplay ? .bookedBefore : .booked
            row.booking = made.entity.id.rawValue
        } catch {
            row.outcome = .refused
            row.why = CommandFailure(error).diagnosis.summary
        }
        return row
    }

    /// The meeting as far as it is not over.
    private func ahead(of meeting: Meeting) -> Meeting? {
        guard let series = Series(meeting, roomZone: room.zone) else { return meeting.span.end > now ? meeting : nil }
        guard let next = series.nextOriginal(notBefore: now) else { return nil }
        return next == series.start ? meeting : series.continuing(at: next)
    }

    /// The meeting without what LoopBooking's rules refuse and what nobody would miss it for: a file cannot be corrected by
    /// whoever imports it.
    private func fitted(_ meeting: Meeting, remarks: inout [String]) -> Meeting {
        var result = meeting
        result.subject = Self.line(meeting.subject)
        result.location = Self.line(meeting.location)
        if let organizer = meeting.organizer, canonicalLine(organizer.name).isEmpty, organizer.address.isEmpty {
            result.organizer = nil
        }
        result.attendees.removeAll { $0.person.address.isEmpty }
        if result.attendees.count < meeting.attendees.count {
            remarks.append("Attendees without an e-mail address were left out.")
        }
        for (original, change) in meeting.recurrence?.exceptions ?? [:] {
            guard change.showAs?.holdsRoom != false else {
                remarks.append("Occurrences that are shown as free hold no room and were left out.")
                result.recurrence?.set(.cancelled, of: original)
                continue
            }
            var change = change
            change.subject = change.subject.map(Self.line)
            change.location = change.location.map(Self.line)
            result.recurrence?.set(.changed(change), of: original)
        }
        remarks = remarks.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        return result
    }

    /// Line ends and other control characters as spaces: titles and places have one line in LoopBooking.
    private static func line(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }

    private func draft(_ meeting: Meeting) -> BookingDraft {
        BookingDraft(
            room: room.id, time: TimeDraft(meeting.time), subject: meeting.subject, body: meeting.body,
            organizer: meeting.organizer, attendees: meeting.attendees, sensitivity: meeting.sensitivity,
            showAs: meeting.showAs, location: meeting.location,
            recurrence: meeting.recurrence.map { RecurrenceChange($0) })
    }
}
