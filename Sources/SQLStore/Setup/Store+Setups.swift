import CalendarModel

extension Store {
    private static let columns = """
        id, organization, kind, content, revision, changed_by, created_us, changed_us, mapping_revision, mapping_by,
        mapping_us
        """

    package func addSetup(_ record: SetupRecord) async throws {
        try await driver.write { connection in
            try connection.execute(
                """
                INSERT INTO setups (id, organization, kind, content, revision, changed_by, created_us, changed_us)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
                """,
                [
                    .text(record.id.rawValue), .text(record.organization.rawValue), .text(record.kind),
                    .text(record.content), .integer(record.revision), .text(record.changedBy),
                    .integer(record.createdAt.microseconds),
                ])
        }
    }

    /// An organization's set-ups, the latest first.
    package func setups(of organization: OrganizationID) async throws -> [SetupRecord] {
        try await driver.read { connection in
            try connection.query(
                "SELECT \(Self.columns) FROM setups WHERE organization = $1 ORDER BY changed_us DESC, id",
                [.text(organization.rawValue)]
            ).map(SetupRecord.init)
        }
    }

    package func setup(_ id: ConnectionID, of organization: OrganizationID) async throws -> SetupRecord? {
        try await driver.read { try Self.setup(id, of: organization, in: $0) }
    }

    static func setup(
        _ id: ConnectionID, of organization: OrganizationID, in connection: any SQLConnection
    ) throws -> SetupRecord? {
        try connection.first(
            "SELECT \(columns) FROM setups WHERE id = $1 AND organization = $2",
            [.text(id.rawValue), .text(organization.rawValue)]
        ).map(SetupRecord.init)
    }

    /// Changes what was entered, and secrets with it: a secret that is nil is taken away.
    /// - Parameter revision: the one it was entered on; nil for any.
    /// - Returns: the new revision.
    /// - Throws: ``SetupStoreError``.
    @discardableResult
    package func changeSetup(
        _ id: ConnectionID, of organization: OrganizationID, content: String, secrets: [String: String?] = [:],
        ifRevision revision: Int64?, by author: String, now: Instant
    ) async throws -> Int64 {
        try await driver.write { connection in
            guard let record = try Self.setup(id, of: organization, in: connection) else {
                throw SetupStoreError.noSuchSetup
            }
            if let revision, revision != record.revision {
                throw SetupStoreError.changed(revision: record.revision, by: record.changedBy)
            }
            try connection.execute(
                "UPDATE setups SET content = $2, revision = $3, changed_by = $4, changed_us = $5 WHERE id = $1",
                [
                    .text(id.rawValue), .text(content), .integer(record.revision + 1), .text(author),
                    .integer(now.microseconds),
                ])
            for (name, sealed) in secrets { try Self.keepSecret(sealed, name, of: id, in: connection) }
            return record.revision + 1
        }
    }

    /// Takes a set-up away; a connection that came of it stays.
    package func removeSetup(_ id: ConnectionID, of organization: OrganizationID) async throws {
        try await driver.write { connection in
            try connection.execute(
                "DELETE FROM setups WHERE id = $1 AND organization = $2",
                [.text(id.rawValue), .text(organization.rawValue)])
        }
    }

    /// Makes a connection's links due, so that they try again with what it is now.
    package func wakeLinks(of connection: ConnectionID) async throws {
        try await driver.write { database in
            try Self.wake(
                "WHERE link IN (SELECT id FROM links WHERE connection = $1)", [.text(connection.rawValue)],
                in: database)
        }
    }

    /// The sealed secrets that a set-up works with: its connection's, and over them those that were entered since.
    package func setupSecrets(of id: ConnectionID) async throws -> [String: String] {
        try await driver.read { connection in
            let rows = try connection.query(
                "SELECT name, sealed FROM connection_secrets WHERE connection = $1", [.text(id.rawValue)])
            return Dictionary(
                try rows.map { (try $0.text("name"), try $0.text("sealed")) }, uniquingKeysWith: { $1 }
            ).merging(try Self.enteredSecrets(of: id, in: connection)) { $1 }
        }
    }

