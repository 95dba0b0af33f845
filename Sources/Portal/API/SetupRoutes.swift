import CalendarModel
import HTTPTypes
import LoopBooking
import SQLStore
import SyncEngine
import SyncService
import Vault

/// `/setups`: setting up connections, step by step.
enum SetupRoutes {
    static let all: [APIRoute] = setups + signIn + rooms + previews

    // MARK: Set-ups

    static let setups: [APIRoute] = [
        route(
            .get, "/setups",
            APIOperation(
                "listSetups", "Connections that are set up or being set up", tag: tag,
                answers: [APIAnswer(200, "All of them", schema: list("setups", SetupJSON.schema))])
        ) { request in
            _ = try request.query()
            let desk = desk(request)
            return APIReply(["setups": .array(try await desk.all().map { SetupJSON.json($0, desk) })])
        },
        route(
            .post, "/setups",
            APIOperation(
                "beginSetup", "Begin to set up a connection", tag: tag,
                body: object(["kind": text, "name": text], required: ["kind"]),
                answers: [
                    APIAnswer(201, "Begun", schema: SetupJSON.schema), invalid, conflict,
                ])
        ) { request in
            _ = try request.query()
            let order = try request.read(try await request.body()) { reader -> (kind: String, name: String)? in
                reader.require("kind")
                let name = reader.string("name") ?? ""
                return reader.string("kind").map { ($0, name) }
            }
            return try await answering {
                let id = try await desk(request).begin(kind: order.kind, name: order.name, by: request.caller.name)
                try await request.audit("setup.begin", order.name.isEmpty ? order.kind : order.name)
                let setup = try await desk(request).setup(id)
                return APIReply.created(
                    SetupJSON.json(setup, desk(request)), at: "/setups/\(id)", revision: setup.record.revision,
                    isReplay: false)
            }
        },
        route(
            .get, "/setups/{id}",
            APIOperation(
                "getSetup", "One set-up", tag: tag,
                answers: [APIAnswer(200, "The set-up", schema: SetupJSON.schema), missing])
        ) { request in
            _ = try request.query()
            return try await answering { try await shown(request) }
        },
        route(
            .patch, "/setups/{id}",
            APIOperation(
                "changeSetup", "Enter tenant, application and account; secrets are never shown again", tag: tag,
                parameters: [ifMatch], body: SetupJSON.entriesSchema,
                answers: [APIAnswer(200, "Kept", schema: SetupJSON.schema), invalid, missing, conflict])
        ) { request in
            _ = try request.query()
            let entries = try request.read(try await request.body(), SetupJSON.entries)
            return try await answering {
                let id = try id(request)
                let revision = try await request.requiredRevision { try await desk(request).setup(id).record.revision }
                let draft = try await desk(request).enter(
                    entries, into: id, ifRevision: revision, by: request.caller.name)
                try await request.audit("setup.connection", draft.name, detail: draft.tenant)
                return try await shown(request)
            }
        },
        route(
            .delete, "/setups/{id}",
            APIOperation(
                "dropSetup", "Give up a set-up that has no connection yet", tag: tag,
                answers: [APIAnswer(204, "Gone"), missing, conflict])
        ) { request in
            _ = try request.query()
            return try await answering {
                let setup = try await desk(request).setup(id(request))
                guard !setup.hasConnection else { throw Problem(inUse: setup.draft.name) }
                try await desk(request).drop(setup.record.id)
                try await request.audit("setup.drop", setup.draft.name)
                return .noContent
            }
        },
    ]

    // MARK: Signing in

    static let signIn: [APIRoute] = [
        route(
            .post, "/setups/{id}/consent",
            APIOperation(
                "askConsent", "An address at which an administrator consents", tag: tag,
                answers: [
                    APIAnswer(200, "The address; it is good for half an hour, once", schema: object(["url": text])),
                    missing, conflict,
                ])
        ) { request in
            _ = try request.query()
            return try await answering {
                let setup = try await desk(request).setup(id(request))
                let state = request.services.random.text()
                let url = try await desk(request).consentLink(
                    setup.record.id,
                    redirectURI: SetupCallbackPages.redirectURI(setup.record.kind, request.services), state: state)
                let content = SetupCallbackPages.Content(
                    setup: setup.record.id.rawValue, organization: request.organization.rawValue, verifier: nil)
                // Whoever comes back with it must be signed in as an administrator of this organization.
                try await request.store.addErrand(
                    Errand(
                        digest: SecretDigest.sha256(state), kind: .consent, organization: request.organization,
                        content: try StoredJSON.text(content), createdAt: request.now(),
                        expiresAt: request.now().advanced(by: .seconds(1800))))
                try await request.audit("setup.consent.ask", setup.draft.name)
                return APIReply(["url": .string(url)])
            }
        },
        route(
            .post, "/setups/{id}/sign-in",
            APIOperation(
                "trySignIn", "Sign in with what was entered, and make the connection", tag: tag,
                answers: [APIAnswer(200, "Signed in", schema: SetupJSON.schema), invalid, missing, conflict])
        ) { request in
            _ = try request.query()
            return try await answering {
                let id = try id(request)
                try await desk(request).trySignIn(id, by: request.caller.name)
                try await request.audit("setup.signIn", try await desk(request).setup(id).draft.name)
                return try await shown(request)
            }
        },
    ]

