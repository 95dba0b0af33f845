import CalendarModel
import HTTPTypes
import Hummingbird
import SQLStore
import SyncEngine
import SyncService

/// Where connections are set up: those that are there, those under way, and a new one.
enum SetupListPages {
    static let all: [PageRoute] = [
        PageRoute.of(.get, "setup", .administer) { try await list($0) },
        PageRoute.of(.post, "setup", .administer, handler: begin),
        PageRoute.of(.get, "setup/{setup}", .administer) { request in
            let page = try await SetupPage(request)
            return try page.go(page.setup.next, request.notice)
        },
        PageRoute.of(.get, "setup/{setup}/drop", .administer, handler: askDrop),
        PageRoute.of(.post, "setup/{setup}/drop", .administer, handler: drop),
        PageRoute.of(.post, "setup/{setup}/test", .administer, handler: test),
    ]

    private static func list(
        _ request: PageRequest, name: String = "", complaints: [String: String] = [:]
    ) async throws -> Response {
        let desk = try request.setupDesk()
        let setups = try await desk.all()
        let links = try await request.store.linkNames(of: try request.organization().id)
        let words = request.words
        func values(_ setup: Setup) throws -> JSONValue {
            let own = links.filter { $0.connection == setup.record.id }
            let path = try request.path("setup/\(Form.encoded(setup.record.id.rawValue))")
            return [
                "name": .string(setup.draft.name),
                "kind": .string((try? desk.port(of: setup).name) ?? setup.record.kind),
                "tenant": .optional(setup.draft.tenant.isEmpty ? nil : setup.draft.tenant),
                "account": .string(
                    setup.draft.signIn.usesAccount
                        ? setup.draft.account : words["setup.byApplication"]),
                "rooms": .string(words.counted("setup.roomsLinked", own.count)),
                "path": .string(path), "next": .string("\(path)/\(setup.next.rawValue)"),
                "nextName": .string(words["setup.step.\(setup.next.rawValue)"]),
                "isDone": .bool(setup.done.contains(.switchOn)), "hasConnection": .bool(setup.hasConnection),
                "steps": .string(
                    words(
                        "setup.stepsDone",
                        ["done": String(setup.done.count), "of": String(SetupStep.allCases.count)])),
            ]
        }
        return request.page(
            "setup", title: words["setup.title"], section: "setup",
            status: complaints.isEmpty ? .ok : .unprocessableContent,
            [
                "action": .string(try request.path("setup")),
                "setups": .array(try setups.map(values)), "hasSetups": .bool(!setups.isEmpty),
                "kinds": .array(
                    request.services.setups.map { ["kind": .string($0.kind), "name": .string($0.name)] }),
                "hasKinds": .bool(!request.services.setups.isEmpty), "newName": .string(name),
                "nameError": .optional(complaints["name"]), "errors": complaints.errorSummary,
            ])
    }

    @Sendable private static func begin(_ request: PageRequest) async throws -> Response {
        let desk = try request.setupDesk()
        let name = request.form.line("name")
        let kind = request.form.has("kind") ? request.form["kind"] : request.services.setups.first?.kind ?? ""
        do {
            let id = try await desk.begin(kind: kind, name: name, by: request.setupAuthor())
            try await request.audit("setup.begin", name.isEmpty ? kind : name)
            return request.redirect(try request.path(SetupPage.path(id, .prerequisites)))
        } catch SetupError.nameTaken {
            return try await list(request, name: name, complaints: ["name": request.words["setup.bad.nameTaken"]])
        } catch SetupError.fields {
            return try await list(request, name: name, complaints: ["name": request.words["setup.bad.tooLong"]])
        } catch SetupError.unknownKind { throw Problem.notFound("There is no such calendar system.") }
    }

    @Sendable private static func askDrop(_ request: PageRequest) async throws -> Response {
        let page = try await SetupPage(request)
        guard !page.setup.hasConnection else { throw Problem.notFound("") }
        return request.page(
            "setup-drop", title: request.words["setup.drop.title"], section: "setup",
            [
                "name": .string(page.draft.name),
                "action": .string(try request.path("setup/\(Form.encoded(page.id.rawValue))/drop")),
                "back": .string(try page.path(page.setup.next)),
            ])
    }

    @Sendable private static func drop(_ request: PageRequest) async throws -> Response {
        let page = try await SetupPage(request)
        guard !page.setup.hasConnection else { throw Problem.notFound("") }
        try await request.setupDesk().drop(page.id)
        try await request.audit("setup.drop", page.draft.name)
        return request.redirect(
            try request.path("setup"),
            notice: PageNotice(.success, request.words("setup.dropped", ["name": page.draft.name])))
    }

    /// Signs in anew and checks rights, without changing anything.
    @Sendable private static func test(_ request: PageRequest) async throws -> Response {
        let page = try await SetupPage(request)
        guard page.setup.hasConnection else { throw Problem.notFound("") }
        let rooms = try await request.setupDesk().links(of: page.id).map(\.link.resourceAddress)
        let findings = await (try request.services.connectors.connector(for: page.id)).diagnose(rooms)
        try await request.audit("connection.test", page.draft.name)
        return request.page(
            "setup-test", title: request.words["setup.test.title"], section: "setup",
            [
                "name": .string(page.draft.name), "findings": .array(findings.map { .finding($0, request.words) }),
                "back": .string(try request.path("setup")),
                "edit": .string(try page.path(.connection)),
            ])
    }
}

extension JSONValue {
    /// What a check found, for `setup-findings`.
    static func finding(_ finding: Finding, _ words: Words) -> JSONValue {
        let icon =
            switch finding.verdict {
            case .good: "in-sync"
            case .warning: "warning"
            case .bad: "cross-circle"
            case .notChecked: "not-checked"
            }
        return [
            "verdict": .string(finding.verdict.rawValue), "icon": .string(icon),
            "verdictName": .string(words["setup.verdict.\(finding.verdict.rawValue)"]),
            "check": .string(
                words.has("setup.check.\(finding.check)") ? words["setup.check.\(finding.check)"] : finding.check),
            "subject": finding.subject.isEmpty ? .null : .string(finding.subject),
            "evidence": .string(finding.evidence),
            "diagnosis": finding.diagnosis.map { .diagnosis($0) } ?? .null,
        ]
    }
}
