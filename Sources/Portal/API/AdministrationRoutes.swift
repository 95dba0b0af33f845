import CalendarModel
import HTTPTypes
import LoopBooking
import SQLStore
import SyncService

/// `/settings`, `/audit` and `/doctor`.
enum AdministrationRoutes {
    static let all: [APIRoute] = settings + audit + doctor

    // MARK: Settings

    private static let settings: [APIRoute] = [
        APIRoute(.get, "/settings", permission: .administer, .getSettings) { request in
            _ = try request.query()
            return APIReply(json(try await request.access().organization))
        },
        APIRoute(.patch, "/settings", permission: .administer, .changeSettings) { request in
            _ = try request.query()
            let desk = try await request.access()
            let draft = try request.read(try await request.body()) { reader in
                changed(desk.organization, &reader)
            }
            let complaints = try await desk.complaints(draft, session: nil)
            guard complaints.isEmpty else {
                let english = WordBook.embedded[.english]
                throw Problem.invalidFields(
                    complaints.map {
                        RuleViolation(
                            code: "invalid-value", field: $0.rawValue, message: english["settings.wrong.\($0.rawValue)"]
                        )
                    })
            }
            try await desk.save(draft)
            return APIReply(json(try await request.access().organization))
        },
    ]

    private static func changed(_ organization: Organization, _ reader: inout FieldReader) -> SettingsDraft? {
        let settings = organization.settings
        func list(_ name: String, _ present: [String]?) -> [String]? {
            guard reader.has(name) else { return present }
            return reader.isNull(name) ? nil : reader.strings(name)
        }
        let zone = reader.isNull("timeZone") ? "" : reader.string("timeZone") ?? settings.timeZone?.name ?? ""
        return SettingsDraft(
            name: reader.string("name").map(canonicalLine) ?? organization.name,
            language: reader.string("language") ?? settings.language, timeZone: zone,
            doctorReaders: list("doctorReaders", settings.doctorReaders),
            signInMethods: list("signInMethods", settings.signInMethods))
    }

    private static func json(_ organization: Organization) -> JSONValue {
        let settings = organization.settings
        func list(_ items: [String]?) -> JSONValue { items.map { .array($0.map(JSONValue.string)) } ?? .null }
        return [
            "id": .string(organization.id.rawValue), "name": .string(organization.name),
            "language": .string(settings.language), "timeZone": .optional(settings.timeZone?.name),
            "doctorReaders": list(settings.doctorReaders), "signInMethods": list(settings.signInMethods),
        ]
    }

    // MARK: The audit log

    private static let audit: [APIRoute] = [
        APIRoute(.get, "/audit", permission: .administer, .listAudit) { request in
            let query = try request.query("limit", "after")
            let limit = try request.limit(query)
            var before: Int64?
            if let cursor = try request.cursor(query) {
                guard let position = Int64(cursor) else { throw APIRequest.invalidCursor }
                before = position
            }
            var lines = try await request.store.auditLog(of: request.organization, before: before, limit: limit + 1)
            let hasMore = lines.count > limit
            if hasMore { lines.removeLast() }
            return request.page(
                "lines", lines.map(json),
                next: hasMore ? lines.last.map { APIRequest.opaque(String($0.position)) } : nil, query: query)
        }
    ]

    private static func json(_ entry: AuditEntry) -> JSONValue {
        [
            "position": .integer(entry.position), "at": .instant(entry.at),
            "actorKind": .string(entry.actorKind.rawValue), "actor": .string(entry.actor),
            "action": .string(entry.action), "subject": .string(entry.subject), "detail": .string(entry.detail),
        ]
    }

    // MARK: The doctor

    private static let doctor: [APIRoute] = [
        APIRoute(.get, "/doctor", permission: .desk, .getDoctor) { request in
            _ = try request.query()
            let desk = DoctorDesk(services: request.services, organization: request.organization)
            let run = try await request.store.latestDoctorRun(of: request.organization)
            let states = try await request.store.doctorChecks(of: request.organization)
            let underWay = await desk.underWay(latestStartedAt: run?.startedAt)
            return APIReply([
                "underWaySince": .instant(underWay),
                "run": try run.map { try .encoding(DoctorView($0, states: states)) } ?? .null,
            ])
        },
        APIRoute(.post, "/doctor", permission: .desk, .runDoctor) { request in
            _ = try request.query()
            let desk = DoctorDesk(services: request.services, organization: request.organization)
            if await desk.begin() { try await request.audit("doctor.run", request.organization.rawValue) }
            let since = await request.services.background.since("doctor \(request.organization)")
            return APIReply(["underWaySince": .instant(since)], status: .accepted)
        },
        APIRoute(.get, "/doctor/runs", permission: .desk, .listDoctorRuns) { request in
            _ = try request.query()
            let runs = try await request.store.doctorRuns(of: request.organization)
            return APIReply(["runs": try .array(runs.map { try .encoding(DoctorRunView($0)) })])
        },
        APIRoute(.get, "/doctor/runs/{id}", permission: .desk, .getDoctorRun) { request in
            _ = try request.query()
            guard let run = try await request.store.doctorRun(request.parameter("id"), of: request.organization) else {
                throw Problem.notFound("There is no such run of the doctor.")
            }
            return APIReply(try .encoding(DoctorView(run)))
        },
    ]
}
