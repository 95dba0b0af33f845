import HTTPTypes
import Portal
import Testing

/// The document, held against every answer that the tests get.
enum Contract {
    static let document = OpenAPIDocument(PortalServer.routes).json

    /// What a `$ref` leads to; nil when it leads nowhere.
    static func resolved(_ value: JSONValue) -> JSONValue? {
        guard let reference = value["$ref"]?.string else { return value }
        return reference.split(separator: "/").dropFirst().reduce(document) { value, name in value?[String(name)] }
    }

    /// Fails the test when an answer is none that the document knows.
    static func check(_ method: HTTPRequest.Method, _ address: String, _ answer: Client.Answer) {
        let path =
            address.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init) ?? ""
        guard path.hasPrefix(APIRoute.prefix + "/"), path != APIRoute.prefix + OpenAPIDocument.path else { return }
        let comment = "\(method) \(path): \(answer.status.code) \(answer.text.prefix(600))"
        guard let operation = operation(method, path) else {
            // Nothing is there, or the test brought a route of its own.
            guard [404, 405].contains(answer.status.code) else { return }
            expect(answer.json, is: ["$ref": "#/components/schemas/Problem"], comment)
            return
        }
        guard let described = operation["responses"]?[String(answer.status.code)] else {
            Issue.record("not documented: \(comment)")
            return
        }
        for (name, reference) in described["headers"]?.members ?? [:] {
            let header = resolved(reference)
            let value = answer.headers.first { $0.name.canonicalName == name.lowercased() }?.value
            #expect(value != nil || header?["required"] != true, "\(name) is missing: \(comment)")
            if let value, let schema = header?["schema"] { expect(.string(value), is: schema, "\(name): \(comment)") }
        }
        guard method != .head else { return }
        guard let content = described["content"]?.members.first else {
            #expect(answer.text.isEmpty, "there should be no body: \(comment)")
            return
        }
        #expect(answer.headers[.contentType] == content.key, "\(comment)")
        if content.key.hasSuffix("json"), let schema = content.value["schema"] {
            expect(answer.json, is: schema, comment)
        }
    }

    private static func expect(_ value: JSONValue, is schema: JSONValue, _ comment: String) {
        let faults = SchemaChecker(document).faults(in: value, schema)
        #expect(faults.isEmpty, "\(faults) \(comment)")
    }

    private static func operation(_ method: HTTPRequest.Method, _ path: String) -> JSONValue? {
        let parts = path.split(separator: "/")
        let name = method == .head ? "get" : method.rawValue.lowercased()
        // A path without anything that varies goes before one with.
        let fitting = (document["paths"]?.members ?? [:]).filter { template, operations in
            let names = template.split(separator: "/")
            return operations[name] != nil && names.count == parts.count
                && zip(names, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
        return fitting.min { $0.key.count { $0 == "{" } < $1.key.count { $0 == "{" } }?.value[name]
    }
}

extension JSONValue {
    var members: [String: JSONValue] {
        if case .object(let fields) = self { return fields }
        return [:]
    }
}
