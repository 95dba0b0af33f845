import CalendarModel

/// A right to use the REST API for one organization. The token itself is shown once and never kept; the database has
/// its digest.
package struct APIToken: Hashable, Sendable {
    package var id: String
    package var organization: OrganizationID
    /// Whose it is, in words; the author of what it changes.
    package var name: String
    package var scopes: Set<Permission>
    package var createdAt: Instant
    package var revokedAt: Instant?

    package init(
        id: String, organization: OrganizationID, name: String, scopes: Set<Permission> = .wholeOrganization,
        createdAt: Instant, revokedAt: Instant? = nil
    ) {
        self.id = id
        self.organization = organization
        self.name = name
        self.scopes = scopes
        self.createdAt = createdAt
        self.revokedAt = revokedAt
    }
}

/// Why a token was not added or revoked.
package enum TokenError: Error, Hashable, Sendable {
    case nameTaken(String)
    case noSuchToken(String)
}

extension Store {
    /// Keeps a new token by the digest of its secret.
    package func addToken(_ token: APIToken, digest: String) async throws {
        try await driver.write { connection in
            let taken = try connection.first(
                "SELECT id FROM api_tokens WHERE organization = $1 AND name = $2 AND revoked_us IS NULL",
                [.text(token.organization.rawValue), .text(token.name)])
            guard taken == nil else { throw TokenError.nameTaken(token.name) }
            try connection.execute(
                "INSERT INTO api_tokens (id, organization, name, digest, created_us, scopes) VALUES ($1, $2, $3, $4, $5, $6)",
                [
                    .text(token.id), .text(token.organization.rawValue), .text(token.name), .text(digest),
                    .integer(token.createdAt.microseconds), .text(token.scopes.words),
                ])
        }
    }

    /// The token in force whose secret has this digest. The lookup compares digests, never secrets, so its timing tells
    /// nothing about a secret.
    package func token(digest: String) async throws -> APIToken? {
        try await driver.read { connection in
            try connection.first(
                """
                SELECT id, organization, name, scopes, created_us, revoked_us FROM api_tokens
                WHERE digest = $1 AND revoked_us IS NULL
                """, [.text(digest)]
            ).map(APIToken.init)
        }
    }

    /// All tokens of an organization, revoked ones included, by name.
    package func tokens(of organization: OrganizationID) async throws -> [APIToken] {
        try await driver.read { connection in
            try connection.query(
                """
                SELECT id, organization, name, scopes, created_us, revoked_us FROM api_tokens WHERE organization = $1
                ORDER BY name, created_us
                """, [.text(organization.rawValue)]
            ).map(APIToken.init)
        }
    }

    /// - Throws: ``TokenError/noSuchToken(_:)``.
    package func token(_ id: String, of organization: OrganizationID) async throws -> APIToken {
        let token = try await driver.read { connection in
            try connection.first(
                """
                SELECT id, organization, name, scopes, created_us, revoked_us FROM api_tokens
                WHERE id = $1 AND organization = $2
                """, [.text(id), .text(organization.rawValue)]
            ).map(APIToken.init)
        }
        guard let token else { throw TokenError.noSuchToken(id) }
        return token
    }

    /// Ends a token's right at once.
    package func revokeToken(named name: String, of organization: OrganizationID, now: Instant) async throws {
        try await driver.write { connection in
            let count = try connection.execute(
                "UPDATE api_tokens SET revoked_us = $3 WHERE organization = $1 AND name = $2 AND revoked_us IS NULL",
                [.text(organization.rawValue), .text(name), .integer(now.microseconds)])
            guard count > 0 else { throw TokenError.noSuchToken(name) }
        }
    }
}

extension APIToken {
    init(_ row: SQLRow) throws {
        self.init(
            id: try row.text("id"), organization: OrganizationID(try row.text("organization")),
            name: try row.text("name"), scopes: Set(words: try row.text("scopes")),
            createdAt: Instant(microseconds: try row.integer("created_us")),
            revokedAt: try row.optionalInteger("revoked_us").map(Instant.init(microseconds:)))
    }
}
