import ArgumentParser
import CalendarModel
import Foundation
import GraphConnector
import HTTPTransport
import Logging
import Portal
import SQLStore
import SQLiteDriver
import SyncEngine
import SyncService
import Telemetry
import Vault

/// One opened installation: settings, database, vault. The only place where the modules are put together.
struct Installation: Sendable {
    let settings: ServiceSettings
    let store: Store
    let vault: Vault
    let transport: HTTPTransport
    let logger: Logger
    let bell: WakeBell
    let connectors: ConnectorRegistry
    /// This process among those that share the work; another name after each start.
    let nodeName = "node-\(newID())"

    static let now: @Sendable () -> Instant = {
        Instant(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    }
    static let newID: @Sendable () -> String = { UUID().uuidString.lowercased() }
    static let sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    static func logger(_ settings: ServiceSettings) -> Logger {
        var logger = Logger(label: "loopsync") { _ in LineLogHandler.standardError }
        logger.logLevel = Logger.Level(rawValue: settings.logLevel) ?? .notice
        return logger
    }

    /// Opens the database, brings it to this program's schema, and closes everything when `body` is over.
    static func with<Value>(
        _ options: CommonOptions, listen: String? = nil, _ body: (Installation) async throws -> Value
    ) async throws -> Value {
        try await with(ServiceSettings.load(options, listen: listen), organization: options.organizationID, body)
    }

    static func with<Value>(
        _ settings: ServiceSettings, organization: OrganizationID, _ body: (Installation) async throws -> Value
    ) async throws -> Value {
        let logger = logger(settings)
        let driver = try SQLiteDriver(path: settings.database)
        let bell = WakeBell()
        let store = Store(driver: driver).withLinkHooks(ringing: bell)
        try await store.migrate(now: now())
        try await store.addOrganization(Organization(id: organization, name: organization.rawValue), now: now())
        let transport = HTTPTransport(logger: logger)
        let vault = try settings.vault()
        let installation = Installation(
            settings: settings, store: store, vault: vault, transport: transport, logger: logger, bell: bell,
            connectors: ConnectorRegistry(
                store: store, vault: vault, transport: transport, microsoft: settings.microsoft, now: now, sleep: sleep,
                logger: logger))
        do {
            let value = try await body(installation)
            try await installation.close(driver)
            return value
        } catch {
            try? await installation.close(driver)
            throw error
        }
    }

    private func close(_ driver: SQLiteDriver) async throws {
        try await transport.shutdown()
        try await driver.close()
    }

    var passSettings: PassSettings { PassSettings(daysAhead: settings.daysAhead) }

    func workerSettings() -> WorkerSettings {
        WorkerSettings(
            node: nodeName, concurrentPasses: settings.concurrentPasses, pace: settings.pace,
            pass: passSettings, nightly: settings.nightly)
    }

    func worker() -> SyncWorker {
        SyncWorker(
            store: store, connectors: connectors, settings: workerSettings(), bell: bell, surroundings: surroundings,
            logger: logger)
    }

    func doctor() -> Doctor {
        // Letters are only written where there is somebody to carry them.
        Doctor(
            store: store, connectors: connectors, surroundings: surroundings,
            mailbox: settings.mail == nil ? nil : DoctorMail(portal: settings.publicURL, phrases: .portal),
            logger: logger)
    }

    /// - Throws: ``CommandFailure`` when the mail server's settings cannot be used.
    func doctorRounds() throws -> DoctorRounds {
        let notifier = try settings.mail == nil ? nil : MailNotifier(mailer: settings.mailer(logger: logger))
        return DoctorRounds(
            doctor: doctor(), store: store, notifier: notifier,
            settings: DoctorRounds.Settings(nightly: doctorNightly), surroundings: surroundings, logger: logger)
    }

    /// When the links' windows have been compared.
    private var doctorNightly: NightlyCheck? {
        settings.nightly.map { NightlyCheck(hour: ($0.hour + 4) % 24, spread: .seconds(3600)) }
    }

    func canary() -> Canary {
        Canary(store: store, connectors: connectors, surroundings: surroundings, logger: logger)
    }

    func sweeping() -> Sweeping {
        Sweeping(
            remains: ProbeRemains(store: store, surroundings: surroundings), canary: canary(), connectors: connectors,
            startedAt: Self.now(), logger: logger)
    }

    func linkDesk(_ organization: OrganizationID) -> LinkDesk {
        LinkDesk(
            organization: organization, store: store, worker: worker(), connectors: connectors, bell: bell,
            now: Self.now)
    }

    func setupWorker() -> SetupWorker {
        SetupWorker(
            store: store, connectors: connectors, settings: passSettings, surroundings: surroundings, logger: logger)
    }

    /// What connections can be set up to, each with its way of doing it.
    var setups: [any ConnectionSetup] {
        [
            MicrosoftSetup(
                microsoft: settings.microsoft, registry: connectors, transport: transport, now: Self.now,
                sleep: Self.sleep)
        ]
    }

    func slotKeeper() -> SlotKeeper { SlotKeeper(store: store, surroundings: surroundings, logger: logger) }

    private var surroundings: SyncWorker.Surroundings {
        SyncWorker.Surroundings(
            now: Self.now, newID: Self.newID, sleep: Self.sleep, chance: { Double.random(in: 0...1) })
    }
}

extension Store {
    /// The hooks between bookings and links; a changed booking also wakes the worker of this process.
    func withLinkHooks(ringing bell: WakeBell) -> Store {
        var store = withLinkHooks()
        let makeDue = store.afterBookingChange
        store.afterBookingChange = { connection, record in
            try makeDue?(connection, record)
            bell.ring()
        }
        return store
    }
}

extension ParsableCommand {
    /// Runs a command's work on the opened installation, and says in words what went wrong.
    func withInstallation(
        _ options: CommonOptions, listen: String? = nil, _ body: (Installation) async throws -> Void
    ) async throws {
        try await attempt(json: options.json) { try await Installation.with(options, listen: listen, body) }
    }

    /// Runs a command's work, and says in words what went wrong.
    func attempt(json: Bool, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let exit as ExitCode {
            throw exit
        } catch let error as ValidationError {
            throw error
        } catch {
            let failure = CommandFailure(error)
            if json {
                try Terminal.writeJSON(FailureJSON(error: failure.diagnosis))
            } else {
                Terminal.complain(failure.text)
            }
            throw failure.exit
        }
    }
}
