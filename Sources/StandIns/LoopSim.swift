import CalendarModel
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// The stand-in vendors as one HTTP server: Entra ID, Microsoft Graph and the control API on one port.
package struct LoopSim: Sendable {
    /// Adds one vendor's routes, its part of the control API included.
    package typealias RouteInstaller = @Sendable (Router<BasicRequestContext>, World) -> Void

    package struct Options: Sendable {
        package var host = "127.0.0.1"
        /// 0 for any free one.
        package var port = 0
        /// CSDL that requests and replies of Graph are checked against.
        package var schemaFile: String?
        /// Where requests and replies of Graph are written, a line of JSON each.
        package var wireLogFile: String?
        /// How slow answers wait.
        package var sleep: @Sendable (Duration) async throws -> Void

        package init(sleep: @escaping @Sendable (Duration) async throws -> Void) { self.sleep = sleep }
    }

    package let world: World
    package let requests = RequestLog()
    package let faults = FaultPlan()
    package let schema: SchemaMonitor?
    let options: Options
    let wireLog: WireLog?
    let installers: [RouteInstaller]

    /// - Parameter installers: the vendors beside Entra ID, such as Graph.
    package init(world: World, options: Options, installers: [RouteInstaller] = []) throws {
        self.world = world
        self.options = options
        self.installers = installers
        schema = try options.schemaFile.map { try SchemaMonitor(schema: CSDLSchema(file: $0)) }
        wireLog = try options.wireLogFile.map(WireLog.init(path:))
    }

    /// The server, not running yet.
    ///
    /// - Parameter onListening: is told the port once connections are accepted.
    package func buildApplication(
        logger: Logger, onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        Application(
            responder: buildResponder(),
            configuration: ApplicationConfiguration(
                address: .hostname(options.host, port: options.port), serverName: nil),
            onServerRunning: { channel in
                if let port = channel.localAddress?.port { await onListening(port) }
            },
            logger: logger)
    }

    func buildResponder() -> LoopSimResponder {
        let router = Router(context: BasicRequestContext.self)
        addEntraRoutes(to: router, world: world)
        addControlRoutes(to: router, sim: self)
        for install in installers { install(router, world) }
        return LoopSimResponder(
            sim: self, routes: router.buildResponder(), organization: OrganizationRoute(world: world))
    }
}
