import CalendarModel
import HTTPTypes
import Hummingbird
import SQLStore

/// The log of administrative acts: an organization's own, and for operators everything.
enum AuditPages {
    static let all: [PageRoute] = [
        PageRoute.of(.get, "audit", .administer) { try await page($0, of: $0.organization().id) },
        PageRoute.of(.post, "audit", .administer) { try await checked($0, of: $0.organization().id) },
        PageRoute(.get, "/operator/audit", .operators) { try await page($0, of: nil) },
        PageRoute(.post, "/operator/audit", .operators) { try await checked($0, of: nil) },
    ]

    private static let linesOnPage = 50

    private static func checked(_ request: PageRequest, of organization: OrganizationID?) async throws -> Response {
        let check = try await request.store.checkAuditLog(digest: request.services.auditDigest)
        return try await page(request, of: organization, check: check)
    }

    private static func page(
        _ request: PageRequest, of organization: OrganizationID?, check: AuditCheck? = nil
    ) async throws -> Response {
        let before = request.query("before").flatMap(Int64.init)
        var lines = try await request.store.auditLog(of: organization, before: before, limit: linesOnPage + 1)
        let hasMore = lines.count > linesOnPage
        if hasMore { lines.removeLast() }
        let moments = try await request.moments()
        let base = organization == nil ? "/operator/audit" : try request.path("audit")
        let names =
            organization == nil
            ? Dictionary(try await request.store.organizations().map { ($0.id, $0.name) }, uniquingKeysWith: { $1 })
            : [:]
        return request.page(
            "audit", title: request.words["audit.title"], section: organization == nil ? "operator.audit" : "audit",
            [
                "base": .string(base), "hasLines": .bool(!lines.isEmpty), "isEverything": .bool(organization == nil),
                "zone": .optional(organization == nil ? nil : moments.zone.name),
                "check": check.map { result($0, request) } ?? .null,
                "lines": .array(lines.map { row($0, names, moments, request) }),
                "hasPages": .bool(hasMore || before != nil), "isFirst": .bool(before == nil),
                "older": hasMore ? .optional(lines.last.map { "\(base)?before=\($0.position)" }) : .null,
            ])
    }

    private static func row(
        _ entry: AuditEntry, _ names: [OrganizationID: String], _ moments: MomentWords, _ request: PageRequest
    ) -> JSONValue {
        let key = "audit.action.\(entry.action)"
        let knowsAction = request.words.has(key)
        return [
            "position": .integer(entry.position), "at": moments.values(entry.at), "actor": .string(entry.actor),
            "actorKind": .string(request.words["audit.actor.\(entry.actorKind.rawValue)"]),
            "isPerson": .bool(entry.actorKind == .account),
            "action": .string(knowsAction ? request.words[key] : entry.action), "isKey": .bool(!knowsAction),
            "subject": .string(entry.subject), "detail": .optional(entry.detail.isEmpty ? nil : entry.detail),
            "organization": .optional(entry.organization.map { names[$0] ?? $0.rawValue }),
        ]
    }

    private static func result(_ check: AuditCheck, _ request: PageRequest) -> JSONValue {
        guard let broken = check.broken else {
            return [
                "kind": "success", "icon": "in-sync", "isGood": true,
                "text": .string(request.words("audit.unbroken", ["line": String(check.lines)])),
            ]
        }
        return [
            "kind": "error", "icon": "cross-circle", "isGood": false,
            "text": .string(request.words("audit.broken", ["line": String(broken)])),
        ]
    }
}
