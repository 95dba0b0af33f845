import Foundation

/// The query part of a request. Names are compared without case; `$` options as OData spells them.
struct GraphQuery: Sendable {
    struct Item: Sendable {
        var name: String
        var value: String
    }

    var items: [Item]

    init(_ raw: String) {
        items = raw.split(separator: "&").map { part in
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return Item(name: Self.decoded(pair[0]), value: pair.count > 1 ? Self.decoded(pair[1]) : "")
        }
    }

    subscript(name: String) -> String? {
        items.first { $0.name.caseInsensitiveCompare(name) == .orderedSame }?.value
    }

    /// The positive number given for an option; nil when absent, 400 when it is not one.
    func number(_ name: String, maximum: Int) throws(GraphError) -> Int? {
        guard let text = self[name] else { return nil }
        guard let number = Int(text), number >= 0, number <= maximum else {
            throw .unreadableQuery(
                "Invalid value '\(text)' for \(name) query option found. The \(name) query option "
                    + "requires a non-negative integer value not above \(maximum).")
        }
        return number
    }

    /// The query with some options replaced, encoded for a link.
    func replacing(_ changes: [(name: String, value: String)]) -> String {
        var kept = items.filter { item in
            !changes.contains { $0.name.caseInsensitiveCompare(item.name) == .orderedSame }
        }
        kept += changes.map { Item(name: $0.name, value: $0.value) }
        return kept.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }.joined(separator: "&")
    }

    static func encoded(_ text: String) -> String {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~$:,/()'")
        return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? text
    }

    private static func decoded(_ text: Substring) -> String {
        let spaced = text.replacingOccurrences(of: "+", with: " ")
        return spaced.removingPercentEncoding ?? spaced
    }
}
