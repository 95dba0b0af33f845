import Foundation
import HTTPTransport
import Portal

/// Calls JSON addresses, as the demo's people do.
struct JSONCaller: Sendable {
    let transport: HTTPTransport
    let base: String
    var headers: [(String, String)] = []

    func call(_ method: HTTPCall.Method, _ path: String, _ body: JSONValue? = nil) async throws -> JSONValue {
        var fields = HTTPHeaders()
        for (name, value) in headers { fields[name] = value }
        if body != nil { fields["Content-Type"] = "application/json" }
        return try await send(
            HTTPCall(method, base + path, headers: fields, body: try body.map { Data(try $0.text.utf8) }))
    }

    func form(_ path: String, _ fields: [(String, String)]) async throws -> JSONValue {
        var components = URLComponents()
        components.queryItems = fields.map { URLQueryItem(name: $0.0, value: $0.1) }
        var headers = HTTPHeaders()
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        let body = (components.percentEncodedQuery ?? "").replacingOccurrences(of: "+", with: "%2B")
        return try await send(HTTPCall(.post, base + path, headers: headers, body: Data(body.utf8)))
    }

    private func send(_ call: HTTPCall) async throws -> JSONValue {
        let reply = try await transport.send(call)
        guard reply.isSuccess else {
            throw CommandFailure(
                "demo.call", "\(call) answered \(reply.status).", remedy: "Run the demo again with --log-level debug.")
        }
        return reply.body.isEmpty ? .null : try JSONDecoder().decode(JSONValue.self, from: reply.body)
    }
}

extension JSONValue {
    subscript(_ key: String) -> JSONValue? {
        if case .object(let fields) = self { return fields[key] }
        return nil
    }

    var string: String? {
        if case .string(let text) = self { return text }
        return nil
    }

    var list: [JSONValue] {
        if case .array(let values) = self { return values }
        return []
    }
}
