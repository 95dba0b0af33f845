import Foundation

/// An event as Graph sends it. Everything but the id may be missing (occurrences in delta rounds are skeletons), and a
/// field of an unexpected shape counts as missing: vendors add values without asking.
struct GraphEvent: Decodable, Sendable {
    var id: String
    var etag: String?
    var changeKey: String?
    /// Set when the item is said to be gone; then nothing but the id is there.
    var removed: Removed?
    var type: String?
    var seriesMasterID: String?
    var uid: String?
    var subject: String?
    var body: GraphBody?
    var start: GraphDateTime?
    var end: GraphDateTime?
    var isAllDay: Bool?
    var isCancelled: Bool?
    var isOrganizer: Bool?
    var organizer: GraphRecipient?
    var attendees: [GraphAttendee]?
    var responseStatus: GraphResponse?
    var sensitivity: String?
    var showAs: String?
    var location: GraphLocation?
    var originalStart: String?
    var originalStartTimeZone: String?
    var createdDateTime: String?
    var lastModifiedDateTime: String?
    var singleValueExtendedProperties: [GraphProperty]?
    /// Of a series master.
    var recurrence: GraphRecurrence?
    /// `OID.{master}.{date}` of the occurrences that were taken out; only where asked for.
    var cancelledOccurrences: [String]?
    /// The occurrences that differ from their series; only where asked for.
    var exceptionOccurrences: [GraphEvent]?

    /// Of a series whose zone has no name: its occurrences, which were asked for on their own.
    var instances: [GraphEvent] = []

    struct Removed: Decodable, Sendable {
        var reason: String?
    }

    private enum CodingKeys: String, CodingKey {
        case id, changeKey, type, subject, body, start, end, isAllDay, isCancelled, isOrganizer, organizer, attendees
        case responseStatus, sensitivity, showAs, location, originalStart, originalStartTimeZone, createdDateTime
        case lastModifiedDateTime, singleValueExtendedProperties, recurrence, cancelledOccurrences, exceptionOccurrences
        case etag = "@odata.etag"
        case removed = "@removed"
        case seriesMasterID = "seriesMasterId"
        case uid = "iCalUId"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(String.self, forKey: .id)
        etag = fields.lenient(.etag)
        changeKey = fields.lenient(.changeKey)
        removed = fields.lenient(.removed)
        type = fields.lenient(.type)
        seriesMasterID = fields.lenient(.seriesMasterID)
        uid = fields.lenient(.uid)
        subject = fields.lenient(.subject)
        body = fields.lenient(.body)
        start = fields.lenient(.start)
        end = fields.lenient(.end)
        isAllDay = fields.lenient(.isAllDay)
        isCancelled = fields.lenient(.isCancelled)
        isOrganizer = fields.lenient(.isOrganizer)
        organizer = fields.lenient(.organizer)
        attendees = fields.lenient(.attendees)
        responseStatus = fields.lenient(.responseStatus)
        sensitivity = fields.lenient(.sensitivity)
        showAs = fields.lenient(.showAs)
        location = fields.lenient(.location)
        originalStart = fields.lenient(.originalStart)
        originalStartTimeZone = fields.lenient(.originalStartTimeZone)
        createdDateTime = fields.lenient(.createdDateTime)
        lastModifiedDateTime = fields.lenient(.lastModifiedDateTime)
        singleValueExtendedProperties = fields.lenient(.singleValueExtendedProperties)
        recurrence = fields.lenient(.recurrence)
        cancelledOccurrences = fields.lenient(.cancelledOccurrences)
        exceptionOccurrences = fields.lenient(.exceptionOccurrences)
    }

    var isMaster: Bool { type == "seriesMaster" }
    var isOccurrence: Bool { type == "occurrence" || type == "exception" }

    /// The master of the series that it belongs to or is; nil for a single event.
    var seriesID: String? { isMaster ? id : seriesMasterID }
}

extension KeyedDecodingContainer {
    /// The value, or nil when it is missing, null or of another shape.
    func lenient<Value: Decodable>(_ key: Key) -> Value? {
        (try? decodeIfPresent(Value.self, forKey: key)) ?? nil
    }
}
