import CalendarModel
import CalendarTime
import HTTPTypes
import Hummingbird
import SQLStore
import SyncEngine
import SyncService

/// The queue, latency and round trips.
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
    ]
}
