import Foundation
import Mustache

/// The pages' templates, one library a language. `{{t:key}}` in a template stands for the words of that key; they are put
/// in before Mustache reads the template, so that they may hold tags of their own, such as `{{count}}`.
struct PageTemplates: Sendable {
    static let embedded = PageTemplates(.embedded, words: .embedded)

    private let libraries: [Language: MustacheLibrary]
    /// Templates that cannot be read, and words that templates ask for and nobody wrote.
    let complaints: [String]

    init(_ files: PortalFiles, words: WordBook) {
        var libraries: [Language: MustacheLibrary] = [:]
        var complaints: [String] = []
        for language in Language.allCases {
            var library = MustacheLibrary()
            for (name, data) in files.folder("Templates") where name.hasSuffix(".mustache") {
                let (text, missing) = Self.worded(String(decoding: data, as: UTF8.self), words[language])
                complaints += missing.map { "\(name): no words for \($0)" }
                do {
                    try library.register(text, named: String(name.dropLast(".mustache".count)))
                } catch {
                    complaints.append("\(name): \(error)")
                }
            }
            libraries[language] = library
        }
        self.libraries = libraries
        self.complaints = complaints
    }

    /// The page as HTML; nil when there is no such template.
    func render(_ name: String, _ values: JSONValue, language: Language) -> String? {
        libraries[language]?.render(values, withTemplate: name)
    }

    private static func worded(_ template: String, _ words: Words) -> (String, missing: [String]) {
        var result = ""
        var missing: [String] = []
        var rest = Substring(template)
        while let open = rest.range(of: "{{t:"), let close = rest[open.upperBound...].range(of: "}}") {
            result += rest[..<open.lowerBound]
            let key = String(rest[open.upperBound..<close.lowerBound])
            if !words.has(key) { missing.append(key) }
            result += escaped(words[key])
            rest = rest[close.upperBound...]
        }
        return (result + rest, missing)
    }

    /// Words are text, not HTML; their tags stay tags.
    static func escaped(_ text: String) -> String {
        let special: [UInt8] = [UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\"")]
        guard text.utf8.contains(where: special.contains) else { return text }
        return text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
            .replacingOccurrences(of: ">", with: "&gt;").replacingOccurrences(of: "\"", with: "&quot;")
    }
}

/// How templates see values: objects by their names, null as nothing.
extension JSONValue: MustacheParent, MustacheCustomRepresentation {
    package func child(named name: String) -> Any? {
        guard case .object(let fields) = self else { return nil }
        // A null that is there hides the same name further out.
        return fields[name]
    }

    package var representation: Any? {
        switch self {
        case .null: nil
        case .bool(let flag): flag
        case .integer(let number): String(number)
        case .number(let number): String(number)
        case .string(let text): text
        case .array(let items): items
        case .object: self
        }
    }
}
