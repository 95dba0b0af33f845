import CalendarModel
import LoopBooking

/// Bookings, their occurrences and what happened to them.
extension OpenAPIDocument {
    static let bookingSchemas: [String: JSONValue] = [
        "Booking": eitherTime(
            Schema.object(
                [
                    "id": Schema.id, "room": Schema.described(Schema.id, "The room's id."), "subject": Schema.text,
                    "body": Schema.text, "allDay": Schema.flag, "start": Schema.ref("WallTime"),
                    "end": Schema.ref("WallTime"), "startDate": Schema.date,
                    "endDate": Schema.described(Schema.date, "The day after the last."),
                    "organizer": Schema.nullable(Schema.ref("Person")),
                    "attendees": Schema.list(Schema.ref("Attendee")),
                    "sensitivity": Schema.words(Sensitivity.self), "showAs": Schema.words(ShowAs.self),
                    "location": Schema.text, "recurrence": Schema.nullable(Schema.ref("Recurrence")),
                    "status": status, "reason": Schema.nullable(Schema.text("Why it has this status.")),
                    "origin": Schema.words(Side.self, "The side where it was made."),
                    "revision": Schema.whole(1...(.max), "Counts the changes; also the answer's ETag."),
                    "createdAt": Schema.instant, "updatedAt": Schema.instant,
                ], optional: ["start", "end", "startDate", "endDate"],
                "A reservation of a room, single or a series. All-day bookings have startDate and endDate, others start and end."
            )),
        "NewBooking": wholeTime(
            Schema.object(
                bookingFields, required: ["room"],
                "A booking to be made. It needs a time: start and end, or the dates.",
                examples: [
                    [
                        "room": "6f1d2a", "subject": "Design review", "start": exampleStart, "end": exampleEnd,
                        "organizer": ["name": "Anna", "address": "anna@example.com"],
                        "attendees": [["name": "Bo", "address": "bo@example.com", "role": "required"]],
                    ]
                ])),
        "BookingChange": oneKindOfTime(
            Schema.object(
                bookingFields, required: [], "Only the fields given are changed. A booking stays in its room.",
                examples: [["subject": "Design review, with guests"]])),
        "OccurrenceChange": oneKindOfTime(
            Schema.object(
                occurrenceFields, required: [],
                "What one occurrence has of its own; only the fields given are changed.",
                examples: [["subject": "Design review, with guests"]])),
        "Split": oneKindOfTime(
            Schema.object(
                [
                    "from": original, "room": roomID, "subject": subject, "body": body, "allDay": Schema.flag,
                    "start": Schema.ref("ZonedTime"), "end": Schema.ref("ZonedTime"), "startDate": Schema.date,
                    "endDate": Schema.date, "organizer": Schema.nullable(Schema.ref("PersonInput")),
                    "attendees": attendees, "sensitivity": Schema.words(Sensitivity.self), "showAs": showAs,
                    "location": location, "recurrence": Schema.nullable(Schema.ref("RecurrenceInput")),
                    "onTaken": onTaken,
                ], required: ["from"], "Where a series is cut, and what is different from there on.",
                examples: [
                    [
                        "from": "2026-04-06T10:00:00",
                        "start": ["dateTime": "2026-04-06T11:00:00", "timeZone": "Europe/Oslo"],
                        "end": ["dateTime": "2026-04-06T12:00:00", "timeZone": "Europe/Oslo"],
                    ]
                ])),
        "SplitResult": Schema.object(
            [
                "booking": Schema.ref("Booking", "The shortened one."),
                "following": Schema.ref("Booking", "The new one."),
            ]),
        "WallTime": Schema.object(
            [
                "dateTime": wall, "timeZone": Schema.text("An IANA zone.", examples: ["Europe/Oslo"]),
                "offset": Schema.text("From UTC.", examples: ["+01:00"]),
            ], "What a clock on the wall shows."),
        "ZonedTime": Schema.object(
            [
                "dateTime": wall,
                "timeZone": Schema.text("An IANA zone.", shortest: 1, longest: 64, examples: ["Europe/Oslo"]),
                "offset": Schema.text(
                    "Only needed in the hour that autumn repeats: which of the two is meant.",
                    pattern: #"^([+-]([01][0-9]|2[0-3]):[0-5][0-9]|Z)$"#),
            ], optional: ["offset"], "What a clock on the wall shows.", examples: [exampleStart]),
        "Person": Schema.object(["name": Schema.text, "address": Schema.text]),
        "PersonInput": Schema.object(
            ["name": personName, "address": address], required: [], "A name, an e-mail address, or both."),
        "Attendee": Schema.object(
            ["name": Schema.text, "address": Schema.text, "role": Schema.words(Attendee.Role.self)]),
        "AttendeeInput": Schema.object(
            ["name": personName, "address": address, "role": Schema.words(Attendee.Role.self)],
            required: ["address"]),
        "Occurrence": eitherTime(
            Schema.object(
                [
                    "original": original, "status": status, "changed": Schema.flag, "allDay": Schema.flag,
                    "start": Schema.ref("WallTime"), "end": Schema.ref("WallTime"), "startDate": Schema.date,
                    "endDate": Schema.date, "subject": Schema.text, "body": Schema.text, "location": Schema.text,
                    "showAs": Schema.words(ShowAs.self),
                ], optional: ["start", "end", "startDate", "endDate"], "One meeting of a series.")),
        "Change": Schema.object(
            [
                "position": Schema.whole(1...(.max), "Counts up by one, without gaps."), "booking": Schema.id,
                "room": Schema.id, "kind": Schema.words(BookingChangeRecord.Kind.self),
                "revision": Schema.whole(1...(.max), "The booking's, after the change."), "start": Schema.instant,
                "end": Schema.instant, "fields": Schema.list(Schema.words(MeetingField.self), "What became different."),
                "occurrences": Schema.list(
                    Schema.object(["original": original, "kind": Schema.words(OccurrenceNote.Kind.self)]),
                    "The single occurrences that the change was about."),
                "author": Schema.object(["kind": Schema.words(authors), "name": Schema.text]), "at": Schema.instant,
                "reason": Schema.nullable(Schema.text),
            ], "What happened to a booking."),
        "StoryLine": Schema.object(
            [
                "at": Schema.instant, "when": Schema.text("The same in words, in the room's zone."),
                "who": Schema.text("A person's or token's name, or sync."), "what": Schema.text("In plain words."),
            ]),
    ]

    static let original = Schema.text(
        "An occurrence's original: the wall time, in the series' zone, at which the rule puts it.",
        examples: ["2026-03-09T10:00:00"])
    static let status = Schema.words(Booking.Status.self)
    static let showAs = Schema.words(ShowAs.self, "Not free: a booking holds its room.")
    static let subject = Schema.text(longest: TextRules.longestSubject)
    static let body = Schema.text(longest: TextRules.longestBody)
    static let location = Schema.text(longest: TextRules.longestSubject)

    private static let wall = Schema.text(
        pattern: #"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?$"#,
        examples: ["2026-03-02T10:00:00"])
    private static let exampleStart: JSONValue = ["dateTime": "2026-12-01T10:00:00", "timeZone": "Europe/Oslo"]
    private static let exampleEnd: JSONValue = ["dateTime": "2026-12-01T11:00:00", "timeZone": "Europe/Oslo"]
    private static let roomID = Schema.described(Schema.id, "The room's id.")
    private static let personName = Schema.text(longest: TextRules.longestName)
    private static let address = Schema.text(longest: TextRules.longestAddress, examples: ["anna@example.com"])
    private static let attendees = Schema.list(Schema.ref("AttendeeInput"), most: TextRules.mostAttendees)
    private static let onTaken = Schema.words(
        OnTaken.self, "For series: refuse all of it when an occurrence is taken (the default), or skip what is taken.")
    private static let authors = [ChangeAuthor.person(""), .apiToken(""), .sync(""), .loopBooking].map(\.kind)

    private static let bookingFields: KeyValuePairs<String, JSONValue> = [
        "room": roomID, "subject": subject, "body": body, "allDay": Schema.flag, "start": Schema.ref("ZonedTime"),
        "end": Schema.ref("ZonedTime"), "startDate": Schema.date,
        "endDate": Schema.described(Schema.date, "The day after the last."),
        "organizer": Schema.nullable(Schema.ref("PersonInput")), "attendees": attendees,
        "sensitivity": Schema.words(Sensitivity.self), "showAs": showAs, "location": location,
        "recurrence": Schema.nullable(Schema.ref("RecurrenceInput")), "onTaken": onTaken,
    ]

    static let occurrenceFields: KeyValuePairs<String, JSONValue> = [
        "start": Schema.ref("ZonedTime"), "end": Schema.ref("ZonedTime"), "allDay": Schema.flag,
        "startDate": Schema.date, "endDate": Schema.date, "subject": subject, "body": body, "location": location,
        "showAs": showAs,
    ]

    /// What is given of a time belongs to a time of day or to whole days, never to both.
    static func oneKindOfTime(_ schema: JSONValue) -> JSONValue { withTimes(schema, timed: [:], wholeDays: [:]) }

    /// The same, with all that a time needs.
    static func wholeTime(_ schema: JSONValue) -> JSONValue {
        withTimes(
            schema, timed: ["required": ["start", "end"]],
            wholeDays: ["required": ["allDay", "startDate", "endDate"]])
    }

    private static func withTimes(
        _ schema: JSONValue, timed: [String: JSONValue], wholeDays: [String: JSONValue]
    ) -> JSONValue {
        guard case .object(var fields) = schema else { return schema }
        var timed = timed
        timed["properties"] = ["allDay": ["const": false], "startDate": false, "endDate": false]
        var wholeDays = wholeDays
        wholeDays["properties"] = ["allDay": ["const": true], "start": false, "end": false]
        fields["anyOf"] = [.object(timed), .object(wholeDays)]
        return .object(fields)
    }

    /// A time of day, or whole days: an answer has all of the one and nothing of the other.
    static func eitherTime(_ schema: JSONValue) -> JSONValue {
        guard case .object(var fields) = schema else { return schema }
        fields["oneOf"] = [
            ["properties": ["allDay": ["const": false]], "required": ["start", "end"]],
            ["properties": ["allDay": ["const": true]], "required": ["startDate", "endDate"]],
        ]
        return .object(fields)
    }
}

extension Booking.Status: CaseIterable {
    package static let allCases: [Booking.Status] = [.confirmed, .pending, .refused, .cancelled]
}
