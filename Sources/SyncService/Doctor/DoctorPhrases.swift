import SyncEngine

/// What messages call things, in a reader's language. The words themselves are the portal's, so that a message and the page
/// it leads to say the same.
package struct DoctorPhrases: Sendable {
    /// A check's name, by its stable one such as `room.readable`.
    package var check: @Sendable (_ check: String, _ language: String) -> String
    package var step: @Sendable (_ step: ManualStep, _ language: String) -> String
    /// A sentence that is kept in English.
    package var sentence: @Sendable (_ english: String, _ language: String) -> String

    package init(
        check: @escaping @Sendable (_ check: String, _ language: String) -> String,
        step: @escaping @Sendable (_ step: ManualStep, _ language: String) -> String,
        sentence: @escaping @Sendable (_ english: String, _ language: String) -> String
    ) {
        self.check = check
        self.step = step
        self.sentence = sentence
    }

    /// The stable names, and everything in English.
    package static let plain = DoctorPhrases(
        check: { check, _ in check }, step: { step, _ in step.title }, sentence: { english, _ in english })
}
