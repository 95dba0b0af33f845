import CalendarModel

extension Store {
    /// All steps of the schema, in order. New steps are appended; released ones stay as they are.
    package static let migrations: [Migration] = [
        .bookings, .sync, .series, .desk, .leftOut, .passes, .accounts, .doctor, .setup, .measures, .deskPages,
        .lookups,
    ]

    /// Brings the database to this program's schema. Each step is one transaction; a step that fails leaves nothing
    /// behind. Returns the numbers of the steps taken.
    ///
    /// - Throws: ``MigrationError`` when the database is newer than the program or a step was altered; nothing is changed
    ///   then.
    @discardableResult
    package func migrate(to migrations: [Migration] = Store.migrations, now: Instant) async throws -> [Int] {
        for (index, migration) in migrations.enumerated() where migration.number != index + 1 {
            throw MigrationError.misnumbered(number: migration.number)
        }
        let dialect = driver.dialect
        try await driver.write { connection in
            try connection.execute(
                """
                CREATE TABLE IF NOT EXISTS schema_migrations (
                    number BIGINT PRIMARY KEY,
                    name TEXT NOT NULL,
                    checksum TEXT NOT NULL,
                    applied_us BIGINT NOT NULL
                )
                """)
            try Self.check(migrations, dialect: dialect, in: connection)
        }
        var taken: [Int] = []
        for migration in migrations {
            let isNew = try await driver.write { connection in
                // Another process may have taken the step in the meantime.
                let known = try connection.first(
                    "SELECT number FROM schema_migrations WHERE number = $1", [.integer(Int64(migration.number))])
                guard known == nil else { return false }
                for statement in migration.statements(for: dialect) { try connection.execute(statement) }
                try connection.execute(
                    "INSERT INTO schema_migrations (number, name, checksum, applied_us) VALUES ($1, $2, $3, $4)",
                    [
                        .integer(Int64(migration.number)), .text(migration.name),
                        .text(migration.checksum(for: dialect)), .integer(now.microseconds),
                    ])
                return true
            }
            if isNew { taken.append(migration.number) }
        }
        if migrations.contains(where: { $0.number == Migration.deskPages.number }) { try await writeMissingWords() }
        return taken
    }

    /// The number of the last step the database took; 0 for an empty one.
    package func schemaVersion() async throws -> Int {
        try await driver.read { connection in
            let row = try connection.first("SELECT COALESCE(MAX(number), 0) AS number FROM schema_migrations", [])
            return Int(try row?.integer("number") ?? 0)
        }
    }

    private static func check(
        _ migrations: [Migration], dialect: SQLDialect, in connection: any SQLConnection
    ) throws {
        for row in try connection.query("SELECT number, name, checksum FROM schema_migrations ORDER BY number") {
            let number = Int(try row.integer("number"))
            guard let migration = migrations.first(where: { $0.number == number }) else {
                let newest = try connection.first("SELECT MAX(number) AS number FROM schema_migrations", [])
                throw MigrationError.databaseIsNewer(
                    has: Int(try newest?.integer("number") ?? 0), knows: migrations.count)
            }
            guard try row.text("checksum") == migration.checksum(for: dialect) else {
                throw MigrationError.altered(number: number, name: try row.text("name"))
            }
        }
    }
}
