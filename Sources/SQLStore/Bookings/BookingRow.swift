import CalendarModel
import CalendarTime
import LoopBooking

/// How a booking stands in its table. The meeting is one JSON column; what queries need has columns of its own.
extension Booking {
    static let columns = """
        organization, id, room, status, reason, left_out, revision, origin, created_us, updated_us, slot_taken_us, meeting
        """

    init(_ row: SQLRow) throws {
        guard let status = Status(rawValue: try row.text("status")) else {
            throw SQLError.unexpectedValue(column: "status")
        }
        guard let origin = Side(rawValue: try row.text("origin")) else {
            throw SQLError.unexpectedValue(column: "origin")
        }
        self.init(
            id: BookingID(try row.text("id")), organization: OrganizationID(try row.text("organization")),
            room: RoomID(try row.text("room")),
            meeting: try StoredJSON.value(Meeting.self, from: row.text("meeting"), column: "meeting"), status: status,
            reason: try row.optionalText("reason"), leftOut: try Self.days(stored: row.text("left_out")),
            revision: try row.integer("revision"), origin: origin,
            createdAt: Instant(microseconds: try row.integer("created_us")),
            updatedAt: Instant(microseconds: try row.integer("updated_us")),
            slotTakenAt: Instant(microseconds: try row.integer("slot_taken_us")))
    }

    /// `2026-03-09 2026-03-16`
    var storedLeftOut: String { leftOut.sorted().map(\.description).joined(separator: " ") }

    private static func days(stored text: String) throws -> Set<CivilDate> {
        Set(
            try text.split(separator: " ").map { day in
                guard let date = try? Timestamps.parseDate(String(day)) else {
                    throw SQLError.unexpectedValue(column: "left_out")
                }
                return date
            })
    }
}

extension BookingChangeRecord {
    static let columns = """
        organization, position, booking, room, kind, revision, start_us, end_us, fields, occurrences, author_kind,
            author, at_us, reason
        """

    init(_ row: SQLRow) throws {
        guard let kind = Kind(rawValue: try row.text("kind")) else { throw SQLError.unexpectedValue(column: "kind") }
        guard let author = ChangeAuthor(kind: try row.text("author_kind"), name: try row.text("author")) else {
            throw SQLError.unexpectedValue(column: "author_kind")
        }
        self.init(
            position: try row.integer("position"), organization: OrganizationID(try row.text("organization")),
            booking: BookingID(try row.text("booking")), room: RoomID(try row.text("room")), kind: kind,
            revision: try row.integer("revision"),
            span: try row.span(),
            fields: Set(try row.text("fields").split(separator: " ").compactMap { MeetingField(rawValue: String($0)) }),
            occurrences: try OccurrenceNote.list(stored: row.text("occurrences")), author: author,
            at: Instant(microseconds: try row.integer("at_us")),
            reason: try row.optionalText("reason"))
    }

    var storedFields: String { fields.sorted().map(\.rawValue).joined(separator: " ") }
}

/// `2026-03-09T10:00:00 cancelled`, one a line.
extension OccurrenceNote {
    static func stored(_ notes: [OccurrenceNote]) -> String {
        notes.map { "\($0.original) \($0.kind.rawValue)" }.joined(separator: "\n")
    }

    static func list(stored text: String) throws -> [OccurrenceNote] {
        try text.split(separator: "\n").map { line in
            let parts = line.split(separator: " ")
            guard parts.count == 2, let original = try? Timestamps.parseWall(String(parts[0])),
                let kind = Kind(rawValue: String(parts[1]))
            else { throw SQLError.unexpectedValue(column: "occurrences") }
            return OccurrenceNote(original: original, kind: kind)
        }
    }
}
