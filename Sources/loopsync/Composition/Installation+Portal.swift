import ArgumentParser
import Portal
import SyncService
import Synchronization

extension Installation {
    /// What the portal works with.
    func portalServices(worker: SyncWorker, address: PublicAddress) -> PortalServices {
        PortalServices(
            store: store, vault: vault, connectors: connectors, worker: worker, bell: bell,
            doctor: doctor(), signInProviders: signInProviders, now: Self.now,
            newID: Self.newID, sleep: Self.sleep, publicAddress: { address.value },
            blindAfter: settings.blindAfter, passSettings: passSettings,
            facts: InstallationFacts(
                version: LoopSync.configuration.version, database: settings.database, node: nodeName,
                concurrentPasses: settings.concurrentPasses, startedAt: Self.now()))
            store: store, vault: vault, connectors: connectors, worker: worker, bell: bell, setups: setups,
            now: Self.now, newID: Self.newID, sleep: Self.sleep, publicAddress: { address.value },
            blindAfter: settings.blindAfter, passSettings: passSettings)
    }
}

/// How people reach the portal: as the settings say, else where it listens, which is known once it does.
final class PublicAddress: Sendable {
    private let known: Mutex<String>

    init(_ settings: ServiceSettings) {
        known = Mutex(settings.publicURL ?? "http://\(settings.host):\(settings.port)")
    }

    var value: String { known.withLock { $0 } }
    func set(_ address: String) { known.withLock { $0 = address } }
}
