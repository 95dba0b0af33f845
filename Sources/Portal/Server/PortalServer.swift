import CalendarModel
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import SQLStore

/// The web server of LoopBooking Sync: pages, the REST API below `/api/v1`, static files, and `/healthz`.
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

    package let services: PortalServices
    package let options: Options
    package let logger: Logger
    package let routes: [APIRoute]
    package let pages: [PageRoute]

    /// - Parameters:
    ///   - routes: further addresses below `/api/v1`, for callers with a token.
    ///   - pages: further pages.
    package init(
        services: PortalServices, options: Options = Options(), logger: Logger, routes: [APIRoute] = [],
        pages: [PageRoute] = []
    ) {
        self.services = services
        self.options = options
        self.logger = logger
        self.routes = Self.routes + routes
        self.pages = Self.pages + pages
    }

    package func router() -> Router<PortalContext> {
        let router = Router(context: PortalContext.self, options: [.autoGenerateHeadEndpoints])
        let book = APIBook(routes)
        let table = RouteTable(
            [(.get, "/healthz"), (.get, APIRoute.prefix + OpenAPIDocument.path)]
                + routes.map { (method: $0.method, path: APIRoute.prefix + $0.path) })
        let pipeline = PagePipeline(services: services, bodyLimit: options.maximumBodyBytes)
        router.add(middleware: RequestIDMiddleware(newID: services.newID))
        router.add(middleware: RequestLogMiddleware())
        router.add(
            middleware: ProblemMiddleware(
                routes: table, bodyLimit: options.maximumBodyBytes,
                notFoundPage: { await pipeline.notFound($0, $1) }))
        router.get("/healthz") { _, _ in try await health() }
        router.get("/static/{name}") { request, context in
            guard let response = StaticFiles.embedded.response(request, name: try context.parameters.require("name"))
            else { return await pipeline.notFound(request, context) }
            return response
        }
        // What there is to call is no secret.
        router.get(RouterPath(APIRoute.prefix + OpenAPIDocument.path)) { request, _ in try book.document(request) }
        for page in pages + APIPages.all(book) {
            router.on(RouterPath(page.path), method: page.method) { request, context in
                await pipeline.answer(page, request, context)
            }
        }
        let group = router.group(RouterPath(APIRoute.prefix)).add(middleware: BearerMiddleware(store: services.store))
        for route in routes {
            group.on(RouterPath(route.path), method: route.method) { request, context in
                guard let caller = context.caller else { throw Problem.unauthorized(isPresent: false) }
                guard caller.scopes.contains(route.permission) else { throw Problem.missingScope(route.permission) }
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
            services: [services.background],
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? options.port) },
            logger: logger)
    }

    private func apiRequest(_ request: Request, _ context: PortalContext, caller: APIToken) -> APIRequest {
        APIRequest(
            request: request, context: context, caller: caller, services: services,
            desk: services.desk(of: caller.organization), bodyLimit: options.maximumBodyBytes)
    }

    private func health() async throws -> Response {
        do {
            _ = try await services.store.driver.read { try $0.query("SELECT 1 AS one") }
        } catch {
            throw Problem(
                .serviceUnavailable, code: "database-unavailable", title: "The database does not answer",
                detail: "Nothing can be booked until it does. The log has the cause.")
        }
        return try APIReply(["status": "ok"]).response()
    }
}
