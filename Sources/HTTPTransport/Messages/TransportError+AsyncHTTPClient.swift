import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix

extension TransportError {
    /// Sorts the client's errors by the one question that matters: can the request have reached the other side? Whatever is
    /// not known to have failed before sending counts as "may have".
    init(_ error: any Error, limit: Int, isCancelled: Bool) {
        switch error {
        case let error as TransportError: self = error
        case is CancellationError: self = .cancelled
        case is NIOTooManyBytesError: self = .replyTooLarge(limit: limit)
        case let error as NIOConnectionError:
            self = .cannotConnect("cannot connect to \(error.host):\(error.port)")
        case let error as HTTPClientError: self = Self.sorted(error, isCancelled: isCancelled)
        case let error as ChannelError:
            if case .connectTimeout = error {
                self = .cannotConnect("the connection was not made in time")
            } else {
                self = .connectionLost("channel error")
            }
        case let error as IOError where error.errnoCode == ECONNREFUSED: self = .cannotConnect("connection refused")
        default:
            let name = String(reflecting: type(of: error))
            self =
                name.hasPrefix("NIOSSL.") && !name.contains("Unclean")
                ? .untrusted(name) : .connectionLost(name)
        }
    }

    private static func sorted(_ error: HTTPClientError, isCancelled: Bool) -> TransportError {
        switch error {
        case .cancelled, .requestStreamCancelled: isCancelled ? .cancelled : .connectionLost(error.shortDescription)
        case .connectTimeout, .getConnectionFromPoolTimeout, .socksHandshakeTimeout, .httpProxyHandshakeTimeout,
            .alreadyShutdown:
            .cannotConnect(error.shortDescription)
        case .tlsHandshakeTimeout: .untrusted(error.shortDescription)
        case .invalidURL, .emptyHost, .emptyScheme, .missingSocketPath, .traceRequestWithBody:
            .invalidCall(error.shortDescription)
        case .deadlineExceeded, .readTimeout, .writeTimeout: .timedOut
        default: .connectionLost(error.shortDescription)
        }
    }
}
