import CalendarModel
import Logging
import LoopBooking
import SQLStore
import ServiceLifecycle
import SyncEngine

/// Does what takes long in set-ups, behind the pages: looks at the rights of the rooms that were found, and works out what
/// switching rooms on would do. What waits stands in the database, so that nothing is lost by a restart.
package struct SetupWorker: Service {
    /// Rooms whose rights are looked at together.
    private static let probesAtOnce = 6
    /// Previews read whole calendars.
    private static let previewsAtOnce = 4
    private static let pause: Duration = .milliseconds(500)

    private let store: Store
    private let connectors: any ConnectorSource
    private let settings: PassSettings
    private let surroundings: SyncWorker.Surroundings
    private let logger: Logger

    package init(
        store: Store, connectors: any ConnectorSource, settings: PassSettings, surroundings: SyncWorker.Surroundings,
        logger: Logger
    ) {
        self.store = store
        self.connectors = connectors
        self.settings = settings
        self.surroundings = surroundings
        self.logger = logger
    }

    package func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                var didWork = false
                do { didWork = try await workOnce() } catch is CancellationError { return } catch {
                    logger.error("A set-up's work failed", metadata: ["error": "\(type(of: error))"])
                }
                if !didWork {
                    do { try await surroundings.sleep(Self.pause) } catch is CancellationError { return }
                }
            }
        }
    }

    /// Works until nothing waits.
    package func workAll() async throws { while try await workOnce() {} }

    /// - Returns: whether there was anything to do.
    package func workOnce() async throws -> Bool {
        let probed = try await probe()
        let previewed = try await preview()
        return probed || previewed
    }

    // MARK: Rights

    private func probe() async throws -> Bool {
        guard let (id, addresses) = try await store.waitingResources(limit: Self.probesAtOnce).first else {
            return false
        }
        let known = Dictionary(
            try await store.setupResources(of: id).map { ($0.resource.address.lowercased(), $0) },
            uniquingKeysWith: { $1 })
        let findings: [Finding]
        do { findings = await (try connectors.connector(for: id)).diagnose(addresses) } catch {
            findings = addresses.map { Self.finding($0, error) }
        }
        for address in addresses {
            guard var entry = known[address] else { continue }
            entry.findings = findings.filter { $0.subject.lowercased() == address }
            // Signing in failed: that is every room's trouble.
            if entry.findings.isEmpty { entry.findings = findings.filter { $0.verdict == .bad } }
            entry.probedAt = surroundings.now()
            entry.wantedAt = nil
            try await store.keep(entry, of: id, now: surroundings.now())
        }
        return true
    }

    private static func finding(_ address: String, _ error: any Error) -> Finding {
        let diagnosis = diagnosis(of: error)
        return Finding(
            check: "room.readable", subject: address, verdict: .bad, evidence: diagnosis.summary, diagnosis: diagnosis)
    }

    private static func diagnosis(of error: any Error) -> Diagnosis {
        if let error = error as? any DiagnosedError { return error.diagnosis }
        if let error = error as? BookingError { return Diagnosis(error) }
        return Diagnosis(
            code: "setup.internal", summary: "The room could not be looked at.",
            remedy: "Look at the service's log at this time, and try again.")
    }

    // MARK: Previews

    private func preview() async throws -> Bool {
        let waiting = try await store.waitingPreviews(limit: Self.previewsAtOnce)
        if waiting.isEmpty { return false }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (id, room) in waiting { group.addTask { try await preview(of: room, in: id) } }
            try await group.waitForAll()
        }
        return true
    }

    private func preview(of room: RoomID, in id: ConnectionID) async throws {
        var result = RoomPreview()
        do {
            guard let connection = try await store.connection(id),
                let row = try await store.setupMapping(of: id).first(where: { $0.room == room })
            else { return try await keep(result, of: room, in: id) }
            let desk = store.desk(
                of: connection.organization, now: surroundings.now, newID: surroundings.newID)
            let present = try await desk.room(room)
            let connector = try await connectors.connector(for: id)
            let resource = try await connector.resource(at: row.resource)
            let link = Link(
                id: LinkID("preview-\(room)"), organization: connection.organization, connection: id, room: room,
                roomName: present.name, roomZone: present.zone, resourceAddress: row.resource,
                resourceName: resource.name, policy: row.policy)
            result = try await LinkForecast.make(
                link, connector: connector, desk: desk, settings: settings, now: surroundings.now())
        } catch is CancellationError { throw CancellationError() } catch let error as SQLError { throw error } catch {
            result.failure = Self.diagnosis(of: error)
        }
        try await keep(result, of: room, in: id)
    }

    private func keep(_ preview: RoomPreview, of room: RoomID, in id: ConnectionID) async throws {
        try await store.keepPreview(
            try StoredJSON.text(preview), counts: try StoredJSON.text(preview.counts), of: room, in: id,
            now: surroundings.now())
    }
}
