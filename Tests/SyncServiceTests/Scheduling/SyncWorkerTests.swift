import CalendarModel
import Logging
import LoopBooking
import SQLStore
import SyncEngine
import SyncService
import Synchronization
import TestSupport
import Testing

/// One connection works, one fails, one never answers.
private struct Connectors: ConnectorSource {
    struct NoSignIn: Error {}

    let good: InMemoryCalendar
    let hung = WakeBell()

    func connector(for connection: ConnectionID) async throws -> any CalendarConnector {
        switch connection {
        case "bad": throw NoSignIn()
        case "hung":
            await hung.wait(atMost: .seconds(3600)) { try await Task.sleep(for: $0) }
            throw NoSignIn()
        default: return good
        }
    }
}

@Suite("The worker")
struct SyncWorkerTests {
    private func worker(_ office: SmallOffice, _ connectors: Connectors, bell: WakeBell = WakeBell()) -> SyncWorker {
        let (clock, ids) = (office.clock, office.ids)
        return SyncWorker(
            store: office.store, connectors: connectors,
            settings: WorkerSettings(node: "node", lookAround: .milliseconds(5)), bell: bell,
            surroundings: SyncWorker.Surroundings(
                now: { clock.now }, newID: { ids.next() }, sleep: { try await Task.sleep(for: $0) }, chance: { 0.5 }),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func addLink(_ name: String, to office: SmallOffice) async throws {
        try await office.store.addConnection(
            ConnectionRecord(
                id: ConnectionID(name), organization: SmallOffice.organization, name: name, kind: "memory",
                settings: "{}", createdAt: office.clock.now), secrets: [:])
        var link = office.link
        link.id = LinkID(name)
        link.connection = ConnectionID(name)
        link.room = try await office.desk.addRoom(RoomDraft(name: name, zone: Times.oslo.name)).entity.id
        try await office.store.addLink(link, blindAfter: .seconds(3600), now: office.clock.now)
    }

    @Test("A link whose connector fails or never answers delays no other", .timeLimit(.minutes(1)))
    func isolation() async throws {
        let office = try await SmallOffice()
        try await addLink("bad", to: office)
        try await addLink("hung", to: office)
        try await office.book("Ours", "2026-03-02 09:00")
        let worker = worker(office, Connectors(good: office.calendar))
        let running = Task { try await worker.run() }
        while await office.calendar.holdingEvents.isEmpty { await Task.yield() }
        while try await office.store.link("bad")?.failures == 0 { await Task.yield() }
        // Later work of the good link is done too, while the other one still hangs.
        try await office.book("Later", "2026-03-02 11:00")
        while await office.calendar.holdingEvents.count < 2 { await Task.yield() }
        running.cancel()
        try await running.value
    }

    @Test("A pass that fails is given back with its failures counted, and is due later")
    func failures() async throws {
        let office = try await SmallOffice()
        let worker = worker(office, Connectors(good: office.calendar))
        var faults = CalendarFaults()
        faults.rightsRevoked = true
        await office.calendar.set(faults)
        try await worker.runNow(SmallOffice.linkID, patience: .zero)
        let record = try #require(try await office.store.link(SmallOffice.linkID))
        #expect(record.failures == 1)
        #expect(record.lastPass?.failureKind == .forbidden)
        #expect((record.dueAt ?? office.clock.now) > office.clock.now)
        await office.calendar.set(CalendarFaults.none)
        try await worker.runNow(SmallOffice.linkID, patience: .zero)
        #expect(try await office.store.link(SmallOffice.linkID)?.failures == 0)
    }

    @Test("A link that another worker has is said to be busy")
    func busy() async throws {
        let office = try await SmallOffice()
        let now = office.clock.now
        _ = try await office.store.claim(SmallOffice.linkID, owner: "other", lease: .seconds(60), now: now)
        await #expect(throws: LinkIsBusy.self) {
            try await worker(office, Connectors(good: office.calendar)).runNow(SmallOffice.linkID, patience: .zero)
        }
    }
}
