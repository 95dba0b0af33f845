import Foundation
import FoundationXML

/// The types of an OData service, as its CSDL description declares them.
package struct CSDLSchema: Sendable {
    struct Enumeration: Sendable {
        var members: Set<String> = []
        var isFlags = false
    }

    struct Property: Sendable {
        /// Without the namespace: `event`, `Edm.String`.
        var type: String
        var isCollection: Bool
        var isNullable: Bool
        var isNavigation: Bool
    }

    /// An entity type or a complex type.
    struct Structure: Sendable {
        var base: String?
        var isOpen: Bool
        var properties: [String: Property] = [:]
    }

    private(set) var enumerations: [String: Enumeration] = [:]
    private(set) var structures: [String: Structure] = [:]

    /// Reads a file of CSDL XML.
    package init(file path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else { throw LoopSimError.unreadable(path) }
        try self.init(xml: data)
    }

    package init(xml: Data) throws {
        let reader = CSDLReader()
        let parser = XMLParser(data: xml)
        parser.delegate = reader
        guard parser.parse() else {
            throw LoopSimError.malformedSchema(
                "line \(parser.lineNumber): \(parser.parserError.map(String.init(describing:)) ?? "no XML")")
        }
        guard !reader.structures.isEmpty else { throw LoopSimError.malformedSchema("it declares no types") }
        enumerations = reader.enumerations
        structures = reader.structures
    }

    /// A property of a type or of the types it derives from; with the letter case of the name unless `ignoringCase`.
    func property(_ name: String, of type: String) -> Property? {
        var next: String? = type
        while let current = next, let structure = structures[current] {
            if let property = structure.properties[name] { return property }
            next = structure.base
        }
        return nil
    }

    /// Whether a type is another, or derives from it.
    func type(_ name: String, is base: String) -> Bool {
        var next: String? = name
        while let current = next {
            if current == base { return true }
            next = structures[current]?.base
        }
        return false
    }
}

/// Collects types while libxml2 reads. Lives for one call only.
private final class CSDLReader: NSObject, XMLParserDelegate {
    var enumerations: [String: CSDLSchema.Enumeration] = [:]
    var structures: [String: CSDLSchema.Structure] = [:]
    private var enumeration: String?
    private var structure: String?

    func parser(
        _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        let name = attributes["Name"] ?? ""
        switch element {
        case "EnumType":
            enumeration = name
            enumerations[name] = CSDLSchema.Enumeration(isFlags: attributes["IsFlags"] == "true")
        case "Member":
            if let enumeration { enumerations[enumeration]?.members.insert(name) }
        case "EntityType", "ComplexType":
            structure = name
            structures[name] = CSDLSchema.Structure(
                base: attributes["BaseType"].map(Self.bare), isOpen: attributes["OpenType"] == "true")
        case "Property", "NavigationProperty":
            guard let structure, let type = attributes["Type"] else { return }
            let isCollection = type.hasPrefix("Collection(")
            let inner = isCollection ? String(type.dropFirst("Collection(".count).dropLast()) : type
            structures[structure]?.properties[name] = CSDLSchema.Property(
                type: Self.bare(inner), isCollection: isCollection, isNullable: attributes["Nullable"] != "false",
                isNavigation: element == "NavigationProperty")
        default: break
        }
    }

    func parser(
        _ parser: XMLParser, didEndElement element: String, namespaceURI: String?, qualifiedName: String?
    ) {
        if element == "EnumType" { enumeration = nil }
        if element == "EntityType" || element == "ComplexType" { structure = nil }
    }

    private static func bare(_ type: String) -> String {
        for prefix in ["microsoft.graph.", "graph."] where type.hasPrefix(prefix) {
            return String(type.dropFirst(prefix.count))
        }
        return type
    }
}
