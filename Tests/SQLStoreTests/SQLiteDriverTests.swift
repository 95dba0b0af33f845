import CalendarModel
import Foundation
import SQLStore
import SQLiteDriver
import Testing

@Suite("SQLite")
struct SQLiteDriverTests {
    @Test("Every kind of value comes back as it went in")
    func values() async throws {
        let driver = try SQLiteDriver.inMemory()
        let row = try await driver.write { connection in
            try connection.execute("CREATE TABLE t (a TEXT, b BIGINT, c DOUBLE PRECISION, d BLOB, e TEXT)")
            try connection.execute(
                "INSERT INTO t (e, d, c, b, a) VALUES ($5, $4, $3, $2, $1)",
                ["ø", .integer(.max), .real(1.5), .blob([0, 255]), nil])
            return try connection.first("SELECT a, b, c, d, e FROM t WHERE a = $1", ["ø"])
        }
        let found = try #require(row)
        #expect(try found.text("a") == "ø")
        #expect(try found.integer("b") == .max)
        #expect(try found.blob("d") == [0, 255])
        #expect(try found.optionalText("e") == nil)
        #expect(throws: SQLError.unexpectedValue(column: "a")) { try found.integer("a") }
        #expect(throws: SQLError.unexpectedValue(column: "x")) { try found.text("x") }
    }

