import CalendarTime
import Foundation

/// Compares one JSON body with the declared types and lists what is wrong: unknown names, wrong kinds of values, values
/// no enumeration has, nulls where none may be.
struct SchemaCheck {
    struct Finding: Sendable, Hashable {
        /// The place in the body, such as `value[3].start.timeZone`.
        var place: String
        var message: String
    }

    let schema: CSDLSchema
    private(set) var findings: [Finding] = []

    init(schema: CSDLSchema) { self.schema = schema }

    private static let annotations: Set<String> = [
        "context", "etag", "type", "id", "nextLink", "deltaLink", "count", "editLink", "readLink", "navigationLink",
        "associationLink", "mediaReadLink", "mediaContentType",
    ]
    /// Types whose further members are the application's own. `event` is declared open, too, but the service refuses
    /// names it does not know.
    private static let trulyOpen: Set<String> = ["extension", "openTypeExtension", "resourceData"]

    mutating func report(_ message: String, at place: String) {
        findings.append(Finding(place: place.isEmpty ? "the body" : place, message: message))
    }

    /// An object of an entity or complex type.
    mutating func structure(_ value: JSONDocument, type declared: String, at place: String) {
        guard case .object(let members) = value else {
            report("must be an object of the type \(declared), is \(value.kind)", at: place)
            return
        }
        let type = actualType(of: members, declared: declared, at: place)
        guard schema.structures[type] != nil else { return }
        for (name, member) in members.sorted(by: { $0.key < $1.key }) {
            let inner = place.isEmpty ? name : "\(place).\(name)"
            if name.contains("@") {
                annotation(name, type: type, at: inner)
            } else if let property = schema.property(name, of: type) {
                check(member, property: property, at: inner)
            } else if !isOpen(type) {
                report("\(type) has no property of this name", at: inner)
            }
        }
    }

    /// A reply with `value`, an array of objects of one type.
    mutating func collection(_ value: JSONDocument, type: String) {
        guard case .object(let members) = value, let items = members["value"] else {
            report("must be an object with the member \"value\"", at: "")
            return
        }
        for name in members.keys.sorted() where name != "value" {
            if name.hasPrefix("@") {
                annotation(name, type: type, at: name)
            } else {
                report("does not belong to a collection's reply", at: name)
            }
        }
        guard case .array(let elements) = items else {
            report("must be an array", at: "value")
            return
        }
        for (index, element) in elements.enumerated() { structure(element, type: type, at: "value[\(index)]") }
    }

    /// The parameters of an action. Their names are compared without case, since the metadata and the documentation
    /// spell them differently.
    mutating func parameters(_ value: JSONDocument, _ declared: [String: CSDLSchema.Property]) {
        guard case .object(let members) = value else {
            report("must be an object of parameters", at: "")
            return
        }
        let known = Dictionary(declared.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
        for (name, member) in members.sorted(by: { $0.key < $1.key }) where !name.contains("@odata.") {
            if let property = known[name.lowercased()] {
                check(member, property: property, at: name)
            } else {
                report("the action has no parameter of this name", at: name)
            }
        }
    }

    /// The body of a refusal.
    mutating func errorEnvelope(_ value: JSONDocument) {
        guard let error = value["error"]?.object else {
            report("a refusal must be an object with the member \"error\"", at: "")
            return
        }
        for name in ["code", "message"] where error[name]?.string == nil {
            report("must be there and be a string", at: "error.\(name)")
        }
        let known: Set = ["code", "message", "target", "details", "innererror"]
        for name in error.keys.sorted() where !known.contains(name.lowercased()) {
            report("does not belong to an error", at: "error.\(name)")
        }
    }

    private mutating func check(_ value: JSONDocument, property: CSDLSchema.Property, at place: String) {
        guard property.isCollection else {
            single(value, type: property.type, isNullable: property.isNullable, at: place)
            return
        }
        guard case .array(let elements) = value else {
            report("must be an array of \(property.type), is \(value.kind)", at: place)
            return
        }
        for (index, element) in elements.enumerated() {
            single(
                element, type: property.type, isNullable: property.isNullable && !property.isNavigation,
                at: "\(place)[\(index)]")
        }
    }

    private mutating func single(_ value: JSONDocument, type: String, isNullable: Bool, at place: String) {
        if case .null = value {
            if !isNullable { report("must not be null", at: place) }
            return
        }
        if type.hasPrefix("Edm.") {
            if !PrimitiveType.accepts(value, type: type) {
                report(
                    "must be \(type), is \(value.kind)\(value.string.map { " \"\($0.prefix(40))\"" } ?? "")", at: place)
            }
        } else if let enumeration = schema.enumerations[type] {
            member(value, of: enumeration, type: type, at: place)
        } else {
            // A type the description does not declare cannot be checked.
            guard schema.structures[type] != nil else { return }
            structure(value, type: type, at: place)
        }
    }

