import CalendarModel

/// The event properties that a client may write, apart from those with a life of their own (times, recurrence, extended
/// properties): how each is checked, and what it is when nobody set it.
struct GraphEventProperty: Sendable {
    enum Kind: Sendable {
        case string, bool, int, strings
        /// One of some words, compared without case.
        case word([String])
        case body, location, locations, attendees
    }

    let kind: Kind
    let standard: GraphJSON

    static let writable: [String: GraphEventProperty] = [
        "subject": .init(kind: .string, standard: ""),
        "body": .init(kind: .body, standard: ["contentType": "html", "content": ""]),
        "location": .init(kind: .location, standard: location(named: "")),
        "locations": .init(kind: .locations, standard: []),
        "attendees": .init(kind: .attendees, standard: []),
        "importance": .init(kind: .word(["low", "normal", "high"]), standard: "normal"),
        "sensitivity": .init(kind: .word(["normal", "personal", "private", "confidential"]), standard: "normal"),
        "showAs": .init(
            kind: .word(["free", "tentative", "busy", "oof", "workingElsewhere", "unknown"]), standard: "busy"),
        "isReminderOn": .init(kind: .bool, standard: true),
        "reminderMinutesBeforeStart": .init(kind: .int, standard: 15),
        "categories": .init(kind: .strings, standard: []),
        "responseRequested": .init(kind: .bool, standard: true),
        "allowNewTimeProposals": .init(kind: .bool, standard: true),
        "hideAttendees": .init(kind: .bool, standard: false),
        "isOnlineMeeting": .init(kind: .bool, standard: false),
        "onlineMeetingProvider": .init(
            kind: .word(["unknown", "skypeForBusiness", "skypeForConsumer", "teamsForBusiness"]), standard: "unknown"),
        "onlineMeetingUrl": .init(kind: .string, standard: .null),
    ]

    /// Known, but set by the server: what a client says about them is passed over.
    static let readOnly: Set<String> = [
        "id", "changeKey", "createdDateTime", "lastModifiedDateTime", "bodyPreview", "cancelledOccurrences",
        "hasAttachments", "iCalUId", "isCancelled", "isDraft", "isOrganizer", "onlineMeeting", "organizer",
        "originalEndTimeZone", "originalStart", "originalStartTimeZone", "responseStatus", "seriesMasterId", "type",
        "webLink", "attachments", "calendar", "exceptionOccurrences", "extensions", "instances",
        "multiValueExtendedProperties",
    ]

    /// Handled beside the table.
    static let special: Set<String> = [
        "start", "end", "isAllDay", "recurrence", "transactionId", "singleValueExtendedProperties",
    ]

    static func isKnown(_ name: String) -> Bool {
        writable[name] != nil || readOnly.contains(name) || special.contains(name)
    }

    /// The value as it is kept.
    func checked(_ name: String, _ value: GraphJSON, textBecomesHTML: Bool) throws(GraphError) -> GraphJSON {
        if value == .null { return standard }
        switch kind {
        case .string:
            guard let text = value.string else { throw Self.mismatch(name, "Edm.String") }
            return .string(String(text.prefix(name == "subject" ? 255 : 4096)))
        case .bool:
            guard let truth = Self.truth(value) else { throw Self.mismatch(name, "Edm.Boolean") }
            return .bool(truth)
        case .int:
            guard value.int != nil else { throw Self.mismatch(name, "Edm.Int32") }
            return value
        case .strings:
            guard let values = value.array, values.allSatisfy({ $0.string != nil }) else {
                throw Self.mismatch(name, "Collection(Edm.String)")
            }
            return value
        case .word(let words): return .string(try Self.word(name, value, words))
        case .body: return try Self.body(value, textBecomesHTML: textBecomesHTML)
        case .location: return try Self.location(value)
        case .locations:
            guard let values = value.array else { throw Self.mismatch(name, "Collection(microsoft.graph.location)") }
            return .array(try values.map { (item) throws(GraphError) in try Self.location(item) })
        case .attendees:
            guard let values = value.array else { throw Self.mismatch(name, "Collection(microsoft.graph.attendee)") }
            guard values.count <= 500 else { throw .invalidProperty(name, "An event has 500 attendees at most.") }
            return .array(try values.map { (item) throws(GraphError) in try Self.attendee(item) })
        }
    }

