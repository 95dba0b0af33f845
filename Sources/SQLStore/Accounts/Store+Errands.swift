import CalendarModel

/// Something that is begun here and finished once, by whoever brings its secret: an invitation, the first operator's link,
/// a sign-in or a consent at another site. The secret is kept as a digest only.
package struct Errand: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case firstOperator, invitation, newPassword, signIn, consent, serviceAccount
    }

    package var digest: String
    package var kind: Kind
    package var organization: OrganizationID?
    /// The digest of the session that began it; only the same one may finish it.
    package var session: String?
    /// JSON; what is secret in it is sealed.
    package var content: String
    package var createdAt: Instant
    package var expiresAt: Instant

    package init(
        digest: String, kind: Kind, organization: OrganizationID? = nil, session: String? = nil, content: String = "{}",
        createdAt: Instant, expiresAt: Instant
    ) {
        self.digest = digest
        self.kind = kind
        self.organization = organization
        self.session = session
        self.content = content
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

/// Why an errand cannot be finished.
package enum ErrandError: Error, Hashable, Sendable {
    case unknown, used, expired, otherSession
}

extension Store {
    package func addErrand(_ errand: Errand) async throws {
        try await driver.write { connection in
            try connection.execute(
                """
                INSERT INTO errands (digest, kind, organization, session, content, created_us, expires_us)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                """,
                [
                    .text(errand.digest), .text(errand.kind.rawValue), .optional(errand.organization?.rawValue),
                    .optional(errand.session), .text(errand.content), .integer(errand.createdAt.microseconds),
                    .integer(errand.expiresAt.microseconds),
                ])
        }
    }

    /// Looks at an errand without finishing it.
    /// - Throws: ``ErrandError``.
    package func errand(digest: String, kind: Errand.Kind, now: Instant) async throws -> Errand {
        try await driver.read { try Self.errand(digest, kind, session: nil, checksSession: false, now: now, in: $0) }
    }

    /// Finishes an errand: nobody can a second time.
    /// - Throws: ``ErrandError``.
    package func takeErrand(digest: String, kind: Errand.Kind, session: String?, now: Instant) async throws -> Errand {
        try await driver.write { try Self.finishErrand(digest, kind, session: session, now: now, in: $0) }
    }

    @discardableResult
    static func finishErrand(
        _ digest: String, _ kind: Errand.Kind, session: String?, now: Instant, in connection: any SQLConnection
    ) throws -> Errand {
        let errand = try Self.errand(digest, kind, session: session, checksSession: true, now: now, in: connection)
        try connection.execute(
            "UPDATE errands SET used_us = $2 WHERE digest = $1", [.text(digest), .integer(now.microseconds)])
        let old = now.advanced(by: .seconds(-30 * 86_400)).microseconds
        try connection.execute("DELETE FROM errands WHERE expires_us < $1", [.integer(old)])
        return errand
    }

    /// The open errands of a kind, newest first: invitations that nobody took up yet.
    package func openErrands(
        _ kind: Errand.Kind, of organization: OrganizationID, now: Instant
    ) async throws -> [Errand] {
        try await driver.read { connection in
            try connection.query(
                """
                SELECT digest, kind, organization, session, content, created_us, expires_us, used_us FROM errands
                WHERE kind = $1 AND organization = $2 AND used_us IS NULL AND expires_us > $3
                ORDER BY created_us DESC, digest
                """,
                [.text(kind.rawValue), .text(organization.rawValue), .integer(now.microseconds)]
            ).compactMap(Errand.init)
        }
    }

    /// Takes an errand back before anybody finished it.
    package func dropErrands(_ kind: Errand.Kind, of organization: OrganizationID?, digest: String?) async throws {
        try await driver.write { connection in
            try connection.execute(
                """
                DELETE FROM errands WHERE kind = $1 AND (organization = $2 OR $2 IS NULL) AND (digest = $3 OR $3 IS NULL)
                    AND used_us IS NULL
                """, [.text(kind.rawValue), .optional(organization?.rawValue), .optional(digest)])
        }
    }

    private static func errand(
        _ digest: String, _ kind: Errand.Kind, session: String?, checksSession: Bool, now: Instant,
        in connection: any SQLConnection
    ) throws -> Errand {
        guard
            let row = try connection.first(
                """
                SELECT digest, kind, organization, session, content, created_us, expires_us, used_us FROM errands
                WHERE digest = $1 AND kind = $2
                """, [.text(digest), .text(kind.rawValue)]), let errand = try Errand(row)
        else { throw ErrandError.unknown }
        guard try row.optionalInteger("used_us") == nil else { throw ErrandError.used }
        guard errand.expiresAt > now else { throw ErrandError.expired }
        if checksSession, let owner = errand.session, owner != session { throw ErrandError.otherSession }
        return errand
    }
}

extension Errand {
    fileprivate init?(_ row: SQLRow) throws {
        guard let kind = Kind(rawValue: try row.text("kind")) else { return nil }
        self.init(
            digest: try row.text("digest"), kind: kind,
            organization: try row.optionalText("organization").map { OrganizationID($0) },
            session: try row.optionalText("session"), content: try row.text("content"),
            createdAt: Instant(microseconds: try row.integer("created_us")),
            expiresAt: Instant(microseconds: try row.integer("expires_us")))
    }
}