    private static func enteredSecrets(
        of id: ConnectionID, in connection: any SQLConnection
    ) throws -> [String: String] {
        let rows = try connection.query(
            "SELECT name, sealed FROM setup_secrets WHERE setup = $1", [.text(id.rawValue)])
        return Dictionary(
            try rows.map { (try $0.text("name"), try $0.text("sealed")) }, uniquingKeysWith: { $1 })
    }

    private static func keepSecret(
        _ sealed: String?, _ name: String, of id: ConnectionID, in connection: any SQLConnection
    ) throws {
        guard let sealed else {
            try connection.execute(
                "DELETE FROM setup_secrets WHERE setup = $1 AND name = $2", [.text(id.rawValue), .text(name)])
            return
        }
        try connection.execute(
            """
            INSERT INTO setup_secrets (setup, name, sealed) VALUES ($1, $2, $3)
            ON CONFLICT (setup, name) DO UPDATE SET sealed = excluded.sealed
            """, [.text(id.rawValue), .text(name), .text(sealed)])
    }
}

// MARK: - The connection

extension Store {
    /// Makes the set-up's connection, or brings an existing one to what was entered: settings, and the secrets named.
    /// - Throws: ``ConnectionError`` when another connection has the name.
    package func connect(
        _ record: ConnectionRecord, secrets names: Set<String>, now: Instant
    ) async throws {
        try await driver.write { connection in
            let taken = try connection.first(
                "SELECT id FROM connections WHERE organization = $1 AND name = $2 AND id <> $3",
                [.text(record.organization.rawValue), .text(record.name), .text(record.id.rawValue)])
            guard taken == nil else { throw ConnectionError.nameTaken(record.name) }
            try connection.execute(
                """
                INSERT INTO connections (id, organization, name, kind, settings, created_us)
                VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (id) DO UPDATE SET name = excluded.name, settings = excluded.settings
                """,
                [
                    .text(record.id.rawValue), .text(record.organization.rawValue), .text(record.name),
                    .text(record.kind), .text(record.settings), .integer(record.createdAt.microseconds),
                ])
            let kept = try connection.query(
                "SELECT name FROM connection_secrets WHERE connection = $1", [.text(record.id.rawValue)]
            ).map { try $0.text("name") }
            for name in kept where !names.contains(name) {
                try connection.execute(
                    "DELETE FROM connection_secrets WHERE connection = $1 AND name = $2",
                    [.text(record.id.rawValue), .text(name)])
            }
            for (name, sealed) in try Self.enteredSecrets(of: record.id, in: connection) where names.contains(name) {
                try connection.execute(
                    """
                    INSERT INTO connection_secrets (connection, name, sealed, updated_us) VALUES ($1, $2, $3, $4)
                    ON CONFLICT (connection, name) DO UPDATE SET sealed = excluded.sealed,
                        updated_us = excluded.updated_us
                    """,
                    [.text(record.id.rawValue), .text(name), .text(sealed), .integer(now.microseconds)])
            }
            // They stand with the connection now, which may renew them.
            try connection.execute("DELETE FROM setup_secrets WHERE setup = $1", [.text(record.id.rawValue)])
        }
    }
}

extension SetupRecord {
    init(_ row: SQLRow) throws {
        self.init(
            id: ConnectionID(try row.text("id")), organization: OrganizationID(try row.text("organization")),
            kind: try row.text("kind"), content: try row.text("content"), revision: try row.integer("revision"),
            changedBy: try row.text("changed_by"), createdAt: Instant(microseconds: try row.integer("created_us")))
        changedAt = Instant(microseconds: try row.integer("changed_us"))
        mappingRevision = try row.integer("mapping_revision")
        mappingBy = try row.optionalText("mapping_by")
        mappingAt = try row.optionalInteger("mapping_us").map(Instant.init(microseconds:))
    }
}
