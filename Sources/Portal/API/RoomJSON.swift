import CalendarModel
import LoopBooking

/// Rooms in the REST API.
package enum RoomJSON {
    package static func json(_ room: Room) -> JSONValue {
        [
            "id": .string(room.id.rawValue), "name": .string(room.name), "capacity": .optional(room.capacity),
            "location": .string(room.location), "timeZone": .string(room.zone.name),
            "openingHours": json(room.openingHours), "horizonDays": .integer(Int64(room.rules.horizonDays)),
            "maximumMinutes": .integer(Int64(room.rules.maximumMinutes)), "revision": .integer(room.revision),
        ]
    }

    static func draft(_ reader: inout FieldReader) -> RoomDraft? {
        reader.require("name")
        reader.require("timeZone")
        let change = change(&reader)
        guard let change, let name = change.name, let zone = change.zone else { return nil }
        return change.applied(to: RoomDraft(name: name, zone: zone))
    }

    static func change(_ reader: inout FieldReader) -> RoomChange? {
        var change = RoomChange()
        change.name = reader.string("name")
        if reader.isNull("capacity") {
            change.capacity = .nothing
        } else {
            change.capacity = reader.integer("capacity").map { .value($0) }
        }
        change.location = reader.string("location")
        change.zone = reader.string("timeZone")
        if reader.isNull("openingHours") {
            change.openingHours = .always
        } else {
            change.openingHours = reader.object("openingHours", openingHours)
        }
        change.horizonDays = reader.integer("horizonDays")
        change.maximumMinutes = reader.integer("maximumMinutes")
        return change
    }

    private static func json(_ hours: OpeningHours) -> JSONValue {
        guard case .weekly(let week) = hours else { return .null }
        return .object(
            Dictionary(
                uniqueKeysWithValues: week.map { day, range in
                    (day.rawValue, [.string(clock(range.from)), .string(clock(range.to))])
                }))
    }

    private static func openingHours(_ reader: inout FieldReader) -> OpeningHours? {
        var week: [RecurrenceRule.Weekday: OpeningHours.MinuteRange] = [:]
        for name in reader.names() {
            guard let day = RecurrenceRule.Weekday(rawValue: name) else {
                reader.add("unknown-field", String(name.prefix(64)), "Weekdays are monday to sunday, in lower case.")
                continue
            }
            guard case .array(let pair)? = reader.raw(name), pair.count == 2,
                case .string(let from) = pair[0], case .string(let to) = pair[1],
                let start = minute(from), let end = minute(to)
            else {
                reader.add(
                    "invalid-hours", name, #"Opening hours are two times of day, such as ["08:00", "17:00"]."#)
                continue
            }
            week[day] = OpeningHours.MinuteRange(from: start, to: end)
        }
        return .weekly(week)
    }

    /// Minutes after midnight of `08:30`; `24:00` is the end of the day.
    private static func minute(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts.allSatisfy({ $0.count == 2 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60
        else { return nil }
        let total = hour * 60 + minute
        return total <= 1440 ? total : nil
    }

    private static func clock(_ minute: Int) -> String {
        [minute / 60, minute % 60].map { $0 < 10 ? "0\($0)" : String($0) }.joined(separator: ":")
    }
}
