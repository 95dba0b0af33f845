import CalendarModel
import CalendarTime
import HTTPTypes
import Hummingbird
import SQLStore
import SyncEngine
import SyncService

/// Where the two sides do not agree although nothing is on its way: all links in one list, and each link's items with what
/// mends them.
enum DriftPages {
    static let all: [PageRoute] = [
        PageRoute.of(.get, "drift", .read, handler: list),
        PageRoute.of(.get, "links/{link}/drift", .read) { request in
            try await show(request, try await request.link())
        },
        PageRoute.of(.post, "links/{link}/drift/compare", .desk, handler: compare),
        PageRoute.of(.post, "links/{link}/drift/repair", .desk, handler: repair),
    ]

    /// How long a page waits for a pass that is under way.
    private static let patience: Duration = .seconds(30)
    private static let pageSize = 100

    @Sendable private static func list(_ request: PageRequest) async throws -> Response {
        let now = request.services.now()
        let base = try request.path()
        let links = try await request.store.driftOverview(of: try request.organization().id)
        let turner = PageTurner(
            count: links.count, size: pageSize, page: request.query("page").flatMap { Int($0) } ?? 1)
        let open = links.reduce(0) { $0 + $1.open }
        return request.page(
            "drift", title: request.words["drift.title"], section: "drift", live: true,
            [
                "lead": .string(request.words.counted("drift.lead", open)), "hasLinks": .bool(!links.isEmpty),
                "pages": turner.values("\(base)/drift?"),
                "rows": .array(
                    links[turner.range].map { link in
                        [
                            "path": .string("\(base)/links/\(Form.encoded(link.link.rawValue))/drift"),
                            "room": .string(link.roomName), "resource": .string(link.resourceAddress),
                            "compared": link.comparedAt.map {
                                .string(request.times(in: link.zone).ago($0, now: now))
                            } ?? .null, "failure": link.failure.map { .string($0.summary) } ?? .null,
                            "status": status(link, request),
                        ]
                    }),
            ])
    }

    private static func status(_ link: DriftOverview, _ request: PageRequest) -> JSONValue {
        let words = request.words
        if link.failure != nil { return request.mark("bad", icon: "cross-circle", words["drift.failed"]) }
        guard link.comparedAt != nil else {
            return request.mark("notChecked", icon: "not-checked", words["drift.never"])
        }
        return link.open == 0
            ? request.mark("good", icon: "in-sync", words["drift.agrees"])
            : request.mark("warning", icon: "drift", words.counted("dashboard.drift", link.open))
    }

    private static func show(_ request: PageRequest, _ record: LinkRecord) async throws -> Response {
        let stored = try await request.store.latestDrift(of: record.link.id)
        let view = DriftView(stored, of: record.link)
        let times = request.times(in: record.link.roomZone)
        let words = request.words
        let base = try request.path()
        func values(_ item: DriftView.Item) -> JSONValue {
            [
                "id": .string(item.id), "kind": .string(words["drift.kind.\(item.kind)"]),
                "sentence": .string(item.sentence), "here": .optional(item.here), "there": .optional(item.there),
                "booking": item.booking.map { .string("\(base)/bookings/\(Form.encoded($0))") } ?? .null,
                "outcome": .optional(item.outcome),
            ]
        }
        let mended = view.items.filter { $0.repairedAt != nil }
        var summary: JSONValue = .null
        if let at = stored?.report.finishedAt {
            summary = .string(
                words(
                    "drift.summary",
                    [
                        "when": times.moment(at), "bookings": String(view.bookings), "events": String(view.events),
                        "underWay": String(view.underWay),
                    ]))
        }
        return request.page(
            "drift-link", title: words("drift.ofRoom", ["room": record.link.roomName]), section: "drift", live: true,
            [
                "room": .string(record.link.roomName), "title": .string(record.link.title),
                "drift": .string("\(base)/drift"), "roomPath": .string(try request.roomPath(of: record)),
                "path": .string(try request.linkPath(of: record, "drift")), "may": request.may, "summary": summary,
                "problem": view.failure.map(request.problem) ?? .null, "items": .array(view.open.map(values)),
                "hasItems": .bool(!view.open.isEmpty), "mended": .array(mended.map(values)),
                "hasMended": .bool(!mended.isEmpty), "remarks": .array(view.remarks.map(JSONValue.string)),
                "hasRemarks": .bool(!view.remarks.isEmpty),
                "agrees": .bool(view.comparedAt != nil && view.failure == nil && view.open.isEmpty),
            ])
    }

    @Sendable private static func compare(_ request: PageRequest) async throws -> Response {
        let record = try await request.link()
        let path = try request.linkPath(of: record, "drift")
        let report: DriftReport
        do {
            report = try await request.services.worker.checkDrift(record.link.id, patience: patience)
        } catch is LinkIsBusy { return busy(request, record, path) }
        try await request.audit("drift.compare", record.link.title)
        guard report.failure == nil else { return request.redirect(path) }
        return request.redirect(
            path, notice: PageNotice(.success, request.words.counted("drift.compared", report.items.count)))
    }

    @Sendable private static func repair(_ request: PageRequest) async throws -> Response {
        let record = try await request.link()
        let path = try request.linkPath(of: record, "drift")
        let open = try await request.store.latestDrift(of: record.link.id)?.open ?? []
        let isAll = request.form.has("all")
        let wanted = Set(request.form.all("item"))
        let chosen = open.filter { isAll || wanted.contains($0.id) }
        guard !chosen.isEmpty else {
            return request.redirect(path, notice: PageNotice(.warning, request.words["drift.nothingChosen"]))
        }
        let missing = DriftRepair.Missing(rawValue: request.form.line("missing")) ?? .restore
        let cancels = chosen.count { $0.kind == .missingHere || $0.kind == .missingThere }
        // What may cancel meetings is asked about once more.
        if missing == .follow, cancels > 0, !request.form.has("sure") {
            return request.page(
                "drift-confirm", title: request.words["drift.confirm"], section: "drift",
                [
                    "room": .string(record.link.roomName), "path": .string(path),
                    "question": .string(request.words.counted("drift.confirm.question", cancels)),
                    "ids": .array(chosen.map { .string($0.id) }),
                    "button": .string(request.words.counted("drift.confirm.button", chosen.count)),
                ])
        }
        do {
            let results = try await request.services.worker.repairDrift(
                record.link.id, ids: Set(chosen.map(\.id)), missing: missing, patience: patience)
            try await request.audit(
                "drift.repair", record.link.title, detail: "\(results.count) items, missing: \(missing.rawValue)")
            return request.redirect(
                path, notice: PageNotice(.success, request.words.counted("drift.repaired", results.count)))
        } catch is LinkIsBusy { return busy(request, record, path) }
    }

    private static func busy(_ request: PageRequest, _ record: LinkRecord, _ path: String) -> Response {
        request.redirect(
            path,
            notice: PageNotice(.warning, request.words("link.busy", ["room": record.link.roomName])))
    }
}
