import CalendarModel
import CalendarTime
import HTTPTypes
import SQLStore
import SyncEngine
import SyncService

/// What people do to a link: look at it, pause it, let it run, read again, decide what vanished, change its policy.
enum LinkDeskRoutes {
    static let all: [APIRoute] = [
        APIRoute(.get, "/links/{id}", .getLink) { request in
            _ = try request.query()
            return try reply(try await request.link(), request)
        },
        APIRoute(.post, "/links/{id}/pause", permission: .desk, .pauseLink) { request in
            _ = try request.query()
            let record = try await request.linkDesk.pause(try await request.link().link.id)
            try await request.audit("link.pause", record.link.title)
            return try reply(record, request)
        },
        APIRoute(.post, "/links/{id}/resume", permission: .desk, .resumeLink, handler: resume),
        APIRoute(.post, "/links/{id}/read-again", permission: .desk, .readLinkAgain) { request in
            _ = try request.query()
            let id = try await request.link().link.id
            let record = try await answering { try await request.linkDesk.readAgain(id) }
            try await request.audit("link.readAgain", record.link.title)
            return try reply(record, request)
        },
        APIRoute(.post, "/links/{id}/sync", permission: .desk, .syncLink, handler: sync),
        APIRoute(.get, "/links/{id}/vanished", .listVanished) { request in
            _ = try request.query()
            let id = try await request.link().link.id
            return APIReply(["meetings": try .encoding(await request.linkDesk.vanished(from: id))])
        },
        APIRoute(.get, "/links/{id}/history", .getLinkHistory) { request in
            let limit = try request.limit(try request.query("limit"))
            let id = try await request.link().link.id
            return APIReply([
                "history": .array(
                    try await request.store.history(of: id, limit: limit).map { entry in
                        var fields: [String: JSONValue] = [
                            "at": .string(Timestamps.rfc3339(entry.at, fractionDigits: 3)),
                            "action": .string(entry.action), "what": .string(entry.sentence),
                        ]
                        fields["booking"] = entry.booking.map { .string($0.rawValue) }
                        return .object(fields)
                    })
            ])
        },
        APIRoute(.get, "/links/{id}/policy", .getPolicy) { request in
            _ = try request.query()
            let record = try await request.link()
            return request.reply(json(record.link.policy), revision: record.policyRevision)
        },
        APIRoute(.patch, "/links/{id}/policy", permission: .administer, .changePolicy, handler: changePolicy),
    ]

    /// How long a request waits for a pass that is under way.
    private static let patience: Duration = .seconds(30)

    private static func reply(_ record: LinkRecord, _ request: APIRequest) throws -> APIReply {
        APIReply(try .encoding(LinkStatus(record, at: request.now())))
    }

