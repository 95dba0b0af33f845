import HTTPTypes
import Hummingbird
import SQLStore
import SyncEngine
import SyncService

/// A link's policy as a form. Two people may have it open: the second one is told what the first one changed, and nothing
/// that was typed is lost.
enum PolicyPages {
    static let all: [PageRoute] = [
        PageRoute.of(.get, "links/{link}/policy", .administer) { request in
            let record = try await request.link()
            return try page(request, record, wanted: Self.values(of: record.link.policy))
        },
        PageRoute.of(.post, "links/{link}/policy", .administer, handler: save),
    ]

    private static func values(of policy: LinkPolicy) -> [PolicyField: String] {
        Dictionary(uniqueKeysWithValues: PolicyField.allCases.map { ($0, $0.value(of: policy)) })
    }

    @Sendable private static func save(_ request: PageRequest) async throws -> Response {
        let record = try await request.link()
        let form = request.form
        var policy = record.link.policy
        var wanted: [PolicyField: String] = [:]
        var seen: [PolicyField: String] = [:]
        var complaints: [String: String] = [:]
        for field in PolicyField.allCases {
            wanted[field] = form.line(field.rawValue)
            seen[field] = form.line("seen-\(field.rawValue)")
            if !field.set(form.line(field.rawValue), in: &policy) {
                complaints[field.rawValue] = request.words["policy.\(field.rawValue).wrong"]
            }
        }
        guard complaints.isEmpty else { return try page(request, record, wanted: wanted, complaints: complaints) }
        do {
            _ = try await request.linkDesk().change(
                record.link.id, to: policy, ifRevision: Int64(form.line("revision")) ?? 0)
        } catch LinkDeskError.policyChanged {
            return try page(request, try await request.link(), wanted: wanted, seen: seen)
        } catch LinkDeskError.cannotInvite {
            return try page(
                request, record, wanted: wanted, complaints: ["writing": request.words["policy.cannotInvite"]])
        }
        try await request.audit(
            "link.policy", record.link.title, detail: Self.changes(from: record.link.policy, to: policy))
        return request.redirect(
            try request.roomPath(of: record), notice: PageNotice(.success, request.words["policy.saved"]))
    }

    /// For the audit log: `content: everything → busyOnly`.
    private static func changes(from old: LinkPolicy, to new: LinkPolicy) -> String {
        PolicyField.allCases.filter { $0.value(of: old) != $0.value(of: new) }
            .map { "\($0.rawValue): \($0.value(of: old)) → \($0.value(of: new))" }.joined(separator: ", ")
    }

    /// - Parameter seen: what stood there when the form was opened; given when that is no longer so.
    private static func page(
        _ request: PageRequest, _ record: LinkRecord, wanted: [PolicyField: String],
        seen: [PolicyField: String]? = nil, complaints: [String: String] = [:]
    ) throws -> Response {
        let words = request.words
        let stored = values(of: record.link.policy)
        let changed = seen.map { seen in PolicyField.allCases.filter { seen[$0] != stored[$0] } } ?? []
        let fields: [JSONValue] = PolicyField.allCases.map { field in
            let name = field.rawValue
            return [
                "name": .string(name), "label": .string(words["policy.\(name)"]),
                "hint": .string(words["policy.\(name).hint"]), "isNumber": .bool(field.choices.isEmpty),
                "value": .string(wanted[field] ?? ""), "stored": .string(stored[field] ?? ""),
                "error": .optional(complaints[name]),
                "changed": changed.contains(field)
                    ? .string(words("policy.nowStored", ["value": field.shown(stored[field] ?? "", words)])) : .null,
                "choices": .array(
                    field.choices.map { choice in
                        [
                            "value": .string(choice), "label": .string(words["policy.\(name).\(choice)"]),
                            "text": .string(words["policy.\(name).\(choice).hint"]),
                            "isChosen": .bool(wanted[field] == choice),
                        ]
                    }),
            ]
        }
        let news: [JSONValue] = changed.map { field in
            [
                "field": .string(field.rawValue),
                "text": .string(
                    words(
                        "policy.changed.item",
                        [
                            "name": words["policy.\(field.rawValue)"], "old": field.shown(seen?[field] ?? "", words),
                            "new": field.shown(stored[field] ?? "", words),
                        ])),
            ]
        }
        let isConflict = seen != nil
        return request.page(
            "policy", title: words["policy.title"], section: "dashboard",
            status: isConflict ? .conflict : complaints.isEmpty ? .ok : .unprocessableContent,
            [
                "room": .string(record.link.roomName), "rooms": .string(try request.path()),
                "roomPath": .string(try request.roomPath(of: record)), "fields": .array(fields),
                "revision": .integer(record.policyRevision), "errors": complaints.errorSummary,
                "conflict": isConflict ? ["items": .array(news)] : .null, "title": .string(record.link.title),
            ])
    }
}
