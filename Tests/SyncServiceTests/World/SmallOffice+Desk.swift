import CalendarModel
import LoopBooking
import SQLStore
import SyncEngine
import SyncService
import TestSupport

/// The reception.
extension SmallOffice {
    var clashDesk: ClashDesk {
        let clock = clock
        return ClashDesk(organization: Self.organization, store: store, desk: desk, now: { clock.now })
    }

    func clashes(all: Bool = false) async throws -> [ClashView] {
        try await clashDesk.list(all ? Set(Clash.State.allCases) : [.open])
    }

    func addRoom(_ name: String, capacity: Int?) async throws -> RoomID {
        try await desk.addRoom(RoomDraft(name: name, capacity: capacity, zone: Times.oslo.name)).entity.id
    }

    func bookRoom(_ room: RoomID, _ start: String) async throws {
        _ = try await desk.create(
            BookingDraft(room: room, time: TimeDraft(Times.at(start)), subject: "Elsewhere"), by: .person("Bo"))
    }
}

/// Whoever looks after the links.
extension SmallOffice {
    private func reconciliation() async throws -> Reconciliation {
        guard let record = try await store.link(Self.linkID) else { throw SQLError.closed }
        let (clock, ids) = (clock, ids)
        return Reconciliation(
            record, store: store,
            in: PassEnvironment(
                store: store.sync, connector: calendar, bookings: LoopBookingSystem(desk: desk, link: Self.linkID),
                now: { clock.now }, newID: { ids.next() }, refusals: refusals))
    }

    func checkDrift() async throws -> DriftReport { try await reconciliation().check(.asked) }

    @discardableResult
    func repairDrift(
        _ ids: Set<String>? = nil, missing: DriftRepair.Missing = .follow
    ) async throws -> [(item: DriftItem, outcome: String)] {
        let results = try await reconciliation().repair(ids, missing: missing)
        try await pass()
        clock.advance(by: .seconds(20))
        return results
    }
}
