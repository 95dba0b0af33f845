import CalendarModel
import CalendarTime
import HTTPTypes
import LoopBooking
import SQLStore
import SyncEngine
import SyncService

/// Coming bookings of people who left: looking for them, handing them over, cancelling them.
enum LeaverRoutes {
    static let all: [APIRoute] = [
        APIRoute(.get, "/leavers", permission: .desk, .listLeavers) { request in
            _ = try request.query()
            return APIReply(json(try await desk(request).last()))
        },
        APIRoute(.post, "/leavers/look", permission: .desk, .lookForLeavers) { request in
            _ = try request.query()
            let answer = try await desk(request).look()
            try await request.audit("leavers.look", "", detail: "\(answer.people.count) people")
            return APIReply(json(answer))
        },
        APIRoute(.post, "/leavers/hand-over", permission: .desk, .handOverBookings) { request in
            _ = try request.query()
            let order = try request.read(try await request.body()) { reader -> HandOver? in
                reader.require("to")
                guard let order = leftBehind(&reader), let person = reader.object("to", BookingJSON.person) else {
                    return nil
                }
                return HandOver(order: order, person: person)
            }
            try await known(order.order.person, request)
            let outcome = try await desk(request).handOver(
                order.order.bookings, of: order.order.person, to: order.person, by: request.author)
            return try await reply(outcome, "leavers.hand", order.order, request)
        },
        APIRoute(.post, "/leavers/cancel", permission: .desk, .cancelLeaversBookings) { request in
            _ = try request.query()
            let order = try request.read(try await request.body()) { reader -> Cancellation? in
                let reason = reader.string("reason")
                if let reason, reason.count > longestReason {
                    reader.add("too-long", "reason", "reason must have at most \(longestReason) characters.")
                }
                return leftBehind(&reader).map { Cancellation(order: $0, reason: reason) }
            }
            try await known(order.order.person, request)
            let outcome = try await desk(request).cancel(
                order.order.bookings, of: order.order.person, by: request.author, reason: order.reason)
            return try await reply(outcome, "leavers.cancel", order.order, request)
        },
    ]

    static let longestReason = 200
    static let mostBookings = 1000

    // MARK: What is to be done

    private struct Order: Sendable {
        var person: String
        var bookings: [BookingID]
    }

    private struct HandOver: Sendable {
        var order: Order
        var person: Person
    }

    private struct Cancellation: Sendable {
        var order: Order
        var reason: String?
    }

    /// `"person": "lars@acme.example", "bookings": ["…"]`
    private static func leftBehind(_ reader: inout FieldReader) -> Order? {
        reader.require("person")
        reader.require("bookings")
        guard let person = reader.string("person"), let bookings = reader.strings("bookings") else { return nil }
        guard (1...mostBookings).contains(bookings.count) else {
            reader.add("invalid-value", "bookings", "bookings must name from 1 to \(mostBookings) bookings.")
            return nil
        }
        return Order(person: person, bookings: bookings.map { BookingID($0) })
    }

    /// Only what the last look found can be dealt with here.
    private static func known(_ person: String, _ request: APIRequest) async throws {
        let answer = try await desk(request).last()
        guard answer?.people.contains(where: { $0.person.address.lowercased() == person.lowercased() }) == true else {
            throw Problem.notFound("Nobody with the address \(person.prefix(200)) was found to have left.")
        }
    }

    private static func reply(
        _ outcome: LeaverDesk.Outcome, _ action: String, _ order: Order, _ request: APIRequest
    ) async throws -> APIReply {
        request.services.bell.ring()
        try await request.audit(action, order.person, detail: "\(outcome.done.count) bookings")
        return APIReply([
            "done": .array(outcome.done.map { .string($0.rawValue) }),
            "refused": .array(
                outcome.refused.sorted { $0.key.rawValue < $1.key.rawValue }.map { refused in
                    let problem = Problem(refused.value)
                    return [
                        "booking": .string(refused.key.rawValue), "code": .string(problem.code),
                        "detail": .string(problem.detail),
                    ]
                }),
        ])
    }

    private static func desk(_ request: APIRequest) -> LeaverDesk {
        LeaverDesk(
            organization: request.organization, store: request.store, desk: request.desk,
            connectors: request.services.connectors, now: request.now)
    }

    private static func json(_ answer: LeaverDesk.Answer?) -> JSONValue {
        guard let answer else {
            return ["askedAt": .null, "asked": 0, "unknown": 0, "obstacles": [], "people": []]
        }
        return [
            "askedAt": .string(Timestamps.rfc3339(answer.askedAt)), "asked": .integer(Int64(answer.asked)),
            "unknown": .integer(Int64(answer.unknown)),
            "obstacles": .array(answer.obstacles.compactMap { try? .encoding($0) }),
            "people": .array(
                answer.people.map { leaver in
                    [
                        "name": .string(leaver.person.name), "address": .string(leaver.person.address),
                        "presence": .string(leaver.presence.rawValue),
                        "bookings": .array(leaver.bookings.map(json)),
                    ]
                }),
        ]
    }

    private static func json(_ held: LeaverDesk.Held) -> JSONValue {
        let span = held.booking.meeting.span
        return [
            "id": .string(held.booking.id.rawValue), "room": .string(held.booking.room.rawValue),
            "roomName": .string(held.room.name), "title": .string(held.title),
            "start": .string(Timestamps.rfc3339(span.start)), "end": .string(Timestamps.rfc3339(span.end)),
            "isSeries": .bool(held.booking.meeting.recurrence != nil),
            "canBeHandedOver": .bool(held.canBeHandedOver),
        ]
    }
}
