import HTTPTypes
import SQLStore

/// The document as a person reads it: chapters of operations, and the shapes of what is sent and answered.
struct APIReading {
    let document: OpenAPIDocument
    private let links: OpenAPILinks

    init(_ document: OpenAPIDocument) {
        self.document = document
        links = OpenAPILinks(document.routes)
    }

    var values: JSONValue {
        let operations = document.described.map { DescribedOperation($0, links: links) }
        let chapters: [JSONValue] = document.tags.map { tag in
            [
                "name": .string(tag), "anchor": .string("chapter-\(tag.lowercased().replacing(" ", with: "-"))"),
                "operations": .array(operations.filter { $0.operation.tag == tag }.map(operation)),
            ]
        }
        let shapes: [JSONValue] = OpenAPIDocument.schemas.sorted { $0.key < $1.key }.map { name, schema in
            let fields: [String: JSONValue] = [
                "name": .string(name), "anchor": .string("shape-\(name)"),
                "description": schema.field("description") ?? .null,
            ]
            return .object(fields.merging(SchemaReading(schema).inner) { $1 })
        }
        return ["chapters": .array(chapters), "shapes": .array(shapes)]
    }

    private func operation(_ described: DescribedOperation) -> JSONValue {
        let operation = described.operation
        let parameters: [JSONValue] = described.parameters.map { parameter in
            [
                "name": .string(parameter.name), "summary": .string(parameter.summary),
                "place": .string(parameter.place.rawValue), "type": SchemaReading(parameter.schema).type,
                "isRequired": .bool(parameter.isRequired),
            ]
        }
        let body = operation.body.map { SchemaReading($0) }
        return [
            "id": .string(operation.id), "summary": .string(operation.summary),
            "details": operation.details.isEmpty ? .null : .string(operation.details),
            "method": .string(described.route.method.rawValue),
            "path": .string(APIRoute.prefix + described.route.path),
            "scope": .string(described.route.permission.rawValue),
            "hasParameters": .bool(!parameters.isEmpty), "parameters": .array(parameters),
            "body": body.map { .object(["type": $0.type].merging($0.inner) { $1 }) } ?? .null,
            "answers": .array(
                operation.answers.filter { $0.status < 400 || $0.schema != nil }.map(answer) + conditions(described)),
            "problems": .array(
                described.problems.map {
                    [
                        "status": .integer(Int64($0.status)), "summary": .string($0.summary),
                        "codes": .array($0.codes.map(JSONValue.string)),
                    ]
                }),
            "example": .string(example(described)),
        ]
    }

    private func answer(_ answer: APIAnswer) -> JSONValue {
        let reading = answer.schema.map { SchemaReading($0) }
        let fields: [String: JSONValue] = [
            "status": .integer(Int64(answer.status)), "summary": .string(answer.summary),
            "type": reading?.type ?? .null,
        ]
        return .object(fields.merging(reading?.inner ?? SchemaReading.nothing) { $1 })
    }

    private func conditions(_ described: DescribedOperation) -> [JSONValue] {
        guard described.parameters.contains(where: { $0.name == APIParameter.ifNoneMatch.name }) else { return [] }
        return [
            [
                "status": 304, "summary": "The revision that is known is still in force.", "type": .null,
                "fields": [], "hasFields": false,
            ]
        ]
    }

    /// The request as curl sends it.
    private func example(_ described: DescribedOperation) -> String {
        let route = described.route
        let path = route.path.split(separator: "/").map { part in
            part.hasPrefix("{") ? part.dropFirst().dropLast().uppercased() : String(part)
        }.joined(separator: "/")
        let query = described.parameters.filter { $0.place == .query && $0.isRequired }.map { parameter in
            guard case .array(let examples)? = parameter.schema.field("examples"), let word = examples.first?.word
            else {
                return "\(parameter.name)=\(parameter.name.uppercased())"
            }
            return "\(parameter.name)=\(word)"
        }
        let address = "$API/\(path)" + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
        var lines = ["curl -H \"Authorization: Bearer $TOKEN\""]
        if route.method != .get { lines[0] += " -X \(route.method.rawValue)" }
        if let body = described.example, let text = try? body.text {
            lines.append("-H 'Content-Type: application/json'")
            lines.append("-d '\(text.replacing("'", with: #"'\''"#))'")
        }
        lines.append("\"\(address)\"")
        return lines.joined(separator: " \\\n  ")
    }
}
