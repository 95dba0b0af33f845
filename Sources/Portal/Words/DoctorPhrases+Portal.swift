import SyncEngine
import SyncService

extension DoctorPhrases {
    /// As the portal's pages say it.
    package static let portal = DoctorPhrases(
        check: { check, language in
            let words = WordBook.embedded[Language(rawValue: language) ?? .english]
            return words.has("check.\(check)") ? words["check.\(check)"] : check
        },
        step: { step, language in WordBook.embedded[Language(rawValue: language) ?? .english]["step.\(step.rawValue)"]
        },
        sentence: { english, language in
            PhraseBook.embedded.phrase(english, in: Language(rawValue: language) ?? .english).text
        })
}
