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
        let settings = installation.settings
        let worker = installation.worker()
        let publicAddress = PublicAddress(settings)
        let portal = installation.portalServices(worker: worker, address: publicAddress)
        let server = PortalServer(
            services: portal, options: PortalServer.Options(host: settings.host, port: settings.port),
            logger: installation.logger
        ).application { port in
            let address = "http://\(settings.host):\(port)"
            if settings.publicURL == nil { publicAddress.set(address) }
            await greet(portal)
            await onListening(address)
        }
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
            .init(service: worker), .init(service: installation.slotKeeper()),
            .init(service: try installation.doctorRounds()),
            .init(service: installation.sweeping(), successTerminationBehavior: .ignore), .init(service: server),
            .init(service: try installation.doctorRounds()), .init(service: installation.setupWorker()),
            .init(service: server),
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

    /// Until there is an operator, whoever reads what the service prints can become it.
    private func greet(_ portal: PortalServices) async {
        guard let path = try? await portal.firstOperatorLink() else { return }
        Terminal.progress(
            "Nobody looks after this installation yet. Make the first account within a day at\n  "
                + portal.publicURL + path)
    }
}
