/// The few calls a database must answer. All SQL stands in SQLStore, in the subset that SQLite and PostgreSQL share
/// (`$1` parameters, `ON CONFLICT`, `RETURNING`), so that one schema and one set of statements serve every driver.
package protocol SQLDriver: Sendable {
    /// Which statements beyond the shared subset it understands.
    var dialect: SQLDialect { get }

    /// Runs `body` in one read transaction: it sees one state of the database throughout.
    func read<Value: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Value) async throws -> Value

    /// Runs `body` in one write transaction: committed when it returns, rolled back when it throws.
    @discardableResult
    func write<Value: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Value) async throws -> Value

    /// Waits for work under way and closes. Later calls throw.
    func close() async throws
}

/// A database's own language, for the few statements of the schema that the shared subset has no words for (triggers).
package enum SQLDialect: String, Hashable, Sendable {
    case sqlite
}

/// One transaction's view of the database. Only valid inside the closure that received it. The statement text must be a
/// literal with `$1`, `$2`… for every value.
package protocol SQLConnection {
    /// Runs a statement; returns the number of rows it changed.
    @discardableResult
    func execute(_ statement: String, _ values: [SQLValue]) throws -> Int

    /// Runs a query; returns its rows in order.
    func query(_ statement: String, _ values: [SQLValue]) throws -> [SQLRow]
}

extension SQLConnection {
    @discardableResult
    package func execute(_ statement: String) throws -> Int { try execute(statement, []) }
    package func query(_ statement: String) throws -> [SQLRow] { try query(statement, []) }

    /// The first row of a query, or nil.
    package func first(_ statement: String, _ values: [SQLValue]) throws -> SQLRow? {
        try query(statement, values).first
    }
}

package enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

/// What a database refused, in terms that do not depend on the database.
package enum SQLError: Error, Hashable, Sendable {
    /// A unique, check or trigger rule said no; the text names it.
    case constraint(String)
    /// A column is missing or holds another type than expected.
    case unexpectedValue(column: String)
    case closed
    case failed(String)
}
