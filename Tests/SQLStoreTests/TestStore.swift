import CalendarModel
import Foundation
import LoopBooking
import SQLStore
import SQLiteDriver
import Synchronization

/// A store on a database of its own with one organization and one room, and a clock that stands still until it is
/// moved.
struct TestStore {
    static let acme = OrganizationID("acme")
    /// Sunday, 1 March 2026, noon UTC.
    static let start = Instant(seconds: 1_772_366_400)

    var store: Store
    let clock = TestClock(TestStore.start)
    let room = RoomID("oslo")

    init(driver: (any SQLDriver)? = nil) async throws {
        store = Store(driver: try driver ?? SQLiteDriver.inMemory())
        try await store.migrate(now: Self.start)
        try await store.addOrganization(Organization(id: Self.acme, name: "Acme"), now: Self.start)
        let room = Room(id: room, organization: Self.acme, name: "Oslo", zone: ZoneID("Europe/Oslo"))
        try await store.bookings(of: Self.acme).write { try $0.insert(room, at: Self.start) }
    }

    var desk: BookingDesk { desk(of: Self.acme) }

    func desk(of organization: OrganizationID) -> BookingDesk {
        store.desk(of: organization, now: { clock.now }, newID: { UUID().uuidString.lowercased() })
    }

    /// A draft for Monday, 2 March 2026, Oslo time.
    func draft(_ from: Int, _ to: Int, subject: String = "Review") -> BookingDraft {
        BookingDraft(room: room, time: .timed(start: Self.zoned(from), end: Self.zoned(to)), subject: subject)
    }

    /// The same time as a meeting of the calendar.
    static func meeting(_ from: Int, _ to: Int, subject: String = "From Outlook") -> Meeting {
        Meeting(
            time: .timed(
                TimedSpan(start: wall(from), end: wall(to), zone: ZoneID("Europe/Oslo"), span: span(from, to))),
            subject: subject)
    }

    /// Hours of Monday, 2 March 2026, Oslo time.
    static func span(_ from: Int, _ to: Int) -> TimeSpan {
        TimeSpan(start: instant(from), end: instant(to))
    }

    private static func instant(_ hour: Int) -> Instant { Instant(seconds: 1_772_406_000 + Int64(hour) * 3600) }
    private static func wall(_ hour: Int) -> WallTime {
        WallTime(date: CivilDate(year: 2026, month: 3, day: 2), hour: hour, minute: 0)
    }
    static func zoned(_ hour: Int) -> ZonedTime { ZonedTime(wall: wall(hour), zone: "Europe/Oslo") }
}

final class TestClock: Sendable {
    private let instant: Mutex<Instant>

    init(_ instant: Instant) { self.instant = Mutex(instant) }

    var now: Instant { instant.withLock { $0 } }
    func advance(by duration: Duration) { instant.withLock { $0 = $0.advanced(by: duration) } }
}

/// A path for a database of one test.
struct TemporaryFile {
    let path: String

    init() {
        path =
            FileManager.default.temporaryDirectory.appendingPathComponent("loopbooking-\(UUID().uuidString).sqlite")
            .path
    }

    func remove() {
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }
}
