import CalendarModel
import Logging
import LoopBooking
import SQLStore
import SQLiteDriver
import SyncService
import TestSupport
import Testing

@Suite("Endless series roll on")
struct SlotKeeperTests {
    @Test("One round writes the slots that came nearer, in every organization")
    func round() async throws {
        let store = Store(driver: try SQLiteDriver.inMemory())
        let clock = ManualClock(Samples.now)
        try await store.migrate(now: clock.now)
        for name in ["acme", "other"] {
            let organization = OrganizationID(name)
            try await store.addOrganization(Organization(id: organization, name: name), now: clock.now)
            let desk = store.desk(of: organization, now: { clock.now }, newID: { name })
            let room = try await desk.addRoom(RoomDraft(name: "Oslo", zone: "Europe/Oslo")).entity
            var rule = RecurrenceChange()
            rule.frequency = .daily
            _ = try await desk.create(
                BookingDraft(room: room.id, time: TimeDraft(Times.at("2026-03-02 09:00")), recurrence: rule),
                by: .person("Anna"))
        }
        func last() async throws -> [Int64] {
            try await store.driver.read { connection in
                try connection.query(
                    "SELECT organization, MAX(end_us) AS last FROM booking_slots GROUP BY organization"
                ).map { try $0.integer("last") }
            }
        }
        let before = try await last()
        clock.advance(by: .seconds(100 * 86_400))
        let surroundings = SyncWorker.Surroundings(
            now: { clock.now }, newID: { "x" }, sleep: { _ in }, chance: { 0 })
        await SlotKeeper(store: store, surroundings: surroundings, logger: Logger(label: "test")).extendAll()
        let after = try await last()
        #expect(before.count == 2)
        #expect(zip(before, after).allSatisfy { $1 >= $0 + 99 * 86_400_000_000 })
    }
}
