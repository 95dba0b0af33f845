import Mail
import SyncService

/// Brings the doctor's messages to people by e-mail.
struct MailNotifier: Notifier {
    let mailer: Mailer

    func notify(_ notification: SyncService.Notification) async throws {
        let receiver = try MailAddress(notification.address, name: notification.name)
        try await mailer.send(
            MailMessage(
                to: [receiver], subject: notification.subject, body: notification.text, id: notification.id))
    }
}
