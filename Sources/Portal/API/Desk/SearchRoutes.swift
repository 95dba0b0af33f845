import CalendarModel
import CalendarTime
import HTTPTypes
import LoopBooking
import SQLStore
import SyncEngine
import SyncService

/// Looking for bookings, and a room's day on both sides.
enum SearchRoutes {
    static let all: [APIRoute] = [
        APIRoute(.get, "/search", .searchBookings, handler: search),
        APIRoute(.get, "/rooms/{id}/day", .getRoomDay, handler: day),
    ]

    static let longestText = 200

    @Sendable private static func search(_ request: APIRequest) async throws -> APIReply {
        let query = try request.query("q", "room", "from", "to", "limit", "after")
        let limit = try request.limit(query)
        let text = query["q"] ?? ""
        guard text.count <= longestText else {
            throw Problem.badRequest("invalid-parameter", "q must have at most \(longestText) characters.")
        }
        var room: RoomID?
        if let id = query["room"] { room = try await request.desk.room(RoomID(id)).id }
        var place: BookingSearch.Place?
        if let cursor = try request.cursor(query) {
            let parts = cursor.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let start = Int64(parts[0]) else { throw APIRequest.invalidCursor }
            place = BookingSearch.Place(start: Instant(microseconds: start), id: BookingID(String(parts[1])))
        }
        let answer = try await BookingFinder(organization: request.organization, store: request.store).find(
            BookingFinder.Query(
                text, room: room,
                from: request.instant("from", in: query), to: request.instant("to", in: query), after: place,
                limit: limit))
        let next = answer.next.map { APIRequest.opaque("\($0.start.microseconds) \($0.id)") }
        return request.page("found", answer.found.map(json), next: next, query: query)
    }

    private static func json(_ found: BookingFinder.Found) -> JSONValue {
        [
            "id": .string(found.booking.id.rawValue), "room": .string(found.booking.room.rawValue),
            "roomName": .string(found.room.name), "title": .string(found.title),
            "organizer": .optional(found.organizer), "start": .string(Timestamps.rfc3339(found.span.start)),
            "end": .string(Timestamps.rfc3339(found.span.end)),
            "isSeries": .bool(found.booking.meeting.recurrence != nil),
            "status": .string(found.booking.status.rawValue), "origin": .string(found.booking.origin.rawValue),
        ]
    }

    @Sendable private static func day(_ request: APIRequest) async throws -> APIReply {
        let query = try request.query("date")
        let room = try await request.desk.room(RoomID(request.parameter("id")))
        let now = request.now()
        var date = Zones.date(of: now, in: room.zone) ?? CivilDate(year: 1970, month: 1, day: 1)
        if let text = query["date"] {
            guard let asked = try? Timestamps.parseDate(text) else {
                throw Problem.badRequest("invalid-parameter", "date must be a date, such as 2026-03-02.")
            }
            date = asked
        }
        let link = try await request.store.link(ofRoom: room.id, in: request.organization)
        let day = try await RoomDay.read(
            room, on: date, link: link, store: request.store, desk: request.desk, now: now)
        return APIReply([
            "room": .string(room.id.rawValue), "date": .string(date.description),
            "timeZone": .string(room.zone.name),
            "meetings": .array(
                day.rows.map { row in
                    [
                        "state": .string(row.state.rawValue), "loopBooking": row.here.map(json) ?? .null,
                        "calendar": row.there.map(json) ?? .null,
                    ]
                }),
        ])
    }

    private static func json(_ entry: RoomDay.Entry) -> JSONValue {
        [
            "booking": .optional(entry.booking?.rawValue), "event": .optional(entry.event?.rawValue),
            "title": .string(entry.title), "organizer": .optional(entry.organizer),
            "start": .string(Timestamps.rfc3339(entry.span.start)), "end": .string(Timestamps.rfc3339(entry.span.end)),
            "holdsRoom": .bool(entry.holdsRoom),
        ]
    }
}
