import CalendarModel
import CalendarTime
import HTTPTypes
import Hummingbird
import LoopBooking
import SQLStore
import SyncEngine
import SyncService

/// The queue, latency, round trips, and bookings of people who left.
enum MeasureRoutes {
    static let all: [APIRoute] = [
        APIRoute(.get, "/queue", .getQueue) { request in
            _ = try request.query()
            return APIReply(
                try .encoding(
                    QueueView(try await request.store.queue(of: request.organization, now: request.now()))))
        },
        APIRoute(.get, "/latency", .getLatency) { request in
            _ = try request.query()
            return APIReply(
                try .encoding(
                    await LatencyView.read(of: request.organization, from: request.store, now: request.now())))
        },
        APIRoute(.get, "/links/{id}/latency", .getLinkLatency) { request in
            _ = try request.query()
            let id = try await request.link().link.id
            return APIReply(
                try .encoding(
                    await LatencyView.read(
                        of: request.organization, link: id, from: request.store, now: request.now())))
        },
        APIRoute(.get, "/links/{id}/canary", .listCanaries) { request in
            _ = try request.query()
            let id = try await request.link().link.id
            return APIReply(["runs": try .encoding(await request.store.canaryRuns(of: id).map(CanaryView.init))])
        },
        APIRoute(.post, "/links/{id}/canary", permission: .desk, .sendCanary) { request in
            _ = try request.query()
            let record = try await request.link()
            let newest = try await request.store.canaryRuns(of: record.link.id, limit: 1).first
            guard newest?.outcome != .underWay else {
                throw Problem(
                    .conflict, code: "canary-underWay", title: "A round trip is under way",
                    detail: "Read the link's runs to see how it goes; it takes up to two minutes.")
            }
            try await request.audit("link.canary", record.link.title)
            await request.services.launchCanary(record.link.id, logger: request.context.logger)
            return APIReply(nil, status: .accepted)
        },
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
    ]

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
        ]
    }
}
