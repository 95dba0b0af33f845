import CalendarModel
import LoopBooking

/// How a series repeats.
extension OpenAPIDocument {
    static let recurrenceSchemas: [String: JSONValue] = [
        "Recurrence": Schema.object(
            [
                "frequency": frequency, "interval": Schema.whole(1...(.max)),
                "weekdays": Schema.list(weekday), "ordinalDays": Schema.list(Schema.ref("OrdinalDay")),
                "daysOfMonth": numbers, "months": numbers, "daysOfYear": numbers, "weeksOfYear": numbers,
                "positions": numbers, "weekStart": weekday,
                "until": Schema.nullable(
                    Schema.described(Schema.date, "The last date on which an occurrence may start.")),
                "count": Schema.nullable(Schema.whole(1...(.max))),
                "cancelled": Schema.list(original, "Originals of occurrences that were taken out."),
                "exceptions": Schema.list(Schema.ref("Exception")),
                "additions": Schema.list(original, "Further occurrences beside those of the rule."),
            ], "How a booking repeats: the rule of RFC 5545 in words, and what differs from it."),
        "RecurrenceInput": Schema.object(
            [
                "rrule": Schema.text(
                    "iCalendar's text in place of the parts.", examples: ["FREQ=MONTHLY;BYDAY=-1FR;COUNT=12"]),
                "frequency": frequency, "interval": Schema.whole(1...RecurrenceRules.largestInterval),
                "weekdays": Schema.list(weekday),
                "ordinalDays": Schema.list(Schema.ref("OrdinalDay"), "Monthly and yearly only."),
                "daysOfMonth": Schema.list(Schema.whole(-31...31), "-1 is the last."),
                "months": Schema.list(Schema.whole(1...12)),
                "daysOfYear": Schema.list(Schema.whole(-366...366), "Yearly only."),
                "weeksOfYear": Schema.list(Schema.whole(-53...53), "Yearly only."),
                "positions": Schema.list(Schema.whole(-366...366), "Which of a period's days."), "weekStart": weekday,
                "until": Schema.nullable(
                    Schema.described(Schema.date, "The last date on which an occurrence may start.")),
                "count": Schema.nullable(
                    Schema.whole(1...RecurrenceRules.largestCount, "How many occurrences; never together with until.")),
                "cancelled": Schema.list(originalInput, most: RecurrenceRules.mostSingleOccurrences),
                "exceptions": Schema.list(Schema.ref("ExceptionInput"), most: RecurrenceRules.mostSingleOccurrences),
                "additions": Schema.list(originalInput, most: RecurrenceRules.mostSingleOccurrences),
            ], required: [],
            "Makes a booking a series. A rule needs its frequency, or an rrule; without one, PATCH changes only what is given.",
            examples: [["frequency": "weekly", "weekdays": ["monday"], "count": 10]]),
        "OrdinalDay": Schema.object(
            ["ordinal": Schema.whole(-53...53), "weekday": weekday], "Such as the last Friday: -1 and friday."),
        "Exception": Schema.object(
            [
                "original": original, "allDay": Schema.flag, "start": Schema.ref("WallTime"),
                "end": Schema.ref("WallTime"), "startDate": Schema.date, "endDate": Schema.date,
                "subject": Schema.text, "body": Schema.text, "location": Schema.text,
                "showAs": Schema.words(ShowAs.self),
            ], required: ["original"], "An occurrence that differs; fields that are absent follow the series."),
        "ExceptionInput": oneKindOfTime(
            Schema.object(
                [
                    "original": originalInput, "start": Schema.ref("ZonedTime"), "end": Schema.ref("ZonedTime"),
                    "allDay": Schema.flag, "startDate": Schema.date, "endDate": Schema.date, "subject": subject,
                    "body": body, "location": location, "showAs": showAs,
                ], required: ["original"], "An occurrence that is to differ.")),
    ]

    private static let frequency = Schema.words(RecurrenceRule.Frequency.self)
    private static let weekday = Schema.words(RecurrenceRule.Weekday.self)
    private static let numbers = Schema.list(Schema.whole())
    private static let originalInput = Schema.text(
        "The wall time, in the series' zone, at which the rule puts the occurrence; a date for all-day ones.",
        pattern: #"^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?)?$"#,
        examples: ["2026-03-09T10:00:00"])
}
