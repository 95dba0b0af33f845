import CalendarModel
import Foundation
import LoopBooking
import SQLStore
import SQLiteDriver
import SyncEngine
import TestSupport
import Testing

@Suite("Leases and wake-ups")
struct SyncScheduleTests {
    private func claim(_ fixture: SyncFixture, _ owner: String) async throws -> [DueLink] {
        try await fixture.store.claimDueLinks(
            limit: 10, owner: owner, lease: .seconds(60), now: fixture.clock.now)
    }

    @Test("A link has one owner until its lease ends")
    func oneOwner() async throws {
        let fixture = try await SyncFixture()
        #expect(try await claim(fixture, "a").map(\.link) == [fixture.link.id])
        #expect(try await claim(fixture, "b").isEmpty)
        #expect(
            try await fixture.store.claim(fixture.link.id, owner: "b", lease: .seconds(60), now: fixture.clock.now)
                == nil)
        fixture.clock.advance(by: .seconds(61))
        #expect(try await claim(fixture, "b").count == 1)
    }

    @Test("Who lost the lease cannot give back the next owner's")
    func lostLease() async throws {
        let fixture = try await SyncFixture()
        let first = try #require(try await claim(fixture, "a").first)
        fixture.clock.advance(by: .seconds(61))
        _ = try await claim(fixture, "b")
        try await fixture.store.release(first, owner: "a", next: fixture.clock.now, failures: 0)
        #expect(try await claim(fixture, "c").isEmpty)
    }

    @Test("A released link is due again at its time, with its failures")
    func released() async throws {
        let fixture = try await SyncFixture()
        let due = try #require(try await claim(fixture, "a").first)
        let next = fixture.clock.now.advanced(by: .seconds(30))
        try await fixture.store.release(due, owner: "a", next: next, failures: 3)
        #expect(try await claim(fixture, "a").isEmpty)
        #expect(try await fixture.store.nextDue() == next)
        fixture.clock.advance(by: .seconds(30))
        #expect(try await claim(fixture, "a").first?.failures == 3)
    }

    @Test("A booking made during a pass makes the link due at once after it")
    func wokenDuringPass() async throws {
        let fixture = try await SyncFixture()
        let due = try #require(try await claim(fixture, "a").first)
        _ = try await fixture.book("2026-03-02 09:00")
        try await fixture.store.release(
            due, owner: "a", next: fixture.clock.now.advanced(by: .seconds(60)), failures: 0)
        #expect(try await claim(fixture, "a").count == 1)
    }

    @Test("The sync's own writes do not wake the link")
    func ownWrites() async throws {
        let fixture = try await SyncFixture()
        let due = try #require(try await claim(fixture, "a").first)
        _ = try await fixture.desk.createFromCalendar(
            Samples.meeting(), in: fixture.link.room, key: "k1", slotTakenAt: fixture.clock.now,
            by: .sync(fixture.link.id), because: "A test.")
        try await fixture.store.release(
            due, owner: "a", next: fixture.clock.now.advanced(by: .seconds(60)), failures: 0)
        #expect(try await claim(fixture, "a").isEmpty)
    }

    @Test(
        "Paused and stopped links are not due",
        arguments: [
            Link.State.paused, .held(MassDeletion(vanished: 5, of: 5)),
        ])
    func notActive(state: Link.State) async throws {
        let fixture = try await SyncFixture()
        try await fixture.store.setState(state, of: fixture.link.id, now: fixture.clock.now)
        #expect(try await claim(fixture, "a").isEmpty)
        try await fixture.store.setState(.active, of: fixture.link.id, now: fixture.clock.now)
        #expect(try await claim(fixture, "a").count == 1)
    }

    @Test("The leases of a worker that is gone end when the only node starts")
    func restarted() async throws {
        let fixture = try await SyncFixture()
        _ = try await claim(fixture, "before")
        try await fixture.store.releaseLeases(exceptOf: "after")
        #expect(try await claim(fixture, "after").count == 1)
    }

    @Test("Of two processes on one file, one gets the link")
    func twoProcesses() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).sqlite").path
        defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) } }
        let fixture = try await SyncFixture(driver: SQLiteDriver(path: path))
        let second = Store(driver: try SQLiteDriver(path: path))
        let now = fixture.clock.now
        for round in 0..<10 {
            let later = now.advanced(by: .seconds(round * 100))
            async let left = fixture.store.claimDueLinks(limit: 5, owner: "a", lease: .seconds(60), now: later)
            async let right = second.claimDueLinks(limit: 5, owner: "b", lease: .seconds(60), now: later)
            #expect(try await left.count + right.count == 1)
        }
        try await second.driver.close()
        try await fixture.store.driver.close()
    }
}
