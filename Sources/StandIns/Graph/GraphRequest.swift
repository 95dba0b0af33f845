import Foundation
import HTTPTypes

/// One request to Graph, from the wire or from inside a `$batch`.
struct GraphRequest: Sendable {
    /// What identifies a request in error bodies and reply headers.
    struct Trace: Sendable {
        var requestID: String
        var clientRequestID: String
        /// `2026-03-02T09:00:00`
        var date: String
    }

    var method: HTTPRequest.Method
    /// Decoded path segments after the version.
    var segments: [String]
    /// The path after the version as the client wrote it, for next links.
    var path: String
    var query: GraphQuery
    /// `http://127.0.0.1:1234/v1.0`, as the client addressed the stand-in.
    var base: String
    /// Header fields by lower-case name; fields that came several times are joined by a comma.
    var headers: [String: String]
    var body: Data
    var trace: Trace

    var preferences: GraphPreferences { GraphPreferences(headers["prefer"] ?? "") }

    /// The first segment as the client wrote it decides how a mailbox is shown in contexts and links.
    func segment(_ index: Int) -> String? { index < segments.count ? segments[index] : nil }

    /// The body as an object; 400 when it is not one.
    func object() throws(GraphError) -> [String: GraphJSON] {
        guard let json = GraphJSON(data: body), let members = json.object else {
            throw .badRequest(
                "Unable to read JSON request payload. Please ensure Content-Type header is set and "
                    + "payload is of valid JSON format.")
        }
        return members
    }

    /// The body as an object, empty when there is none.
    func optionalObject() throws(GraphError) -> [String: GraphJSON] { body.isEmpty ? [:] : try object() }

    /// Splits a path into decoded segments.
    static func segments(of path: String) -> [String] {
        path.split(separator: "/", omittingEmptySubsequences: true).map {
            String($0).removingPercentEncoding ?? String($0)
        }
    }
}

/// What Graph answers.
struct GraphReply: Sendable {
    var status: Int
    var body: GraphJSON?
    var headers: [GraphHeader] = []

    static func ok(_ body: GraphJSON) -> GraphReply { GraphReply(status: 200, body: body) }
    static func created(_ body: GraphJSON) -> GraphReply { GraphReply(status: 201, body: body) }
    static let accepted = GraphReply(status: 202)
    static let noContent = GraphReply(status: 204)
}
