import CMail

extension MailError {
    /// What an exchange with the server says, in words; nil when every recipient's message was taken.
    init?(_ outcome: SMTPExchange.Outcome, _ exchange: SMTPExchange) {
        let place = "\(exchange.server.host):\(exchange.server.port)"
        let words = Words(outcome, hiding: exchange.server.password)
        let refused = zip(exchange.recipients, outcome.answers).compactMap { $1.map { $0 >= 400 } ?? false ? $0 : nil }
        switch outcome.result {
        case CMAIL_SENT where refused.isEmpty: return nil
        case CMAIL_SENT:
            self = .refused(refused, of: exchange.recipients.count, words)
        case CMAIL_HOST_UNKNOWN:
            self.init(
                .hostUnknown, "The mail server \(exchange.server.host) was not found.",
                remedy: "Check the spelling of mail.host, and that this machine can look up names.")
        case CMAIL_UNREACHABLE:
            self.init(
                .unreachable, "There is no connection to the mail server \(place) (\(words.detail)).",
                remedy: "Check mail.host and mail.port, that the server runs, and that no firewall is between.")
        case CMAIL_UNTRUSTED:
            self.init(
                .untrusted, "The mail server \(place) cannot prove who it is (\(words.detail)).",
                consequence: "Nothing was told to it: neither the password nor the message.",
                remedy: """
                    Check that mail.host is the name in the server's certificate and that mail.security fits the port \
                    (587: startTLS, 465: tls). For a certificate of your own authority set mail.caFile.
                    """)
        case CMAIL_CA_FILE_UNUSABLE:
            self.init(
                .settingsUnusable, "The file with certificate authorities cannot be used (\(words.detail)).",
                remedy: "Check that mail.caFile names a PEM file that the service's user may read.")
        case CMAIL_NO_ENCRYPTION:
            self.init(
                .encryptionMissing, "The mail server \(place) offers no encryption (STARTTLS).",
                consequence: "Nothing was told to it: neither the password nor the message.",
                remedy: "Use the server's port with STARTTLS (587), or set mail.security to tls for port 465.",
                replyCode: words.code)
        case CMAIL_SIGN_IN_REFUSED:
            self.init(
                .signInRefused, "The mail server \(place) refused the sign-in (\(words.text)).",
                remedy: """
                    Check mail.user and mail.password. Microsoft 365 and Google want SMTP sign-in switched on for the \
                    mailbox, or an app password.
                    """, replyCode: words.code)
        case CMAIL_REFUSED: self = .refusal(outcome, words, place, refused, exchange)
        case CMAIL_TIMED_OUT:
            self.init(
                .timedOut, "The mail server \(place) did not finish in time.",
                consequence: outcome.stage == CMAIL_CONTENT
                    ? "The message may have been sent nevertheless." : "The message was not sent.",
                remedy: "Check that mail.security fits the port (587: startTLS, 465: tls); otherwise try again later.")
        default:
            self.init(
                .connectionLost, "The exchange with the mail server \(place) broke off (\(words.text)).",
                consequence: outcome.stage == CMAIL_CONTENT
                    ? "The message may have been sent nevertheless." : "The message was not sent.",
                remedy: "Check that a mail server listens there and that mail.security fits the port; then try again.",
                replyCode: words.code)
        }
    }

    private static func refusal(
        _ outcome: SMTPExchange.Outcome, _ words: Words, _ place: String, _ refused: [String],
        _ exchange: SMTPExchange
    ) -> MailError {
        switch outcome.stage {
        case CMAIL_SENDER:
            MailError(
                .senderRefused,
                "The mail server \(place) does not take messages from \(exchange.server.from.address) (\(words.text)).",
                remedy: """
                    Set mail.from to an address that this account may send as; when the server wants a sign-in, set \
                    mail.user and mail.password.
                    """, replyCode: words.code)
        case CMAIL_RECIPIENTS: .refused(refused, of: exchange.recipients.count, words)
        default:
            MailError(
                .messageRefused, "The mail server \(place) did not take the message (\(words.text)).",
                remedy: "Ask whoever runs the mail server, with this reply.", replyCode: words.code)
        }
    }

    private static func refused(_ refused: [String], of count: Int, _ words: Words) -> MailError {
        MailError(
            .recipientsRefused,
            "The mail server does not deliver to \(refused.joined(separator: ", ")) (\(words.text)).",
            consequence: refused.count < count
                ? "The other recipients got the message; these did not." : "The message was not sent.",
            remedy: "Check the spelling of the addresses, and that this account may send to them.",
            replyCode: words.code, refused: refused)
    }

    /// What the server or the library said.
    private struct Words {
        var code: Int?
        var text: String
        var detail: String

        init(_ outcome: SMTPExchange.Outcome, hiding password: String?) {
            // No server should repeat a password; one that does is not quoted.
            func safe(_ text: String) -> String {
                guard let password, !password.isEmpty, text.contains(password) else { return text }
                return text.replacing(password, with: "(hidden)")
            }
            code = outcome.replyCode
            detail = outcome.detail.isEmpty ? "no reason given" : safe(outcome.detail)
            text = outcome.reply.isEmpty ? detail : safe(outcome.reply)
        }
    }
}
