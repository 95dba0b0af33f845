import CalendarModel
import Foundation
import HTTPTypes
import LoopBooking
import SQLStore
import SyncEngine
import SyncService

/// `/clashes`: the clash desk in the REST API.
enum ClashRoutes {
    static let all: [APIRoute] = [
        APIRoute(.get, "/clashes", .listClashes) { request in
            let query = try request.query("state")
            var states: Set<Clash.State> = [.open]
            if let word = query["state"] {
                if word == "all" {
                    states = Set(Clash.State.allCases)
                } else if let state = Clash.State(rawValue: word) {
                    states = [state]
                } else {
                    throw Problem.badRequest(
                        "invalid-parameter", "state must be one of: open, decided, undone, closed, all.")
                }
            }
            return APIReply(["clashes": try .encoding(await desk(request).list(states))])
        },
        APIRoute(.get, "/clashes/{id}", .getClash) { request in
            _ = try request.query()
            return try await answering { try await desk(request).show(request.parameter("id")) }
        },
        APIRoute(.post, "/clashes/{id}/decision", permission: .desk, .decideClash) { request in
            _ = try request.query()
            let ruling = try request.read(try await request.body(), ruling)
            return try await answering {
                let clash = try await desk(request).decide(request.parameter("id"), ruling, by: request.author)
                try await request.audit("clash.decide", clash.auditSubject, detail: ruling.auditDetail)
                return clash
            }
        },
        APIRoute(.post, "/clashes/{id}/undo", permission: .desk, .undoClash) { request in
            _ = try request.query()
            return try await answering {
                let clash = try await desk(request).undo(request.parameter("id"), by: request.author)
                try await request.audit("clash.undo", clash.auditSubject)
                return clash
            }
        },
    ]

    private static func desk(_ request: APIRequest) -> ClashDesk {
        ClashDesk(organization: request.organization, store: request.store, desk: request.desk, now: request.now)
    }

    /// `{"keep": "a"}`, or `{"move": "b", "to": ROOM}`.
    private static func ruling(_ reader: inout FieldReader) -> ClashDesk.Ruling? {
        let keep = reader.word("keep", Clash.Party.self)
        let move = reader.word("move", Clash.Party.self)
        let room = reader.string("to")
        switch (keep, move, room) {
        case (let party?, nil, nil): return .keep(party)
        case (nil, let party?, let room?): return .move(party, to: RoomID(room))
        default:
            reader.add(
                "required", "keep", "Give either keep (a or b), or move (a or b) together with to (a room's id).")
            return nil
        }
    }

    private static func answering(_ body: () async throws -> ClashView) async throws -> APIReply {
        do { return APIReply(try .encoding(try await body())) } catch let error as ClashError {
            throw Problem(error)
        }
    }
}

extension Problem {
    init(_ error: ClashError) {
        let diagnosis = error.diagnosis
        let detail = "\(diagnosis.summary) \(diagnosis.remedy)"
        if case .noSuchClash = error {
            self = .notFound(detail)
        } else {
            self.init(
                .conflict, code: diagnosis.code.replacing(".", with: "-"), title: "The clash cannot be decided so",
                detail: detail)
        }
    }
}

extension ClashDesk.Ruling {
    var auditDetail: String {
        switch self {
        case .keep(let party): "keep \(party.rawValue)"
        case .move(let party, let room): "move \(party.rawValue) to \(room)"
        }
    }
}

extension JSONValue {
    /// A value as JSON, by its own coding.
    package static func encoding(_ value: some Encodable) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(value))
    }
}
