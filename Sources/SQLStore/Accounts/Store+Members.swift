import CalendarModel

extension Store {
    /// The organizations an account belongs to, by name. Operators belong to all, as administrators.
    package func memberships(of account: Account) async throws -> [Membership] {
        if account.isOperator {
            return try await organizations().map { Membership(organization: $0, role: .administrator) }
        }
        return try await driver.read { connection in
            try connection.query(
                """
                SELECT organizations.id AS id, organizations.name AS name, organizations.settings AS settings,
                    memberships.role AS role
                FROM memberships
                JOIN organizations ON organizations.id = memberships.organization
                WHERE memberships.account = $1 ORDER BY organizations.name, organizations.id
                """, [.text(account.id)]
            ).map {
                Membership(organization: try Organization($0), role: Role(rawValue: try $0.text("role")) ?? .viewer)
            }
        }
    }

    package func members(of organization: OrganizationID) async throws -> [Member] {
        try await driver.read { connection in
            try connection.query(
                """
                SELECT \(Account.columns), memberships.role AS role FROM memberships
                JOIN accounts ON accounts.id = memberships.account
                WHERE memberships.organization = $1 ORDER BY accounts.email_key
                """, [.text(organization.rawValue)]
            ).map { Member(account: try Account($0), role: Role(rawValue: try $0.text("role")) ?? .viewer) }
        }
    }

    package func member(_ account: String, of organization: OrganizationID) async throws -> Member? {
        try await driver.read { connection in
            try connection.first(
                """
                SELECT \(Account.columns), memberships.role AS role FROM memberships
                JOIN accounts ON accounts.id = memberships.account
                WHERE memberships.organization = $1 AND memberships.account = $2
                """, [.text(organization.rawValue), .text(account)]
            ).map { Member(account: try Account($0), role: Role(rawValue: try $0.text("role")) ?? .viewer) }
        }
    }

    /// Takes up an invitation, once: the account, made now when it is new, becomes a member. Who is a member already keeps
    /// the role.
    /// - Throws: ``ErrandError``, ``AccountError/emailTaken(_:)``.
    package func join(
        _ organization: OrganizationID, as role: Role, invitation digest: String, account: Account, isNew: Bool,
        now: Instant
    ) async throws {
        try await driver.write { connection in
            try Self.finishErrand(digest, .invitation, session: nil, now: now, in: connection)
            if isNew { try Self.add(account, in: connection) }
            let present = try connection.first(
                "SELECT role FROM memberships WHERE organization = $1 AND account = $2",
                [.text(organization.rawValue), .text(account.id)])
            if present == nil {
                try Self.setRole(role, of: account.id, in: organization, now: now, connection)
            }
        }
    }

    /// Makes an account a member, or gives it another role.
    /// - Throws: ``AccountError/lastOne`` when the organization would be without an administrator.
    package func setRole(
        _ role: Role, of account: String, in organization: OrganizationID, now: Instant
    ) async throws {
        try await driver.write { connection in
            if role != .administrator {
                try Self.keepAnAdministrator(of: organization, besides: account, in: connection)
            }
            try Self.setRole(role, of: account, in: organization, now: now, connection)
        }
    }

    static func setRole(
        _ role: Role, of account: String, in organization: OrganizationID, now: Instant, _ connection: any SQLConnection
    ) throws {
        try connection.execute(
            """
            INSERT INTO memberships (organization, account, role, created_us) VALUES ($1, $2, $3, $4)
            ON CONFLICT (organization, account) DO UPDATE SET role = excluded.role
            """,
            [
                .text(organization.rawValue), .text(account), .text(role.rawValue), .integer(now.microseconds),
            ])
    }

    /// - Throws: ``AccountError/lastOne``, ``AccountError/noSuchAccount``.
    package func removeMember(_ account: String, of organization: OrganizationID) async throws {
        try await driver.write { connection in
            try Self.keepAnAdministrator(of: organization, besides: account, in: connection)
            let count = try connection.execute(
                "DELETE FROM memberships WHERE organization = $1 AND account = $2",
                [.text(organization.rawValue), .text(account)])
            guard count > 0 else { throw AccountError.noSuchAccount }
        }
    }

    private static func keepAnAdministrator(
        of organization: OrganizationID, besides account: String, in connection: any SQLConnection
    ) throws {
        let present = try connection.first(
            "SELECT role FROM memberships WHERE organization = $1 AND account = $2",
            [.text(organization.rawValue), .text(account)])
        guard try present?.text("role") == Role.administrator.rawValue else { return }
        let other = try connection.first(
            """
            SELECT memberships.account AS account FROM memberships
            JOIN accounts ON accounts.id = memberships.account
            WHERE organization = $1 AND memberships.account <> $2 AND role = 'administrator' AND disabled_us IS NULL
            """, [.text(organization.rawValue), .text(account)])
        guard other != nil else { throw AccountError.lastOne }
    }
}
