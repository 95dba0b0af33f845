import CalendarModel
import HTTPTypes
import LoopBooking

/// `/bookings/{id}/occurrences` and `/bookings/{id}/split`: the single occurrences of a series, and cutting it in two.
enum OccurrenceRoutes {
    static let all: [APIRoute] = [
        APIRoute(.get, "/bookings/{id}/occurrences", .listOccurrences, handler: list),
        APIRoute(.patch, "/bookings/{id}/occurrences/{original}", .changeOccurrence, handler: change),
        APIRoute(.delete, "/bookings/{id}/occurrences/{original}", .cancelOccurrence, handler: cancel),
        APIRoute(.post, "/bookings/{id}/occurrences/{original}/restore", .restoreOccurrence, handler: restore),
        APIRoute(.post, "/bookings/{id}/split", .splitSeries, handler: split),
    ]

    /// The longest span that is answered at once.
    private static let longestSpan: Duration = .seconds(1100 * 24 * 3600)

    @Sendable private static func list(_ request: APIRequest) async throws -> APIReply {
        let query = try request.query("from", "to")
        guard let from = try request.instant("from", in: query), let to = try request.instant("to", in: query) else {
            throw Problem.badRequest("invalid-parameter", "Give from and to: times with their offset.")
        }
        let span = TimeSpan(start: from, end: to)
        guard !span.isEmpty, span.duration <= longestSpan else {
            throw Problem.badRequest("invalid-parameter", "to must be after from, by at most 1100 days.")
        }
        let (booking, occurrences) = try await request.desk.occurrences(of: id(request), during: span)
        let body: JSONValue = [
            "booking": .string(booking.id.rawValue), "revision": .integer(booking.revision),
            "occurrences": .array(occurrences.map { BookingJSON.json($0, of: booking) }),
        ]
        return request.reply(body, revision: booking.revision)
    }

    @Sendable private static func change(_ request: APIRequest) async throws -> APIReply {
        _ = try request.query()
        let (id, original) = try address(request)
        let change = try request.read(try await request.body(), BookingJSON.occurrenceChange)
        let revision = try await revision(request, of: id)
        return reply(
            try await request.desk.changeOccurrence(
                original, of: id, change, ifRevision: revision, by: request.author))
    }

    @Sendable private static func cancel(_ request: APIRequest) async throws -> APIReply {
        let reason = try request.query("reason")["reason"]
        let (id, original) = try address(request)
        let revision = try await revision(request, of: id)
        return reply(
            try await request.desk.cancelOccurrence(
                original, of: id, ifRevision: revision, by: request.author, reason: reason))
    }

    @Sendable private static func restore(_ request: APIRequest) async throws -> APIReply {
        _ = try request.query()
        let (id, original) = try address(request)
        let fields = try await request.body()
        let key = try request.requestKey(for: fields)
        _ = try request.read(fields) { _ in true }
        let revision = try await revision(request, of: id)
        let restored = try await request.desk.restoreOccurrence(
            original, of: id, ifRevision: revision, by: request.author, request: key)
        var answer = reply(restored.entity)
        if restored.isReplay { answer.headers[.idempotencyReplayed] = "true" }
        return answer
    }

    @Sendable private static func split(_ request: APIRequest) async throws -> APIReply {
        _ = try request.query()
        let id = try id(request)
        let fields = try await request.body()
        let key = try request.requestKey(for: fields)
        let (original, change) = try request.read(fields) { reader in
            reader.require("from")
            let original = reader.parsed("from", code: "invalid-time") { try RecurrenceJSON.original($0) }
            let change = BookingJSON.change(&reader)
            return original.flatMap { original in change.map { (original, $0) } }
        }
        let revision = try await revision(request, of: id)
        let made = try await request.desk.split(
            id, from: original, change, ifRevision: revision, by: request.author, request: key)
        let following = made.entity.following
        return .created(
            ["booking": BookingJSON.json(made.entity.booking), "following": BookingJSON.json(following)],
            at: "/bookings/\(following.id)", revision: following.revision, isReplay: made.isReplay)
    }

    private static func id(_ request: APIRequest) throws -> BookingID { BookingID(try request.parameter("id")) }

    private static func address(_ request: APIRequest) throws -> (BookingID, WallTime) {
        let text = try request.parameter("original")
        guard let original = try? RecurrenceJSON.original(text) else {
            throw Problem.notFound(
                "An occurrence is known by its original start, such as 2026-03-02T09:00:00, in the series' time zone.")
        }
        return (try id(request), original)
    }

    private static func revision(_ request: APIRequest, of id: BookingID) async throws -> Int64? {
        try await request.requiredRevision { try await request.desk.booking(id).revision }
    }

    private static func reply(_ booking: Booking) -> APIReply {
        APIReply(BookingJSON.json(booking), headers: [.eTag: APIRequest.tag(booking.revision)])
    }
}
