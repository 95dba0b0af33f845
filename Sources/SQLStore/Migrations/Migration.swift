/// One step of the schema. A step that was released is never altered: databases that took it remember its text.
package struct Migration: Sendable {
    /// 1, 2, 3… without gaps.
    package let number: Int
    package let name: String
    /// In the subset of SQL that all databases share.
    package let statements: [String]
    /// What only one database understands, such as the body of a trigger. Runs after `statements`.
    package let dialectStatements: [SQLDialect: [String]]

    package init(
        number: Int, name: String, statements: [String], dialectStatements: [SQLDialect: [String]] = [:]
    ) {
        self.number = number
        self.name = name
        self.statements = statements
        self.dialectStatements = dialectStatements
    }

    package func statements(for dialect: SQLDialect) -> [String] {
        statements + (dialectStatements[dialect] ?? [])
    }

    /// A digest of the step's text (FNV-1a, 64 bits, in hexadecimal): tells an altered step apart, defends against
    /// nobody.
    package func checksum(for dialect: SQLDialect) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for statement in statements(for: dialect) {
            for byte in statement.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            hash = (hash ^ 0xff) &* 0x100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// Why a database cannot be used.
package enum MigrationError: Error, Hashable, Sendable {
    /// A newer version of the program has been here.
    case databaseIsNewer(has: Int, knows: Int)
    /// A step was altered after this database took it.
    case altered(number: Int, name: String)
    /// The list of steps is not 1, 2, 3….
    case misnumbered(number: Int)
}

extension MigrationError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .databaseIsNewer(let has, let knows):
            """
            The database was made by a newer version of this program (its schema is \(has), this program knows up to \
            \(knows)). Nothing was changed. Use the newer program, or restore the backup made before the upgrade.
            """
        case .altered(let number, let name):
            """
            The database took schema step \(number) (\(name)) with another text than this program has. Nothing was \
            changed. Use the program that made the database, or restore a backup.
            """
        case .misnumbered(let number):
            "Schema step \(number) is out of order. This is a fault in the program; nothing was changed."
        }
    }
}
