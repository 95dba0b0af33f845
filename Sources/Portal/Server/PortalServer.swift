import CalendarModel
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import SQLStore

/// The web server of LoopBooking Sync: the REST API below `/api/v1`, and `/healthz`.
package struct PortalServer: Sendable {
    package struct Options: Sendable {
        package var host: String
        /// 0: any free port; `onRunning` tells which.
        package var port: Int
        package var maximumBodyBytes: Int

        package init(host: String = "127.0.0.1", port: Int = 0, maximumBodyBytes: Int = 1 << 20) {
            self.host = host
            self.port = port
            self.maximumBodyBytes = maximumBodyBytes
        }
    }

    package let store: Store
    package let options: Options
    package let logger: Logger
    let now: @Sendable () -> Instant
    let newID: @Sendable () -> String
    let routes: [APIRoute]
    let configure: @Sendable (Router<PortalContext>) -> Void

    /// - Parameters:
    ///   - newID: a new unique id with each call.
    ///   - routes: further addresses below `/api/v1`, for callers with a token.
    ///   - configure: adds routes that need no token, such as pages.
    package init(
        store: Store, options: Options = Options(), logger: Logger, now: @escaping @Sendable () -> Instant,
        newID: @escaping @Sendable () -> String, routes: [APIRoute] = [],
        configure: @escaping @Sendable (Router<PortalContext>) -> Void = { _ in }
    ) {
        self.store = store
        self.options = options
        self.logger = logger
        self.now = now
        self.newID = newID
        self.routes = RoomRoutes.all + BookingRoutes.all + OccurrenceRoutes.all + routes
        self.configure = configure
    }

    package func router() -> Router<PortalContext> {
        let router = Router(context: PortalContext.self, options: [.autoGenerateHeadEndpoints])
        let table = RouteTable(
            [(.get, "/healthz")] + routes.map { (method: $0.method, path: APIRoute.prefix + $0.path) })
        router.add(middleware: RequestIDMiddleware(newID: newID))
        router.add(middleware: RequestLogMiddleware())
        router.add(middleware: ProblemMiddleware(routes: table, bodyLimit: options.maximumBodyBytes))
        router.get("/healthz") { _, _ in try await health() }
        configure(router)
        let group = router.group(RouterPath(APIRoute.prefix)).add(middleware: BearerMiddleware(store: store))
        for route in routes {
            group.on(RouterPath(route.path), method: route.method) { request, context in
                guard let caller = context.caller else { throw Problem.unauthorized(isPresent: false) }
                return try await route.handler(apiRequest(request, context, caller: caller)).response()
            }
        }
        return router
    }

    /// The server as a service: it listens until it is told to stop, and lets requests under way finish.
    ///
    /// - Parameter onRunning: told the port once it listens.
    package func application(
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        Application(
            router: router(),
            configuration: ApplicationConfiguration(
                address: .hostname(options.host, port: options.port), serverName: "LoopBooking"),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? options.port) },
            logger: logger)
    }

    private func apiRequest(_ request: Request, _ context: PortalContext, caller: APIToken) -> APIRequest {
        APIRequest(
            request: request, context: context, caller: caller, store: store,
            desk: store.desk(of: caller.organization, now: now, newID: newID), now: now,
            bodyLimit: options.maximumBodyBytes)
    }

    private func health() async throws -> Response {
        do {
            _ = try await store.driver.read { try $0.query("SELECT 1 AS one") }
        } catch {
            throw Problem(
                .serviceUnavailable, code: "database-unavailable", title: "The database does not answer",
                detail: "Nothing can be booked until it does. The log has the cause.")
        }
        return try APIReply(["status": "ok"]).response()
    }
}
