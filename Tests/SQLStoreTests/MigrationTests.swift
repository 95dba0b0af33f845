import CalendarModel
import SQLStore
import SQLiteDriver
import Testing

@Suite("Schema steps")
struct MigrationTests {
    private let now = Instant(seconds: 1_000)

    private func store() throws -> Store { Store(driver: try SQLiteDriver.inMemory()) }

    private func step(_ number: Int, _ statements: String...) -> Migration {
        Migration(number: number, name: "step \(number)", statements: statements)
    }

    @Test("All steps are taken once, in order")
    func once() async throws {
        let store = try store()
        let all = Store.migrations.map(\.number)
        #expect(try await store.migrate(now: now) == all)
        #expect(try await store.migrate(now: now) == [])
        #expect(try await store.schemaVersion() == all.last)
    }

    @Test("A step that fails leaves nothing behind, and can be taken when it was mended")
    func failure() async throws {
        let store = try store()
        let first = step(1, "CREATE TABLE one (id TEXT)")
        let broken = step(2, "CREATE TABLE two (id TEXT)", "CREATE TABLE two (id TEXT)")
        await #expect(throws: SQLError.self) { try await store.migrate(to: [first, broken], now: now) }
        #expect(try await store.schemaVersion() == 1)
        let tables = try await store.driver.read {
            try $0.query("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'two'").count
        }
        #expect(tables == 0)
        let mended = step(2, "CREATE TABLE two (id TEXT)")
        #expect(try await store.migrate(to: [first, mended], now: now) == [2])
    }

    @Test("A database that is newer than the program is left alone")
    func newer() async throws {
        let store = try store()
        let steps = [step(1, "CREATE TABLE one (id TEXT)"), step(2, "CREATE TABLE two (id TEXT)")]
        try await store.migrate(to: steps, now: now)
        await #expect(throws: MigrationError.databaseIsNewer(has: 2, knows: 1)) {
            try await store.migrate(to: [steps[0]], now: now)
        }
        #expect("\(MigrationError.databaseIsNewer(has: 2, knows: 1))".contains("newer version"))
    }

    @Test("A step that was altered after it was taken is refused")
    func altered() async throws {
        let store = try store()
        try await store.migrate(to: [step(1, "CREATE TABLE one (id TEXT)")], now: now)
        await #expect(throws: MigrationError.altered(number: 1, name: "step 1")) {
            try await store.migrate(to: [step(1, "CREATE TABLE one (id TEXT, name TEXT)")], now: now)
        }
    }

    @Test("Steps out of order are refused")
    func misnumbered() async throws {
        let store = try store()
        await #expect(throws: MigrationError.misnumbered(number: 3)) {
            try await store.migrate(to: [step(1, "SELECT 1"), step(3, "SELECT 1")], now: now)
        }
    }

    @Test("Slots of the version before series are kept, and still refuse others")
    func slotsAreKept() async throws {
        let store = try store()
        try await store.migrate(to: Array(Store.migrations.prefix(2)), now: now)
        try await store.driver.write { connection in
            try connection.execute("INSERT INTO organizations VALUES ('o', 'O', 0)")
            try connection.execute(
                "INSERT INTO rooms VALUES ('o', 'r', 'R', 'r', NULL, '', 'UTC', NULL, 365, 60, 1, 0, 0, NULL)")
            try connection.execute(
                """
                INSERT INTO bookings VALUES ('o', 'b', 'r', 1, 9, 'confirmed', NULL, 1, 'loopBooking', 0, 0, 0, '{}')
                """)
            try connection.execute(
                "INSERT INTO booking_slots (organization, booking, room, start_us, end_us) VALUES ('o', 'b', 'r', 1, 9)"
            )
        }
        try await store.migrate(now: now)
        try await store.driver.write { connection in
            let slots = try connection.query("SELECT booking, start_us, end_us FROM booking_slots")
            #expect(try slots.map { try $0.integer("end_us") } == [9])
            try connection.execute("INSERT INTO booking_slots VALUES ('o', 'b', 'r', 9, 12)")
        }
        await #expect(throws: SQLError.self) {
            try await store.driver.write {
                try $0.execute("INSERT INTO booking_slots VALUES ('o', 'b', 'r', 8, 9)")
            }
        }
    }

    @Test("The released first step is unaltered")
    func released() {
        // A released step must never change: databases refuse it then. A new step is the way.
        #expect(Store.migrations.first?.checksum(for: .sqlite) == "f02d33709b2107a0")
    }
}
