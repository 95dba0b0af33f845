import CalendarModel
import CalendarTime
import LoopBooking

/// Bookings and their changes in the REST API.
package enum BookingJSON {
    package static func json(_ booking: Booking) -> JSONValue {
        let meeting = booking.meeting
        var fields: [String: JSONValue] = [
            "id": .string(booking.id.rawValue), "room": .string(booking.room.rawValue),
            "subject": .string(meeting.subject), "body": .string(meeting.body),
            "organizer": meeting.organizer.map { json($0) } ?? .null,
            "attendees": .array(meeting.attendees.map(json)), "sensitivity": .string(meeting.sensitivity.rawValue),
            "showAs": .string(meeting.showAs.rawValue), "location": .string(meeting.location),
            "recurrence": meeting.recurrence.map(RecurrenceJSON.json) ?? .null,
            "status": .string(booking.status.rawValue), "reason": .optional(booking.explanation),
            "origin": .string(booking.origin.rawValue), "revision": .integer(booking.revision),
            "createdAt": .string(Timestamps.rfc3339(booking.createdAt)),
            "updatedAt": .string(Timestamps.rfc3339(booking.updatedAt)),
        ]
        fields.merge(self.fields(of: meeting.time)) { $1 }
        return .object(fields)
    }

    /// One occurrence of a series.
    static func json(_ occurrence: BookingDesk.ListedOccurrence, of booking: Booking) -> JSONValue {
        let meeting = occurrence.meeting
        let status = occurrence.isCancelled ? Booking.Status.cancelled : booking.status
        var fields: [String: JSONValue] = [
            "original": .string(occurrence.original.description), "status": .string(status.rawValue),
            "changed": .bool(occurrence.isChanged), "subject": .string(meeting.subject),
            "body": .string(meeting.body), "location": .string(meeting.location),
            "showAs": .string(meeting.showAs.rawValue),
        ]
        fields.merge(self.fields(of: meeting.time)) { $1 }
        return .object(fields)
    }

    /// A time as the fields of its meeting.
    static func fields(of time: MeetingTime) -> [String: JSONValue] {
        switch time {
        case .timed(let timed):
            [
                "allDay": false, "start": json(timed.start, at: timed.span.start, timed.zone),
                "end": json(timed.end, at: timed.span.end, timed.zone),
            ]
        case .allDay(let days):
            [
                "allDay": true, "startDate": .string(days.first.description), "endDate": .string(days.end.description),
            ]
        }
    }

    package static func json(_ change: BookingChangeRecord) -> JSONValue {
        [
            "position": .integer(change.position), "booking": .string(change.booking.rawValue),
            "room": .string(change.room.rawValue), "kind": .string(change.kind.rawValue),
            "revision": .integer(change.revision), "start": .string(Timestamps.rfc3339(change.span.start)),
            "end": .string(Timestamps.rfc3339(change.span.end)),
            "fields": .array(change.fields.sorted().map { .string($0.rawValue) }),
            "occurrences": .array(
                change.occurrences.map {
                    ["original": .string($0.original.description), "kind": .string($0.kind.rawValue)]
                }),
            "author": ["kind": .string(change.author.kind), "name": .string(change.author.name)],
            "at": .string(Timestamps.rfc3339(change.at, fractionDigits: 3)), "reason": .optional(change.reason),
        ]
    }

    package static func json(_ span: TimeSpan) -> JSONValue {
        ["start": .string(Timestamps.rfc3339(span.start)), "end": .string(Timestamps.rfc3339(span.end))]
    }

    /// A new booking, its time still to be made whole: what is missing is a broken rule like others.
    struct New {
        var room: RoomID
        var change: BookingChange
    }

    static func new(_ reader: inout FieldReader) -> New? {
        reader.require("room")
        guard let change = change(&reader), let room = change.room else { return nil }
        return New(room: room, change: change)
    }

    static func change(_ reader: inout FieldReader) -> BookingChange? {
        guard var change = occurrenceChange(&reader) else { return nil }
        change.room = reader.string("room").map { RoomID($0) }
        if reader.isNull("organizer") {
            change.organizer = .nothing
        } else {
            change.organizer = reader.object("organizer", person).map { .value($0) }
        }
        change.attendees = reader.objects("attendees", attendee)
        change.sensitivity = reader.word("sensitivity", Sensitivity.self)
        if reader.isNull("recurrence") {
            change.recurrence = .nothing
        } else {
            change.recurrence = reader.object("recurrence", RecurrenceJSON.change).map { .value($0) }
        }
        change.onTaken = reader.word("onTaken", OnTaken.self) ?? .refuse
        return change
    }

    /// What one occurrence of a series can have of its own.
    static func occurrenceChange(_ reader: inout FieldReader) -> BookingChange? {
        var change = BookingChange()
        change.time = TimeChange(
            start: reader.object("start", zonedTime), end: reader.object("end", zonedTime),
            allDay: reader.bool("allDay"),
            startDate: reader.parsed("startDate", code: "invalid-date") { try Timestamps.parseDate($0) },
            endDate: reader.parsed("endDate", code: "invalid-date") { try Timestamps.parseDate($0) })
        change.subject = reader.string("subject")
        change.body = reader.string("body").map { $0.replacing("\r\n", with: "\n") }
        change.showAs = reader.word("showAs", ShowAs.self)
        change.location = reader.string("location")
        return change
    }

    private static func json(_ wall: WallTime, at instant: Instant, _ zone: ZoneID) -> JSONValue {
        [
            "dateTime": .string(wall.description), "timeZone": .string(zone.name),
            "offset": .string(Timestamps.offset(Zones.offset(of: wall, at: instant))),
        ]
    }

    private static func json(_ person: Person) -> JSONValue {
        ["name": .string(person.name), "address": .string(person.address)]
    }

    private static func json(_ attendee: Attendee) -> JSONValue {
        [
            "name": .string(attendee.person.name), "address": .string(attendee.person.address),
            "role": .string(attendee.role.rawValue),
        ]
    }

    private static func zonedTime(_ reader: inout FieldReader) -> ZonedTime? {
        reader.require("dateTime")
        reader.require("timeZone")
        let wall = reader.parsed("dateTime", code: "invalid-time") { try Timestamps.parseWall($0) }
        let zone = reader.string("timeZone")
        let offset = reader.parsed("offset", code: "invalid-offset") { try Timestamps.parseOffset($0) }
        guard let wall, let zone else { return nil }
        return ZonedTime(wall: wall, zone: zone, offset: offset)
    }

    static func person(_ reader: inout FieldReader) -> Person? {
        Person(name: reader.string("name") ?? "", address: reader.string("address") ?? "")
    }

    private static func attendee(_ reader: inout FieldReader) -> Attendee? {
        let person = person(&reader)
        let role = reader.word("role", Attendee.Role.self)
        return person.map { Attendee(person: $0, role: role ?? .required) }
    }
}

extension Attendee.Role: CaseIterable {
    package static let allCases: [Attendee.Role] = [.required, .optional, .resource]
}
