import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// Sends requests over pooled connections and brings whole replies back. Never follows redirects (a token must not travel to
/// another host) and never retries: both are decisions for the caller.
package struct HTTPTransport: Sendable {
    package struct Settings: Hashable, Sendable {
        package var connectTimeout: Duration = .seconds(10)
        /// For the whole exchange, when the request has no limit of its own. Long, because vendors think about large delta
        /// rounds for close to a minute.
        package var timeout: Duration = .seconds(90)
        package var replyLimit: Int = 32 << 20
        package var connectionsPerHost: Int = 32
        package var userAgent: String = "LoopBookingSync/1"

        package init() {}
    }

    package let settings: Settings
    private let client: HTTPClient
    private let logger: Logger

    package init(settings: Settings = Settings(), logger: Logger) {
        self.settings = settings
        self.logger = logger
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout = HTTPClient.Configuration.Timeout(connect: TimeAmount(settings.connectTimeout))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = settings.connectionsPerHost
        // The client would keep trying to connect until the request's time limit, and then say "timed out": the caller
        // could not tell "never sent" from "unknown".
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Closes all connections. Must be called once, after the last request.
    package func shutdown() async throws { try await client.shutdown() }

    /// A transport for the length of `body`.
    package static func withTransport<Value: Sendable>(
        settings: Settings = Settings(), logger: Logger, _ body: (HTTPTransport) async throws -> Value
    ) async throws -> Value {
        let transport = HTTPTransport(settings: settings, logger: logger)
        do {
            let value = try await body(transport)
            try await transport.shutdown()
            return value
        } catch {
            try? await transport.shutdown()
            throw error
        }
    }

    /// Sends one request. Every status is a reply, not an error.
    package func send(_ call: HTTPCall) async throws(TransportError) -> HTTPReply {
        if Task.isCancelled { throw .cancelled }
        let request = prepared(call)
        do {
            let response = try await client.execute(
                request, deadline: .now() + TimeAmount(call.timeout ?? settings.timeout), logger: nil)
            let buffer = try await response.body.collect(upTo: settings.replyLimit)
            logger.trace(
                "exchanged a request and its reply",
                metadata: [
                    "http.method": "\(call.method.wireName)", "http.host": "\(call.host)",
                    "http.status": "\(response.status.code)", "http.bytes": "\(buffer.readableBytes)",
                ])
            return HTTPReply(
                status: Int(response.status.code),
                headers: HTTPHeaders(response.headers.map { ($0.name, $0.value) }),
                body: Data(buffer: buffer))
        } catch {
            let failure = TransportError(error, limit: settings.replyLimit, isCancelled: Task.isCancelled)
            logger.debug(
                "a request brought no reply",
                metadata: [
                    "http.method": "\(call.method.wireName)", "http.host": "\(call.host)", "error": "\(failure)",
                ])
            throw failure
        }
    }

    private func prepared(_ call: HTTPCall) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: call.url)
        request.method = HTTPMethod(rawValue: call.method.wireName)
        for field in call.headers.fields { request.headers.add(name: field.name, value: field.value) }
        if call.headers["User-Agent"] == nil { request.headers.add(name: "User-Agent", value: settings.userAgent) }
        if let body = call.body { request.body = .bytes(ByteBuffer(data: body)) }
        return request
    }
}
