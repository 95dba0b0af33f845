import CalendarModel

/// Somebody is signed in. The cookie's secret is kept as a digest only.
package struct Session: Hashable, Sendable {
    package var digest: String
    package var account: String
    /// What every form of this session carries.
    package var formToken: String
    /// How the person signed in: `password`, or an OpenID provider's id.
    package var method: String
    package var createdAt: Instant
    package var seenAt: Instant
    package var expiresAt: Instant

    package init(
        digest: String, account: String, formToken: String, method: String = Session.password, createdAt: Instant,
        seenAt: Instant, expiresAt: Instant
    ) {
        self.digest = digest
        self.account = account
        self.formToken = formToken
        self.method = method
        self.createdAt = createdAt
        self.seenAt = seenAt
        self.expiresAt = expiresAt
    }
}

extension Session {
    /// The method of those who gave their password here.
    package static let password = "password"
}

extension Store {
    package func addSession(_ session: Session) async throws {
        try await driver.write { connection in
            try connection.execute(
                """
                INSERT INTO sessions (digest, account, form_token, method, created_us, seen_us, expires_us)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                """,
                [
                    .text(session.digest), .text(session.account), .text(session.formToken), .text(session.method),
                    .integer(session.createdAt.microseconds), .integer(session.seenAt.microseconds),
                    .integer(session.expiresAt.microseconds),
                ])
            try connection.execute(
                "UPDATE accounts SET signed_in_us = $2 WHERE id = $1",
                [.text(session.account), .integer(session.createdAt.microseconds)])
            try connection.execute(
                "DELETE FROM sessions WHERE expires_us < $1", [.integer(session.createdAt.microseconds)])
        }
    }

    /// The session with this digest and its account, when both are in force.
    package func session(digest: String, now: Instant) async throws -> (session: Session, account: Account)? {
        try await driver.read { connection in
            guard
                let row = try connection.first(
                    """
                    SELECT \(Account.columns), sessions.form_token AS form_token, sessions.method AS method,
                        sessions.created_us AS created_us, sessions.seen_us AS seen_us, sessions.expires_us AS expires_us
                    FROM sessions JOIN accounts ON accounts.id = sessions.account
                    WHERE sessions.digest = $1 AND sessions.expires_us > $2 AND accounts.disabled_us IS NULL
                    """, [.text(digest), .integer(now.microseconds)])
            else { return nil }
            let account = try Account(row)
            let session = Session(
                digest: digest, account: account.id, formToken: try row.text("form_token"),
                method: try row.text("method"), createdAt: Instant(microseconds: try row.integer("created_us")),
                seenAt: Instant(microseconds: try row.integer("seen_us")),
                expiresAt: Instant(microseconds: try row.integer("expires_us")))
            return (session, account)
        }
    }

    /// A session that is used goes on.
    package func touchSession(digest: String, seen: Instant, expires: Instant) async throws {
        try await driver.write { connection in
            try connection.execute(
                "UPDATE sessions SET seen_us = $2, expires_us = $3 WHERE digest = $1",
                [.text(digest), .integer(seen.microseconds), .integer(expires.microseconds)])
        }
    }

    package func endSession(digest: String) async throws {
        try await driver.write { try $0.execute("DELETE FROM sessions WHERE digest = $1", [.text(digest)]) }
    }

    /// Ends a person's sessions, on every device, but for the one that asks.
    package func endSessions(of account: String, exceptDigest digest: String?) async throws {
        try await driver.write { connection in
            try connection.execute(
                "DELETE FROM sessions WHERE account = $1 AND digest <> $2", [.text(account), .text(digest ?? "")])
        }
    }

    package func countSessions(of account: String, now: Instant) async throws -> Int {
        try await driver.read { connection in
            Int(
                try connection.first(
                    "SELECT COUNT(*) AS count FROM sessions WHERE account = $1 AND expires_us > $2",
                    [.text(account), .integer(now.microseconds)])?.integer("count") ?? 0)
        }
    }

    // MARK: Throttling

    /// How often in a row somebody failed to sign in, and when last.
    package func signInFailures(of who: String) async throws -> (count: Int, last: Instant)? {
        try await driver.read { connection in
            try connection.first("SELECT count, last_us FROM sign_in_failures WHERE who = $1", [.text(who)]).map {
                (Int(try $0.integer("count")), Instant(microseconds: try $0.integer("last_us")))
            }
        }
    }

    package func recordSignInFailure(of who: String, now: Instant, forgetAfter: Duration) async throws {
        try await driver.write { connection in
            let old = now.advanced(by: .zero - forgetAfter).microseconds
            try connection.execute("DELETE FROM sign_in_failures WHERE last_us < $1", [.integer(old)])
            try connection.execute(
                """
                INSERT INTO sign_in_failures (who, count, last_us) VALUES ($1, 1, $2)
                ON CONFLICT (who) DO UPDATE SET count = sign_in_failures.count + 1, last_us = excluded.last_us
                """, [.text(who), .integer(now.microseconds)])
        }
    }

    package func forgetSignInFailures(of who: String) async throws {
        try await driver.write { try $0.execute("DELETE FROM sign_in_failures WHERE who = $1", [.text(who)]) }
    }
}