    // MARK: Rooms

    static let rooms: [APIRoute] = [
        route(
            .get, "/setups/{id}/resources",
            APIOperation(
                "listResources", "The calendar system's rooms with their rights", tag: tag,
                answers: [APIAnswer(200, "All of them", schema: list("resources", SetupJSON.resourceSchema)), missing])
        ) { request in
            _ = try request.query()
            return try await answering {
                let found = try await desk(request).resources(of: id(request))
                return APIReply(["resources": .array(found.map(SetupJSON.json))])
            }
        },
        route(
            .post, "/setups/{id}/resources",
            APIOperation(
                "findResources", "Look for rooms, or add one by its address", tag: tag,
                body: object(["address": text], required: []),
                answers: [
                    APIAnswer(202, "Listed; their rights are looked at next", schema: object(["listed": number])),
                    invalid,
                    missing, conflict,
                ])
        ) { request in
            _ = try request.query()
            let address = try request.read(try await request.body()) { reader -> String? in
                reader.string("address") ?? ""
            }
            return try await answering {
                let id = try id(request)
                let count: Int
                if address.isEmpty {
                    count = try await desk(request).list(id, by: request.caller.name)
                } else {
                    _ = try await desk(request).add(address, to: id, by: request.caller.name)
                    count = 1
                }
                try await request.audit("setup.rooms.list", id.rawValue, detail: address)
                return APIReply(["listed": .integer(Int64(count))], status: .accepted)
            }
        },
        route(
            .get, "/setups/{id}/mapping",
            APIOperation(
                "getMapping", "Which resource mirrors which room, with suggestions", tag: tag,
                answers: [APIAnswer(200, "The mapping", schema: SetupJSON.mappingSchema), missing])
        ) { request in
            _ = try request.query()
            return try await answering { try await mapping(request) }
        },
        route(
            .put, "/setups/{id}/mapping",
            APIOperation(
                "setMapping", "Replace the mapping of rooms that are not linked yet", tag: tag, parameters: [ifMatch],
                body: SetupJSON.rowsSchema,
                answers: [APIAnswer(200, "Kept", schema: SetupJSON.mappingSchema), invalid, missing, conflict])
        ) { request in
            _ = try request.query()
            let rows = try request.read(try await request.body(), SetupJSON.rows)
            return try await answering {
                let id = try id(request)
                let revision = try await request.requiredRevision {
                    try await desk(request).setup(id).record.mappingRevision
                }
                try await desk(request).save(rows, of: id, ifRevision: revision, by: request.caller.name)
                try await request.audit("setup.mapping", id.rawValue, detail: "\(rows.count)")
                return try await mapping(request)
            }
        },
        route(
            .get, "/setups/{id}/mapping/csv",
            APIOperation(
                "exportMapping", "The mapping as a table", tag: tag,
                answers: [APIAnswer(200, "The table", schema: object(["csv": text])), missing])
        ) { request in
            _ = try request.query()
            return try await answering {
                APIReply(["csv": .string(try await desk(request).csv(of: id(request)))])
            }
        },
        route(
            .post, "/setups/{id}/mapping/csv",
            APIOperation(
                "importMapping", "Take a table's rows into the mapping: all or nothing", tag: tag,
                parameters: [ifMatch], body: object(["csv": text], required: ["csv"]),
                answers: [APIAnswer(200, "Kept", schema: SetupJSON.mappingSchema), invalid, missing, conflict])
        ) { request in
            _ = try request.query()
            let csv = try request.read(try await request.body()) { reader -> String? in
                reader.require("csv")
                return reader.string("csv")
            }
            return try await answering {
                let id = try id(request)
                let revision = try await request.requiredRevision {
                    try await desk(request).setup(id).record.mappingRevision
                }
                let count = try await desk(request).take(
                    csv: csv, into: id, ifRevision: revision, by: request.caller.name)
                try await request.audit("setup.mapping.import", id.rawValue, detail: "\(count)")
                return try await mapping(request)
            }
        },
    ]