    static func location(named name: String) -> GraphJSON {
        var members: [String: GraphJSON] = [
            "displayName": .string(name), "locationType": "default", "uniqueIdType": "unknown", "address": [:],
            "coordinates": [:],
        ]
        if !name.isEmpty {
            members["uniqueId"] = .string(name)
            members["uniqueIdType"] = "private"
        }
        return .object(members)
    }

    /// The O365 package sends `"false"` in quotation marks, and Graph takes it.
    static func truth(_ value: GraphJSON) -> Bool? {
        switch value.string?.lowercased() {
        case "true": true
        case "false": false
        default: value.bool
        }
    }

    static func mismatch(_ name: String, _ type: String) -> GraphError {
        .unreadableBody("Cannot convert the literal of property '\(name)' to the expected type '\(type)'.")
    }

    private static func word(_ name: String, _ value: GraphJSON, _ words: [String]) throws(GraphError) -> String {
        guard let text = value.string else { throw mismatch(name, "microsoft.graph.\(name)") }
        guard let word = words.first(where: { $0.lowercased() == text.lowercased() }) else {
            throw .unreadableBody("Requested value '\(text)' was not found for property '\(name)'.")
        }
        return word
    }

    private static func members(
        _ type: String, _ value: GraphJSON, _ known: Set<String>
    ) throws(GraphError) -> [String: GraphJSON] {
        guard let members = value.object else { throw mismatch(type, "microsoft.graph.\(type)") }
        for name in members.keys where !known.contains(name) && !name.contains("@") {
            throw .unreadableBody(
                "The property '\(name)' does not exist on type 'microsoft.graph.\(type)'. Make sure "
                    + "to only use property names that are defined by the type.")
        }
        return members.filter { !$0.key.contains("@") }
    }

    private static func body(_ value: GraphJSON, textBecomesHTML: Bool) throws(GraphError) -> GraphJSON {
        let members = try members("itemBody", value, ["content", "contentType"])
        let type = try word("contentType", members["contentType"] ?? "text", ["text", "html"])
        let content = members["content"]?.string ?? ""
        guard !content.isEmpty else { return ["contentType": .string(textBecomesHTML ? "html" : type), "content": ""] }
        if type == "html" {
            return ["contentType": "html", "content": .string(GraphBody.document(fromHTML: content))]
        }
        guard textBecomesHTML else { return ["contentType": "text", "content": .string(content)] }
        return ["contentType": "html", "content": .string(GraphBody.html(fromText: content))]
    }

    private static func location(_ value: GraphJSON) throws(GraphError) -> GraphJSON {
        if value == .null { return location(named: "") }
        let given = try members(
            "location", value,
            [
                "displayName", "locationType", "locationUri", "locationEmailAddress", "uniqueId", "uniqueIdType",
                "address", "coordinates",
            ])
        guard case .object(var members) = location(named: given["displayName"]?.string ?? "") else { return value }
        for (name, value) in given where value != .null { members[name] = value }
        if let type = given["locationType"], type != .null {
            members["locationType"] = .string(
                try word(
                    "locationType", type,
                    [
                        "default", "conferenceRoom", "homeAddress", "businessAddress", "geoCoordinates",
                        "streetAddress", "hotel", "restaurant", "localBusiness", "postalAddress",
                    ]))
        }
        return .object(members)
    }

    static func attendee(_ value: GraphJSON) throws(GraphError) -> GraphJSON {
        let given = try members("attendee", value, ["type", "status", "emailAddress", "proposedNewTime"])
        let email = try members("emailAddress", given["emailAddress"] ?? .null, ["name", "address"])
        guard let address = email["address"]?.string, !address.isEmpty else {
            throw .invalidProperty("attendees", "An attendee needs an address.")
        }
        let name = email["name"]?.string.flatMap { $0.isEmpty ? nil : $0 } ?? address
        let type = given["type"] ?? .null
        return [
            "type": type == .null ? "required" : .string(try word("type", type, ["required", "optional", "resource"])),
            "status": ["response": "none", "time": "0001-01-01T00:00:00Z"],
            "emailAddress": ["name": .string(name), "address": .string(address)],
        ]
    }
}
