import Foundation

/// Fields of an `application/x-www-form-urlencoded` body or of a query: `+` is a space, the first of equal names wins.
package struct FormFields: Sendable {
    private var fields: [String: String] = [:]

    package init(parsing text: some StringProtocol) {
        for pair in text.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { half in
                let spaced = half.replacingOccurrences(of: "+", with: " ")
                return spaced.removingPercentEncoding ?? spaced
            }
            let name = halves[0]
            if fields[name] == nil { fields[name] = halves.count > 1 ? halves[1] : "" }
        }
    }

    /// The field's value; nil when it is absent or empty.
    package subscript(name: String) -> String? {
        guard let value = fields[name], !value.isEmpty else { return nil }
        return value
    }

    /// These fields, completed by another set's where absent here.
    package func completed(by other: FormFields) -> FormFields {
        var result = self
        result.fields.merge(other.fields) { own, _ in own }
        return result
    }

    /// The space-separated words of a field.
    package func words(_ name: String) -> [String] {
        (self[name] ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
    }

    /// The fields percent-encoded for a query, in order of name.
    package static func encode(_ fields: [(String, String)]) -> String {
        fields.map { "\(escape($0.0))=\(escape($0.1))" }.joined(separator: "&")
    }

    private static func escape(_ text: String) -> String {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? text
    }
}
