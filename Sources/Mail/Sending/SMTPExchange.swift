import CMail
import CalendarModel
import Synchronization

/// One message given to the server. Blocks its thread: only ever run off the cooperative pool.
struct SMTPExchange: Sendable {
    var server: MailServer
    var recipients: [String]
    var message: String

    /// What the server made of it.
    struct Outcome: Sendable {
        var result: cmail_result
        var stage: cmail_stage
        var replyCode: Int?
        var reply: String
        var detail: String
        /// The server's answer to each recipient, in order; nil when it gave none.
        var answers: [Int?]
    }

    /// Set from another thread when nobody waits any more.
    final class Cancellation: Sendable {
        private let flag = Atomic(false)
        var isSet: Bool { flag.load(ordering: .relaxed) }
        func set() { flag.store(true, ordering: .relaxed) }
    }

    /// - Returns: nil when there was no memory.
    func run(_ cancellation: Cancellation) -> Outcome? {
        guard let mail = cmail_make() else { return nil }
        defer { cmail_free(mail) }
        var isReady = cmail_set(mail, CMAIL_URL, server.url) && cmail_set(mail, CMAIL_FROM, "<\(server.from.address)>")
        if let user = server.user { isReady = isReady && cmail_set(mail, CMAIL_USER, user) }
        if let password = server.password { isReady = isReady && cmail_set(mail, CMAIL_PASSWORD, password) }
        if let file = server.caFile { isReady = isReady && cmail_set(mail, CMAIL_CA_FILE, file) }
        if server.security == .startTLS { isReady = isReady && cmail_require_start_tls(mail) }
        let milliseconds = max(1, server.timeout.wholeMicroseconds / 1000)
        isReady = isReady && cmail_set_timeout(mail, Int(milliseconds))
        for recipient in recipients { isReady = isReady && cmail_add_recipient(mail, "<\(recipient)>") }
        guard isReady else { return nil }

        let bytes = message.utf8.map { CChar(bitPattern: $0) }
        let outcome = withExtendedLifetime(cancellation) {
            bytes.withUnsafeBufferPointer { buffer in
                cmail_send(
                    mail, buffer.baseAddress, buffer.count,
                    { context in
                        context.map { Unmanaged<Cancellation>.fromOpaque($0).takeUnretainedValue().isSet } ?? false
                    }, Unmanaged.passUnretained(cancellation).toOpaque())
            }
        }
        return Outcome(
            result: outcome.result, stage: outcome.stage,
            replyCode: outcome.reply_code == 0 ? nil : Int(outcome.reply_code),
            reply: Self.text(outcome.reply), detail: Self.text(outcome.detail),
            answers: recipients.indices.map { index in
                let code = cmail_recipient_reply(mail, index)
                return code == 0 ? nil : Int(code)
            })
    }

    /// The text in a C array: a tuple of characters, up to the first zero.
    private static func text<Characters>(_ characters: Characters) -> String {
        withUnsafeBytes(of: characters) { bytes in
            HeaderText.onOneLine(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))
        }
    }
}
