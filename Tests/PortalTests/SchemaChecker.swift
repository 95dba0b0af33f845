import CalendarTime
import Foundation
import Portal

/// Checks JSON against the part of JSON Schema that the document uses; `OpenAPITests.words` keeps it to that part.
struct SchemaChecker {
    let document: JSONValue

    init(_ document: JSONValue) { self.document = document }

    /// Everything that is not as the schema says, each with its place.
    func faults(in value: JSONValue, _ schema: JSONValue, at place: String = "") -> [String] {
        // The schema of what must not be there.
        if schema == false { return ["\(place): must not be there"] }
        guard case .object(let rules) = schema else { return [] }
        var faults: [String] = []
        for (rule, says) in rules { faults += broken(rule, says, by: value, rules: rules, at: place) }
        return faults
    }

    private func broken(
        _ rule: String, _ says: JSONValue, by value: JSONValue, rules: [String: JSONValue], at place: String
    ) -> [String] {
        let fault = ["\(place): \(rule)"]
        switch (rule, value) {
        case ("$ref", _):
            guard let schema = Contract.resolved(["$ref": says]) else { return fault }
            return faults(in: value, schema, at: place)
        case ("type", _):
            let types = says.array?.compactMap(\.string) ?? [says.string].compactMap { $0 }
            return types.contains { Self.isOf(value, $0) }
                ? [] : ["\(place): is not \(types.joined(separator: " or "))"]
        case ("enum", _): return says.array?.contains(value) == true ? [] : fault + ["\(value)"]
        case ("const", _): return says == value ? [] : fault
        case ("allOf", _): return (says.array ?? []).flatMap { faults(in: value, $0, at: place) }
        case ("anyOf", _): return (says.array ?? []).contains { faults(in: value, $0).isEmpty } ? [] : fault
        case ("oneOf", _): return (says.array ?? []).count { faults(in: value, $0).isEmpty } == 1 ? [] : fault
        case ("properties", .object(let fields)):
            return fields.sorted { $0.key < $1.key }.flatMap { name, field in
                says[name].map { faults(in: field, $0, at: "\(place).\(name)") } ?? []
            }
        case ("required", .object(let fields)):
            return (says.array ?? []).compactMap(\.string).filter { fields[$0] == nil }.map {
                "\(place).\($0): is missing"
            }
        case ("additionalProperties", .object(let fields)):
            guard says == false else { return [] }
            return fields.keys.filter { rules["properties"]?[$0] == nil }.map { "\(place).\($0): is not known" }
        case ("items", .array(let items)):
            return items.enumerated().flatMap { faults(in: $1, says, at: "\(place)[\($0)]") }
        case ("minItems", .array(let items)): return Int64(items.count) >= says.number ? [] : fault
        case ("maxItems", .array(let items)): return Int64(items.count) <= says.number ? [] : fault
        case ("minimum", .integer(let number)): return number >= says.number ? [] : fault
        case ("maximum", .integer(let number)): return number <= says.number ? [] : fault
        case ("minLength", .string(let text)): return Int64(text.unicodeScalars.count) >= says.number ? [] : fault
        case ("maxLength", .string(let text)): return Int64(text.unicodeScalars.count) <= says.number ? [] : fault
        case ("pattern", .string(let text)): return Self.matches(text, says.string ?? "") ? [] : fault
        case ("format", .string(let text)): return Self.isOf(text, format: says.string ?? "") ? [] : fault + [text]
        default: return []
        }
    }

    private static func isOf(_ value: JSONValue, _ type: String) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("integer", .integer), ("number", .integer), ("number", .number),
            ("string", .string), ("array", .array), ("object", .object):
            true
        default: false
        }
    }

    private static func matches(_ text: String, _ pattern: String) -> Bool {
        text.range(of: pattern, options: .regularExpression) != nil
    }

    private static func isOf(_ text: String, format: String) -> Bool {
        switch format {
        case "date-time": (try? Timestamps.parseRFC3339(text)) != nil
        case "date": (try? Timestamps.parseDate(text)) != nil
        case "uri": URL(string: text)?.scheme != nil
        case "uri-reference": URL(string: text) != nil
        default: false
        }
    }
}

extension JSONValue {
    fileprivate var number: Int64 {
        if case .integer(let number) = self { return number }
        return 0
    }
}
