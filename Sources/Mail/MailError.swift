/// Why a message was not sent, in words for an administrator: what happened, what it means, what to do. Never holds the
/// password or the message.
package struct MailError: Error, Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case settingsUnusable
        case addressUnusable
        case hostUnknown
        case unreachable
        case untrusted
        case encryptionMissing
        case signInRefused
        case senderRefused
        case recipientsRefused
        case messageRefused
        case timedOut
        case connectionLost
    }

    package var kind: Kind
    /// What happened, in one sentence.
    package var summary: String
    /// What it means.
    package var consequence: String
    /// What to do next.
    package var remedy: String
    /// The SMTP reply that said no, such as 535 or 550.
    package var replyCode: Int?
    /// The addresses the server did not take; with some others it may have taken the message.
    package var refused: [String] = []

    /// A stable, dotted name for scripts.
    package var code: String { "mail.\(kind.rawValue)" }

    /// Whether the same message may well be taken later without anybody mending anything.
    package var isPassing: Bool {
        switch kind {
        case .unreachable, .timedOut, .connectionLost, .hostUnknown: true
        case .settingsUnusable, .addressUnusable, .untrusted, .encryptionMissing: false
        case .signInRefused, .senderRefused, .recipientsRefused, .messageRefused:
            replyCode.map { (400..<500).contains($0) } ?? false
        }
    }

    init(
        _ kind: Kind, _ summary: String, consequence: String = "The message was not sent.", remedy: String,
        replyCode: Int? = nil, refused: [String] = []
    ) {
        self.kind = kind
        self.summary = summary
        self.consequence = consequence
        self.remedy = remedy
        self.replyCode = replyCode
        self.refused = refused
    }
}

extension MailError: CustomStringConvertible {
    package var description: String {
        [summary, consequence, remedy].filter { !$0.isEmpty }.joined(separator: " ")
    }
}

// What is wrong before anything is sent.
extension MailError {
    static func unusable(address: String) -> MailError {
        // What somebody typed is shown on one line and not in full length.
        let shown = HeaderText.onOneLine(address).prefix(100)
        return MailError(
            .addressUnusable, "“\(shown)” is not an e-mail address that can be used.",
            remedy: "Give an address such as anna@contoso.example, with nothing around it.")
    }

    static let noRecipients = MailError(
        .addressUnusable, "The message has no recipients.", remedy: "Name at least one address.")

    static func unusable(host: String) -> MailError {
        MailError(
            .settingsUnusable, "“\(HeaderText.onOneLine(host).prefix(100))” is not the name of a mail server.",
            remedy: "Set mail.host to a name such as smtp.contoso.example; the port is mail.port.")
    }

    static func unusable(port: Int) -> MailError {
        MailError(
            .settingsUnusable, "\(port) is not a port of a mail server.",
            remedy: "Set mail.port to 587 (STARTTLS), 465 (TLS) or 25.")
    }

    static let passwordInTheClear = MailError(
        .settingsUnusable, "With security “none” the mail server's password would cross the network in the clear.",
        remedy: "Set mail.security to startTLS or tls, or leave mail.user and mail.password out.")

    static let passwordMissing = MailError(
        .settingsUnusable, "There is a user for the mail server, but no password.",
        remedy: "Set mail.password or mail.passwordFile, or leave mail.user out.")

    static let noMemory = MailError(
        .connectionLost, "There was no memory to send a message.", remedy: "Try again later.")
}
