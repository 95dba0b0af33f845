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

    /// Since when a run is under way; nil when the latest run is what it found.
    func underWay(latestStartedAt: Instant?) async -> Instant? {
        guard let since = await services.background.since(runName) else { return nil }
        return latestStartedAt.map { $0 >= since } == true ? nil : since
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
