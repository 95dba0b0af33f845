import CalendarModel
import HTTPTypes
import LoopBooking
import SQLStore

/// `/rooms`: the rooms of the caller's organization.
enum RoomRoutes {
    static let all: [APIRoute] = [
        APIRoute(.get, "/rooms", .listRooms, handler: list),
        APIRoute(.post, "/rooms", permission: .administer, .addRoom, handler: add),
        APIRoute(.get, "/rooms/{id}", .getRoom, handler: get),
        APIRoute(.patch, "/rooms/{id}", permission: .administer, .changeRoom, handler: change),
        APIRoute(.delete, "/rooms/{id}", permission: .administer, .removeRoom, handler: remove),
        APIRoute(.get, "/rooms/{id}/availability", .getAvailability, handler: availability),
    ]

    /// The longest span that is answered at once.
    private static let longestAvailability: Duration = .seconds(62 * 24 * 3600)

    @Sendable private static func list(_ request: APIRequest) async throws -> APIReply {
        let query = try request.query("limit", "after")
        let limit = try request.limit(query)
        let rooms = try await request.desk.rooms(after: request.cursor(query), limit: limit + 1)
        let page = rooms.prefix(limit)
        let next = rooms.count > limit ? page.last.map { APIRequest.opaque($0.name) } : nil
        return request.page("rooms", page.map(RoomJSON.json), next: next, query: query)
    }

    @Sendable private static func add(_ request: APIRequest) async throws -> APIReply {
        _ = try request.query()
        let fields = try await request.body()
        let key = try request.requestKey(for: fields)
        let draft = try request.read(fields, RoomJSON.draft)
        let made = try await request.desk.addRoom(draft, request: key)
        if !made.isReplay { try await request.audit("room.add", made.entity.name) }
        return .created(
            RoomJSON.json(made.entity), at: "/rooms/\(made.entity.id)", revision: made.entity.revision,
            isReplay: made.isReplay)
    }

    @Sendable private static func get(_ request: APIRequest) async throws -> APIReply {
        _ = try request.query()
        let room = try await request.desk.room(RoomID(request.parameter("id")))
        return request.reply(RoomJSON.json(room), revision: room.revision)
    }

    @Sendable private static func change(_ request: APIRequest) async throws -> APIReply {
        _ = try request.query()
        let id = RoomID(try request.parameter("id"))
        let change = try request.read(try await request.body(), RoomJSON.change)
        let revision = try await request.requiredRevision { try await request.desk.room(id).revision }
        let room = try await request.desk.changeRoom(id, change, ifRevision: revision)
        try await request.audit("room.change", room.name)
        return APIReply(RoomJSON.json(room), headers: [.eTag: APIRequest.tag(room.revision)])
    }

    @Sendable private static func remove(_ request: APIRequest) async throws -> APIReply {
        _ = try request.query()
        let id = RoomID(try request.parameter("id"))
        let revision = try await request.requiredRevision { try await request.desk.room(id).revision }
        let name = try await request.desk.room(id).name
        try await request.desk.removeRoom(id, ifRevision: revision)
        try await request.audit("room.remove", name)
        return .noContent
    }

    @Sendable private static func availability(_ request: APIRequest) async throws -> APIReply {
        let query = try request.query("from", "to")
        guard let from = try request.instant("from", in: query), let to = try request.instant("to", in: query) else {
            throw Problem.badRequest("invalid-parameter", "Give from and to: times with their offset.")
        }
        let span = TimeSpan(start: from, end: to)
        guard !span.isEmpty, span.duration <= longestAvailability else {
            throw Problem.badRequest("invalid-parameter", "to must be after from, by at most 62 days.")
        }
        let answer = try await request.desk.availability(of: RoomID(request.parameter("id")), during: span)
        return APIReply([
            "room": .string(answer.room.id.rawValue), "taken": .array(answer.taken.map { BookingJSON.json($0) }),
            "free": .array(answer.free.map { BookingJSON.json($0) }),
        ])
    }
}

extension APIReply {
    /// What a POST made, or had made before with the same key.
    static func created(_ body: JSONValue, at path: String, revision: Int64, isReplay: Bool) -> APIReply {
        var headers: HTTPFields = [.location: APIRoute.prefix + path, .eTag: APIRequest.tag(revision)]
        if isReplay { headers[.idempotencyReplayed] = "true" }
        return APIReply(body, status: .created, headers: headers)
    }
}
