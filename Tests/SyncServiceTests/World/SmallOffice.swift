import CalendarModel
import CalendarTime
import LoopBooking
import SQLStore
import SQLiteDriver
import SyncEngine
import SyncService
import TestSupport

/// One room on both sides, with its link: the real pass, database and booking desk, and a calendar in memory.
final class SmallOffice: Sendable {
    static let organization: OrganizationID = "org"
    static let linkID: LinkID = "link"

    let clock: ManualClock
    let store: Store
    let desk: BookingDesk
    let calendar: InMemoryCalendar
    let dice: Dice
    let ids = Counting("00000000")
    let refusals = RefusalMemory()
    let link: Link

    init(policy: LinkPolicy = LinkPolicy(), seed: UInt64 = 1, driver: (any SQLDriver)? = nil) async throws {
        let clock = ManualClock()
        let ids = self.ids
        let dice = Dice(seed: seed)
        self.clock = clock
        self.dice = dice
        calendar = InMemoryCalendar(dice: dice, now: { clock.now })
        store = Store(driver: try driver ?? SQLiteDriver.inMemory()).withLinkHooks()
        try await store.migrate(now: clock.now)
        try await store.addOrganization(Organization(id: Self.organization, name: "Contoso"), now: clock.now)
        desk = store.desk(of: Self.organization, now: { clock.now }, newID: { ids.next() })
        let room = try await desk.addRoom(RoomDraft(name: "Oslo", capacity: 6, zone: Times.oslo.name)).entity
        try await store.addConnection(
            ConnectionRecord(
                id: "connection", organization: Self.organization, name: "main", kind: "memory", settings: "{}",
                createdAt: clock.now), secrets: [:])
        var link = Samples.link(policy, id: Self.linkID)
        link.room = room.id
        self.link = link
        try await store.addLink(link, blindAfter: .seconds(3600), now: clock.now)
    }

    // MARK: Passes

    /// One pass; nil when the link does not run.
    @discardableResult
    func pass(
        mortality: Double = 0, refusals: RefusalMemory? = nil,
        interruption: @escaping @Sendable () async -> Void = {}
    ) async throws -> PassReport? {
        let (clock, ids) = (clock, ids)
        try await ClashErrands.run(link, store: store, connector: calendar, now: { clock.now })
        return try await LinkPass.run(
            Self.linkID,
            in: PassEnvironment(
                store: MortalStore(
                    base: store.sync, dice: dice, mortality: mortality, interruption: interruption),
                connector: calendar,
                bookings: BusyBookings(
                    base: LoopBookingSystem(desk: desk, link: Self.linkID), interruption: interruption),
                now: { clock.now }, newID: { ids.next() }, refusals: refusals ?? self.refusals))
    }

    /// Passes until one has nothing to do; how many that took.
    @discardableResult
    func settle(atMost limit: Int = 10) async throws -> Int {
        for number in 1...limit {
            let report = try await pass()
            clock.advance(by: .seconds(20))
            if let report, report.isClean, report.steps.isEmpty, report.changesRead == 0 { return number }
        }
        throw NeverSettled(steps: try await pass()?.steps.map { "\($0.action): \($0.sentence)" } ?? [])
    }

    struct NeverSettled: Error { var steps: [String] }

    // MARK: People in LoopBooking

    @discardableResult
    func book(
        _ subject: String, _ start: String, minutes: Int = 60, body: String = "", by person: Person = Samples.anna
    ) async throws -> Booking {
        try await desk.create(
            BookingDraft(
                room: link.room, time: TimeDraft(Times.at(start, minutes: minutes)), subject: subject, body: body,
                organizer: person), by: .person(person.name)
        ).entity
    }

    func change(_ id: BookingID, _ change: BookingChange) async throws {
        _ = try await desk.change(id, change, by: .person("Anna Berg"))
    }

    func move(_ id: BookingID, to time: MeetingTime) async throws {
        guard case .timed(let timed) = time else { return }
        try await change(
            id,
            BookingChange(
                time: TimeChange(
                    start: ZonedTime(wall: timed.start, zone: timed.zone.name),
                    end: ZonedTime(wall: timed.end, zone: timed.zone.name))))
    }

    // MARK: Looking

    var memory: LinkMemory {
        get async throws {
            guard let memory = try await store.sync.memory(of: Self.linkID) else { throw SQLError.closed }
            return memory
        }
    }

    func bookings() async throws -> [Booking] {
        try await desk.bookings(BookingQuery(room: link.room, limit: .max))
    }
    func holding() async throws -> [Booking] { try await bookings().filter(\.status.holdsRoom) }
    func booking(called subject: String) async throws -> Booking? {
        try await bookings().first { $0.meeting.subject == subject }
    }
    func event(of booking: BookingID) async throws -> Event? {
        guard let id = try await memory.pairings.values.first(where: { $0.booking == booking })?.event else {
            return nil
        }
        return await calendar.event(id)
    }
}
