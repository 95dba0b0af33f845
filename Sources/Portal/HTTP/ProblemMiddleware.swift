import HTTPTypes
import Hummingbird
import Logging
import LoopBooking
import NIOCore
import SQLStore

/// Turns every error into an answer that says what to do (RFC 9457), addresses and methods that do not exist included.
struct ProblemMiddleware: RouterMiddleware {
    let routes: RouteTable
    let bodyLimit: Int
    /// For people: an address that does not exist.
    let notFoundPage: @Sendable (Request, PortalContext) async -> Response

    func handle(
        _ request: Request, context: PortalContext,
        next: (Request, PortalContext) async throws -> Response
    ) async throws -> Response {
        do { return try await next(request, context) } catch {
            if let error = error as? HTTPError, error.status == .notFound, !isForPrograms(request.uri.path) {
                return await notFoundPage(request, context)
            }
            return problem(for: error, request: request, context: context).response(requestID: context.requestID)
        }
    }

    private func isForPrograms(_ path: String) -> Bool {
        path == APIRoute.prefix || path.hasPrefix(APIRoute.prefix + "/") || path == "/healthz"
    }

    private func problem(for error: any Error, request: Request, context: PortalContext) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let error as DeskError: return Problem(error)
        case let error as AccessError: return Problem(error)
        case is NIOTooManyBytesError: return .tooLarge(limit: bodyLimit)
        case let error as HTTPError where error.status == .notFound:
            let methods = routes.methods(for: request.uri.path)
            return methods.isEmpty
                ? .notFound("There is nothing at this address. /api lists what there is.")
                : .methodNotAllowed(methods)
        case let error as HTTPError where error.status.code < 500:
            return Problem(
                error.status, code: "bad-request", title: error.status.reasonPhrase,
                detail: "The request cannot be answered as it is.")
        default:
            // Only the database's own errors are known to be free of what people wrote.
            let cause = (error as? SQLError).map { "\($0)" } ?? "\(type(of: error))"
            context.logger.error("request failed", metadata: ["error": "\(cause)"])
            return .internalError
        }
    }
}

/// Which methods each address answers to.
struct RouteTable: Sendable {
    private let entries: [(segments: [Substring], method: String)]

    /// - Parameter routes: methods and paths with `{name}` for what varies.
    init(_ routes: [(method: HTTPRequest.Method, path: String)]) {
        entries = routes.map { (segments: Self.segments($0.path), method: $0.method.rawValue) }
    }

    func methods(for path: String) -> [String] {
        let segments = Self.segments(path)
        return entries.filter { entry in
            entry.segments.count == segments.count
                && zip(entry.segments, segments).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }.flatMap { $0.method == "GET" ? ["GET", "HEAD"] : [$0.method] }.sorted()
    }

    private static func segments(_ path: String) -> [Substring] { path.split(separator: "/") }
}
