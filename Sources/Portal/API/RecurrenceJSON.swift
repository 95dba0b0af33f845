import CalendarModel
import CalendarTime
import LoopBooking

/// How a booking repeats, in the REST API.
enum RecurrenceJSON {
    // MARK: Writing

    static func json(_ recurrence: Recurrence) -> JSONValue {
        let rule = recurrence.rule
        var fields: [String: JSONValue] = [
            "frequency": .string(rule.frequency.rawValue), "interval": .integer(Int64(rule.interval)),
            "weekdays": .array(
                RecurrenceRule.Weekday.allCases.filter(rule.weekdays.contains).map { .string($0.rawValue) }),
            "ordinalDays": .array(ordered(rule.ordinalDays).map(json)), "daysOfMonth": numbers(rule.daysOfMonth),
            "months": numbers(rule.months), "daysOfYear": numbers(rule.daysOfYear),
            "weeksOfYear": numbers(rule.weeksOfYear), "positions": numbers(rule.positions),
            "weekStart": .string(rule.weekStart.rawValue), "until": .null, "count": .null,
            "cancelled": originals(recurrence.cancelled), "additions": originals(recurrence.additions),
            "exceptions": .array(
                recurrence.exceptions.sorted { $0.key < $1.key }.map { json($0.value, at: $0.key) }),
        ]
        switch rule.end {
        case .never: break
        case .on(let date): fields["until"] = .string(date.description)
        case .after(let count): fields["count"] = .integer(Int64(count))
        }
        return .object(fields)
    }

    private static func json(_ change: OccurrenceChange, at original: WallTime) -> JSONValue {
        var fields: [String: JSONValue] = change.time.map { BookingJSON.fields(of: $0) } ?? [:]
        fields["original"] = .string(original.description)
        fields["subject"] = change.subject.map(JSONValue.string)
        fields["body"] = change.body.map(JSONValue.string)
        fields["location"] = change.location.map(JSONValue.string)
        fields["showAs"] = change.showAs.map { .string($0.rawValue) }
        return .object(fields)
    }

    private static func json(_ day: RecurrenceRule.OrdinalDay) -> JSONValue {
        ["ordinal": .integer(Int64(day.ordinal)), "weekday": .string(day.weekday.rawValue)]
    }

    private static func ordered(_ days: Set<RecurrenceRule.OrdinalDay>) -> [RecurrenceRule.OrdinalDay] {
        RecurrenceRule.Weekday.allCases.flatMap { weekday in
            days.filter { $0.weekday == weekday }.sorted { $0.ordinal < $1.ordinal }
        }
    }

    private static func numbers(_ numbers: Set<Int>) -> JSONValue {
        .array(numbers.sorted().map { .integer(Int64($0)) })
    }

    private static func originals(_ originals: Set<WallTime>) -> JSONValue {
        .array(originals.sorted().map { .string($0.description) })
    }

    // MARK: Reading

    static func change(_ reader: inout FieldReader) -> RecurrenceChange? {
        var change = RecurrenceChange()
        change.rrule = reader.string("rrule")
        change.frequency = reader.word("frequency", RecurrenceRule.Frequency.self)
        change.interval = reader.integer("interval")
        change.weekdays = weekdays(&reader)
        change.ordinalDays = reader.objects("ordinalDays", ordinalDay).map { Set($0) }
        change.daysOfMonth = numbers("daysOfMonth", &reader)
        change.months = numbers("months", &reader)
        change.daysOfYear = numbers("daysOfYear", &reader)
        change.weeksOfYear = numbers("weeksOfYear", &reader)
        change.positions = numbers("positions", &reader)
        change.weekStart = reader.word("weekStart", RecurrenceRule.Weekday.self)
        change.end = end(&reader)
        change.cancelled = originals("cancelled", &reader)
        change.exceptions = reader.objects("exceptions", exception)
        change.additions = originals("additions", &reader)
        return change
    }

    /// The original start of an occurrence: a wall time, or the date of an all-day one.
    static func original(_ text: String) throws -> WallTime {
        if let date = try? Timestamps.parseDate(text) { return WallTime(date: date, hour: 0, minute: 0) }
        return try Timestamps.parseWall(text)
    }

    private static func end(_ reader: inout FieldReader) -> RecurrenceRule.End? {
        let isEndless = reader.isNull("until") || reader.isNull("count")
        let until =
            reader.isNull("until")
            ? nil : reader.parsed("until", code: "invalid-date") { try Timestamps.parseDate($0) }
        let count = reader.isNull("count") ? nil : reader.integer("count")
        switch (until, count) {
        case (nil, nil): return isEndless ? .never : nil
        case (let date?, nil): return .on(date)
        case (nil, let count?): return .after(count: count)
        case (_?, _?):
            reader.add("until-and-count", "until", "Give until or count, not both.")
            return nil
        }
    }

    private static func weekdays(_ reader: inout FieldReader) -> Set<RecurrenceRule.Weekday>? {
        reader.elements("weekdays", expected: "a weekday: monday to sunday, in lower case") { value in
            if case .string(let text) = value { RecurrenceRule.Weekday(rawValue: text) } else { nil }
        }.map { Set($0) }
    }

    private static func ordinalDay(_ reader: inout FieldReader) -> RecurrenceRule.OrdinalDay? {
        reader.require("ordinal")
        reader.require("weekday")
        let weekday = reader.word("weekday", RecurrenceRule.Weekday.self)
        guard let ordinal = reader.integer("ordinal"), let weekday else { return nil }
        return RecurrenceRule.OrdinalDay(ordinal, weekday)
    }

    private static func numbers(_ name: String, _ reader: inout FieldReader) -> Set<Int>? {
        reader.elements(name, expected: "a whole number") { value in
            if case .integer(let number) = value { Int(exactly: number) } else { nil }
        }.map { Set($0) }
    }

    private static func originals(_ name: String, _ reader: inout FieldReader) -> Set<WallTime>? {
        reader.elements(name, expected: "the original start of an occurrence, such as 2026-03-02T09:00:00") { value in
            if case .string(let text) = value { try? Self.original(text) } else { nil }
        }.map { Set($0) }
    }

    private static func exception(_ reader: inout FieldReader) -> RecurrenceChange.Exception? {
        reader.require("original")
        let original = reader.parsed("original", code: "invalid-time") { try Self.original($0) }
        let change = BookingJSON.occurrenceChange(&reader)
        guard let original, let change else { return nil }
        return RecurrenceChange.Exception(original: original, change: change)
    }
}