    private static func answering<Value>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let error as LinkDeskError { throw Problem(error) } catch is LinkIsBusy {
            throw Problem(
                .conflict, code: "link-busy", title: "The link is busy",
                detail: "A pass of this link is under way. Try again in a minute.")
        }
    }

    /// `{}` to read again, `{"deletions": "accept"}` or `"restore"` to decide what vanished.
    @Sendable private static func resume(_ request: APIRequest) async throws -> APIReply {
        _ = try request.query()
        let deletions: LinkDesk.HeldDeletions?? = try request.read(try await request.body()) { reader in
            .some(reader.word("deletions", LinkDesk.HeldDeletions.self))
        }
        let id = try await request.link().link.id
        let record = try await answering {
            try await request.linkDesk.resume(id, deletions: deletions.flatMap(\.self))
        }
        try await request.audit(
            "link.resume", record.link.title,
            detail: deletions.flatMap(\.self).map { "deletions: \($0.rawValue)" } ?? "")
        return try reply(record, request)
    }

    /// `{"fromScratch": true}` reads the whole calendar.
    @Sendable private static func sync(_ request: APIRequest) async throws -> APIReply {
        _ = try request.query()
        let fromScratch = try request.read(try await request.body()) { $0.bool("fromScratch") ?? false }
        let record = try await request.link()
        let report = try await answering {
            try await request.linkDesk.sync(record.link.id, fromScratch: fromScratch, patience: patience)
        }
        try await request.audit("link.sync", record.link.title)
        guard let report else { throw Problem.notFound("The link was removed in the meantime.") }
        return APIReply(try .encoding(PassView(report)))
    }

    @Sendable private static func changePolicy(_ request: APIRequest) async throws -> APIReply {
        _ = try request.query()
        let old = try await request.link()
        let policy = try request.read(try await request.body()) { reader in
            changed(old.link.policy, &reader)
        }
        let revision = try await request.requiredRevision { old.policyRevision }
        let record: LinkRecord
        do {
            record = try await request.linkDesk.change(old.link.id, to: policy, ifRevision: revision)
        } catch LinkDeskError.policyChanged(_, let present) {
            throw Problem(
                .preconditionFailed, code: "changed", title: "Changed in the meantime",
                detail:
                    "The policy is at revision \(present) now. Read it again, then repeat the change if it still fits.",
                members: ["revision": .integer(present)], headers: [.eTag: APIRequest.tag(present)])
        } catch let error as LinkDeskError { throw Problem(error) }
        if record.policyRevision != old.policyRevision {
            try await request.audit("link.policy", record.link.title)
        }
        return APIReply(
            json(record.link.policy), headers: [.eTag: APIRequest.tag(record.policyRevision)])
    }

    private static func json(_ policy: LinkPolicy) -> JSONValue {
        [
            "writing": .string(policy.writing.rawValue), "clash": .string(policy.clash.rawValue),
            "divergence": .string(policy.divergence.rawValue), "content": .string(policy.content.rawValue),
            "whenBlind": .string(policy.whenBlind.rawValue), "massDeletionShare": .number(policy.massDeletionShare),
            "massDeletionMinimum": .integer(Int64(policy.massDeletionMinimum)),
        ]
    }

    private static func changed(_ old: LinkPolicy, _ reader: inout FieldReader) -> LinkPolicy {
        var policy = old
        policy.writing = reader.word("writing", WritingMode.self) ?? old.writing
        policy.clash = reader.word("clash", LinkPolicy.Clash.self) ?? old.clash
        policy.divergence = reader.word("divergence", LinkPolicy.Divergence.self) ?? old.divergence
        policy.content = reader.word("content", LinkPolicy.Content.self) ?? old.content
        policy.whenBlind = reader.word("whenBlind", LinkPolicy.WhenBlind.self) ?? old.whenBlind
        if reader.has("massDeletionShare") {
            let share: Double? =
                switch reader.raw("massDeletionShare") {
                case .number(let number)?: number
                case .integer(let number)?: Double(number)
                default: nil
                }
            if let share, share >= 0.01, share <= 1 {
                policy.massDeletionShare = share
            } else {
                reader.add("invalid-value", "massDeletionShare", "massDeletionShare must be a number from 0.01 to 1.")
            }
        }
        if let minimum = reader.integer("massDeletionMinimum") {
            if (1...10_000).contains(minimum) {
                policy.massDeletionMinimum = minimum
            } else {
                reader.add("invalid-value", "massDeletionMinimum", "massDeletionMinimum must be from 1 to 10000.")
            }
        }
        return policy
    }
}

extension APIRequest {
    var linkDesk: LinkDesk { services.linkDesk(of: organization) }

    /// The link in the address.
    func link() async throws -> LinkRecord {
        let id = LinkID(try parameter("id"))
        guard let record = try await store.link(id, of: organization) else {
            throw Problem.notFound("There is no link \(id.rawValue.prefix(64)).")
        }
        return record
    }
}

extension Problem {
    init(_ error: LinkDeskError) {
        let diagnosis = error.diagnosis
        let detail = "\(diagnosis.summary) \(diagnosis.remedy)"
        if case .noSuchLink = error {
            self = .notFound(detail)
        } else {
            self.init(
                .conflict, code: diagnosis.code.replacing(".", with: "-"), title: "The link cannot do that now",
                detail: detail)
        }
    }
}
