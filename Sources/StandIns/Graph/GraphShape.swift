/// `$select` and `$expand` of a request for events.
struct GraphShape: Sendable {
    struct Expansion: Sendable {
        var name: String
        var filter: GraphFilter?
        var select: Set<String>?
    }

    var select: Set<String>?
    var expansions: [Expansion] = []

    /// Only what the model knows can be asked for.
    private static let expandable: Set<String> = [
        "attachments", "calendar", "exceptionOccurrences", "extensions", "instances", "multiValueExtendedProperties",
        "singleValueExtendedProperties",
    ]

    init(_ query: GraphQuery) throws(GraphError) {
        select = try query["$select"].map { (text) throws(GraphError) in try Self.selection(text) }
        for part in Self.split(query["$expand"] ?? "", at: ",") { expansions.append(try Self.expansion(part)) }
    }

    /// The members of an event that were asked for.
    func reduced(_ event: [String: GraphJSON]) -> GraphJSON {
        guard let select else { return .object(event) }
        return Self.reduced(event, to: select.union(expansions.map(\.name)))
    }

    static func reduced(_ event: [String: GraphJSON], to names: Set<String>) -> GraphJSON {
        .object(event.filter { $0.key == "id" || $0.key.hasPrefix("@") || names.contains($0.key) })
    }

    func wants(_ name: String) -> Bool { select?.contains(name) == true }

    private static func selection(_ text: String) throws(GraphError) -> Set<String> {
        var names: Set<String> = []
        for part in text.split(separator: ",") {
            let name = String(part).trimmed
            if name == "*" { continue }
            let known =
                GraphEventProperty.writable.keys.first { $0.lowercased() == name.lowercased() }
                ?? GraphEventProperty.readOnly.union(GraphEventProperty.special)
                .first { $0.lowercased() == name.lowercased() }
            guard let known else {
                throw .unreadableQuery("Could not find a property named '\(name)' on type 'microsoft.graph.event'.")
            }
            names.insert(known)
        }
        return names
    }

    private static func expansion(_ part: String) throws(GraphError) -> Expansion {
        let text = part.trimmed
        let name = String(text.prefix { $0 != "(" })
        guard let known = expandable.first(where: { $0.lowercased() == name.lowercased() }) else {
            throw .unreadableQuery("Could not find a property named '\(name)' on type 'microsoft.graph.event'.")
        }
        var expansion = Expansion(name: known)
        guard text.count > name.count else { return expansion }
        guard text.hasSuffix(")") else { throw .unreadableQuery("Parsing OData Select and Expand failed.") }
        for option in split(String(text.dropFirst(name.count + 1).dropLast()), at: ";") {
            let pair = option.trimmed.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2 else { throw .unreadableQuery("Parsing OData Select and Expand failed.") }
            switch pair[0].trimmed.lowercased() {
            case "$filter": expansion.filter = try GraphFilter(pair[1])
            case "$select": expansion.select = known == "exceptionOccurrences" ? try selection(pair[1]) : nil
            default: throw .unreadableQuery("Parsing OData Select and Expand failed.")
            }
        }
        return expansion
    }

    /// Splits outside brackets and quotes.
    private static func split(_ text: String, at separator: Character) -> [String] {
        var parts: [String] = []
        var current = ""
        var depth = 0
        var quoted = false
        for character in text {
            if character == "'" { quoted.toggle() }
            if !quoted, character == "(" { depth += 1 }
            if !quoted, character == ")" { depth -= 1 }
            if !quoted, depth == 0, character == separator {
                parts.append(current)
                current = ""
            } else {
                current.append(character)
            }
        }
        return (parts + [current]).filter { !$0.trimmed.isEmpty }
    }
}
