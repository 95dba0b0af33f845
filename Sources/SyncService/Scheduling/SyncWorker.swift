import CalendarModel
import Logging
import Metrics
import SQLStore
import ServiceLifecycle
import SyncEngine

/// Makes the connector of a connection; kept by whoever implements it, so that a sign-in serves many passes.
package protocol ConnectorSource: Sendable {
    func connector(for connection: ConnectionID) async throws -> any CalendarConnector
}

/// Runs passes: claims links that are due, one lease a link, several links at a time, and sets when each is due again.
/// Everything it must not forget is in the database, so that it may be killed at any moment.
package struct SyncWorker: Service {
    let store: Store
    let connectors: any ConnectorSource
    let settings: WorkerSettings
    private let bell: WakeBell
    let surroundings: Surroundings
    private let refusals = RefusalMemory()
    let logger: Logger

    /// Time, ids and chance, passed in.
    package struct Surroundings: Sendable {
        package var now: @Sendable () -> Instant
        package var newID: @Sendable () -> String
        package var sleep: @Sendable (Duration) async throws -> Void
        /// 0…1
        package var chance: @Sendable () -> Double

        package init(
            now: @escaping @Sendable () -> Instant, newID: @escaping @Sendable () -> String,
            sleep: @escaping @Sendable (Duration) async throws -> Void, chance: @escaping @Sendable () -> Double
        ) {
            self.now = now
            self.newID = newID
            self.sleep = sleep
            self.chance = chance
        }
    }

    package init(
        store: Store, connectors: any ConnectorSource, settings: WorkerSettings, bell: WakeBell,
        surroundings: Surroundings, logger: Logger
    ) {
        self.store = store
        self.connectors = connectors
        self.settings = settings
        self.bell = bell
        self.surroundings = surroundings
        self.logger = logger
    }

    /// Runs until graceful shutdown or cancellation; passes under way are finished first.
    package func run() async throws {
        // One node on this database: whoever held leases before is gone.
        if settings.isOnlyNode { try await store.releaseLeases(exceptOf: settings.node) }
        let running = RunningLinks(limit: settings.concurrentPasses)
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                while !running.isStopping, !Task.isCancelled { await startDuePasses(in: &group, running: running) }
            }
        } onGracefulShutdown: {
            running.stop()
            bell.ring()
        }
    }

    private func startDuePasses(in group: inout DiscardingTaskGroup, running: RunningLinks) async {
        do {
            let due = try await claim(running)
            for link in due {
                group.addTask {
                    await self.runPass(link)
                    running.finish()
                    self.bell.ring()
                }
            }
            if due.isEmpty { await bell.wait(atMost: settings.lookAround, sleep: surroundings.sleep) }
        } catch {
            logger.error("The database did not answer", metadata: ["error": "\(error)"])
            try? await surroundings.sleep(.seconds(1))
        }
    }

    private func claim(_ running: RunningLinks) async throws -> [DueLink] {
        let places = running.free
        guard places > 0 else { return [] }
        let due = try await store.claimDueLinks(
            limit: places, owner: settings.node, lease: settings.lease, now: surroundings.now())
        running.start(due.count)
        return due
    }

    /// Runs one link's pass now, beside a running service: waits for its lease, at most `patience`.
    /// - Throws: ``LinkIsBusy``.
    package func runNow(_ link: LinkID, patience: Duration) async throws {
        await runPass(try await claim(link, patience: patience))
    }

    /// Claims one link, due or not; waits for another worker to give it back.
    /// - Throws: ``LinkIsBusy``.
    func claim(_ link: LinkID, patience: Duration) async throws -> DueLink {
        let deadline = surroundings.now().advanced(by: patience)
        while true {
            let now = surroundings.now()
            if let due = try await store.claim(link, owner: settings.node, lease: settings.lease, now: now) {
                return due
            }
            guard now < deadline else { throw LinkIsBusy() }
            try await surroundings.sleep(.milliseconds(100))
        }
    }

    /// One claimed link's pass. Whatever happens stays with this link: the others go on.
    package func runPass(_ due: DueLink) async {
        var failures = due.failures
        var wait = settings.pace.idle
        do {
            // A pass is never cut off between a call and its record for a shutdown that can wait a moment.
            let report = try await pass(over: due)
            if let report {
                failures = report.failure == nil ? 0 : failures + 1
                wait = settings.pace.wait(
                    after: report, failures: failures, links: try await store.countLinks(),
                    jitter: surroundings.chance())
                tell(report)
                try await reconcileIfDue(due, after: report)
            }
        } catch {
            failures += 1
            wait = .seconds(min(60, 1 << min(failures, 6)))
            logger.error("A pass failed inside", metadata: ["link": "\(due.link)", "error": "\(error)"])
            await record(error, of: due.link)
        }
        do {
            try await store.release(
                due, owner: settings.node, next: surroundings.now().advanced(by: wait), failures: failures)
        } catch {
            // The lease runs out by itself.
            logger.error("A lease could not be given back", metadata: ["link": "\(due.link)", "error": "\(error)"])
        }
    }

    /// A pass that could not even begin is shown like any that failed.
    private func record(_ error: any Error, of link: LinkID) async {
        var report = PassReport(link: link, startedAt: surroundings.now())
        report.failure =
            (error as? any DiagnosedError)?.diagnosis
            ?? Diagnosis(
                code: "service.internal", summary: "The service could not work on this link.",
                consequence: "Changes do not cross.", remedy: "Look at the service's log at this time.")
        // The log has it already; a store that does not answer will not take this either.
        try? await store.sync.finish(report)
    }

    private func pass(over due: DueLink) async throws -> PassReport? {
        guard let record = try await store.link(due.link) else { return nil }
        let connector = try await connectors.connector(for: due.connection)
        if record.link.state == .active {
            try await ClashErrands.run(record.link, store: store, connector: connector, now: surroundings.now)
        }
        return try await LinkPass.run(due.link, in: environment(of: record, connector: connector))
    }

    func environment(of record: LinkRecord, connector: any CalendarConnector) -> PassEnvironment {
        PassEnvironment(
            store: store.sync, connector: connector,
            bookings: LoopBookingSystem(
                desk: store.desk(of: record.link.organization, now: surroundings.now, newID: surroundings.newID),
                link: record.link.id),
            now: surroundings.now, newID: surroundings.newID, settings: settings.pass, refusals: refusals)
    }

    private func tell(_ report: PassReport) {
        let outcome = report.failure == nil ? (report.hold == nil ? "done" : "held") : "failed"
        Counter(label: "loopsync_passes", dimensions: [("outcome", outcome)]).increment()
        Timer(label: "loopsync_pass_duration").recordNanoseconds(
            report.finishedAt.since(report.startedAt).wholeMicroseconds * 1000)
        let metadata: Logger.Metadata = [
            "link": "\(report.link)", "steps": "\(report.steps.count)", "changes": "\(report.changesRead)",
        ]
        if let failure = report.failure {
            logger.notice(
                "A pass did not finish",
                metadata: metadata.merging(["code": "\(failure.code)", "vendor": "\(failure.vendorCode ?? "")"]) { $1 })
        } else {
            logger.debug("A pass finished", metadata: metadata)
        }
    }
}

/// Another worker has had the link for longer than a pass takes.
package struct LinkIsBusy: Error {}

package struct WorkerSettings: Sendable {
    /// This process' name in leases; another one after each start.
    package var node: String
    package var isOnlyNode: Bool
    package var concurrentPasses: Int
    package var lease: Duration
    /// How long it waits at most before it looks at the database again: another process may have made a link due.
    package var lookAround: Duration
    package var pace: Pace
    package var pass: PassSettings
    /// When whole windows are compared; nil: only when somebody asks.
    package var nightly: NightlyCheck?

    package init(
        node: String, isOnlyNode: Bool = true, concurrentPasses: Int = 8, lease: Duration = .seconds(300),
        lookAround: Duration = .milliseconds(300), pace: Pace = Pace(),
        pass: PassSettings = PassSettings(), nightly: NightlyCheck? = NightlyCheck()
    ) {
        self.node = node
        self.isOnlyNode = isOnlyNode
        self.concurrentPasses = concurrentPasses
        self.lease = lease
        self.lookAround = lookAround
        self.pace = pace
        self.pass = pass
        self.nightly = nightly
    }
}
