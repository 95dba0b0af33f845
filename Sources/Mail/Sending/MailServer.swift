import CalendarModel

/// The mail server that takes our messages, and the account we have there.
package struct MailServer: Hashable, Sendable {
    package enum Security: String, Hashable, Sendable, CaseIterable {
        /// In the clear. For a relay on the same machine.
        case none
        /// Connects in the clear and encrypts before anything is said; without encryption nothing is sent. Port 587.
        case startTLS
        /// Encrypted from the first byte on. Port 465.
        case tls
    }

    package var host: String
    package var port: Int
    package var security: Security
    /// nil: the server takes messages without signing in.
    package var user: String?
    package var password: String?
    package var from: MailAddress
    /// For the whole exchange.
    package var timeout: Duration
    /// A PEM file with the authorities to trust, instead of the system's.
    package var caFile: String?

    package init(
        host: String, port: Int = 587, security: Security = .startTLS, user: String? = nil, password: String? = nil,
        from: MailAddress, timeout: Duration = .seconds(30), caFile: String? = nil
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.user = user
        self.password = password
        self.from = from
        self.timeout = timeout
        self.caFile = caFile
    }

    /// - Throws: ``MailError`` of kind `settingsUnusable`.
    func check() throws(MailError) {
        let allowed = host.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || ".-:".unicodeScalars.contains(scalar))
        }
        guard !host.isEmpty, allowed, host.utf8.count <= 253 else { throw .unusable(host: host) }
        guard (1...65_535).contains(port) else { throw .unusable(port: port) }
        guard user != nil else { return }
        guard let password, !password.isEmpty else { throw .passwordMissing }
        if security == .none, !["localhost", "127.0.0.1", "::1"].contains(host) { throw .passwordInTheClear }
    }

    var url: String {
        let scheme = security == .tls ? "smtps" : "smtp"
        return "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }
}

extension MailServer: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(host):\(port), \(security.rawValue)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["host": host, "port": port]) }
}
