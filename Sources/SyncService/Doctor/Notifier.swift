/// A message to one person, ready to be sent. Plain text; names no private content.
package struct Notification: Hashable, Sendable, Codable {
    /// The same for every attempt to send it, so that a receiver sees one message.
    package var id: String
    package var address: String
    package var name: String
    /// `en` or `nb`.
    package var language: String
    package var subject: String
    package var text: String

    package init(id: String, address: String, name: String, language: String, subject: String, text: String) {
        self.id = id
        self.address = address
        self.name = name
        self.language = language
        self.subject = subject
        self.text = text
    }
}

/// Whatever brings messages to people, such as e-mail.
package protocol Notifier: Sendable {
    /// Returns when the message was handed over for good; throws when it is to be tried again.
    func notify(_ notification: Notification) async throws
}
