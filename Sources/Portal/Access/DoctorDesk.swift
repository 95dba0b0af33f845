import CalendarModel
import SQLStore
import SyncEngine
import SyncService

/// The doctor of one organization, for pages and the REST API: what it found last, and sending it round now.
struct DoctorDesk: Sendable {
    let services: PortalServices
    let organization: OrganizationID

    private var store: Store { services.store }
    private var runName: String { "doctor \(organization)" }

    /// Since when a run is under way; nil when `latest` is what it found.
    func underWay(latest: DoctorRun?) async -> Instant? {
        guard let since = await services.background.since(runName) else { return nil }
        return (latest?.startedAt).map { $0 >= since } == true ? nil : since
    }

    /// Sends the doctor round; false when it is on its way already.
    func begin() async -> Bool {
        let (doctor, organization) = (services.doctor, organization)
        return await services.background.begin(runName, at: services.now()) {
            // What fails is in the run; a database that fails is in the log of everything else.
            _ = try? await doctor.examine(organization, .asked)
        }
    }

    func link(_ id: String) async throws -> Link {
        guard let record = try await store.link(LinkID(id)), record.link.organization == organization else {
            throw Problem.notFound("There is no such link.")
        }
        return record.link
    }

    // MARK: Probe meetings

    func probeUnderWay(_ link: LinkID) async -> Instant? { await services.background.since("probe \(link)") }

    /// Holds a probe meeting, then sends the doctor round, so that its findings stand beside the others.
    func beginProbe(of link: Link) async -> Bool {
        let (probe, doctor, organization) = (services.probeMeeting, services.doctor, organization)
        let place = ProbeMeeting.Place(
            organization: organization, connection: link.connection, address: link.resourceAddress,
            zone: link.roomZone)
        return await services.background.begin("probe \(link.id)", at: services.now()) {
            _ = try? await probe.hold(at: place)
            _ = try? await doctor.examine(organization, .asked)
        }
    }
}

/// How a run differs from the one before.
struct DoctorDifference: Sendable {
    struct Change: Sendable {
        let entry: DoctorEntry
        /// Nil: it was not checked then.
        let before: Finding.Verdict?
    }

    let changes: [Change]
    /// What was checked then and is not any more.
    let gone: [DoctorEntry]

    init(_ run: DoctorRun, since earlier: DoctorRun) {
        let known = Dictionary(earlier.entries.map { ($0.key, $0) }, uniquingKeysWith: { $1 })
        let present = Set(run.entries.map(\.key))
        changes = run.entries.compactMap { entry in
            let before = known[entry.key]?.finding.verdict
            return before == entry.finding.verdict ? nil : Change(entry: entry, before: before)
        }
        gone = earlier.entries.filter { !present.contains($0.key) }
    }
}
