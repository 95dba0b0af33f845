import CalendarModel
import HTTPTypes
import SQLStore
import SyncEngine
import SyncService

/// `/links/{id}/drift`: where the two sides of a link do not agree.
enum DriftRoutes {
    /// How long a request waits for a pass that is under way.
    private static let patience: Duration = .seconds(30)

    static let all: [APIRoute] = [
        APIRoute(.get, "/links/{id}/drift", .getDrift) { request in
            _ = try request.query()
            let link = try await link(of: request)
            return APIReply(
                try .encoding(DriftView(try await request.store.latestDrift(of: link.id), of: link)))
        },
        APIRoute(.post, "/links/{id}/drift/check", permission: .desk, .checkDrift) { request in
            _ = try request.query()
            let link = try await link(of: request)
            _ = try await leased { try await request.services.worker.checkDrift(link.id, patience: Self.patience) }
            try await request.audit("drift.compare", link.title)
            return APIReply(
                try .encoding(DriftView(try await request.store.latestDrift(of: link.id), of: link)))
        },
        APIRoute(.post, "/links/{id}/drift/repair", permission: .desk, .repairDrift) { request in
            _ = try request.query()
            let link = try await link(of: request)
            let order = try request.read(try await request.body(), order)
            let known = try await request.store.latestDrift(of: link.id)?.open.map(\.id) ?? []
            if let unknown = order.ids?.first(where: { !known.contains($0) }) {
                throw Problem.notFound("There is no open item \(unknown.prefix(64)).")
            }
            let results = try await leased {
                try await request.services.worker.repairDrift(
                    link.id, ids: order.ids, missing: order.missing, patience: Self.patience)
            }
            try await request.audit(
                "drift.repair", link.title, detail: "\(results.count) items, missing: \(order.missing.rawValue)")
            return APIReply(["repaired": try .encoding(results.map(DriftOutcome.init))])
        },
    ]

    private struct Order: Sendable {
        var ids: Set<String>?
        var missing: DriftRepair.Missing
    }

    /// `{"items": ["…"], "missing": "restore"}`; `{"all": true}` for all.
    private static func order(_ reader: inout FieldReader) -> Order? {
        let all = reader.bool("all") ?? false
        let missing = reader.word("missing", DriftRepair.Missing.self) ?? .follow
        let items = reader.strings("items")
        guard all == (items == nil) else {
            reader.add("required", "items", "Give items, a list of ids, or all as true.")
            return nil
        }
        return Order(ids: items.map { Set($0) }, missing: missing)
    }

    private static func link(of request: APIRequest) async throws -> Link {
        let id = LinkID(try request.parameter("id"))
        guard let record = try await request.store.link(id), record.link.organization == request.organization else {
            throw Problem.notFound("There is no link \(id.rawValue.prefix(64)).")
        }
        return record.link
    }

    private static func leased<Value>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch is LinkIsBusy {
            throw Problem(
                .conflict, code: "link-busy", title: "The link is busy",
                detail: "A pass of this link is under way. Try again in a minute.")
        }
    }
}
