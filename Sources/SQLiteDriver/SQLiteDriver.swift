import Foundation
import GRDB
import SQLStore

/// SQLite in WAL mode through GRDB: one writer, several readers, on GRDB's own queues, so that no call blocks the
/// cooperative thread pool.
package final class SQLiteDriver: SQLDriver {
    private let pool: any DatabaseWriter
    private let gate = CallGate()

    package var dialect: SQLDialect { .sqlite }

    /// Opens or creates the database file.
    package init(path: String) throws {
        do {
            let pool = try DatabasePool(path: path, configuration: Self.configuration)
            // FULL: a commit that was answered survives a power cut. GRDB sets NORMAL when it switches to WAL, so
            // this comes after it; only the writer's connection commits.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            self.pool = pool
        } catch {
            throw SQLError.failed("The database \(path) cannot be opened: \(error)")
        }
    }

    private init(pool: any DatabaseWriter) { self.pool = pool }

    /// A database in memory, for tests; gone when the driver is.
    package static func inMemory() throws -> SQLiteDriver {
        SQLiteDriver(pool: try DatabaseQueue(configuration: configuration))
    }

    private static let cacheKibibytes = 24_576

    private static var configuration: GRDB.Configuration {
        var configuration = GRDB.Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(10)
        // Of each connection; SQLite's own two megabytes do not hold the indexes of a large installation.
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -\(cacheKibibytes)") }
        return configuration
    }

    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await translatingErrors { try await self.pool.read { try body(Connection(database: $0)) } }
    }

    @discardableResult
    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await translatingErrors { try await self.pool.write { try body(Connection(database: $0)) } }
    }

    package func close() async throws {
        await gate.close()
        do { try pool.close() } catch let error as DatabaseError { throw SQLError(error) }
    }

    private func translatingErrors<Value: Sendable>(
        _ body: () async throws -> Value
    ) async throws -> Value {
        do { return try await gate.pass(body) } catch let error as DatabaseError { throw SQLError(error) }
    }
}

private struct Connection: SQLConnection {
    let database: Database

    func execute(_ statement: String, _ values: [SQLValue]) throws -> Int {
        do {
            let prepared = try database.cachedStatement(sql: statement)
            try prepared.execute(arguments: arguments(for: prepared, values))
            return database.changesCount
        } catch let error as DatabaseError { throw SQLError(error) }
    }

    func query(_ statement: String, _ values: [SQLValue]) throws -> [SQLRow] {
        do {
            let prepared = try database.cachedStatement(sql: statement)
            return try Row.fetchAll(prepared, arguments: arguments(for: prepared, values)).map(SQLRow.init)
        } catch let error as DatabaseError { throw SQLError(error) }
    }

    /// SQLite knows `$1` as a named parameter.
    private func arguments(for statement: Statement, _ values: [SQLValue]) -> StatementArguments {
        var named: [String: DatabaseValue] = [:]
        for (index, value) in values.enumerated() { named[String(index + 1)] = value.databaseValue }
        return StatementArguments(named)
    }
}

extension SQLValue {
    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let value): value.databaseValue
        case .real(let value): value.databaseValue
        case .text(let value): value.databaseValue
        case .blob(let value): Data(value).databaseValue
        }
    }
}

extension SQLRow {
    fileprivate init(_ row: Row) {
        var columns: [String: SQLValue] = [:]
        for (name, value) in row {
            columns[name] =
                switch value.storage {
                case .null: .null
                case .int64(let value): .integer(value)
                case .double(let value): .real(value)
                case .string(let value): .text(value)
                case .blob(let value): .blob([UInt8](value))
                }
        }
        self.init(columns)
    }
}

extension SQLError {
    fileprivate init(_ error: DatabaseError) {
        switch error.resultCode {
        case .SQLITE_CONSTRAINT: self = .constraint(error.message ?? "constraint")
        case .SQLITE_MISUSE: self = .closed
        default: self = .failed(error.description)
        }
    }
}