    // MARK: Parts

    static let tag = "Set-up"
    static let text: JSONValue = ["type": "string"]
    static let number: JSONValue = ["type": "integer"]
    static let missing = APIAnswer(404, "There is no such set-up in this organization")
    static let invalid = APIAnswer(400, "The body is not of the expected form")
    static let conflict = APIAnswer(
        409, "Another step comes first, somebody was faster, or the calendar system says no")
    static let ifMatch = APIParameter(
        "If-Match", in: .header, "Only if the revision is still this one, such as \"3\"")

    static func object(_ properties: [String: JSONValue], required: [String]? = nil) -> JSONValue {
        [
            "type": "object", "properties": .object(properties),
            "required": .array((required ?? properties.keys.sorted()).map { .string($0) }),
        ]
    }

    static func list(_ name: String, _ schema: JSONValue) -> JSONValue {
        object([name: ["type": "array", "items": schema]])
    }

    static func route(
        _ method: HTTPRequest.Method, _ path: String, _ operation: APIOperation,
        handler: @escaping @Sendable (APIRequest) async throws -> APIReply
    ) -> APIRoute {
        APIRoute(method, path, permission: .administer, operation, handler: handler)
    }

    static func desk(_ request: APIRequest) -> SetupDesk {
        request.services.setupDesk(of: request.organization)
    }
    static func id(_ request: APIRequest) throws -> ConnectionID { ConnectionID(try request.parameter("id")) }

    static func shown(_ request: APIRequest) async throws -> APIReply {
        let desk = desk(request)
        let setup = try await desk.setup(id(request))
        return request.reply(SetupJSON.json(setup, desk), revision: setup.record.revision)
    }

    static func mapping(_ request: APIRequest) async throws -> APIReply {
        let mapping = try await desk(request).mapping(of: id(request))
        return request.reply(SetupJSON.json(mapping), revision: mapping.revision)
    }

    static func preview(_ request: APIRequest) async throws -> APIReply {
        let room = RoomID(try request.parameter("room"))
        guard let (preview, decisions, _) = try await desk(request).preview(of: room, in: id(request)) else {
            throw Problem.notFound("There is no preview of this room yet.")
        }
        return APIReply(SetupJSON.json(preview, decisions))
    }

    /// What the set-up refuses, as problems.
    static func answering(_ body: () async throws -> APIReply) async throws -> APIReply {
        do { return try await body() } catch let error as SetupError {
            throw Problem(error)
        } catch let faults as SetupDesk.MappingFaults {
            throw Problem.invalidFields(
                faults.byRoom.sorted { $0.key < $1.key }.map { room, fault in
                    RuleViolation(
                        code: "mapping", field: "rows.\(room)", message: WordBook.embedded[.english].text(of: fault))
                })
        } catch let faults as MappingCSV.Faults {
            throw Problem.invalidFields(
                faults.faults.map { fault in
                    RuleViolation(
                        code: "csv", field: "line \(fault.line)", message: WordBook.embedded[.english].text(of: fault))
                })
        }
    }
}

extension Problem {
    init(inUse name: String) {
        self.init(
            .conflict, code: "setup-connected", title: "The set-up has a connection",
            detail: "\(name) is connected already; it cannot be given up here.")
    }

    init(_ error: SetupError) {
        let words = WordBook.embedded[.english]
        switch error {
        case .noSuchSetup: self = .notFound("There is no such set-up.")
        case .unknownKind(let kind):
            self = .badRequest("unknown-kind", "There is no calendar system \(kind.prefix(64)).")
        case .fields(let complaints):
            self = .invalidFields(
                complaints.sorted { $0.key < $1.key }.map { field, complaint in
                    RuleViolation(
                        code: complaint.rawValue, field: field, message: words["setup.bad.\(complaint.rawValue)"])
                })
        case .changed(let by):
            self.init(
                .conflict, code: "changed", title: "Somebody was faster",
                detail: "\(by) changed it meanwhile. Read it again, and send your change on the new revision.")
        case .refused(let diagnosis):
            self.init(
                .conflict, code: diagnosis.code.replacing(".", with: "-"), title: "The calendar system says no",
                detail: "\(diagnosis.summary) \(diagnosis.remedy)",
                members: ["step": .optional(diagnosis.step?.rawValue), "vendorCode": .optional(diagnosis.vendorCode)])
        case .nameTaken:
            self.init(
                .conflict, code: "name-taken", title: "The name is taken", detail: words["setup.bad.nameTaken"])
        case .stepMissing(let step):
            self.init(
                .conflict, code: "step-missing", title: "Another step comes first",
                detail: words["setup.missing.\(step.rawValue)"])
        }
    }
}
