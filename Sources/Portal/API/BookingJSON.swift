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
            "status": .string(booking.status.rawValue), "reason": .optional(booking.reason),
            "origin": .string(booking.origin.rawValue), "revision": .integer(booking.revision),
            "createdAt": .string(Timestamps.rfc3339(booking.createdAt)),
            "updatedAt": .string(Timestamps.rfc3339(booking.updatedAt)),
        ]
        switch meeting.time {
        case .timed(let timed):
            fields["allDay"] = false
            fields["start"] = json(timed.start, timed.zone)
            fields["end"] = json(timed.end, timed.zone)
        case .allDay(let days):
            fields["allDay"] = true
            fields["startDate"] = .string(days.first.description)
            fields["endDate"] = .string(days.end.description)
        }
        return .object(fields)
    }

    package static func json(_ change: BookingChangeRecord) -> JSONValue {
        [
            "position": .integer(change.position), "booking": .string(change.booking.rawValue),
            "room": .string(change.room.rawValue), "kind": .string(change.kind.rawValue),
            "revision": .integer(change.revision), "start": .string(Timestamps.rfc3339(change.span.start)),
            "end": .string(Timestamps.rfc3339(change.span.end)),
            "fields": .array(change.fields.sorted().map { .string($0.rawValue) }),
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
        var change = BookingChange()
        change.room = reader.string("room").map { RoomID($0) }
        change.time = TimeChange(
            start: reader.object("start", zonedTime), end: reader.object("end", zonedTime),
            allDay: reader.bool("allDay"),
            startDate: reader.parsed("startDate", code: "invalid-date") { try Timestamps.parseDate($0) },
            endDate: reader.parsed("endDate", code: "invalid-date") { try Timestamps.parseDate($0) })
        change.subject = reader.string("subject")
        change.body = reader.string("body").map { $0.replacing("\r\n", with: "\n") }
        if reader.isNull("organizer") {
            change.organizer = .nothing
        } else {
            change.organizer = reader.object("organizer", person).map { .value($0) }
        }
        change.attendees = reader.objects("attendees", attendee)
        change.sensitivity = reader.word("sensitivity", Sensitivity.self)
        change.showAs = reader.word("showAs", ShowAs.self)
        change.location = reader.string("location")
        if reader.has("recurrence"), !reader.isNull("recurrence") {
            // Whatever it says, the desk's answer is the same.
            change.recurrence = Recurrence(rule: RecurrenceRule(frequency: .daily))
        }
        return change
    }

    private static func json(_ wall: WallTime, _ zone: ZoneID) -> JSONValue {
        ["dateTime": .string(wall.description), "timeZone": .string(zone.name)]
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
        guard let wall, let zone else { return nil }
        return ZonedTime(wall: wall, zone: zone)
    }

    private static func person(_ reader: inout FieldReader) -> Person? {
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
