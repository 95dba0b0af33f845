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
    let passwordWork = PasswordWork()
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
    /// Starts work that no page waits for. What it leaves behind when the process ends is cleared away at the next start.
    package var background: @Sendable (@escaping @Sendable () async -> Void) -> Void

    package init(
        store: Store, vault: Vault, connectors: any ConnectorSource, worker: SyncWorker, bell: WakeBell,
        hasher: PasswordHasher = PasswordHasher(), signInProviders: [any SignInProvider] = [],
        random: SecureRandom = .system,
        now: @escaping @Sendable () -> Instant, newID: @escaping @Sendable () -> String,
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        publicAddress: @escaping @Sendable () -> String,
        blindAfter: Duration = .seconds(600), passSettings: PassSettings = PassSettings(),
        background: @escaping @Sendable (@escaping @Sendable () async -> Void) -> Void = { work in
            Task { await work() }
        }
    ) {
        self.store = store
        self.vault = vault
        self.connectors = connectors
        self.worker = worker
        self.bell = bell
        self.hasher = hasher
        self.signInProviders = signInProviders
        self.random = random
        self.now = now
        self.newID = newID
        self.sleep = sleep
        self.publicAddress = publicAddress
        self.blindAfter = blindAfter
        self.passSettings = passSettings
        self.background = background
    }

    package func desk(of organization: OrganizationID) -> BookingDesk {
        store.desk(of: organization, now: now, newID: newID)
    }

    package func linkDesk(of organization: OrganizationID) -> LinkDesk {
        LinkDesk(
            organization: organization, store: store, worker: worker, connectors: connectors, bell: bell, now: now)
    }

    /// Sends a booking on a round trip through a link; its outcome is kept with the link.
    func launchCanary(_ link: LinkID, logger: Logger) {
        let canary = Canary(
            store: store, connectors: connectors,
            surroundings: SyncWorker.Surroundings(now: now, newID: newID, sleep: sleep, chance: { 0.5 }),
            logger: logger)
        background {
            do { _ = try await canary.fly(link) } catch {
                logger.error(
                    "A round trip could not be made", metadata: ["link": "\(link)", "error": "\(type(of: error))"])
            }
        }
    }

    /// Writes a line of the audit log.
    package func audit(
        _ action: String, _ subject: String, detail: String = "", organization: OrganizationID?,
        actor: String, kind: AuditEntry.ActorKind
    ) async throws {
        try await store.audit(
            AuditEntry(
                organization: organization, at: now(), actorKind: kind, actor: actor, action: action, subject: subject,
                detail: detail), digest: SecretDigest.sha256)
    }

    package var publicURL: String { publicAddress() }

    var isSecure: Bool { publicURL.hasPrefix("https://") }
}
