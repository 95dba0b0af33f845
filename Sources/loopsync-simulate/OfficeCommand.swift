import ArgumentParser
import CalendarModel
import Foundation
import SQLStore
import SQLiteDriver
import Simulation

/// Writes a database with very many rooms and meetings, for measuring pages.
struct OfficeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "office", abstract: "Write a database of a large office whose links are settled.")

    @Option(help: "The SQLite file; must not exist.") var database: String
    @Option(help: "Rooms, each linked.") var rooms = 500
    @Option(help: "Meetings on both sides, of all rooms together.") var meetings = 200_000

    func run() async throws {
        guard !FileManager.default.fileExists(atPath: database) else {
            throw ValidationError("\(database) is there already.")
        }
        let driver = try SQLiteDriver(path: database)
        let now = Instant(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
        let office = LargeOffice(rooms: rooms, meetings: meetings, now: now)
        try await office.write(to: Store(driver: driver)) { _ in }
        try await driver.close()
        print("\(rooms) rooms, \(meetings) meetings: \(database)")
    }
}
