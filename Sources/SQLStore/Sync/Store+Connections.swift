import CalendarModel

/// An organization's authorized access to one calendar system, as it is kept. Secrets stand apart, sealed.
package struct ConnectionRecord: Sendable {
    package var id: ConnectionID
    package var organization: OrganizationID
    package var name: String
    /// The calendar system, such as `microsoft`.
    package var kind: String
    /// What is not secret, as JSON; the connector's own.
    package var settings: String
    package var createdAt: Instant

    package init(
        id: ConnectionID, organization: OrganizationID, name: String, kind: String, settings: String,
        createdAt: Instant
    ) {
        self.id = id
        self.organization = organization
        self.name = name
        self.kind = kind
        self.settings = settings
        self.createdAt = createdAt
    }
}

package enum ConnectionError: Error, Hashable, Sendable {
    case nameTaken(String)
}

extension Store {
    /// Adds a connection with its sealed secrets, all or nothing.
    package func addConnection(_ record: ConnectionRecord, secrets: [String: String]) async throws {
        try await driver.write { connection in
            let taken = try connection.first(
                "SELECT id FROM connections WHERE organization = $1 AND name = $2",
                [.text(record.organization.rawValue), .text(record.name)])
            guard taken == nil else { throw ConnectionError.nameTaken(record.name) }
            try connection.execute(
                """
                INSERT INTO connections (id, organization, name, kind, settings, created_us)
                VALUES ($1, $2, $3, $4, $5, $6)
                """,
                [
                    .text(record.id.rawValue), .text(record.organization.rawValue), .text(record.name),
                    .text(record.kind), .text(record.settings), .integer(record.createdAt.microseconds),
                ])
            for (name, sealed) in secrets {
                try Self.keep(sealed, name: name, of: record.id, now: record.createdAt, in: connection)
            }
        }
    }

    package func connections(of organization: OrganizationID) async throws -> [ConnectionRecord] {
        try await driver.read { connection in
            try connection.query(
                """
                SELECT id, organization, name, kind, settings, created_us FROM connections WHERE organization = $1
                ORDER BY name
                """, [.text(organization.rawValue)]
            ).map(ConnectionRecord.init)
        }
    }

    package func connection(_ id: ConnectionID) async throws -> ConnectionRecord? {
        try await driver.read { connection in
            try connection.first(
                "SELECT id, organization, name, kind, settings, created_us FROM connections WHERE id = $1",
                [.text(id.rawValue)]
            ).map(ConnectionRecord.init)
        }
    }

    /// A sealed secret, as the vault made it.
    package func sealedSecret(_ name: String, of id: ConnectionID) async throws -> String? {
        try await driver.read { connection in
            try connection.first(
                "SELECT sealed FROM connection_secrets WHERE connection = $1 AND name = $2",
                [.text(id.rawValue), .text(name)])?.text("sealed")
        }
    }

    /// Keeps a sealed secret durably; nil removes it.
    package func setSealedSecret(
        _ sealed: String?, name: String, of id: ConnectionID, now: Instant
    ) async throws {
        try await driver.write { connection in
            guard let sealed else {
                try connection.execute(
                    "DELETE FROM connection_secrets WHERE connection = $1 AND name = $2",
                    [.text(id.rawValue), .text(name)])
                return
            }
            try Self.keep(sealed, name: name, of: id, now: now, in: connection)
        }
    }

    private static func keep(
        _ sealed: String, name: String, of id: ConnectionID, now: Instant, in connection: any SQLConnection
    ) throws {
        try connection.execute(
            """
            INSERT INTO connection_secrets (connection, name, sealed, updated_us) VALUES ($1, $2, $3, $4)
            ON CONFLICT (connection, name) DO UPDATE SET sealed = excluded.sealed, updated_us = excluded.updated_us
            """,
            [.text(id.rawValue), .text(name), .text(sealed), .integer(now.microseconds)])
    }
}

extension ConnectionRecord {
    fileprivate init(_ row: SQLRow) throws {
        self.init(
            id: ConnectionID(try row.text("id")), organization: OrganizationID(try row.text("organization")),
            name: try row.text("name"), kind: try row.text("kind"), settings: try row.text("settings"),
            createdAt: Instant(microseconds: try row.integer("created_us")))
    }
}