    @Test("A write that throws leaves nothing behind")
    func rollback() async throws {
        struct Stop: Error {}
        let driver = try SQLiteDriver.inMemory()
        try await driver.write { try $0.execute("CREATE TABLE t (a TEXT PRIMARY KEY)") }
        await #expect(throws: Stop.self) {
            try await driver.write { connection in
                try connection.execute("INSERT INTO t (a) VALUES ($1)", ["x"])
                throw Stop()
            }
        }
        #expect(try await driver.read { try $0.query("SELECT a FROM t").count } == 0)
    }

    @Test("Broken constraints, faulty statements and a closed database are told apart")
    func errors() async throws {
        let driver = try SQLiteDriver.inMemory()
        try await driver.write { connection in
            try connection.execute("CREATE TABLE t (a TEXT PRIMARY KEY)")
            try connection.execute("INSERT INTO t (a) VALUES ($1)", ["x"])
        }
        await #expect(throws: SQLError.constraint("UNIQUE constraint failed: t.a")) {
            try await driver.write { try $0.execute("INSERT INTO t (a) VALUES ($1)", ["x"]) }
        }
        let fault = await #expect(throws: SQLError.self) { try await driver.read { try $0.query("SELECT nothing") } }
        guard case .failed? = fault else {
            Issue.record("expected failed, got \(String(describing: fault))")
            return
        }
        // Values never stand in an error: they may be what people wrote.
        let secret = await #expect(throws: SQLError.self) {
            try await driver.write { try $0.execute("INSERT INTO missing (a) VALUES ($1)", ["secret subject"]) }
        }
        #expect(!"\(String(describing: secret))".contains("secret subject"))
        await #expect(throws: SQLError.self, "a read must not write") {
            try await driver.read { try $0.query("DELETE FROM t RETURNING a") }
        }
        try await driver.close()
        await #expect(throws: SQLError.closed) { try await driver.read { try $0.query("SELECT 1 AS one") } }
    }

    @Test("A file keeps what was written, in WAL mode")
    func file() async throws {
        let file = TemporaryFile()
        defer { file.remove() }
        let first = try SQLiteDriver(path: file.path)
        try await first.write { connection in
            try connection.execute("CREATE TABLE t (a TEXT)")
            try connection.execute("INSERT INTO t (a) VALUES ($1)", ["kept"])
        }
        #expect(try await first.read { try $0.first("PRAGMA journal_mode", [])?.text("journal_mode") } == "wal")
        let full: Int64 = 2
        #expect(try await first.write { try $0.first("PRAGMA synchronous", [])?.integer("synchronous") } == full)
        try await first.close()
        let second = try SQLiteDriver(path: file.path)
        #expect(try await second.read { try $0.first("SELECT a FROM t", [])?.text("a") } == "kept")
        try await second.close()
    }

    @Test("A file that is no database, or cannot be opened, is said to be so")
    func unusable() async throws {
        #expect(throws: SQLError.self) { try SQLiteDriver(path: "/nowhere/at/all.sqlite") }
        let file = TemporaryFile()
        defer { file.remove() }
        try Data(repeating: 7, count: 8_192).write(to: URL(fileURLWithPath: file.path))
        await #expect(throws: SQLError.self) {
            let driver = try SQLiteDriver(path: file.path)
            try await driver.write { try $0.execute("CREATE TABLE t (a TEXT)") }
        }
    }

    @Test("Two openings of one file count together without losing a step")
    func twoOpenings() async throws {
        let file = TemporaryFile()
        defer { file.remove() }
        let first = try SQLiteDriver(path: file.path)
        let second = try SQLiteDriver(path: file.path)
        try await first.write { connection in
            try connection.execute("CREATE TABLE counter (n BIGINT NOT NULL)")
            try connection.execute("INSERT INTO counter (n) VALUES (0)")
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<60 {
                let driver = index.isMultiple(of: 2) ? first : second
                group.addTask {
                    try await driver.write { connection in
                        // Read, then write: lost steps show when the transaction is not the only one.
                        let n = try connection.first("SELECT n FROM counter", [])?.integer("n") ?? 0
                        try connection.execute("UPDATE counter SET n = $1", [.integer(n + 1)])
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await second.read { try $0.first("SELECT n FROM counter", [])?.integer("n") } == 60)
        try await first.close()
        try await second.close()
    }

    @Test("Another process that is writing is waited for")
    func twoProcesses() async throws {
        let file = TemporaryFile()
        defer { file.remove() }
        let driver = try SQLiteDriver(path: file.path)
        try await driver.write { connection in
            try connection.execute("CREATE TABLE counter (n BIGINT NOT NULL)")
            try connection.execute("INSERT INTO counter (n) VALUES (0)")
        }
        let other = try Python.run(
            """
            import sqlite3, sys
            database = sqlite3.connect(sys.argv[1], timeout=10, isolation_level=None)
            for _ in range(100):
                database.execute("BEGIN IMMEDIATE")
                n, = database.execute("SELECT n FROM counter").fetchone()
                database.execute("UPDATE counter SET n = ?", (n + 1,))
                database.execute("COMMIT")
            """, file.path)
        for _ in 0..<100 {
            try await driver.write { connection in
                let n = try connection.first("SELECT n FROM counter", [])?.integer("n") ?? 0
                try connection.execute("UPDATE counter SET n = $1", [.integer(n + 1)])
            }
        }
        other.waitUntilExit()
        #expect(other.terminationStatus == 0)
        #expect(try await driver.read { try $0.first("SELECT n FROM counter", [])?.integer("n") } == 200)
        try await driver.close()
    }

    @Test("Two programs that open a new file at the same moment both find the whole schema")
    func parallelMigration() async throws {
        let file = TemporaryFile()
        defer { file.remove() }
        let drivers = try (0..<4).map { _ in try SQLiteDriver(path: file.path) }
        let taken = try await withThrowingTaskGroup(of: [Int].self) { group in
            for driver in drivers {
                group.addTask { try await Store(driver: driver).migrate(now: Instant(seconds: 1)) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(taken.sorted() == Store.migrations.map(\.number))
        for driver in drivers { try await driver.close() }
    }

    @Test("Closing waits for work under way, and refuses later work")
    func close() async throws {
        let file = TemporaryFile()
        defer { file.remove() }
        let driver = try SQLiteDriver(path: file.path)
        try await driver.write { try $0.execute("CREATE TABLE t (a BIGINT)") }
        let written = try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<30 {
                group.addTask {
                    do {
                        try await driver.write {
                            try $0.execute("INSERT INTO t (a) VALUES ($1)", [.integer(Int64(index))])
                        }
                        return true
                    } catch SQLError.closed { return false }
                }
            }
            group.addTask {
                try await driver.close()
                return false
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        await #expect(throws: SQLError.closed) { try await driver.read { try $0.query("SELECT a FROM t") } }
        let again = try SQLiteDriver(path: file.path)
        #expect(try await again.read { try $0.query("SELECT a FROM t").count } == written)
        try await again.close()
    }

    @Test("A read sees one state while others write")
    func snapshot() async throws {
        let file = TemporaryFile()
        defer { file.remove() }
        let driver = try SQLiteDriver(path: file.path)
        try await driver.write { connection in
            try connection.execute("CREATE TABLE pair (a BIGINT NOT NULL, b BIGINT NOT NULL)")
            try connection.execute("INSERT INTO pair (a, b) VALUES (0, 0)")
        }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 1...40 {
                group.addTask {
                    try await driver.write { connection in
                        try connection.execute("UPDATE pair SET a = $1", [.integer(Int64(index))])
                        try connection.execute("UPDATE pair SET b = $1", [.integer(Int64(index))])
                    }
                    return true
                }
                group.addTask {
                    try await driver.read { connection in
                        let a = try connection.first("SELECT a FROM pair", [])?.integer("a")
                        let b = try connection.first("SELECT b FROM pair", [])?.integer("b")
                        return a == b
                    }
                }
            }
            for try await isWhole in group { #expect(isWhole) }
        }
        try await driver.close()
    }
}

/// An independent program that uses the same file.
private enum Python {
    private static let path = "/usr/bin/python3"

    static func run(_ program: String, _ argument: String) throws -> Process {
        try #require(
            FileManager.default.isExecutableFile(atPath: path), "python3 is missing: apt-get install python3")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = ["-c", program, argument]
        try process.run()
        return process
    }
}
