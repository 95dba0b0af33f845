/// A JSON schema in words, for a page.
struct SchemaReading {
    let schema: JSONValue

    init(_ schema: JSONValue) { self.schema = schema }

    private var name: String? { schema.field("$ref")?.word?.split(separator: "/").last.map(String.init) }

    /// Whether it is one of the document's own, shown once in a chapter of its own.
    var isNamed: Bool { innermost.name != nil }

    /// What a list is a list of, what may be null when it is not.
    private var innermost: SchemaReading {
        if let items = schema.field("items") { return SchemaReading(items).innermost }
        if let choice = notNull { return choice.innermost }
        return self
    }

    /// `anyOf` something and null.
    private var notNull: SchemaReading? {
        guard case .array(let choices)? = schema.field("anyOf"), choices.contains(["type": "null"]) else { return nil }
        return choices.first { $0.field("type") != "null" }.map { SchemaReading($0) }
    }

    /// Its kind for the page: words, and the name of the shape it leads to.
    var type: JSONValue {
        [
            "isList": .bool(schema.field("items") != nil || notNull?.schema.field("items") != nil),
            "isNullable": .bool(isNullable), "name": .optional(innermost.name),
            "anchor": .optional(innermost.name.map { "shape-\($0)" }), "kind": .optional(innermost.kind),
            "choices": .array(innermost.choices.map(JSONValue.string)), "limits": .optional(innermost.limits),
        ]
    }

    private var isNullable: Bool {
        if case .array(let types)? = schema.field("type") { return types.contains("null") }
        return notNull != nil
    }

    private var kind: String? {
        if name != nil { return nil }
        if let format = schema.field("format")?.word { return format }
        if let value = schema.field("const") { return try? value.text }
        switch schema.field("type") {
        case .string(let word)?: return word
        case .array(let words)?: return words.first?.word
        default: return nil
        }
    }

    private var choices: [String] {
        guard case .array(let words)? = schema.field("enum") else { return [] }
        return words.compactMap(\.word)
    }

    /// Such as `1–200`.
    private var limits: String? {
        func number(_ name: String) -> String? {
            if case .integer(let number)? = schema.field(name) { return String(number) }
            return nil
        }
        switch (number("minimum"), number("maximum"), number("maxLength")) {
        case (let low?, let high?, _): return "\(low) – \(high)"
        case (let low?, nil, _): return "≥ \(low)"
        case (nil, nil, let longest?): return "≤ \(longest)"
        default: return nil
        }
    }

    static let nothing: [String: JSONValue] = ["fields": [], "hasFields": false]

    /// What the page shows below it: nothing for what is a shape of its own.
    var inner: [String: JSONValue] {
        let fields = isNamed ? [] : fields
        return ["fields": .array(fields), "hasFields": .bool(!fields.isEmpty)]
    }

    /// Its fields: those that are always there first.
    var fields: [JSONValue] {
        if let items = schema.field("items") { return SchemaReading(items).fields }
        if case .array(let choices)? = schema.field("oneOf"), schema.field("properties") == nil {
            return choices.flatMap { SchemaReading($0).fields }
        }
        guard case .object(let properties)? = schema.field("properties") else { return [] }
        var required: [String] = []
        if case .array(let names)? = schema.field("required") { required = names.compactMap(\.word) }
        let others = properties.keys.filter { !required.contains($0) }.sorted()
        return (required + others).compactMap { name in
            guard let field = properties[name] else { return nil }
            let reading = SchemaReading(field)
            let fields: [String: JSONValue] = [
                "name": .string(name), "type": reading.type, "description": field.field("description") ?? .null,
                "isRequired": .bool(required.contains(name)),
            ]
            return .object(fields.merging(reading.inner) { $1 })
        }
    }
}
