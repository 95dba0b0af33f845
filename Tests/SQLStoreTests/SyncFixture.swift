import CalendarModel
import LoopBooking
import SQLStore
import SQLiteDriver
import TestSupport

@testable import SyncEngine

/// A database with one organization, room and link.
struct SyncFixture {
    let store: Store
    let clock = ManualClock()
    private let ids = Counting("made")
    let link: Link

    init(driver: (any SQLDriver)? = nil, policy: LinkPolicy = LinkPolicy()) async throws {
        let base = Store(driver: try driver ?? SQLiteDriver.inMemory())
        store = base.withLinkHooks()
        try await store.migrate(now: clock.now)
        let room = try await Self.addRoom("Oslo", of: "org", in: store, at: clock.now)
        try await Self.addConnection("connection", of: "org", in: store, at: clock.now)
        var link = Samples.link(policy)
        link.room = room
        self.link = link
        try await store.addLink(link, blindAfter: .seconds(600), now: clock.now)
    }

    static func addRoom(_ name: String, of organization: OrganizationID, in store: Store, at now: Instant) async throws
        -> RoomID
    {
        try await store.addOrganization(Organization(id: organization, name: organization.rawValue), now: now)
        let ids = Counting("\(organization)-\(name)")
        return try await store.desk(of: organization, now: { now }, newID: { ids.next() })
            .addRoom(RoomDraft(name: name, zone: Times.oslo.name)).entity.id
    }

    static func addConnection(
        _ id: ConnectionID, of organization: OrganizationID, in store: Store, at now: Instant
    ) async throws {
        try await store.addConnection(
            ConnectionRecord(
                id: id, organization: organization, name: id.rawValue, kind: "memory", settings: "{}", createdAt: now),
            secrets: [:])
    }

    var desk: BookingDesk {
        let (clock, ids) = (clock, ids)
        return store.desk(of: "org", now: { clock.now }, newID: { ids.next() })
    }

    func book(_ start: String) async throws -> Booking {
        try await desk.create(
            BookingDraft(room: link.room, time: TimeDraft(Times.at(start)), subject: "Ours"), by: .person("Anna")
        ).entity
    }

    var memory: LinkMemory {
        get async throws {
            guard let memory = try await store.sync.memory(of: link.id) else { throw SQLError.closed }
            return memory
        }
    }

    func record() async throws -> LinkRecord {
        guard let record = try await store.link(link.id) else { throw SQLError.closed }
        return record
    }

    func intent(_ key: OperationKey, _ action: Operation.Action? = nil) -> Intent {
        let action =
            action
            ?? .setBookingStatus(
                Operation.SetBookingStatus(booking: "b1", revision: 1, status: .refused))
        return Intent(
            key: key, link: link.id, operation: Operation(action, because: "A test."), openedAt: clock.now)
    }

    /// A reading of one event, now.
    func read(_ events: [Event] = [], gone: [EventID] = [], cursor: String = "c1") async throws {
        try await store.sync.record(
            RecordedReading(
                observed: events.map { Samples.observed($0) }, gone: gone,
                cursor: Cursor(value: cursor, window: Samples.window, reader: .delta), at: clock.now),
            for: link.id)
    }
}
