/// JSON Schema (2020-12) in the few words that the document uses.
package enum Schema {
    package static let text: JSONValue = ["type": "string"]
    package static let flag: JSONValue = ["type": "boolean"]
    /// How long an id is at most. Ours are shorter; vendors' are not.
    package static let id: JSONValue = ["type": "string", "minLength": 1, "maxLength": 1024]

    /// A text with something to say about it.
    package static func text(
        _ description: String? = nil, shortest: Int? = nil, longest: Int? = nil, pattern: String? = nil,
        format: String? = nil, examples: [String] = []
    ) -> JSONValue {
        var fields: [String: JSONValue] = ["type": "string"]
        fields["description"] = description.map(JSONValue.string)
        fields["minLength"] = shortest.map { .integer(Int64($0)) }
        fields["maxLength"] = longest.map { .integer(Int64($0)) }
        fields["pattern"] = pattern.map(JSONValue.string)
        fields["format"] = format.map(JSONValue.string)
        if !examples.isEmpty { fields["examples"] = .array(examples.map(JSONValue.string)) }
        return .object(fields)
    }

    package static func whole(_ range: ClosedRange<Int>? = nil, _ description: String? = nil) -> JSONValue {
        var fields: [String: JSONValue] = ["type": "integer"]
        fields["description"] = description.map(JSONValue.string)
        fields["minimum"] = range.map { .integer(Int64($0.lowerBound)) }
        fields["maximum"] = range.flatMap { $0.upperBound == .max ? nil : .integer(Int64($0.upperBound)) }
        return .object(fields)
    }

    package static func list(_ items: JSONValue, most: Int? = nil, _ description: String? = nil) -> JSONValue {
        var fields: [String: JSONValue] = ["type": "array", "items": items]
        fields["description"] = description.map(JSONValue.string)
        fields["maxItems"] = most.map { .integer(Int64($0)) }
        return .object(fields)
    }

    /// One of an enumeration's words: the list cannot drift from the program.
    package static func words<Word: RawRepresentable & CaseIterable>(
        _ type: Word.Type, and more: [String] = [], _ description: String? = nil
    ) -> JSONValue where Word.RawValue == String {
        words(Word.allCases.map(\.rawValue) + more, description)
    }

    package static func words(_ words: [String], _ description: String? = nil) -> JSONValue {
        var fields: [String: JSONValue] = ["type": "string", "enum": .array(words.map(JSONValue.string))]
        fields["description"] = description.map(JSONValue.string)
        return .object(fields)
    }

    /// One of the document's own schemas, by its name.
    package static func ref(_ name: String, _ description: String? = nil) -> JSONValue {
        var fields: [String: JSONValue] = ["$ref": .string("#/components/schemas/\(name)")]
        fields["description"] = description.map(JSONValue.string)
        return .object(fields)
    }

    /// The schema's values, or null.
    package static func nullable(_ schema: JSONValue) -> JSONValue {
        guard case .object(var fields) = schema, let type = fields["type"] else {
            return ["anyOf": [schema, ["type": "null"]]]
        }
        fields["type"] = [type, "null"]
        if case .array(let words)? = fields["enum"] { fields["enum"] = .array(words + [.null]) }
        return .object(fields)
    }

    /// The same with other words about it.
    package static func described(_ schema: JSONValue, _ description: String) -> JSONValue {
        guard case .object(var fields) = schema else { return schema }
        fields["description"] = .string(description)
        return .object(fields)
    }

    /// An instant in UTC, such as `2026-03-02T09:00:00Z`.
    package static let instant: JSONValue = ["type": "string", "format": "date-time"]
    package static let date: JSONValue = ["type": "string", "format": "date"]

    /// An object with these fields and no others.
    ///
    /// - Parameter optional: those that may be absent; all others are always there.
    package static func object(
        _ fields: KeyValuePairs<String, JSONValue>, optional: Set<String> = [], _ description: String? = nil,
        examples: [JSONValue] = []
    ) -> JSONValue {
        let required = fields.map(\.key).filter { !optional.contains($0) }
        return object(fields, required: required, description, examples: examples)
    }

    /// An object with these fields and no others, of which only some must be given.
    package static func object(
        _ fields: KeyValuePairs<String, JSONValue>, required: [String], _ description: String? = nil,
        examples: [JSONValue] = []
    ) -> JSONValue {
        var schema: [String: JSONValue] = [
            "type": "object", "additionalProperties": false,
            "properties": .object(Dictionary(fields.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })),
        ]
        if !required.isEmpty { schema["required"] = .array(required.map(JSONValue.string)) }
        schema["description"] = description.map(JSONValue.string)
        if !examples.isEmpty { schema["examples"] = .array(examples) }
        return .object(schema)
    }
}