    private mutating func member(
        _ value: JSONDocument, of enumeration: CSDLSchema.Enumeration, type: String, at place: String
    ) {
        guard let text = value.string else {
            report("must be a member of \(type), is \(value.kind)", at: place)
            return
        }
        let names = enumeration.isFlags ? text.split(separator: ",").map { $0.trimmingBlanks() } : [text]
        for name in names where !enumeration.members.contains(name) {
            report("\"\(name)\" is no member of \(type)", at: place)
        }
    }

    private mutating func actualType(
        of members: [String: JSONDocument], declared: String, at place: String
    ) -> String {
        guard let said = members["@odata.type"]?.string else { return declared }
        let bare = said.replacingOccurrences(of: "#", with: "").replacingOccurrences(of: "microsoft.graph.", with: "")
        guard schema.structures[bare] != nil else {
            report("\(said) is no declared type", at: place.isEmpty ? "@odata.type" : "\(place).@odata.type")
            return declared
        }
        if schema.structures[declared] != nil, !schema.type(bare, is: declared) {
            report("\(said) is no \(declared)", at: place.isEmpty ? "@odata.type" : "\(place).@odata.type")
            return declared
        }
        return bare
    }

    private mutating func annotation(_ name: String, type: String, at place: String) {
        if name == "@removed" || name.hasPrefix("@microsoft.graph.") { return }
        guard let marker = name.range(of: "@odata.") else {
            report("no such annotation", at: place)
            return
        }
        if !Self.annotations.contains(String(name[marker.upperBound...])) {
            report("OData knows no annotation of this name", at: place)
        }
        let property = String(name[..<marker.lowerBound])
        if !property.isEmpty, schema.property(property, of: type) == nil, !isOpen(type) {
            report("\(type) has no property \(property) to annotate", at: place)
        }
    }

    private func isOpen(_ type: String) -> Bool { Self.trulyOpen.contains { schema.type(type, is: $0) } }
}

/// OData's primitive types, as JSON writes them.
enum PrimitiveType {
    static func accepts(_ value: JSONDocument, type: String) -> Bool {
        switch (type, value) {
        case ("Edm.String", .string), ("Edm.Boolean", .bool): true
        case ("Edm.Int32", .integer(let number)): Int32(exactly: number) != nil
        case ("Edm.Int16", .integer(let number)): Int16(exactly: number) != nil
        case ("Edm.Byte", .integer(let number)): UInt8(exactly: number) != nil
        case ("Edm.Int64", .integer): true
        case ("Edm.Double", .integer), ("Edm.Double", .number), ("Edm.Single", .integer), ("Edm.Single", .number),
            ("Edm.Decimal", .integer), ("Edm.Decimal", .number):
            true
        case ("Edm.DateTimeOffset", .string(let text)): (try? Timestamps.parseRFC3339(text)) != nil
        case ("Edm.Date", .string(let text)): (try? Timestamps.parseDate(text)) != nil
        case ("Edm.TimeOfDay", .string(let text)): (try? Timestamps.parseWall("2000-01-01T\(text)")) != nil
        case ("Edm.Guid", .string(let text)): UUID(uuidString: text) != nil
        case ("Edm.Binary", .string(let text)): Data(base64Encoded: text) != nil
        case ("Edm.Duration", .string(let text)): text.hasPrefix("P") || text.hasPrefix("-P")
        case ("Edm.Stream", _): true
        default: false
        }
    }
}

extension JSONDocument {
    /// The kind of the value, in words.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "a whole number"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
