import CalendarModel
import LoopBooking
import SQLStore
import SyncEngine

/// Where people decide clashes: keep one meeting or the other, move one to a free room, and take a decision back for a day.
/// A decision is one transaction: bookings, ruling and clash change together. The calendar follows with the link's next
/// pass.
package struct ClashDesk: Sendable {
    let organization: OrganizationID
    let store: Store
    let desk: BookingDesk
    let now: @Sendable () -> Instant

    /// So many rooms are offered to move to.
    private static let mostFreeRooms = 50
    /// How long a decision can be taken back.
    package static let undoTime: Duration = .seconds(86_400)

    package init(
        organization: OrganizationID, store: Store, desk: BookingDesk, now: @escaping @Sendable () -> Instant
    ) {
        self.organization = organization
        self.store = store
        self.desk = desk
        self.now = now
    }

    /// What somebody decides.
    package enum Ruling: Hashable, Sendable {
        case keep(Clash.Party)
        /// The party goes to another room; the other one has this.
        case move(Clash.Party, to: RoomID)

        var kept: Clash.Party {
            switch self {
            case .keep(let party): party
            case .move(let party, _): party.other
            }
        }
    }

    // MARK: Looking

    /// Newest first.
    package func list(_ states: Set<Clash.State> = [.open]) async throws -> [ClashView] {
        try await store.readClashes(of: organization) { transaction in
            try views(of: transaction.clashes(states), in: transaction)
        }
    }

    /// A part of them, and how many there are in all.
    package func page(
        _ states: Set<Clash.State>, _ range: @escaping @Sendable (_ count: Int) -> Range<Int>
    ) async throws -> (clashes: [ClashView], count: Int) {
        try await store.readClashes(of: organization) { transaction in
            let count = try transaction.countClashes(states)
            let found = try transaction.clashes(states, range: range(count))
            return (try views(of: found, in: transaction), count)
        }
    }

    /// One clash with the rooms that either meeting could move to.
    /// - Throws: ``ClashError``.
    package func show(_ id: String) async throws -> ClashView {
        try await store.readClashes(of: organization) { transaction in
            let clash = try existing(id, in: transaction)
            var view = try view(of: clash, in: transaction)
            guard clash.state != .decided, clash.end > now() else { return view }
            let record = try existingLink(of: clash, in: transaction)
            for party in Clash.Party.allCases {
                guard let meeting = try Self.meeting(of: party, in: clash, link: record.link, transaction) else {
                    continue
                }
                let rooms = try desk.freeRooms(
                    for: meeting, insteadOf: record.link.room, most: Self.mostFreeRooms, in: transaction.bookings)
                view.freeRooms[party.rawValue] = rooms.map(ClashView.FreeRoom.init)
            }
            return view
        }
    }

    // MARK: Deciding

    /// - Throws: ``ClashError``, `DeskError`.
    package func decide(_ id: String, _ ruling: Ruling, by author: ChangeAuthor) async throws -> ClashView {
        try await store.writeClashes(of: organization) { transaction in
            let clash = try existing(id, in: transaction)
            if clash.state == .decided, let decision = clash.file.decision {
                throw ClashError.decided(by: decision.author, at: decision.at)
            }
            guard clash.end > now() else { throw ClashError.over }
            let record = try existingLink(of: clash, in: transaction)
            var act = ClashAct(
                clash: clash, link: record.link, desk: desk, author: author, now: now(), transaction: transaction)
            try act.decide(ruling)
            try finish(act, in: transaction)
            return try view(of: act.clash, in: transaction)
        }
    }

    /// Restores what stood before the decision.
    /// - Throws: ``ClashError`` saying why that is no longer possible.
    package func undo(_ id: String, by author: ChangeAuthor) async throws -> ClashView {
        try await store.writeClashes(of: organization) { transaction in
            let clash = try existing(id, in: transaction)
            guard clash.state == .decided, let decision = clash.file.decision else { throw ClashError.notDecided }
            guard now().since(decision.at) <= Self.undoTime else { throw ClashError.tooLate(decidedAt: decision.at) }
            guard clash.end > now() else { throw ClashError.over }
            let record = try existingLink(of: clash, in: transaction)
            var act = ClashAct(
                clash: clash, link: record.link, desk: desk, author: author, now: now(), transaction: transaction)
            try act.undo(decision)
            try finish(act, in: transaction)
            return try view(of: act.clash, in: transaction)
        }
    }

    private func finish(_ act: ClashAct, in transaction: ClashTransaction) throws {
        try transaction.keep(act.clash)
        // A person decided: the room's link follows, also when no booking changed.
        try transaction.wake(act.clash.link)
    }

    private func existing(_ id: String, in transaction: ClashTransaction) throws -> Clash {
        guard let clash = try transaction.clash(id) else { throw ClashError.noSuchClash(String(id.prefix(64))) }
        return clash
    }

    func existingLink(of clash: Clash, in transaction: ClashTransaction) throws -> LinkRecord {
        guard let record = try transaction.link(clash.link) else { throw ClashError.noSuchClash(clash.id.rawValue) }
        return record
    }
}
