import CalendarModel
import HTTPTypes
import LoopBooking

/// `/bookings` and `/changes`: the bookings of the caller's organization and what happened to them.
enum BookingRoutes {
    static let all: [APIRoute] = [
        APIRoute(.get, "/bookings", .listBookings, handler: list),
        APIRoute(.post, "/bookings", .createBooking, handler: create),
        APIRoute(.get, "/bookings/{id}", .getBooking, handler: get),
        APIRoute(.patch, "/bookings/{id}", .changeBooking, handler: change),
        APIRoute(.delete, "/bookings/{id}", .cancelBooking, handler: cancel),
        APIRoute(.get, "/changes", .listChanges, handler: changes),
    ]

    @Sendable private static func list(_ request: APIRequest) async throws -> APIReply {
        let query = try request.query("room", "from", "to", "status", "limit", "after")
        let limit = try request.limit(query)
        var status: Booking.Status?
        if let word = query["status"] {
            status = Booking.Status(rawValue: word)
            guard status != nil else {
                throw Problem.badRequest(
                    "invalid-parameter", "status must be one of: confirmed, pending, refused, cancelled.")
            }
        }
        let page = try await request.desk.page(
            BookingQuery(
                room: query["room"].map { RoomID($0) }, from: request.instant("from", in: query),
                to: request.instant("to", in: query), status: status, after: place(request.cursor(query)),
                limit: limit))
        return request.page(
            "bookings", page.bookings.map { BookingJSON.json($0) }, next: page.next.map(cursor), query: query)
    }

    @Sendable private static func create(_ request: APIRequest) async throws -> APIReply {
        _ = try request.query()
        let fields = try await request.body()
        let key = try request.requestKey(for: fields)
        let new = try request.read(fields, BookingJSON.new)
        let made = try await request.desk.create(try draft(new), by: request.author, request: key)
        return .created(
            BookingJSON.json(made.entity), at: "/bookings/\(made.entity.id)", revision: made.entity.revision,
            isReplay: made.isReplay)
    }

    @Sendable private static func get(_ request: APIRequest) async throws -> APIReply {
        _ = try request.query()
        let booking = try await request.desk.booking(BookingID(request.parameter("id")))
        return request.reply(BookingJSON.json(booking), revision: booking.revision)
    }

    @Sendable private static func change(_ request: APIRequest) async throws -> APIReply {
        _ = try request.query()
        let id = BookingID(try request.parameter("id"))
        let change = try request.read(try await request.body(), BookingJSON.change)
        let revision = try await request.requiredRevision { try await request.desk.booking(id).revision }
        let booking = try await request.desk.change(id, change, ifRevision: revision, by: request.author)
        return APIReply(BookingJSON.json(booking), headers: [.eTag: APIRequest.tag(booking.revision)])
    }

    @Sendable private static func cancel(_ request: APIRequest) async throws -> APIReply {
        let reason = try request.query("reason")["reason"]
        let id = BookingID(try request.parameter("id"))
        let revision = try await request.requiredRevision { try await request.desk.booking(id).revision }
        let booking = try await request.desk.cancel(id, ifRevision: revision, by: request.author, reason: reason)
        return APIReply(BookingJSON.json(booking), headers: [.eTag: APIRequest.tag(booking.revision)])
    }

    @Sendable private static func changes(_ request: APIRequest) async throws -> APIReply {
        let query = try request.query("after", "limit")
        let limit = try request.limit(query)
        guard let after = Int64(query["after"] ?? "0"), after >= 0 else {
            throw Problem.badRequest("invalid-parameter", "after must be the position of a change, or 0.")
        }
        let changes = try await request.desk.changes(after: after, limit: limit + 1)
        let page = changes.prefix(limit)
        let last = page.last?.position ?? after
        return request.page(
            "changes", page.map { BookingJSON.json($0) }, next: changes.count > limit ? String(last) : nil,
            query: query, members: ["last": .integer(last)])
    }

    /// The draft of a new booking. A time that is not whole is answered together with the other broken rules.
    private static func draft(_ new: BookingJSON.New) throws -> BookingDraft {
        let change = new.change
        let time = (change.time ?? TimeChange()).applied(to: nil)
        guard let time = time.value else {
            throw DeskError.rulesBroken(time.violations + MeetingRules.violations(of: change))
        }
        var organizer: Person?
        if case .value(let person) = change.organizer { organizer = person }
        var recurrence: RecurrenceChange?
        if case .value(let wanted) = change.recurrence { recurrence = wanted }
        return BookingDraft(
            room: new.room, time: time, subject: change.subject ?? "", body: change.body ?? "", organizer: organizer,
            attendees: change.attendees ?? [], sensitivity: change.sensitivity ?? .normal,
            showAs: change.showAs ?? .busy, location: change.location ?? "", recurrence: recurrence,
            onTaken: change.onTaken)
    }

    private static func cursor(_ place: BookingQuery.Place) -> String {
        APIRequest.opaque("\(place.start.microseconds) \(place.id)")
    }

    private static func place(_ cursor: String?) throws -> BookingQuery.Place? {
        guard let cursor else { return nil }
        let parts = cursor.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let start = Int64(parts[0]) else { throw APIRequest.invalidCursor }
        return BookingQuery.Place(start: Instant(microseconds: start), id: BookingID(String(parts[1])))
    }
}
