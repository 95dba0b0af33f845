import Foundation

/// All words of the portal, in every language.
package struct WordBook: Sendable {
    package static let embedded = WordBook(.embedded)

    private let books: [Language: Words]
    /// What is wrong with the files: unreadable lines, keys that stand twice or lack a language.
    let complaints: [String]

    init(_ files: PortalFiles) {
        var texts: [Language: [String: String]] = [:]
        var complaints: [String] = []
        for (name, data) in files.folder("Words").sorted(by: { $0.key < $1.key }) {
            let file = WordsFile(String(decoding: data, as: UTF8.self), name: name)
            complaints += file.complaints
            for (language, more) in file.texts {
                for (key, text) in more {
                    if texts[language]?[key] != nil { complaints.append("\(name): \(key) stands in another file too") }
                    texts[language, default: [:]][key] = text
                }
            }
        }
        let keys = Set(texts.values.flatMap(\.keys))
        for language in Language.allCases {
            for key in keys.subtracting((texts[language] ?? [:]).keys).sorted() {
                complaints.append("\(key) is missing in \(language.rawValue)")
            }
        }
        self.complaints = complaints
        books = Dictionary(
            uniqueKeysWithValues: Language.allCases.map { ($0, Words(language: $0, texts: texts[$0] ?? [:])) })
    }

    package subscript(language: Language) -> Words { books[language] ?? Words(language: language, texts: [:]) }
}
