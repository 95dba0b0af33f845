import HTTPTypes
import SQLStore

/// One route as an operation of the document, with all that goes without saying.
struct DescribedOperation {
    let route: APIRoute
    let operation: APIOperation
    let links: [Int: [String: JSONValue]]

    init(_ route: APIRoute, links: OpenAPILinks) {
        self.route = route
        operation =
            route.operation
            ?? APIOperation(
                "\(route.method.rawValue) \(route.path)", route.path, tag: "", answers: [])
        self.links = links.from(route)
    }

    var json: JSONValue {
        var fields: [String: JSONValue] = [
            "operationId": .string(operation.id), "summary": .string(operation.summary),
            "tags": [.string(operation.tag)], "security": [["token": [.string(route.permission.rawValue)]]],
            "parameters": .array(parameters.map(Self.json)), "responses": .object(responses),
        ]
        if !operation.details.isEmpty { fields["description"] = .string(operation.details) }
        if let body = operation.body {
            var content: [String: JSONValue] = ["schema": body]
            content["example"] = example
            fields["requestBody"] = ["required": true, "content": ["application/json": .object(content)]]
        }
        return .object(fields)
    }

    // MARK: What is sent

    /// Those of the path first.
    var parameters: [APIParameter] {
        let named = pathNames.map { name in
            operation.parameters.first { $0.place == .path && $0.name == name }
                ?? APIParameter(name, in: .path, required: true, "Its id.", schema: Schema.id)
        }
        return named + operation.parameters.filter { $0.place != .path }
    }

    /// A body that could be sent: the operation's own, or its schema's.
    var example: JSONValue? {
        if let example = operation.example { return example }
        guard var schema = operation.body else { return nil }
        if let name = schema.field("$ref")?.word?.split(separator: "/").last {
            schema = OpenAPIDocument.schemas[String(name)] ?? .null
        }
        guard case .array(let examples)? = schema.field("examples") else { return nil }
        return examples.first
    }

    private var pathNames: [String] {
        route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }

    private static func json(_ parameter: APIParameter) -> JSONValue {
        [
            "name": .string(parameter.name), "in": .string(parameter.place.rawValue),
            "required": .bool(parameter.isRequired || parameter.place == .path),
            "description": .string(parameter.summary), "schema": parameter.schema,
        ]
    }

    // MARK: What is answered

    private var responses: [String: JSONValue] {
        var responses: [String: JSONValue] = [:]
        for answer in operation.answers where answer.status < 400 || answer.schema != nil {
            responses[String(answer.status)] = json(answer)
        }
        for problem in problems { responses[String(problem.status)] = json(problem) }
        if has(.ifNoneMatch) {
            responses["304"] = [
                "description": "The revision that is known is still in force.",
                "headers": ["X-Request-Id": Self.header("X-Request-Id"), "ETag": Self.header("ETag")],
            ]
        }
        return responses
    }

    private func json(_ answer: APIAnswer) -> JSONValue {
        var headers = ["X-Request-Id": Self.header("X-Request-Id")]
        for name in answer.headers { headers[name] = Self.header(name) }
        if has(.after) { headers["Link"] = Self.header("Link") }
        if has(.idempotencyKey) { headers["Idempotency-Replayed"] = Self.header("Idempotency-Replayed") }
        var fields: [String: JSONValue] = ["description": .string(answer.summary), "headers": .object(headers)]
        if let schema = answer.schema { fields["content"] = .object([answer.type: ["schema": schema]]) }
        if let links = links[answer.status], !links.isEmpty { fields["links"] = .object(links) }
        return .object(fields)
    }

    private func json(_ problem: Described) -> JSONValue {
        var headers = ["X-Request-Id": Self.header("X-Request-Id")]
        if problem.status == 401 { headers["WWW-Authenticate"] = Self.header("WWW-Authenticate") }
        if problem.status == 412 { headers["ETag"] = Self.header("ETag") }
        var schema = Schema.ref("Problem")
        if !problem.codes.isEmpty {
            schema = [
                "allOf": [schema, ["type": "object", "properties": ["code": Schema.words(problem.codes)]]]
            ]
        }
        return [
            "description": .string(problem.summary), "headers": .object(headers),
            "content": ["application/problem+json": ["schema": schema]],
        ]
    }

    private static func header(_ name: String) -> JSONValue { ["$ref": .string("#/components/headers/\(name)")] }

    private func has(_ parameter: APIParameter) -> Bool {
        operation.parameters.contains { $0.place == parameter.place && $0.name == parameter.name }
    }

    // MARK: What goes wrong

    struct Described: Hashable {
        var status: Int
        var summary: String
        /// Empty: any.
        var codes: [String]
    }

    /// The problems that the operation tells of, and those that go without saying.
    var problems: [Described] {
        var codes = operation.problems
        for (status, common) in commonProblems { codes[status] = common + (codes[status] ?? []) }
        var described: [Int: Described] = [:]
        for (status, codes) in codes {
            described[status] = Described(status: status, summary: Self.summary(status), codes: codes)
        }
        for answer in operation.answers where answer.status >= 400 && answer.schema == nil {
            let codes = operation.problems[answer.status].map { $0 + (commonProblems[answer.status] ?? []) }
            described[answer.status] = Described(
                status: answer.status, summary: answer.summary, codes: codes ?? [])
        }
        return described.values.sorted { $0.status < $1.status }
    }

    private var commonProblems: [Int: [String]] {
        var codes: [Int: [String]] = [
            400: ["unknown-parameter", "repeated-parameter", "invalid-parameter"],
            401: ["token-missing", "invalid-token"], 403: ["missing-scope"], 500: ["internal-error"],
        ]
        if !pathNames.isEmpty { codes[404] = ["not-found"] }
        if operation.body != nil {
            codes[400, default: []] += ["malformed-json", "invalid-body"]
            codes[413] = ["body-too-large"]
            codes[415] = ["unsupported-media-type"]
        }
        if has(.ifMatch) { codes[412] = ["changed"] }
        if has(.idempotencyKey) {
            codes[400, default: []].append("invalid-idempotency-key")
            codes[422] = ["idempotency-key-reused"]
        }
        return codes
    }

    private static func summary(_ status: Int) -> String {
        switch status {
        case 400: "The request cannot be read."
        case 401: "No token, or one that is unknown or revoked."
        case 403: "The token may not do this."
        case 404: "It is not there, or not in the token's organization."
        case 409: "It does not go together with what is there."
        case 412: "It was changed in the meantime."
        case 413: "The body is too large."
        case 415: "The body is not said to be JSON."
        case 422: "The request breaks a rule."
        case 429: "Too many requests; Retry-After says when to try again."
        default: status >= 500 ? "A fault inside; nothing was changed." : "The request is refused."
        }
    }
}

extension JSONValue {
    /// A field of an object; nil when there is none.
    func field(_ name: String) -> JSONValue? {
        if case .object(let fields) = self { return fields[name] }
        return nil
    }

    var word: String? {
        if case .string(let text) = self { return text }
        return nil
    }
}
