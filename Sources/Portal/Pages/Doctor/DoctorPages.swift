import CalendarModel
import HTTPTypes
import Hummingbird
import SQLStore
import SyncEngine

/// The doctor: each prerequisite of the manual, checked, with evidence and fix.
enum DoctorPages {
    static let all: [PageRoute] = [
        PageRoute.of(.get, "doctor", .desk, handler: page),
        PageRoute.of(.post, "doctor", .desk, handler: run),
        PageRoute.of(.get, "doctor/runs/{run}", .desk, handler: runPage),
        PageRoute.of(.get, "doctor/links/{link}", .desk, handler: linkPage),
        PageRoute.of(.post, "doctor/links/{link}/probe", .desk, handler: probe),
    ]

    private static let runsShown = 20

    @Sendable private static func page(_ request: PageRequest) async throws -> Response {
        let desk = try request.doctor()
        let found = try await request.store.doctorDigest(of: desk.organization)
        let run = found?.run
        let states = try await request.store.shownDoctorChecks(of: desk.organization)
        let view = try await FindingsView(request, states: states)
        let runs = try await request.store.doctorRuns(of: desk.organization, limit: runsShown)
        let since = await desk.underWay(latestStartedAt: run?.startedAt)
        let links = try await request.store.linkNames(of: desk.organization)
        var values =
            try found.map { try view.values($0.run, $0.digest, links: links, path: "doctor") }
            ?? FindingsView.nothing
        values["path"] = .string(try request.path("doctor"))
        values["hasRun"] = .bool(run != nil)
        values["lead"] = .string(lead(run, request.words))
        values["at"] = view.moments.values(run?.finishedAt)
        values["underWay"] = view.moments.values(since)
        values["runs"] = .array(runs.map { row($0, view.moments, request) })
        values["mail"] = try await mail(request)
        return request.page(
            "doctor", title: request.words["doctor.title"], section: "doctor", live: true, values)
    }

    private static func lead(_ run: DoctorRunSummary?, _ words: Words) -> String {
        guard let run else { return words["doctor.never"] }
        if run.bad > 0 { return words.counted("doctor.lead.bad", run.bad) }
        return run.warnings > 0 ? words.counted("doctor.lead.warnings", run.warnings) : words["doctor.lead.good"]
    }

    /// Messages that wait because the mail server does not take them.
    private static func mail(_ request: PageRequest) async throws -> JSONValue {
        let (count, failure) = try await request.store.waitingNotices(of: request.organization().id)
        guard count > 0, let failure else { return .null }
        return [
            "text": .string(request.words.counted("doctor.mail", count)), "failure": request.phrase(failure),
        ]
    }

    private static func row(
        _ run: DoctorRunSummary, _ moments: MomentWords, _ request: PageRequest
    ) -> JSONValue {
        [
            "path": .optional(try? request.path("doctor/runs/\(Form.encoded(run.id))")),
            "at": moments.values(run.finishedAt),
            "occasion": .string(request.words["doctor.occasion.\(run.occasion.rawValue)"]),
            "good": .integer(Int64(run.good)), "warnings": .integer(Int64(run.warnings)),
            "bad": .integer(Int64(run.bad)), "notChecked": .integer(Int64(run.notChecked)),
            "verdict": request.verdict(run.bad > 0 ? .bad : run.warnings > 0 ? .warning : .good),
        ]
    }

    @Sendable private static func run(_ request: PageRequest) async throws -> Response {
        let desk = try request.doctor()
        if await desk.begin() { try await request.audit("doctor.run", try request.organization().name) }
        return request.redirect(
            try request.path("doctor"), notice: PageNotice(.info, request.words["doctor.begun"]))
    }

    // MARK: An earlier run

    @Sendable private static func runPage(_ request: PageRequest) async throws -> Response {
        let desk = try request.doctor()
        guard let (run, digest) = try await request.store.doctorDigest(request.parameter("run"), of: desk.organization)
        else { throw Problem.notFound("") }
        let view = try await FindingsView(request, states: [])
        let links = try await request.store.linkNames(of: desk.organization)
        var values = try view.values(run, digest, links: links, path: "doctor/runs/\(Form.encoded(run.id))")
        values["back"] = .string(try request.path("doctor"))
        values["lead"] = .string(request.words["doctor.occasion.\(run.occasion.rawValue)"])
        values["hasEarlier"] = .bool(digest.hasEarlier)
        values["isSame"] = .bool(digest.changes.isEmpty && digest.gone.isEmpty)
        values["changes"] = .array(digest.changes.map(view.change))
        values["gone"] = .array(digest.gone.map { .string(view.title(of: $0)) })
        values["furtherChanges"] = view.further(digest.furtherChanges)
        return request.page(
            "doctor-run", title: request.words("doctor.run", ["at": view.moments.moment(run.finishedAt)]),
            section: "doctor", values)
    }

    // MARK: One room

    @Sendable private static func linkPage(_ request: PageRequest) async throws -> Response {
        let desk = try request.doctor()
        let link = try await desk.link(request.parameter("link"))
        let states = try await request.store.doctorChecks(
            ofRoom: link.resourceAddress, connection: link.connection, in: desk.organization)
        let view = try await FindingsView(request, states: states)
        let entries = states.map { DoctorEntry(connection: link.connection, finding: $0.finding) }
        let probe = try await request.store.latestProbes(of: link.connection).first {
            $0.address.lowercased() == link.resourceAddress.lowercased()
        }
        return request.page(
            "doctor-link", title: link.roomName, section: "doctor", live: true,
            [
                "back": .string(try request.path("doctor")),
                "path": .string(try request.path("doctor/links/\(Form.encoded(link.id.rawValue))")),
                "room": .string(link.roomName), "resource": .string(link.resourceAddress),
                "roomPath": .string(try request.path("rooms/\(Form.encoded(link.room.rawValue))")),
                "hasFindings": .bool(!entries.isEmpty), "findings": .array(entries.map(view.finding)),
                "probed": view.moments.values(probe?.startedAt),
                "underWay": view.moments.values(await desk.probeUnderWay(link.id)),
            ])
    }

    @Sendable private static func probe(_ request: PageRequest) async throws -> Response {
        let desk = try request.doctor()
        let link = try await desk.link(request.parameter("link"))
        if await desk.beginProbe(of: link) { try await request.audit("doctor.probe", link.title) }
        return request.redirect(
            try request.path("doctor/links/\(Form.encoded(link.id.rawValue))"),
            notice: PageNotice(.info, request.words["doctor.probe.begun"]))
    }
}

extension PageRequest {
    func doctor() throws -> DoctorDesk { DoctorDesk(services: services, organization: try organization().id) }

    /// What a check found, as a status mark.
    package func verdict(_ verdict: Finding.Verdict) -> JSONValue {
        let icon =
            switch verdict {
            case .good: "in-sync"
            case .warning: "warning"
            case .bad: "cross-circle"
            case .notChecked: "not-checked"
            }
        return mark(verdict.rawValue, icon: icon, words["verdict.\(verdict.rawValue)"])
    }
}
