import SyncEngine

/// Sentences that the service keeps in English (diagnoses, evidence), in the languages of the portal. Each stands in a words
/// file under a key that begins with `diagnosis.` or `phrase.`; its English text must be the one that is kept, with
/// `{{name}}` where it holds an address or a number.
package struct PhraseBook: Sendable {
    package static let embedded = PhraseBook(.embedded)

    /// A sentence to be shown, and its language where that is not the page's.
    package struct Phrase: Hashable, Sendable {
        package var text: String
        package var foreign: Language?

        package var values: JSONValue { ["text": .string(text), "lang": .optional(foreign?.rawValue)] }
    }

    private let exact: [String: String]
    private let patterns: [(pattern: PhrasePattern, key: String)]
    private let book: WordBook

    init(_ book: WordBook) {
        var exact: [String: String] = [:]
        var patterns: [(pattern: PhrasePattern, key: String)] = []
        let english = book[.english]
        for key in english.keys(beginning: ["diagnosis.", "phrase."]) {
            let pattern = PhrasePattern(english[key])
            if pattern.isPlain { exact[english[key]] = key } else { patterns.append((pattern, key)) }
        }
        self.exact = exact
        // The one that says most is tried first.
        self.patterns = patterns.sorted { ($0.pattern.length, $1.key) > ($1.pattern.length, $0.key) }
        self.book = book
    }

    package func phrase(_ english: String, in language: Language) -> Phrase {
        if language == .english || english.isEmpty { return Phrase(text: english) }
        if let text = translation(of: english, in: language) { return Phrase(text: text) }
        return Phrase(text: english, foreign: .english)
    }

    private func translation(of english: String, in language: Language) -> String? {
        let words = book[language]
        if let key = exact[english] { return words[key] }
        for (pattern, key) in patterns {
            if let values = pattern.values(in: english) { return words(key, values) }
        }
        // What it is about may stand before: `oslo@acme.example: …`.
        guard let colon = english.firstRange(of: ": "),
            let rest = translation(of: String(english[colon.upperBound...]), in: language)
        else { return nil }
        return english[..<colon.upperBound] + rest
    }
}

/// A sentence with gaps, to be found in what was kept.
struct PhrasePattern: Sendable {
    /// What stands before, between and after the gaps.
    private var literals: [String] = [""]
    private var names: [String] = []

    init(_ text: String) {
        var rest = Substring(text)
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
            literals[literals.count - 1] += rest[..<open.lowerBound]
            names.append(String(rest[open.upperBound..<close.lowerBound]))
            literals.append("")
            rest = rest[close.upperBound...]
        }
        literals[literals.count - 1] += rest
    }

    var isPlain: Bool { names.isEmpty }
    var length: Int { literals.reduce(0) { $0 + $1.count } }

    /// What stands in the gaps; nil when it is another sentence.
    func values(in text: String) -> [String: String]? {
        guard let first = literals.first, let last = literals.last, text.hasPrefix(first), text.hasSuffix(last),
            text.count >= first.count + last.count
        else { return nil }
        var rest = text.dropFirst(first.count)
        let end = text.index(text.endIndex, offsetBy: -last.count)
        var values: [String: String] = [:]
        for (index, name) in names.enumerated() {
            if index == names.count - 1 {
                guard rest.startIndex <= end else { return nil }
                values[name] = String(rest[..<end])
            } else {
                guard let next = rest.firstRange(of: literals[index + 1]) else { return nil }
                values[name] = String(rest[..<next.lowerBound])
                rest = rest[next.upperBound...]
            }
        }
        return values.values.contains("") ? nil : values
    }
}

/// How pages show what the service keeps in English.
extension PageRequest {
    package func phrase(_ english: String) -> JSONValue { PhraseBook.embedded.phrase(english, in: language).values }

    /// For the template `diagnosis`: what happened, what it means, what to do, the manual's step, and the vendor's own code.
    package func diagnosis(_ diagnosis: Diagnosis?) -> JSONValue {
        guard let diagnosis else { return .null }
        return [
            "code": .string(diagnosis.code), "summary": phrase(diagnosis.summary),
            "consequence": diagnosis.consequence.isEmpty ? .null : phrase(diagnosis.consequence),
            "remedy": diagnosis.remedy.isEmpty ? .null : phrase(diagnosis.remedy),
            "step": .optional(diagnosis.step.map(manualStep)), "vendorCode": .optional(diagnosis.vendorCode),
            "reference": .optional(diagnosis.reference),
        ]
    }

    /// A step of the set-up manual in the visitor's language.
    package func manualStep(_ step: ManualStep) -> String { words["step.\(step.rawValue)"] }
}
