import CalendarTime
import Configuration
import Foundation
import Logging
import Mail

/// The mail server through which administrators are told. Without `mail.host` nobody is.
///
/// | key | environment | default | meaning |
/// | --- | --- | --- | --- |
/// | `mail.host` | `LOOPSYNC_MAIL_HOST` | – | the mail server's name |
/// | `mail.port` | `LOOPSYNC_MAIL_PORT` | 587 | |
/// | `mail.security` | `LOOPSYNC_MAIL_SECURITY` | `startTLS` | startTLS, tls (from the first byte on), none |
/// | `mail.user` | `LOOPSYNC_MAIL_USER` | – | signs in when set |
/// | `mail.password` | `LOOPSYNC_MAIL_PASSWORD` | – | (secret) |
/// | `mail.passwordFile` | `LOOPSYNC_MAIL_PASSWORD_FILE` | – | file with the password |
/// | `mail.from` | `LOOPSYNC_MAIL_FROM` | – | sender: `sync@contoso.example` or `Name <sync@contoso.example>` |
/// | `mail.caFile` | `LOOPSYNC_MAIL_CA_FILE` | the system's | PEM file with the authorities to trust |
/// | `mail.timeoutSeconds` | `LOOPSYNC_MAIL_TIMEOUT_SECONDS` | 30 | for one message |
struct MailSettings: Sendable {
    var server: MailServer

    /// - Returns: nil when there is no mail server.
    /// - Throws: ``CommandFailure`` naming the key that is wrong.
    init?(_ config: ConfigReader) throws {
        guard let host = config.string(forKey: "mail.host"), !host.isEmpty else { return nil }
        let security = config.string(forKey: "mail.security", default: MailServer.Security.startTLS.rawValue)
        guard
            let security = MailServer.Security.allCases.first(where: {
                $0.rawValue.lowercased() == security.lowercased()
            })
        else {
            throw CommandFailure(
                "settings.mail", "The setting mail.security is “\(security)”, which is none of: startTLS, tls, none.",
                remedy: "Correct it and start again.")
        }
        guard let from = config.string(forKey: "mail.from"), !from.isEmpty else {
            throw CommandFailure(
                "settings.mail", "There is a mail server, but nobody to send as.",
                remedy: "Set mail.from to an address that the account may send as.")
        }
        let seconds = config.double(forKey: "mail.timeoutSeconds", default: 30)
        guard seconds >= 0.1, seconds <= 600 else {
            throw CommandFailure(
                "settings.range", "The setting mail.timeoutSeconds is \(seconds); it must be from 0.1 to 600 seconds.",
                remedy: "Correct it and start again.")
        }
        let caFile = config.string(forKey: "mail.caFile")
        if let caFile, !FileManager.default.isReadableFile(atPath: caFile) {
            throw CommandFailure(
                "settings.mail", "The file \(caFile) with certificate authorities cannot be read.",
                remedy: "Check mail.caFile and that the service's user may read it.")
        }
        server = MailServer(
            host: host, port: config.int(forKey: "mail.port", default: 587), security: security,
            user: config.string(forKey: "mail.user").flatMap { $0.isEmpty ? nil : $0 },
            password: try Self.password(config), from: try MailAddress(parsing: from),
            timeout: .milliseconds(Int64(seconds * 1000)), caFile: caFile)
    }

    private static func password(_ config: ConfigReader) throws -> String? {
        if let password = config.string(forKey: "mail.password", isSecret: true) { return password }
        guard let file = config.string(forKey: "mail.passwordFile") else { return nil }
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw CommandFailure(
                "settings.mail", "The file \(file) with the mail server's password cannot be read.",
                remedy: "Check mail.passwordFile and that the service's user may read it.")
        }
        return text.trimmingCharacters(in: .newlines)
    }
}

extension ServiceSettings {
    /// - Throws: ``CommandFailure`` when there is no mail server.
    func mailer(logger: Logger) throws -> Mailer {
        guard let mail else {
            throw CommandFailure(
                "mail.notConfigured", "No mail server is set.",
                remedy: "Set mail.host and mail.from; see docs/operator-guide.md.",
                consequence: "Nobody is told by e-mail when something that worked breaks.")
        }
        return try Mailer(server: mail.server, now: Installation.now, logger: logger)
    }
}
