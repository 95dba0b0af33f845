import CalendarModel
import LoopBooking

/// Rooms and when they are free.
extension OpenAPIDocument {
    static let roomSchemas: [String: JSONValue] = [
        "Room": Schema.object(
            [
                "id": Schema.id, "name": Schema.text, "capacity": Schema.nullable(Schema.whole()),
                "location": Schema.text, "timeZone": Schema.text("An IANA zone.", examples: ["Europe/Oslo"]),
                "openingHours": Schema.nullable(Schema.ref("OpeningHours")),
                "horizonDays": Schema.whole(nil, "How many days ahead a booking may end."),
                "maximumMinutes": Schema.whole(nil, "The longest booking."),
                "revision": Schema.whole(1...(.max), "Counts the changes; also the answer's ETag."),
            ], "A room that people book."),
        "NewRoom": Schema.object(
            [
                "name": name, "timeZone": zone, "capacity": capacity, "location": place,
                "openingHours": Schema.nullable(Schema.ref("OpeningHours")), "horizonDays": horizon,
                "maximumMinutes": longest,
            ], required: ["name", "timeZone"], "A room to be made.",
            examples: [
                [
                    "name": "Oslo", "timeZone": "Europe/Oslo", "capacity": 8, "location": "3rd floor",
                    "openingHours": ["monday": ["08:00", "17:00"], "friday": ["08:00", "24:00"]],
                ]
            ]),
        "RoomChange": Schema.object(
            [
                "name": name, "timeZone": zone, "capacity": capacity, "location": place,
                "openingHours": Schema.nullable(Schema.ref("OpeningHours")), "horizonDays": horizon,
                "maximumMinutes": longest,
            ], required: [], "Only the fields given are changed.",
            examples: [["capacity": 10]]),
        "OpeningHours": [
            "type": "object", "additionalProperties": false,
            "description":
                "When the room can be booked, in its zone: two times of day for each weekday. A weekday that is missing is closed.",
            "properties": .object(
                Dictionary(
                    uniqueKeysWithValues: RecurrenceRule.Weekday.allCases.map { day in
                        (
                            day.rawValue,
                            [
                                "type": "array", "minItems": 2, "maxItems": 2,
                                "items": Schema.text(pattern: #"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"#),
                            ]
                        )
                    })),
            "examples": [["monday": ["08:00", "17:00"]]],
        ],
        "Span": Schema.object(["start": Schema.instant, "end": Schema.instant], "From start until before end."),
        "Availability": Schema.object(
            [
                "room": Schema.id, "taken": Schema.list(Schema.ref("Span")),
                "free": Schema.list(Schema.ref("Span"), "Within opening hours."),
            ], "When a room is taken and when it is free."),
    ]

    private static let name = Schema.text(
        "Unique in the organization, case aside.", shortest: 1, longest: TextRules.longestName, examples: ["Oslo"])
    private static let zone = Schema.text("An IANA zone.", shortest: 1, longest: 64, examples: ["Europe/Oslo"])
    private static let capacity = Schema.nullable(
        Schema.whole(1...RoomRules.largestCapacity, "How many people; null: unknown."))
    private static let place = Schema.text(longest: TextRules.longestName, examples: ["3rd floor"])
    private static let horizon = Schema.whole(
        1...RoomRules.farthestHorizonDays, "How many days ahead a booking may end. 365 when not given.")
    private static let longest = Schema.whole(
        1...RoomRules.longestMinutes,
        "The longest booking in minutes; an all-day booking counts 24 hours a day. 1440 when not given.")
}
