import HTTPTypes

/// How one answer leads to the next request (OpenAPI's links): from a list to its first item, from what was made to
/// everything about it, and from a room to a booking of it.
struct OpenAPILinks {
    private let routes: [APIRoute]

    init(_ routes: [APIRoute]) { self.routes = routes.filter { $0.operation != nil } }

    /// The links of a route's answers, by status.
    func from(_ route: APIRoute) -> [Int: [String: JSONValue]] {
        guard let operation = route.operation else { return [:] }
        var links: [Int: [String: JSONValue]] = [:]
        for answer in operation.answers {
            guard let place = place(in: answer.schema) else { continue }
            for target in routes {
                guard let wanted = target.operation, let more = rest(of: target.path, below: route.path) else {
                    continue
                }
                let key = place.names.contains(more) ? more : "id"
                guard place.names.contains(key) else { continue }
                var parameters = known(in: route.path)
                parameters[more] = .string("$response.body#\(place.pointer)/\(key)")
                links[answer.status, default: [:]][wanted.id] = [
                    "operationId": .string(wanted.id), "parameters": .object(parameters),
                ]
            }
            if route.path == "/rooms",
                let booking = routes.first(where: { $0.operation?.id == "createBooking" })?.operation
            {
                links[answer.status, default: [:]][booking.id] = [
                    "operationId": .string(booking.id),
                    "requestBody": ["room": .string("$response.body#\(place.pointer)/id")],
                ]
            }
        }
        return links
    }

    private struct Place {
        /// Where in the body the thing stands: the whole of it, or a list's first.
        var pointer: String
        /// Its fields.
        var names: Set<String>
    }

    private func place(in schema: JSONValue?) -> Place? {
        guard let schema, case .object(let fields)? = resolved(schema).field("properties") else { return nil }
        if fields["id"] != nil { return Place(pointer: "", names: Set(fields.keys)) }
        for (name, field) in fields.sorted(by: { $0.key < $1.key }) {
            guard let items = field.field("items"), case .object(let of)? = resolved(items).field("properties") else {
                continue
            }
            return Place(pointer: "/\(name)/0", names: Set(of.keys))
        }
        return nil
    }

    private func resolved(_ schema: JSONValue) -> JSONValue {
        guard let name = schema.field("$ref")?.word?.split(separator: "/").last else { return schema }
        return OpenAPIDocument.schemas[String(name)] ?? .null
    }

    /// What varies in a path that goes on with one item of a list: `id` for `/rooms/{id}/availability` below `/rooms`.
    private func rest(of path: String, below list: String) -> String? {
        let whole = path.split(separator: "/")
        let start = list.split(separator: "/")
        guard whole.count > start.count, whole.starts(with: start) else { return nil }
        let rest = whole.dropFirst(start.count)
        guard let item = rest.first, item.hasPrefix("{"), rest.dropFirst().allSatisfy({ !$0.hasPrefix("{") }) else {
            return nil
        }
        return String(item.dropFirst().dropLast())
    }

    /// What the request's own path says already.
    private func known(in path: String) -> [String: JSONValue] {
        let names = path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
        return Dictionary(uniqueKeysWithValues: names.map { ($0, .string("$request.path.\($0)")) })
    }
}
