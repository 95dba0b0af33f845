/// Header fields in the order they are sent or came; names compare without case.
package struct HTTPHeaders: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    package private(set) var fields: [Field]

    package struct Field: Hashable, Sendable {
        package let name: String
        package let value: String
    }

    package init() { fields = [] }

    package init(_ pairs: [(String, String)]) {
        fields = pairs.map { Field(name: $0.0, value: $0.1) }
    }

    package init(dictionaryLiteral elements: (String, String)...) { self.init(elements) }

    /// The first field of that name; setting replaces all of that name.
    package subscript(name: String) -> String? {
        get { fields.first { Self.same($0.name, name) }?.value }
        set {
            fields.removeAll { Self.same($0.name, name) }
            if let newValue { fields.append(Field(name: name, value: newValue)) }
        }
    }

    private static func same(_ left: String, _ right: String) -> Bool { left.lowercased() == right.lowercased() }
}

extension HTTPHeaders: CustomStringConvertible, CustomDebugStringConvertible {
    /// Fields whose values are secrets.
    private static let secretNames: Set<String> = [
        "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key",
    ]

    /// The fields for logs: secrets are replaced.
    package var description: String {
        fields
            .map {
                Self.secretNames.contains($0.name.lowercased()) ? "\($0.name): (hidden)" : "\($0.name): \($0.value)"
            }
            .joined(separator: ", ")
    }

    package var debugDescription: String { description }
}
