import Logging
import Portal
import ServiceLifecycle
import SyncService
import UnixSignals

/// The service's parts, in the order in which they start; they stop in reverse.
struct RunningService {
    private let installation: Installation

    init(_ installation: Installation) { self.installation = installation }

    /// Runs until SIGTERM or SIGINT, or until another part ends.
    /// - Parameters:
    ///   - more: further parts, started last; when one returns, everything stops gracefully.
    ///   - onListening: told the address.
    func run(
        with more: [any Service] = [], onListening: @escaping @Sendable (String) async -> Void
    ) async throws {
        await clearAway()
        let host = installation.settings.host
        let worker = installation.worker()
        let portal = PortalServer(
            store: installation.store, options: PortalServer.Options(host: host, port: installation.settings.port),
            logger: installation.logger, now: Installation.now, newID: Installation.newID,
            routes: SyncRoutes.all + ClashRoutes.all + DriftRoutes(worker: worker).all)
        let server = portal.application { port in await onListening("http://\(host):\(port)") }
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
            .init(service: worker), .init(service: installation.slotKeeper()),
            .init(service: installation.doctorRounds()), .init(service: server),
        ]
        services += more.map {
            .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup)
        }
        var configuration = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: installation.logger)
        configuration.maximumGracefulShutdownDuration = .seconds(20)
        configuration.maximumCancellationDuration = .seconds(5)
        try await ServiceGroup(configuration: configuration).run()
    }

    /// What an earlier process wrote to try something out, and did not live to remove.
    private func clearAway() async {
        await installation.probeRemains().removeAll(by: installation.connectors, logger: installation.logger)
        await installation.canary().clearAway()
    }
}
