/// Why no whole reply came back. What matters to the caller is ``mayHaveTakenEffect``.
package enum TransportError: Error, Hashable, Sendable {
    /// No connection: unknown host, refused, no route, too slow to connect.
    case cannotConnect(String)
    /// A connection, but no trust: the certificate was refused or the handshake failed.
    case untrusted(String)
    /// The connection ended after the request may have been sent.
    case connectionLost(String)
    /// No whole reply within the time limit.
    case timedOut
    /// The reply is larger than the transport accepts.
    case replyTooLarge(limit: Int)
    /// The request itself is wrong: no URL, a header that cannot be sent.
    case invalidCall(String)
    case cancelled

    /// Whether the other side may have acted on the request. False only when it certainly has not.
    package var mayHaveTakenEffect: Bool {
        switch self {
        case .cannotConnect, .untrusted, .invalidCall: false
        case .connectionLost, .timedOut, .replyTooLarge, .cancelled: true
        }
    }
}

extension TransportError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cannotConnect(let reason): "no connection (\(reason))"
        case .untrusted(let reason): "no trusted connection (\(reason))"
        case .connectionLost(let reason): "the connection was lost before the answer came (\(reason))"
        case .timedOut: "no answer in time"
        case .replyTooLarge(let limit): "the answer is larger than \(limit) bytes"
        case .invalidCall(let reason): "the request cannot be sent (\(reason))"
        case .cancelled: "cancelled"
        }
    }
}
