import Foundation

/// Merges partial JSON into a value: members named in the patch are replaced, objects merged within, `null` empties an
/// optional. Unknown names are refused, with the known ones listed.
enum Patch {
    static func apply<Value: Codable>(_ patch: JSONDocument, to value: Value) throws -> Value {
        guard case .object(let changes) = patch else {
            throw ControlError.invalid("The body must be a JSON object.")
        }
        let known = Set(Mirror(reflecting: value).children.compactMap(\.label))
        if let unknown = changes.keys.sorted().first(where: { !known.contains($0) }) {
            throw ControlError.invalid(
                "\"\(unknown)\" is not known here. Known are: \(known.sorted().joined(separator: ", ")).")
        }
        let merged = try merge(patch, into: try JSONDocument(encoding: value), path: "")
        do {
            return try merged.decoded(as: Value.self)
        } catch let error as DecodingError {
            throw ControlError.invalid(words(for: error))
        }
    }

    private static func merge(_ patch: JSONDocument, into value: JSONDocument, path: String) throws -> JSONDocument {
        guard case .object(let changes) = patch, case .object(var members) = value else { return patch }
        for (name, change) in changes {
            if case .null = change {
                members[name] = nil
            } else if case .object = members[name] ?? .null {
                let known = members[name]?.object ?? [:]
                if let unknown = change.object?.keys.sorted().first(where: { known[$0] == nil }) {
                    throw ControlError.invalid(
                        "\"\(name).\(unknown)\" is not known here. Known are: "
                            + "\(known.keys.sorted().joined(separator: ", ")).")
                }
                members[name] = try merge(change, into: members[name] ?? .null, path: name)
            } else {
                members[name] = change
            }
        }
        return .object(members)
    }

    private static func words(for error: DecodingError) -> String {
        func place(_ path: [any CodingKey]) -> String {
            path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
        }
        return switch error {
        case .typeMismatch(let type, let context): "\"\(place(context.codingPath))\" must be of the type \(type)."
        case .valueNotFound(_, let context): "\"\(place(context.codingPath))\" must not be null."
        case .keyNotFound(let key, let context):
            "\"\(place(context.codingPath + [key]))\" is missing."
        case .dataCorrupted(let context): "\"\(place(context.codingPath))\" is malformed: \(context.debugDescription)"
        @unknown default: "The body is malformed: \(error)"
        }
    }
}
