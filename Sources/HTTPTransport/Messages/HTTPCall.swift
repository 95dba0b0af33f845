import Foundation

/// One request to send. Named so that it is not taken for HTTPTypes' `HTTPRequest`, which the servers use.
package struct HTTPCall: Sendable {
    package var method: Method
    /// Absolute, with query.
    package var url: String
    package var headers: HTTPHeaders
    package var body: Data?
    /// How long the whole exchange may take; nil for the transport's own limit.
    package var timeout: Duration?

    package enum Method: String, Hashable, Sendable, Codable { case get, post, put, patch, delete }

    package init(
        _ method: Method, _ url: String, headers: HTTPHeaders = HTTPHeaders(), body: Data? = nil,
        timeout: Duration? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
    }

    /// The host that is called, for logs and checks; empty when the URL has none.
    package var host: String { URLComponents(string: url)?.host ?? "" }
}

extension HTTPCall.Method {
    /// As it stands on the wire.
    package var wireName: String { rawValue.uppercased() }
}

extension HTTPCall: CustomStringConvertible, CustomDebugStringConvertible {
    /// For logs: neither path, query nor body, which may name people or meetings.
    package var description: String { "\(method.wireName) \(host)" }
    package var debugDescription: String { description }
}
