import LoopBooking

/// Reads a JSON object field by field and collects everything that is wrong with it, so that a client can mend all of
/// it at once. Fields nobody asked for are wrong too: a misspelt name must not pass in silence.
package struct FieldReader {
    private let fields: [String: JSONValue]
    private let path: String
    private var asked: Set<String> = []
    package private(set) var errors: [RuleViolation] = []

    package init(_ fields: [String: JSONValue], path: String = "") {
        self.fields = fields
        self.path = path
    }

    /// Whether the field is there, null included.
    package mutating func has(_ name: String) -> Bool {
        asked.insert(name)
        return fields[name] != nil
    }

    package mutating func isNull(_ name: String) -> Bool {
        asked.insert(name)
        return fields[name] == .null
    }

    package mutating func string(_ name: String) -> String? {
        let text = value(name, expected: "a text") { if case .string(let text) = $0 { text } else { nil } }
        // No database keeps it, and some refuse it.
        guard let text, text.utf8.contains(0) else { return text }
        add("control-character", name, "\(full(name)) must not have the character NUL.")
        return nil
    }

    package mutating func bool(_ name: String) -> Bool? {
        value(name, expected: "true or false") { if case .bool(let flag) = $0 { flag } else { nil } }
    }

    package mutating func integer(_ name: String) -> Int? {
        value(name, expected: "a whole number") { if case .integer(let number) = $0 { Int(number) } else { nil } }
    }

    /// One of the words of an enumeration.
    package mutating func word<Word: RawRepresentable & CaseIterable>(_ name: String, _ type: Word.Type) -> Word?
    where Word.RawValue == String {
        guard let text = string(name) else { return nil }
        if let word = Word(rawValue: text) { return word }
        let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
        add("invalid-value", name, "\(full(name)) must be one of: \(words).")
        return nil
    }

    /// A text that `parse` understands; its error becomes the field's.
    package mutating func parsed<Value>(_ name: String, code: String, _ parse: (String) throws -> Value) -> Value? {
        guard let text = string(name) else { return nil }
        do { return try parse(text) } catch {
            add(code, name, "\(full(name)): \(error)")
            return nil
        }
    }

    package mutating func object<Value>(_ name: String, _ read: (inout FieldReader) -> Value?) -> Value? {
        let fields = value(name, expected: "an object") { if case .object(let fields) = $0 { fields } else { nil } }
        return fields.flatMap { nested($0, path: full(name), read) }
    }

    /// A list of texts; nil when the field is not there or not such a list.
    package mutating func strings(_ name: String) -> [String]? {
        value(name, expected: "a list of texts") { value in
            guard case .array(let items) = value else { return nil }
            let texts = items.compactMap { item -> String? in
                guard case .string(let text) = item, !text.utf8.contains(0) else { return nil }
                return text
            }
            return texts.count == items.count ? texts : nil
        }
    }

    /// A list of objects; nil when the field is not there or not a list.
    package mutating func objects<Value>(_ name: String, _ read: (inout FieldReader) -> Value?) -> [Value]? {
        let items = value(name, expected: "a list") { if case .array(let items) = $0 { items } else { nil } }
        return items?.enumerated().compactMap { index, item in
            guard case .object(let fields) = item else {
                errors.append(
                    RuleViolation(
                        code: "invalid-type", field: "\(full(name))[\(index)]",
                        message: "\(full(name))[\(index)] must be an object, not \(item.kind)."))
                return nil
            }
            return nested(fields, path: "\(full(name))[\(index)]", read)
        }
    }

    /// A list of plain values; each that `convert` does not take is complained about by its place.
    package mutating func elements<Value>(
        _ name: String, expected: String, _ convert: (JSONValue) -> Value?
    ) -> [Value]? {
        let items = value(name, expected: "a list") { if case .array(let items) = $0 { items } else { nil } }
        return items?.enumerated().compactMap { index, item in
            if let value = convert(item) { return value }
            add("invalid-value", "\(name)[\(index)]", "\(full(name))[\(index)] must be \(expected).")
            return nil
        }
    }

    /// The names of the fields that are there, in order: for objects whose names are data.
    package mutating func names() -> [String] {
        asked.formUnion(fields.keys)
        return fields.keys.sorted()
    }

    package func raw(_ name: String) -> JSONValue? { fields[name] }

    package mutating func require(_ name: String) {
        if !has(name) { add("required", name, "\(full(name)) is missing.") }
    }

    package mutating func add(_ code: String, _ name: String, _ message: String) {
        errors.append(RuleViolation(code: code, field: full(name), message: message))
    }

    /// Complains about every field that nobody asked for.
    package mutating func finish() {
        for name in fields.keys.sorted() where !asked.contains(name) {
            let shown = String(name.prefix(64))
            add("unknown-field", shown, "\(full(shown)) is not a field that can be given here.")
        }
    }

    private mutating func nested<Value>(
        _ fields: [String: JSONValue], path: String, _ read: (inout FieldReader) -> Value?
    ) -> Value? {
        var reader = FieldReader(fields, path: path)
        let value = read(&reader)
        reader.finish()
        errors += reader.errors
        return reader.errors.isEmpty ? value : nil
    }

    private mutating func value<Value>(
        _ name: String, expected: String, _ convert: (JSONValue) -> Value?
    ) -> Value? {
        asked.insert(name)
        guard let field = fields[name] else { return nil }
        if let value = convert(field) { return value }
        add("invalid-type", name, "\(full(name)) must be \(expected), not \(field.kind).")
        return nil
    }

    private func full(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}
