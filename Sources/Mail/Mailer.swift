import CMail
import CalendarModel
import Dispatch
import Logging

/// Sends messages to people through a mail server (SMTP, by libcurl).
package struct Mailer: Sendable {
    package let server: MailServer
    private let now: @Sendable () -> Instant
    private let logger: Logger

    /// libcurl blocks its thread, and the cooperative pool has few: exchanges run here.
    private static let queue = DispatchQueue(label: "mail", attributes: .concurrent)

    /// - Throws: ``MailError`` of kind `settingsUnusable`.
    package init(
        server: MailServer, now: @escaping @Sendable () -> Instant, logger: Logger
    ) throws(MailError) {
        try server.check()
        self.server = server
        self.now = now
        self.logger = logger
    }

    /// Returns when the server has taken the message for every recipient.
    /// - Throws: ``MailError``; of kind `recipientsRefused` when some or all of them were refused (those it does not name
    ///   got the message). `CancellationError` when the task was cancelled meanwhile, within a second or so.
    package func send(_ message: MailMessage) async throws {
        // Nobody gets a message twice.
        var recipients: [String] = []
        for address in message.to.map(\.address) where !recipients.contains(address) { recipients.append(address) }
        guard !recipients.isEmpty else { throw MailError.noRecipients }
        let exchange = SMTPExchange(
            server: server, recipients: recipients,
            message: message.encoded(from: server.from, at: now(), id: Self.freshID()))
        let cancellation = SMTPExchange.Cancellation()
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                Self.queue.async {
                    continuation.resume(returning: cancellation.isSet ? nil : exchange.run(cancellation))
                }
            }
        } onCancel: {
            cancellation.set()
        }
        if outcome?.result == CMAIL_CANCELLED || (outcome == nil && cancellation.isSet) { throw CancellationError() }
        guard let outcome else { throw MailError.noMemory }
        if let error = MailError(outcome, exchange) {
            logger.info(
                "a message was not sent to everybody",
                metadata: [
                    "mail.host": "\(server.host)", "mail.error": "\(error.code)",
                    "mail.reply": "\(error.replyCode.map(String.init) ?? "none")",
                ])
            throw error
        }
        logger.debug("sent a message", metadata: ["mail.host": "\(server.host)"])
    }

    /// Two random numbers; unlike a time, they tell nothing.
    private static func freshID() -> String {
        (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined(separator: ".")
    }
}
