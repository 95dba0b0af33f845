import CalendarModel
import CalendarTime
import HTTPTypes
import Hummingbird
import LoopBooking
import SQLStore
import SyncEngine
import SyncService

/// The clash desk: two meetings that want one room at one time, side by side, and what somebody decides.
enum ClashPages {
    static let all: [PageRoute] = [
        PageRoute.of(.get, "clashes", .read, handler: list),
        PageRoute.of(.get, "clashes/{id}", .read) { request in
            try await show(request, try await found(request) { try await $0.show(request.parameter("id")) })
        },
        PageRoute.of(.post, "clashes/{id}/decision", .desk, handler: decide),
        PageRoute.of(.post, "clashes/{id}/undo", .desk, handler: undo),
    ]

    private static let pageSize = 40

    private static func desk(_ request: PageRequest) throws -> ClashDesk {
        ClashDesk(
            organization: try request.organization().id, store: request.store, desk: try request.desk(),
            now: request.services.now)
    }

    private static func found(
        _ request: PageRequest, _ body: (ClashDesk) async throws -> ClashView
    ) async throws -> ClashView {
        do { return try await body(try desk(request)) } catch ClashError.noSuchClash { throw Problem.notFound("") }
    }

    // MARK: Looking

    @Sendable private static func list(_ request: PageRequest) async throws -> Response {
        let asked = request.query("state") ?? Clash.State.open.rawValue
        let states: Set<Clash.State> = Clash.State(rawValue: asked).map { [$0] } ?? Set(Clash.State.allCases)
        let number = request.query("page").flatMap { Int($0) } ?? 1
        let (clashes, count) = try await desk(request).page(states) { count in
            PageTurner(count: count, size: pageSize, page: number).range
        }
        let turner = PageTurner(count: count, size: pageSize, page: number)
        let words = request.words
        let choices = Clash.State.allCases.map(\.rawValue) + ["all"]
        let zones = try await zones(request)
        return request.page(
            "clashes", title: words["clashes.title"], section: "clashes", live: true,
            [
                "rows": .array(
                    try clashes.map { clash in
                        let view = ClashValues(clash, zone: zones[clash.room] ?? .utc, request: request)
                        return try view.row
                    }), "isFound": .bool(!clashes.isEmpty), "isOpen": .bool(asked == Clash.State.open.rawValue),
                "pages": turner.values("\(try request.path("clashes"))?state=\(Form.encoded(asked))&"),
                "choices": .array(
                    choices.map { name in
                        [
                            "name": .string(name), "label": .string(words["clashes.state.\(name)"]),
                            "isChosen": .bool(name == asked),
                        ]
                    }),
            ])
    }

    /// The zones of rooms, by name.
    private static func zones(_ request: PageRequest) async throws -> [String: ZoneID] {
        let names = try await request.store.roomNames(of: try request.organization().id)
        return Dictionary(names.map { ($0.name, $0.zone) }, uniquingKeysWith: { first, _ in first })
    }

    /// - Parameter problem: why something was not done, shown on top.
    private static func show(
        _ request: PageRequest, _ clash: ClashView, problem: Diagnosis? = nil
    ) async throws -> Response {
        let view = ClashValues(clash, zone: try await zones(request)[clash.room] ?? .utc, request: request)
        var values = try view.values
        values["problem"] = problem.map(request.problem) ?? .null
        values["may"] = request.may
        values["clashes"] = .string(try request.path("clashes"))
        return request.page(
            "clash", title: request.words["clash.title"], section: "clashes", live: true,
            status: problem == nil ? .ok : .conflict, values)
    }

    // MARK: Deciding

    @Sendable private static func decide(_ request: PageRequest) async throws -> Response {
        let form = request.form
        let ruling: ClashDesk.Ruling
        if let party = Clash.Party(rawValue: form.line("keep")) {
            ruling = .keep(party)
        } else if let party = Clash.Party(rawValue: form.line("move")), !form.line("to").isEmpty {
            ruling = .move(party, to: RoomID(form.line("to")))
        } else {
            throw Problem.badRequest("invalid-form", request.words["clash.nothingChosen"])
        }
        return try await act(request, "clash.decide", detail: ruling.auditDetail, notice: "clash.decided.done") {
            try await $0.decide(request.parameter("id"), ruling, by: request.author())
        }
    }

    @Sendable private static func undo(_ request: PageRequest) async throws -> Response {
        try await act(request, "clash.undo", detail: "", notice: "clash.undone.done") {
            try await $0.undo(request.parameter("id"), by: request.author())
        }
    }

    private static func act(
        _ request: PageRequest, _ action: String, detail: String, notice: String,
        _ body: (ClashDesk) async throws -> ClashView
    ) async throws -> Response {
        let clash: ClashView
        do { clash = try await found(request, body) } catch let error as ClashError {
            let current = try await found(request) { try await $0.show(request.parameter("id")) }
            return try await show(request, current, problem: error.diagnosis)
        } catch let error as DeskError {
            let problem = Problem(error)
            let current = try await found(request) { try await $0.show(request.parameter("id")) }
            return try await show(
                request, current,
                problem: Diagnosis(code: problem.code, summary: problem.title, remedy: problem.detail))
        }
        request.services.bell.ring()
        try await request.audit(action, clash.auditSubject, detail: detail)
        return request.redirect(
            try request.path("clashes/\(Form.encoded(clash.id))"),
            notice: PageNotice(.success, request.words[notice]))
    }
}
