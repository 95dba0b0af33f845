import CalendarModel
import Logging
import LoopBooking
import SQLStore
import SyncEngine
import SyncService
import Vault

/// What pages and the REST API work with. Everything from outside is passed in.
package struct PortalServices: Sendable {
    package var store: Store
    package var vault: Vault
    package var connectors: any ConnectorSource
    package var worker: SyncWorker
    package var bell: WakeBell
    package var hasher: PasswordHasher
    /// What connections can be set up to.
    package var setups: [any ConnectionSetup]
    let passwordWork = PasswordWork()
    /// What pages begin and do not wait for.
    package let background = BackgroundWork()
    package var signInProviders: [any SignInProvider]
    package var random: SecureRandom
    package var now: @Sendable () -> Instant
    /// A new unique id with each call.
    package var newID: @Sendable () -> String
    package var sleep: @Sendable (Duration) async throws -> Void
    /// How people reach the portal, such as `https://sync.example.com`; without a slash at the end. Known at the latest when
    /// the server listens.
    package var publicAddress: @Sendable () -> String
    /// For new links: how long a calendar may go unread.
    package var blindAfter: Duration
    package var passSettings: PassSettings
    package var doctor: Doctor
    package var probeMeeting: ProbeMeeting
    /// What operators read about this installation.
    package var facts: InstallationFacts

    package init(
        store: Store, vault: Vault, connectors: any ConnectorSource, worker: SyncWorker, bell: WakeBell, doctor: Doctor,
        hasher: PasswordHasher = PasswordHasher(), signInProviders: [any SignInProvider] = [],
        store: Store, vault: Vault, connectors: any ConnectorSource, worker: SyncWorker, bell: WakeBell,
        hasher: PasswordHasher = PasswordHasher(), setups: [any ConnectionSetup] = [],
        signInProviders: [any SignInProvider] = [],
        random: SecureRandom = .system,
        now: @escaping @Sendable () -> Instant, newID: @escaping @Sendable () -> String,
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        publicAddress: @escaping @Sendable () -> String,
        blindAfter: Duration = .seconds(600), passSettings: PassSettings = PassSettings(),
        facts: InstallationFacts = InstallationFacts()
    ) {
        self.store = store
        self.vault = vault
        self.connectors = connectors
        self.worker = worker
        self.bell = bell
        self.hasher = hasher
        self.setups = setups
        self.signInProviders = signInProviders
        self.random = random
        self.now = now
        self.newID = newID
        self.sleep = sleep
        self.publicAddress = publicAddress
        self.blindAfter = blindAfter
        self.passSettings = passSettings
        self.doctor = doctor
        probeMeeting = ProbeMeeting(worker: worker)
        self.facts = facts
    }

    package func desk(of organization: OrganizationID) -> BookingDesk {
        store.desk(of: organization, now: now, newID: newID)
    }

    package func linkDesk(of organization: OrganizationID) -> LinkDesk {
        LinkDesk(
            organization: organization, store: store, worker: worker, connectors: connectors, bell: bell, now: now)
    }

    /// Sends a booking on a round trip through a link; its outcome is kept with the link.
    func launchCanary(_ link: LinkID, logger: Logger) async {
        let canary = Canary(
            store: store, connectors: connectors,
            surroundings: SyncWorker.Surroundings(now: now, newID: newID, sleep: sleep, chance: { 0.5 }),
            logger: logger)
        _ = await background.begin("canary \(link)", at: now()) {
            do { _ = try await canary.fly(link) } catch {
                logger.error(
                    "A round trip could not be made", metadata: ["link": "\(link)", "error": "\(type(of: error))"])
            }
        }
    package func setupDesk(of organization: OrganizationID) -> SetupDesk {
        SetupDesk(
            organization: organization, store: store, setups: setups, connectors: connectors,
            desk: desk(of: organization),
            seals: SetupDesk.Seals(
                seal: { [vault] in try vault.seal($0, for: $1) }, open: { [vault] in try vault.open($0, for: $1) }),
            now: now, newID: newID,
            settings: SetupDesk.Settings(blindAfter: blindAfter, pass: passSettings))
    }

    /// Writes a line of the audit log.
    package func audit(
        _ action: String, _ subject: String, detail: String = "", organization: OrganizationID?,
        actor: String, kind: AuditEntry.ActorKind
    ) async throws {
        try await store.audit(
            AuditEntry(
                organization: organization, at: now(), actorKind: kind, actor: actor, action: action, subject: subject,
                detail: detail), digest: auditDigest)
    }

    /// Only who has the vault's key can make the digests of the audit log, so that nobody who reaches the database alone can
    /// write another past.
    var auditDigest: @Sendable (String) -> String { { [vault] in vault.signature(of: $0, for: "audit") } }

    package var publicURL: String { publicAddress() }

    var isSecure: Bool { publicURL.hasPrefix("https://") }
}

/// What does not change while the service runs.
package struct InstallationFacts: Sendable {
    package var version: String
    /// Such as the path of the SQLite file.
    package var database: String
    /// This process' name among those that share the work.
    package var node: String
    package var concurrentPasses: Int
    package var startedAt: Instant?

    package init(
        version: String = "", database: String = "", node: String = "", concurrentPasses: Int = 0,
        startedAt: Instant? = nil
    ) {
        self.version = version
        self.database = database
        self.node = node
        self.concurrentPasses = concurrentPasses
        self.startedAt = startedAt
    }
}
