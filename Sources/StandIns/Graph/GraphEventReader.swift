import CalendarModel
import CalendarTime

/// Reads what a client sends about an event.
struct GraphEventReader {
    /// What a POST or PATCH says; nil where it says nothing.
    struct Reading {
        var change = MailboxChange()
        /// Outer nil: not mentioned; inner nil: null, which ends the series.
        var recurrence: [String: GraphJSON]??
        var transactionID: String?
        /// nil as a value takes the property away.
        var extendedProperties: [String: String?] = [:]
    }

    let textBecomesHTML: Bool

    func read(_ members: [String: GraphJSON]) throws(GraphError) -> Reading {
        var reading = Reading()
        for (name, value) in members.sorted(by: { $0.key < $1.key }) where !name.contains("@") {
            guard GraphEventProperty.isKnown(name) else {
                throw .unreadableBody(
                    "The property '\(name)' does not exist on type 'microsoft.graph.event'. Make sure to only use "
                        + "property names that are defined by the type.")
            }
            if let property = GraphEventProperty.writable[name] {
                reading.change.properties[name] = try property.checked(name, value, textBecomesHTML: textBecomesHTML)
                continue
            }
            switch name {
            case "start" where value != .null: reading.change.start = try Self.time(name, value)
            case "end" where value != .null: reading.change.end = try Self.time(name, value)
            case "isAllDay" where value != .null:
                guard let isAllDay = GraphEventProperty.truth(value) else {
                    throw GraphEventProperty.mismatch(name, "Edm.Boolean")
                }
                reading.change.isAllDay = isAllDay
            case "recurrence":
                if value == .null {
                    reading.recurrence = .some(nil)
                } else if let recurrence = value.object {
                    reading.recurrence = .some(recurrence)
                } else {
                    throw GraphEventProperty.mismatch(name, "microsoft.graph.patternedRecurrence")
                }
            case "transactionId": reading.transactionID = value.string
            case "singleValueExtendedProperties": reading.extendedProperties = try Self.extendedProperties(value)
            default: continue
            }
        }
        Self.keepLocationsTogether(&reading.change.properties)
        return reading
    }

    /// `location` is the first of `locations`; whichever was written decides the other.
    private static func keepLocationsTogether(_ properties: inout [String: GraphJSON]) {
        if let locations = properties["locations"]?.array, properties["location"] == nil {
            properties["location"] = locations.first ?? GraphEventProperty.location(named: "")
        } else if let location = properties["location"], properties["locations"] == nil {
            properties["locations"] = location["displayName"]?.string?.isEmpty == false ? .array([location]) : []
        }
    }

    static func time(_ name: String, _ value: GraphJSON) throws(GraphError) -> ZonedTime {
        guard let members = value.object, let text = members["dateTime"]?.string else {
            throw GraphEventProperty.mismatch(name, "microsoft.graph.dateTimeTimeZone")
        }
        for member in members.keys where !["dateTime", "timeZone"].contains(member) && !member.contains("@") {
            throw .unreadableBody("The property '\(member)' does not exist on type 'microsoft.graph.dateTimeTimeZone'.")
        }
        let zoneName = members["timeZone"]?.string ?? "UTC"
        guard let zone = ZonedTime.Zone(named: zoneName) else { throw .unknownZone(zoneName) }
        if let wall = try? Timestamps.parseWall(text) { return ZonedTime(wall: wall, zone: zone) }
        if let wall = try? Timestamps.parseWall(text + ":00") { return ZonedTime(wall: wall, zone: zone) }
        if let date = try? Timestamps.parseDate(text) {
            return ZonedTime(wall: WallTime(date: date, hour: 0, minute: 0), zone: zone)
        }
        if let instant = try? Timestamps.parseRFC3339(text) { return ZonedTime(instant, in: zone) }
        throw .invalidProperty(name, "'\(text)' is not a date and time.")
    }

    /// ISO 8601 as query parameters have it: with an offset, or without for UTC.
    static func instant(_ text: String) throws(GraphError) -> Instant {
        if let instant = try? Timestamps.parseRFC3339(text) { return instant }
        // A plus sign in a query that was not encoded arrives as a space.
        if let instant = try? Timestamps.parseRFC3339(text.replacing(" ", with: "+")) { return instant }
        for candidate in [text, text + ":00", text + "T00:00:00"] {
            if let wall = try? Timestamps.parseWall(candidate), let instant = Zones.instant(of: wall, in: .utc) {
                return instant
            }
        }
        throw GraphError(
            status: 400, code: "ErrorInvalidParameter",
            message: "The value '\(text)' of a time window parameter is not a valid date and time.")
    }

    private static func extendedProperties(_ value: GraphJSON) throws(GraphError) -> [String: String?] {
        guard let values = value.array else {
            throw GraphEventProperty.mismatch(
                "singleValueExtendedProperties", "Collection(microsoft.graph.singleValueLegacyExtendedProperty)")
        }
        var properties: [String: String?] = [:]
        for item in values {
            guard let id = item["id"]?.string, let normal = GraphExtendedProperty.normalized(id) else {
                throw .invalidProperty("singleValueExtendedProperties", "The id of an extended property is malformed.")
            }
            properties.updateValue(item["value"]?.string, forKey: normal)
        }
        return properties
    }
}

/// Ids of MAPI properties, such as `String {GUID} Name BookingId`.
enum GraphExtendedProperty {
    private static let types: Set<String> = [
        "string", "integer", "boolean", "systemtime", "double", "float", "long", "short", "binary", "clsid", "currency",
    ]

    /// The id with its GUID in lower case, as Graph gives it back; nil when it is malformed.
    static func normalized(_ id: String) -> String? {
        let parts = id.split(separator: " ", maxSplits: 3).map(String.init)
        guard let type = parts.first, types.contains(type.lowercased()) else { return nil }
        if parts.count == 2 { return parts[1].lowercased().hasPrefix("0x") ? "\(type) \(parts[1])" : nil }
        guard parts.count == 4, parts[1].hasPrefix("{"), parts[1].hasSuffix("}"), parts[1].count == 38,
            ["name", "id"].contains(parts[2].lowercased())
        else { return nil }
        return "\(type) \(parts[1].lowercased()) \(parts[2]) \(parts[3])"
    }
}
