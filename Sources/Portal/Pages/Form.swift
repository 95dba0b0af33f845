import Foundation

/// The fields of a form, in their order (application/x-www-form-urlencoded).
package struct Form: Sendable, Hashable {
    package private(set) var fields: [(name: String, value: String)]

    package static func == (left: Form, right: Form) -> Bool { left.encoded == right.encoded }
    package func hash(into hasher: inout Hasher) { hasher.combine(encoded) }

    package init(_ fields: [(name: String, value: String)] = []) { self.fields = fields }

    package init(encoded text: String) {
        fields = text.split(separator: "&").map { pair in
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.decoded(halves[0]), halves.count > 1 ? Self.decoded(halves[1]) : "")
        }
    }

    /// The first value of a field as it was typed; empty when it is not there.
    package subscript(name: String) -> String { fields.first { $0.name == name }?.value ?? "" }

    /// The same without white space around it.
    package func line(_ name: String) -> String { self[name].trimmingCharacters(in: .whitespacesAndNewlines) }

    package func has(_ name: String) -> Bool { fields.contains { $0.name == name } }

    /// All values of a field that may come several times.
    package func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    package func without(_ names: Set<String>) -> Form { Form(fields.filter { !names.contains($0.name) }) }

    package var encoded: String {
        fields.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }.joined(separator: "&")
    }

    private static func decoded(_ text: Substring) -> String {
        let spaced = text.replacingOccurrences(of: "+", with: " ")
        return spaced.removingPercentEncoding ?? spaced
    }

    package static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}
