import HTTPTypes
import Hummingbird
import Logging
import SQLStore
import Vault

/// Gives each request an id: the client's own when it is short and harmless, else a new one.
struct RequestIDMiddleware: RouterMiddleware {
    let newID: @Sendable () -> String

    func handle(
        _ request: Request, context: PortalContext,
        next: (Request, PortalContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.requestID = accepted(request.headers[.requestID]) ?? newID()
        context.logger[metadataKey: "request.id"] = "\(context.requestID)"
        var response = try await next(request, context)
        response.headers[.requestID] = context.requestID
        // Problems have a body, too; after HEAD none may follow, whatever is answered.
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func accepted(_ id: String?) -> String? {
        guard let id, (1...64).contains(id.utf8.count) else { return nil }
        let isHarmless = id.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                || byte == 0x2d || byte == 0x5f || byte == 0x2e
        }
        return isHarmless ? id : nil
    }
}

/// One line of log a request: the matched route, never the address itself, whose query may hold what people wrote.
struct RequestLogMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: PortalContext,
        next: (Request, PortalContext) async throws -> Response
    ) async throws -> Response {
        let clock = ContinuousClock()
        let start = clock.now
        let response = try await next(request, context)
        let (seconds, attoseconds) = (clock.now - start).components
        context.logger.info(
            "request answered",
            metadata: [
                "http.method": "\(request.method.rawValue)", "http.route": "\(context.endpointPath ?? "none")",
                "http.status": "\(response.status.code)",
                "milliseconds": "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)",
            ])
        return response
    }
}

/// Checks the bearer token. What is compared is a digest, by the database's index: the time it takes tells nothing
/// about the tokens that exist.
struct BearerMiddleware: RouterMiddleware {
    let store: Store

    func handle(
        _ request: Request, context: PortalContext,
        next: (Request, PortalContext) async throws -> Response
    ) async throws -> Response {
        guard let header = request.headers[.authorization] else { throw Problem.unauthorized(isPresent: false) }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer", parts[1].utf8.count <= 512 else {
            throw Problem.unauthorized(isPresent: false)
        }
        let secret = parts[1].trimmingPrefix(while: { $0 == " " })
        guard let token = try await store.token(digest: SecretDigest.sha256(String(secret))) else {
            throw Problem.unauthorized(isPresent: true)
        }
        var context = context
        context.caller = token
        return try await next(request, context)
    }
}
