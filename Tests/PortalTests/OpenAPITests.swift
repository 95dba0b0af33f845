import HTTPTypes
import Portal
import Testing

@Suite("The OpenAPI document")
struct OpenAPITests {
    private let document = Contract.document

    @Test("Every route of the API is described", arguments: PortalServer.routes.map { "\($0.method) \($0.path)" })
    func described(route: String) {
        let operation = PortalServer.routes.first { "\($0.method) \($0.path)" == route }?.operation
        #expect(operation != nil, "\(route) has no APIOperation")
        #expect(operation?.answers.isEmpty == false)
        #expect(operation?.summary.isEmpty == false && operation?.tag.isEmpty == false)
    }

    @Test("Operations have names of their own")
    func uniqueNames() {
        let names = PortalServer.routes.compactMap(\.operation?.id)
        #expect(Set(names).count == names.count, "\(names.sorted())")
        for name in names { #expect(name.wholeMatch(of: /[a-z][A-Za-z0-9]+/) != nil, "\(name)") }
    }

    @Test("What is referred to is there, and nothing stands there for nobody")
    func references() {
        var used: Set<String> = []
        walk(document) { value in
            guard let reference = value["$ref"]?.string else { return }
            used.insert(reference)
            #expect(Contract.resolved(value) != nil, "\(reference)")
        }
        for (kind, things) in [("schemas", "schemas"), ("headers", "headers")] {
            guard case .object(let named)? = document["components"]?[things] else { continue }
            for name in named.keys { #expect(used.contains("#/components/\(kind)/\(name)"), "\(kind)/\(name)") }
        }
    }

    @Test("Schemas use only the words that the tests can check")
    func words() {
        let known: Set<String> = [
            "$ref", "type", "enum", "const", "properties", "required", "additionalProperties", "items", "oneOf",
            "anyOf", "allOf", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern",
            "format", "description", "examples", "default",
        ]
        func check(_ schema: JSONValue, _ place: String) {
            guard case .object(let fields) = schema else { return }
            #expect(Set(fields.keys).subtracting(known).isEmpty, "\(place): \(fields.keys.sorted())")
            for name in ["oneOf", "anyOf", "allOf"] {
                for inner in fields[name]?.array ?? [] { check(inner, "\(place).\(name)") }
            }
            if let items = fields["items"] { check(items, "\(place)[]") }
            if case .object(let properties)? = fields["properties"] {
                for (name, inner) in properties { check(inner, "\(place).\(name)") }
            }
        }
        walk(document) { value in
            if let schema = value["schema"] { check(schema, "schema") }
        }
        if case .object(let schemas)? = document["components"]?["schemas"] {
            for (name, schema) in schemas { check(schema, name) }
        }
    }

    @Test("Every example is of the form it is an example of")
    func examples() {
        walk(document) { value in
            if let schema = value["schema"], let example = value["example"] {
                #expect(SchemaChecker(document).faults(in: example, schema).isEmpty)
            }
            for example in value["examples"]?.array ?? [] {
                #expect(SchemaChecker(document).faults(in: example, value).isEmpty, "\(example)")
            }
        }
    }

    @Test("It is served to everybody, and known by its tag")
    func served() async throws {
        try await TestPortal().run { client in
            var anonymous = client
            anonymous.secret = nil
            let answer = try await anonymous.send(.get, "/api/v1/openapi.json")
            #expect(answer.status == .ok)
            #expect(answer.headers[.contentType] == "application/json")
            #expect(answer["openapi"] == "3.1.0")
            #expect(answer.json == Contract.document)
            let tag = try #require(answer.headers[.eTag])
            let again = try await anonymous.send(.get, "/api/v1/openapi.json", headers: ["If-None-Match": tag])
            #expect(again.status == .notModified)
            let post = try await anonymous.send(.post, "/api/v1/openapi.json", [:])
            #expect(post.status == .methodNotAllowed)
            #expect(post.headers[.allow] == "GET, HEAD")
        }
    }

    @Test("People read it in both languages", arguments: [("en", "What can go wrong"), ("nb", "Hva som kan gå galt")])
    func page(language: String, words: String) async throws {
        try await TestPortal().browse { browser in
            let page = try await browser.get("/api", accept: language)
            #expect(page.status == .ok)
            #expect(page.heading == "REST API")
            #expect(page.text.contains(words))
            for operation in PortalServer.routes.compactMap(\.operation) {
                #expect(page.text.contains("id=\"\(operation.id)\""), "\(operation.id)")
            }
            for link in page.text.matches(of: /href="#([^"]+)"/).map({ String($0.output.1) }) {
                #expect(page.text.contains("id=\"\(link)\""), "\(link)")
            }
        }
    }

    private func walk(_ value: JSONValue, _ visit: (JSONValue) -> Void) {
        visit(value)
        switch value {
        case .object(let fields): for field in fields.values { walk(field, visit) }
        case .array(let items): for item in items { walk(item, visit) }
        default: break
        }
    }
}
