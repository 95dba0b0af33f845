import Foundation

/// Text as parts of URLs and forms (RFC 3986 §2.3: everything but the unreserved characters is escaped).
enum WebText {
    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
    private static let inSegment = unreserved.union(CharacterSet(charactersIn: "@"))

    /// One segment of a path. Event ids hold `/`, `+` and `=`.
    static func segment(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: inSegment) ?? ""
    }

    /// One value of a query or form.
    static func value(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    /// `a=1&b=2`, in the order given. Names that begin with `$` keep it: OData's own.
    static func query(_ pairs: [(String, String)]) -> String {
        pairs.map { name, text in
            let escaped = name.hasPrefix("$") ? "$" + value(String(name.dropFirst())) : value(name)
            return "\(escaped)=\(value(text))"
        }.joined(separator: "&")
    }

    /// The parameters of a query or form; the first of a name counts.
    static func parameters(of query: String) -> [String: String] {
        var result: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let texts = halves.map {
                $0.replacingOccurrences(of: "+", with: " ").removingPercentEncoding ?? String($0)
            }
            guard let name = texts.first, result[name] == nil else { continue }
            result[name] = texts.count > 1 ? texts[1] : ""
        }
        return result
    }
}
