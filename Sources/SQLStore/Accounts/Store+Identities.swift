import CalendarModel

/// Somebody at an OpenID provider, as whom an account's owner signs in.
package struct Identity: Hashable, Sendable {
    package var issuer: String
    /// The provider's own name for the person; never shown.
    package var subject: String
    package var account: String
    /// The provider's id, such as `microsoft`.
    package var provider: String
    /// What the person is called there: an address.
    package var label: String
    package var createdAt: Instant

    package init(
        issuer: String, subject: String, account: String, provider: String, label: String, createdAt: Instant
    ) {
        self.issuer = issuer
        self.subject = subject
        self.account = account
        self.provider = provider
        self.label = label
        self.createdAt = createdAt
    }
}

extension Store {
    /// The account that signs in as this person elsewhere.
    package func account(issuer: String, subject: String) async throws -> Account? {
        try await driver.read { connection in
            try connection.first(
                """
                SELECT \(Account.columns) FROM accounts
                JOIN account_identities ON account_identities.account = accounts.id
                WHERE account_identities.issuer = $1 AND account_identities.subject = $2
                """, [.text(issuer), .text(subject)]
            ).map(Account.init)
        }
    }

    package func identities(of account: String) async throws -> [Identity] {
        try await driver.read { connection in
            try connection.query(
                """
                SELECT issuer, subject, account, provider, label, created_us FROM account_identities
                WHERE account = $1 ORDER BY provider, label, subject
                """, [.text(account)]
            ).map(Identity.init)
        }
    }

    /// From now on the person elsewhere signs in as this account.
    /// - Throws: ``AccountError/identityTaken`` when it is another account's.
    package func addIdentity(_ identity: Identity) async throws {
        try await driver.write { connection in
            let owner = try connection.first(
                "SELECT account FROM account_identities WHERE issuer = $1 AND subject = $2",
                [.text(identity.issuer), .text(identity.subject)])
            if let owner {
                guard try owner.text("account") == identity.account else { throw AccountError.identityTaken }
                return
            }
            try connection.execute(
                """
                INSERT INTO account_identities (issuer, subject, account, provider, label, created_us)
                VALUES ($1, $2, $3, $4, $5, $6)
                """,
                [
                    .text(identity.issuer), .text(identity.subject), .text(identity.account),
                    .text(identity.provider), .text(identity.label), .integer(identity.createdAt.microseconds),
                ])
        }
    }

    /// Ends signing in by a provider. One way to sign in is left, else nobody gets in any more.
    /// - Throws: ``AccountError/lastOne``.
    package func removeIdentities(of account: String, at provider: String) async throws {
        try await driver.write { connection in
            let password = try connection.first("SELECT password FROM accounts WHERE id = $1", [.text(account)])
            let other = try connection.first(
                "SELECT subject FROM account_identities WHERE account = $1 AND provider <> $2",
                [.text(account), .text(provider)])
            guard try password?.optionalText("password") != nil || other != nil else { throw AccountError.lastOne }
            try connection.execute(
                "DELETE FROM account_identities WHERE account = $1 AND provider = $2",
                [.text(account), .text(provider)])
        }
    }
}

extension Identity {
    fileprivate init(_ row: SQLRow) throws {
        self.init(
            issuer: try row.text("issuer"), subject: try row.text("subject"), account: try row.text("account"),
            provider: try row.text("provider"), label: try row.text("label"),
            createdAt: Instant(microseconds: try row.integer("created_us")))
    }
}
