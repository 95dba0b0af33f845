import CalendarModel

/// A plain text to some people.
package struct MailMessage: Hashable, Sendable {
    package var to: [MailAddress]
    /// Line breaks in it become spaces.
    package var subject: String
    package var body: String
    /// The same for every attempt to send it, so that a receiver sees one message; nil: a new one each time.
    package var id: String?

    package init(to: [MailAddress], subject: String, body: String, id: String? = nil) {
        self.to = to
        self.subject = subject
        self.body = body
        self.id = id
    }
}

extension MailMessage {
    /// The message as it goes over the wire (RFC 5322, MIME): lines of at most 78 characters of ASCII, whatever is in it.
    /// - Parameter id: makes the Message-ID unique: letters and digits.
    func encoded(from sender: MailAddress, at now: Instant, id: String) -> String {
        let headers = [
            "From: \(HeaderText.mailbox(sender))",
            "To: \(to.map(HeaderText.mailbox).joined(separator: ",\r\n "))",
            HeaderText.field("Subject", subject),
            "Date: \(MailDate.text(now))",
            "Message-ID: <\(self.id.map(Self.plain) ?? id)@\(sender.domain)>",
            // Nobody's absence note shall answer (RFC 3834; the second one is Exchange's word for it).
            "Auto-Submitted: auto-generated",
            "X-Auto-Response-Suppress: All",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: quoted-printable",
        ]
        return headers.joined(separator: "\r\n") + "\r\n\r\n" + QuotedPrintable.encode(body) + "\r\n"
    }

    /// What a Message-ID may hold without quoting.
    private static func plain(_ id: String) -> String {
        id.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
    }
}
