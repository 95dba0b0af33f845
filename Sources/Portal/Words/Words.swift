import Foundation

/// The portal's own words in one language. They stand in `Words/*.words`, both languages side by side.
package struct Words: Sendable {
    package let language: Language
    private let texts: [String: String]

    init(language: Language, texts: [String: String]) {
        self.language = language
        self.texts = texts
    }

    /// The text of a key, as it stands in the file; the key itself when there is none, so that a gap is seen.
    package subscript(key: String) -> String { texts[key] ?? key }

    package func has(_ key: String) -> Bool { texts[key] != nil }

    func keys(beginning prefixes: [String]) -> [String] {
        texts.keys.filter { key in prefixes.contains { key.hasPrefix($0) } }.sorted()
    }

    /// A text with values in the place of `{{name}}`.
    package func callAsFunction(_ key: String, _ values: [String: String] = [:]) -> String {
        var text = self[key]
        for (name, value) in values { text = text.replacingOccurrences(of: "{{\(name)}}", with: value) }
        return text
    }

    /// One of two texts: `key.one` when the count is 1, else `key.many`; both may hold `{{count}}`.
    package func counted(_ key: String, _ count: Int, _ values: [String: String] = [:]) -> String {
        self(count == 1 ? "\(key).one" : "\(key).many", values.merging(["count": String(count)]) { $1 })
    }
}

/// Reads `*.words`: `[key]`, then a line for each language (`en = …`). `#` begins a comment; a line that begins with white
/// space goes on with the text of the line before.
struct WordsFile {
    var texts: [Language: [String: String]] = [:]
    /// What is wrong with the file, for the tests.
    var complaints: [String] = []

    init(_ text: String, name: String) {
        var key: String?
        var language: Language?
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let place = "\(name):\(number + 1)"
            if line.hasPrefix("#") || line.allSatisfy(\.isWhitespace) { continue }
            if line.hasPrefix("["), line.hasSuffix("]") {
                key = String(line.dropFirst().dropLast())
                language = nil
            } else if line.first == " ", let key, let language {
                texts[language, default: [:]][key, default: ""] += " " + line.trimmingCharacters(in: .whitespaces)
            } else if let key, let equals = line.firstIndex(of: "="),
                let named = Language(rawValue: line[..<equals].trimmingCharacters(in: .whitespaces))
            {
                language = named
                if texts[named]?[key] != nil { complaints.append("\(place): \(key) stands twice in \(named.rawValue)") }
                texts[named, default: [:]][key] = line[line.index(after: equals)...].trimmingCharacters(
                    in: .whitespaces)
            } else {
                complaints.append("\(place): not a line of a words file")
            }
        }
    }
}
