import CalendarModel
import LoopBooking
import SQLStore
import SQLiteDriver
import SyncEngine
import SyncService
import Synchronization
import Testing

@Suite("LoopBooking behind the engine's port")
struct LoopBookingSystemTests {
    private let now = Instant(seconds: 1_772_366_400)

    private func system() async throws -> LoopBookingSystem {
        let store = Store(driver: try SQLiteDriver.inMemory())
        let now = now
        try await store.migrate(now: now)
        try await store.addOrganization(Organization(id: "acme", name: "Acme"), now: now)
        let room = Room(id: "oslo", organization: "acme", name: "Oslo", zone: .utc)
        try await store.bookings(of: "acme").write { try $0.insert(room, at: now) }
        let ids = IDs()
        return LoopBookingSystem(desk: store.desk(of: "acme", now: { now }, newID: { ids.next() }), link: "link")
    }

    private func meeting(_ from: Int64, _ to: Int64) -> Meeting {
        let span = TimeSpan(
            start: Instant(seconds: 1_772_442_000 + from * 3600), end: Instant(seconds: 1_772_442_000 + to * 3600))
        let date = CivilDate(year: 2026, month: 3, day: 2)
        return Meeting(
            time: .timed(
                TimedSpan(
                    start: WallTime(date: date, hour: 9 + Int(from), minute: 0),
                    end: WallTime(date: date, hour: 9 + Int(to), minute: 0), zone: .utc, span: span)),
            subject: "Review")
    }

    @Test("What the desk refuses arrives in the engine's words")
    func errors() async throws {
        let system = try await system()
        let first = try await system.create(meeting(0, 1), in: "oslo", key: "a", slotTakenAt: now, because: "")
        #expect(try await system.create(meeting(0, 1), in: "oslo", key: "a", slotTakenAt: now, because: "") == first)
        await #expect(throws: BookingError.slotTaken(by: first.id)) {
            try await system.create(meeting(0, 2), in: "oslo", key: "b", slotTakenAt: now, because: "")
        }
        let second = try await system.create(meeting(1, 2), in: "oslo", key: "c", slotTakenAt: now, because: "")
        await #expect(throws: BookingError.slotTaken(by: second.id)) {
            try await system.update(first.id, to: meeting(0, 2), parts: [.time], ifRevision: 1, because: "")
        }
        await #expect(throws: BookingError.changed) {
            try await system.setStatus(first.id, to: .cancelled, ifRevision: 7, because: "")
        }
        await #expect(throws: BookingError.notFound) {
            try await system.setStatus("none", to: .cancelled, ifRevision: 1, because: "")
        }
        let gone = try await system.setStatus(first.id, to: .cancelled, ifRevision: 1, because: "Cancelled in Outlook.")
        #expect(gone.reason == "Cancelled in Outlook.")
        let window = TimeSpan(start: now, end: Instant(seconds: 1_772_500_000))
        #expect(try await system.bookings(in: "oslo", window: window, known: []).map(\.id) == [second.id])
        #expect(try await system.bookings(in: "oslo", window: window, known: [first.id]).count == 2)
    }
}

/// Ids in order.
private final class IDs: Sendable {
    private let count = Mutex(0)

    func next() -> String {
        count.withLock { count in
            count += 1
            return "id-\(count)"
        }
    }
}
