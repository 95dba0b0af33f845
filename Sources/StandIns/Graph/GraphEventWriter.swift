import CalendarModel
import CalendarTime
import Foundation

/// Shows items as Graph does.
struct GraphEventWriter {
    let mailbox: UInt64
    let zone: ZonedTime.Zone
    let immutableIDs: Bool
    /// `text` or `html`.
    let bodyContentType: String

    init(mailbox: Mailbox, preferences: GraphPreferences) throws(GraphError) {
        self.mailbox = mailbox.tag
        zone = try preferences.zone()
        immutableIDs = preferences.immutableIDs
        bodyContentType = preferences.bodyContentType ?? "html"
    }

    /// UTC, immutable ids, HTML: what filters and the control API look at.
    init(mailbox: UInt64, zone: ZonedTime.Zone = .utc) {
        self.mailbox = mailbox
        self.zone = zone
        immutableIDs = true
        bodyContentType = "html"
    }

    static let never = "0001-01-01T00:00:00Z"

    static func etag(_ key: String) -> String { "W/\"\(key)\"" }

    func changeKey(_ number: Int) -> String {
        let bytes = GraphIdentifier.bytes(mailbox, 8) + [0x47, 0x4d] + GraphIdentifier.bytes(UInt64(number), 6)
        return Data(bytes).base64EncodedString()
    }

    func id(_ item: MailboxItem, _ occurrence: CivilDate? = nil) -> String {
        item.identifier(in: mailbox, occurrence: occurrence, immutable: immutableIDs).text
    }

    /// The etag of an item, or of one of its occurrences: occurrences without an exception share their master's.
    func etag(_ item: MailboxItem, _ occurrence: MailboxOccurrence? = nil) -> String {
        Self.etag(changeKey(occurrence?.exception?.changeKey ?? item.changeKey))
    }

    func time(_ time: ZonedTime, isAllDay: Bool) -> GraphJSON {
        // All-day events float: midnight stays midnight in whatever zone was asked for.
        let shown = isAllDay ? ZonedTime(wall: time.wall, zone: zone) : time.shown(in: zone)
        return ["dateTime": .string(Timestamps.graphWall(shown.wall)), "timeZone": .string(zone.name)]
    }

    func timestamp(_ instant: Instant) -> GraphJSON { .string(Timestamps.rfc3339(instant, fractionDigits: 7)) }

    /// A single event or a series master.
    func event(_ item: MailboxItem) -> [String: GraphJSON] { full(item, item.content, nil) }

    /// An occurrence or an exception.
    func event(_ item: MailboxItem, _ occurrence: MailboxOccurrence) -> [String: GraphJSON] {
        full(item, occurrence.content, occurrence)
    }

    /// An occurrence as delta shows it: only what differs from its master.
    func skeleton(_ item: MailboxItem, _ occurrence: MailboxOccurrence) -> [String: GraphJSON] {
        [
            "@odata.type": "#microsoft.graph.event", "@odata.etag": .string(etag(item, occurrence)),
            "id": .string(id(item, occurrence.date)), "seriesMasterId": .string(id(item)), "type": "occurrence",
            "start": time(occurrence.content.start, isAllDay: occurrence.content.isAllDay),
            "end": time(occurrence.content.end, isAllDay: occurrence.content.isAllDay),
        ]
    }

    private func full(
        _ item: MailboxItem, _ content: MailboxContent, _ occurrence: MailboxOccurrence?
    ) -> [String: GraphJSON] {
        let key = changeKey(occurrence?.exception?.changeKey ?? item.changeKey)
        let id = id(item, occurrence?.date)
        var event = content.properties
        let body = shownBody(content)
        event["body"] = body.shown
        event["bodyPreview"] = .string(body.preview)
        event["@odata.etag"] = .string(Self.etag(key))
        event["id"] = .string(id)
        event["changeKey"] = .string(key)
        event["createdDateTime"] = timestamp(item.createdAt)
        event["lastModifiedDateTime"] = timestamp(occurrence?.exception?.modifiedAt ?? item.modifiedAt)
        event["start"] = time(content.start, isAllDay: content.isAllDay)
        event["end"] = time(content.end, isAllDay: content.isAllDay)
        event["isAllDay"] = .bool(content.isAllDay)
        event["originalStartTimeZone"] = .string(content.start.zone.name)
        event["originalEndTimeZone"] = .string(content.end.zone.name)
        event["iCalUId"] = .string(Self.uid(item.uid, occurrence?.date))
        event["isCancelled"] = .bool(item.isCancelled || occurrence?.exception?.isCancelled == true)
        event["isDraft"] = false
        event["hasAttachments"] = false
        event["isOrganizer"] = .bool(item.isOrganizer)
        event["organizer"] = [
            "emailAddress": ["name": .string(item.organizer.name), "address": .string(item.organizer.address)]
        ]
        event["responseStatus"] = Self.response(occurrence?.exception?.response ?? item.response)
        event["onlineMeeting"] = .null
        event["transactionId"] = .text(item.transactionID)
        event["webLink"] = .string(
            "https://outlook.office365.com/owa/?itemid=\(GraphQuery.encoded(id))&exvsurl=1&path=/calendar/item")
        if let occurrence {
            event["type"] = occurrence.exception == nil ? "occurrence" : "exception"
            event["seriesMasterId"] = .string(self.id(item))
            event["originalStart"] = .string(Timestamps.rfc3339(occurrence.originalStart))
            event["recurrence"] = .null
        } else {
            event["type"] = item.series == nil ? "singleInstance" : "seriesMaster"
            event["seriesMasterId"] = .null
            event["recurrence"] =
                item.series.map { ["pattern": .object($0.recurrence.pattern), "range": .object($0.recurrence.range)] }
                ?? .null
        }
        return event
    }

    static func response(_ response: MailboxResponse) -> GraphJSON {
        [
            "response": .string(response.kind),
            "time": .string(response.at.map { Timestamps.rfc3339($0, fractionDigits: 7) } ?? never),
        ]
    }

    /// `OID.{seriesMasterId}.{date}` of the occurrences that were taken out.
    func cancelledOccurrences(_ item: MailboxItem) -> GraphJSON {
        .array((item.series?.cancelled ?? []).sorted().map { .string("OID.\(id(item)).\($0)") })
    }

    func extendedProperties(_ properties: [String: String]) -> GraphJSON {
        .array(properties.sorted { $0.key < $1.key }.map { ["id": .string($0.key), "value": .string($0.value)] })
    }

    private func shownBody(_ content: MailboxContent) -> (shown: GraphJSON, preview: String) {
        let body = content.properties["body"] ?? ["contentType": "html", "content": ""]
        let text = body["content"]?.string ?? ""
        let isHTML = body["contentType"]?.string == "html"
        let plain = isHTML ? GraphBody.text(fromHTML: text) : text
        let shown: GraphJSON =
            isHTML && bodyContentType == "text" ? ["contentType": "text", "content": .string(plain)] : body
        return (shown, String(plain.prefix(255)))
    }

    /// A global object id with the instance date of an occurrence (MS-OXOCAL: bytes 16 to 19).
    static func uid(_ series: String, _ date: CivilDate?) -> String {
        guard let date else { return series }
        func hex(_ number: Int, _ width: Int) -> String {
            let digits = String(number, radix: 16, uppercase: true)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return series.prefix(32) + hex(date.year, 4) + hex(date.month, 2) + hex(date.day, 2) + series.dropFirst(40)
    }
}
