import CalendarModel
import CalendarTime
import Foundation
import HTTPTypes
import Hummingbird
import SQLStore

/// The installation as a whole: its organizations, and the facts about it.
enum OperatorPages {
    static let all: [PageRoute] = [
        PageRoute(.get, "/operator", .operators) { try await page($0) },
        PageRoute(.post, "/operator/organizations", .operators, handler: add),
        PageRoute(.get, "/operator/organizations/{customer}", .operators) { try await organizationPage($0) },
        PageRoute(.post, "/operator/organizations/{customer}", .operators, handler: rename),
    ]

    private static func page(
        _ request: PageRequest, _ complaints: [String: String] = [:]
    ) async throws -> Response {
        let counts = try await request.store.linkConditions(at: request.services.now())
        let organizations = try await request.store.organizations()
        let total = counts.values.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
        return request.page(
            "operator", title: request.words["operator.title"], section: "operator.overview",
            status: complaints.isEmpty ? .ok : .unprocessableContent,
            [
                "conditions": .array(
                    LinkRecord.Condition.allCases.map { condition in
                        [
                            "status": request.status(condition), "count": .integer(Int64(total[condition] ?? 0)),
                        ]
                    }),
                "organizations": .array(
                    organizations.map { organization in
                        let id = Form.encoded(organization.id.rawValue)
                        let links = counts[organization.id] ?? [:]
                        return [
                            "name": .string(organization.name), "id": .string(organization.id.rawValue),
                            "open": .string("/o/\(id)"), "edit": .string("/operator/organizations/\(id)"),
                            "links": .integer(Int64(links.values.reduce(0, +))),
                            "troubles": .integer(Int64((links[.notCertain] ?? 0) + (links[.stopped] ?? 0))),
                            "hasTroubles": .bool((links[.notCertain] ?? 0) + (links[.stopped] ?? 0) > 0),
                        ]
                    }),
                "facts": try await facts(request),
                "name": .field(request.form.line("name"), error: complaints["name"]),
                "id": .field(request.form.line("id"), error: complaints["id"]), "errors": complaints.errorSummary,
            ])
    }

    private static func facts(_ request: PageRequest) async throws -> JSONValue {
        let facts = request.services.facts
        let schema = try await request.store.schemaVersion()
        let words = request.words
        let started = facts.startedAt.map { MomentWords(words: words, zone: .utc).moment($0) + " (UTC)" }
        let rows: [(String, String)] = [
            ("operator.fact.version", facts.version), ("operator.fact.address", request.services.publicURL),
            ("operator.fact.database", facts.database),
            ("operator.fact.schema", words("operator.schema", ["number": String(schema)])),
            ("operator.fact.started", started ?? ""),
            (
                "operator.fact.worker",
                words("operator.worker", ["node": facts.node, "count": String(facts.concurrentPasses)])
            ),
            ("operator.fact.zones", "\(Zones.dataVersion), \(Zones.nameTableVersion)"),
        ]
        return .array(
            rows.filter { !$0.1.isEmpty }.map { ["name": .string(words[$0.0]), "value": .string($0.1)] })
    }

    // MARK: Organizations

    @Sendable private static func add(_ request: PageRequest) async throws -> Response {
        let name = canonicalLine(request.form.line("name"))
        let id = request.form.line("id").lowercased()
        var complaints: [String: String] = [:]
        if !(1...100).contains(name.count) { complaints["name"] = request.words["operator.nameMissing"] }
        if id.wholeMatch(of: /[a-z0-9][a-z0-9-]{0,39}/) == nil {
            complaints["id"] = request.words["operator.idWrong"]
        } else if try await request.store.organization(OrganizationID(id)) != nil {
            complaints["id"] = request.words("operator.idTaken", ["id": id])
        }
        guard complaints.isEmpty else { return try await page(request, complaints) }
        let organization = Organization(id: OrganizationID(id), name: name)
        try await request.store.addOrganization(organization, now: request.services.now())
        try await request.services.audit(
            "organization.add", name, detail: id, organization: organization.id, actor: try request.account().email,
            kind: .account)
        return request.redirect(
            "/operator", notice: PageNotice(.success, request.words("operator.added", ["name": name])))
    }

    private static func organization(_ request: PageRequest) async throws -> Organization {
        let id = OrganizationID(try request.parameter("customer"))
        guard let organization = try await request.store.organization(id) else { throw Problem.notFound("") }
        return organization
    }

    private static func organizationPage(
        _ request: PageRequest, _ complaints: [String: String] = [:]
    ) async throws -> Response {
        let organization = try await organization(request)
        let id = Form.encoded(organization.id.rawValue)
        let name = request.request.method == .post ? request.form.line("name") : organization.name
        return request.page(
            "operator-organization", title: organization.name, section: "operator.overview",
            status: complaints.isEmpty ? .ok : .unprocessableContent,
            [
                "heading": .string(organization.name), "id": .string(organization.id.rawValue),
                "path": .string("/operator/organizations/\(id)"), "open": .string("/o/\(id)"),
                "name": .field(name, error: complaints["name"]), "errors": complaints.errorSummary,
            ])
    }

    @Sendable private static func rename(_ request: PageRequest) async throws -> Response {
        var organization = try await organization(request)
        let before = organization.name
        organization.name = canonicalLine(request.form.line("name"))
        guard (1...100).contains(organization.name.count) else {
            return try await organizationPage(request, ["name": request.words["operator.nameMissing"]])
        }
        try await request.store.update(organization)
        try await request.services.audit(
            "organization.rename", organization.name, detail: "\(before) → \(organization.name)",
            organization: organization.id, actor: try request.account().email, kind: .account)
        return request.redirect(
            "/operator", notice: PageNotice(.success, request.words("operator.renamed", ["name": organization.name])))
    }
}
