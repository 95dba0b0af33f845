import CalendarModel

/// One line of the log of administrative acts. Lines are only ever added: the database refuses to change or remove them, and
/// each line's digest covers the line before it, so that a change from outside is seen.
package struct AuditEntry: Hashable, Sendable {
    package enum ActorKind: String, Hashable, Sendable { case account, token, command, service }

    package var position: Int64
    /// Nil for acts upon the installation as a whole.
    package var organization: OrganizationID?
    package var at: Instant
    package var actorKind: ActorKind
    /// The person's address, the token's name.
    package var actor: String
    /// A stable, dotted name, such as `link.pause`.
    package var action: String
    /// What it was done to, in words: a room's title, a person's address.
    package var subject: String
    /// What was changed, in words; never a secret, never a meeting's content.
    package var detail: String
    package var digest: String

    package init(
        position: Int64 = 0, organization: OrganizationID?, at: Instant, actorKind: ActorKind, actor: String,
        action: String, subject: String, detail: String = "", digest: String = ""
    ) {
        self.position = position
        self.organization = organization
        self.at = at
        self.actorKind = actorKind
        self.actor = actor
        self.action = action
        self.subject = subject
        self.detail = detail
        self.digest = digest
    }

    /// What the digest covers, together with the digest of the line before.
    package func text(after previous: String) -> String {
        [
            previous, String(position), organization?.rawValue ?? "", String(at.microseconds), actorKind.rawValue,
            actor,
            action, subject, detail,
        ].map { "\($0.utf8.count):\($0)" }.joined()
    }
}

extension Store {
    /// - Parameter digest: makes a line's digest from its text (SHA-256).
    package func audit(_ entry: AuditEntry, digest: @escaping @Sendable (String) -> String) async throws {
        try await driver.write { connection in
            let last = try connection.first(
                "SELECT position, digest FROM audit_log ORDER BY position DESC LIMIT 1", [])
            var entry = entry
            entry.position = (try last?.integer("position") ?? 0) + 1
            entry.digest = digest(entry.text(after: try last?.text("digest") ?? ""))
            try connection.execute(
                """
                INSERT INTO audit_log (position, organization, at_us, actor_kind, actor, action, subject, detail, digest)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                """,
                [
                    .integer(entry.position), .optional(entry.organization?.rawValue), .integer(entry.at.microseconds),
                    .text(entry.actorKind.rawValue), .text(entry.actor), .text(entry.action), .text(entry.subject),
                    .text(entry.detail), .text(entry.digest),
                ])
        }
    }

    /// Newest first. Nil for the acts upon the installation as a whole and upon every organization.
    /// - Parameter before: only lines before this position.
    package func auditLog(
        of organization: OrganizationID?, before: Int64? = nil, limit: Int
    ) async throws -> [AuditEntry] {
        try await driver.read { connection in
            try connection.query(
                """
                SELECT position, organization, at_us, actor_kind, actor, action, subject, detail, digest FROM audit_log
                WHERE ($1 IS NULL OR organization = $1) AND ($2 IS NULL OR position < $2)
                ORDER BY position DESC LIMIT $3
                """, [.optional(organization?.rawValue), .optional(before), .integer(Int64(limit))]
            ).map(AuditEntry.init)
        }
    }

    /// Works every digest out again.
    package func checkAuditLog(digest: @escaping @Sendable (String) -> String) async throws -> AuditCheck {
        var check = AuditCheck(lines: 0, broken: nil)
        var previous = ""
        while check.broken == nil {
            let after = check.lines
            // A part at a time, so that nobody else waits long for the database.
            let entries = try await driver.read { connection in
                try connection.query(
                    """
                    SELECT position, organization, at_us, actor_kind, actor, action, subject, detail, digest
                    FROM audit_log WHERE position > $1 ORDER BY position LIMIT 500
                    """, [.integer(after)]
                ).map(AuditEntry.init)
            }
            for entry in entries {
                guard entry.position == check.lines + 1, digest(entry.text(after: previous)) == entry.digest else {
                    check.broken = check.lines + 1
                    return check
                }
                previous = entry.digest
                check.lines += 1
            }
            if entries.isEmpty { break }
        }
        return check
    }
}

/// What a check of the audit log found.
package struct AuditCheck: Hashable, Sendable {
    /// So many lines from the first on are as they were written.
    package var lines: Int64
    /// The first line that was changed or is missing; nil when none is.
    package var broken: Int64?

    package init(lines: Int64, broken: Int64?) {
        self.lines = lines
        self.broken = broken
    }
}

extension AuditEntry {
    fileprivate init(_ row: SQLRow) throws {
        self.init(
            position: try row.integer("position"),
            organization: try row.optionalText("organization").map { OrganizationID($0) },
            at: Instant(microseconds: try row.integer("at_us")),
            actorKind: ActorKind(rawValue: try row.text("actor_kind")) ?? .service, actor: try row.text("actor"),
            action: try row.text("action"), subject: try row.text("subject"), detail: try row.text("detail"),
            digest: try row.text("digest"))
    }
}
