import CalendarModel
import CalendarTime
import HTTPTypes
import Hummingbird
import LoopBooking
import SQLStore
import SyncEngine
import SyncService

/// One step's page of a set-up: the list of steps beside it, and what every step shows.
struct SetupPage {
    let request: PageRequest
    let setup: Setup
    let port: any ConnectionSetup

    /// - Throws: a 404 for another organization's set-up.
    init(_ request: PageRequest) async throws {
        self.request = request
        let id = ConnectionID(try request.parameter("setup"))
        do {
            let desk = try request.setupDesk()
            setup = try await desk.setup(id)
            port = try desk.port(of: setup)
        } catch SetupError.noSuchSetup { throw Problem.notFound("There is no such set-up.") } catch SetupError
            .unknownKind
        { throw Problem.notFound("There is no such set-up.") }
    }

    var id: ConnectionID { setup.record.id }
    var draft: SetupDraft { setup.draft }
    var words: Words { request.words }

    static func path(_ id: ConnectionID, _ step: SetupStep) -> String {
        "setup/\(Form.encoded(id.rawValue))/\(step.rawValue)"
    }

    func path(_ step: SetupStep) throws -> String { try request.path(Self.path(id, step)) }

    /// On to another step.
    func go(_ step: SetupStep, _ notice: PageNotice? = nil) throws -> Response {
        request.redirect(try path(step), notice: notice)
    }

    /// - Parameters:
    ///   - complaints: texts by field; the answer is 422 with them.
    func show(
        _ step: SetupStep, live: Bool = false, status: HTTPResponse.Status? = nil,
        _ values: [String: JSONValue], complaints: [String: String] = [:], template: String? = nil
    ) throws -> Response {
        var fields = values
        let base = try request.path("setup/\(Form.encoded(id.rawValue))")
        let name = words["setup.step.\(step.rawValue)"]
        let number = SetupStep.allCases.firstIndex(of: step).map { $0 + 1 } ?? 1
        fields["setup"] = [
            "name": .string(draft.name), "kind": .string(port.name), "path": .string(base),
            "list": .string(try request.path("setup")), "revision": .string(String(setup.record.revision)),
            "heading": .string(
                words("setup.stepOf", ["number": String(number), "of": String(SetupStep.allCases.count), "name": name])),
            "lead": .string(words["setup.\(step.rawValue).lead"]),
            "steps": .array(
                SetupStep.allCases.map { other in
                    [
                        "name": .string(words["setup.step.\(other.rawValue)"]),
                        "path": .string("\(base)/\(other.rawValue)"), "isCurrent": .bool(other == step),
                        "isDone": .bool(setup.done.contains(other) && other != step),
                        "isFailed": .bool(draft.problems[other.rawValue] != nil && other != step),
                    ]
                }),
            "problem": draft.problems[step.rawValue].map { .diagnosis($0) } ?? .null,
        ]
        fields["errors"] = complaints.errorSummary
        fields["bad"] = .object(complaints.mapValues { .string($0) })
        return request.page(
            template ?? "setup-\(step.rawValue)", title: "\(name) – \(draft.name)", section: "setup", live: live,
            status: status ?? (complaints.isEmpty ? .ok : .unprocessableContent), fields)
    }

    /// A complaint in the visitor's language.
    func words(_ complaint: SetupError.Complaint) -> String { words["setup.bad.\(complaint.rawValue)"] }

    func texts(_ complaints: [String: SetupError.Complaint]) -> [String: String] {
        complaints.mapValues { words($0) }
    }

    func scripts(_ scripts: [SetupScript], rooms: [SetupScriptRoom]) -> JSONValue {
        .array(
            scripts.filter(port.features.scripts.contains).map { script in
                [
                    "id": .string("script-\(script.rawValue)"),
                    "title": .string(words["setup.script.\(script.rawValue)"]),
                    "hint": .string(words["setup.script.\(script.rawValue).hint"]),
                    "text": .string(port.script(script, draft, rooms: rooms)),
                ]
            })
    }

    func writer(_ zone: ZoneID) -> TimeWriter { request.times(in: zone) }
}

extension PageRequest {
    func setupDesk() throws -> SetupDesk { services.setupDesk(of: try organization().id) }

    /// Who changes a set-up, as others read it.
    func setupAuthor() throws -> String { try account().name }
}

extension JSONValue {
    /// What an administrator is told: what happened, what it means, what to do. It stands in English.
    static func diagnosis(_ diagnosis: Diagnosis) -> JSONValue {
        [
            "summary": .string(diagnosis.summary),
            "consequence": diagnosis.consequence.isEmpty ? .null : .string(diagnosis.consequence),
            "remedy": .string(diagnosis.remedy), "step": .optional(diagnosis.step?.title),
            "vendorCode": .optional(diagnosis.vendorCode), "reference": .optional(diagnosis.reference),
        ]
    }
}
