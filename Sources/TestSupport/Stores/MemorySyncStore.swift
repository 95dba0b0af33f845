import CalendarModel
import LoopBooking
import SQLStore
import SyncEngine
import Synchronization

/// What a store in memory refuses to keep.
package enum MemoryStoreError: Error, Hashable {
    /// A booking or an event would stand in two live pairings.
    case pairedTwice(PairingID)
    /// Two bookings would hold a room at one time.
    case slotTaken(by: BookingID)
    /// It is there already, or is not there to be changed.
    case noSuchRow(String)
}

/// The engine's memory without a database, for worlds that live thousands of lives a minute. It keeps the same contract as
/// the one in SQL; one suite of tests holds both to it.
package final class MemorySyncStore: SyncStore {
    private struct Kept {
        var link: Link
        var blindAfter: Duration
        var cursor: Cursor?
        var approvedDeletions: Set<PairingID> = []
        var lastReadAt: Instant?
        var lastPass: PassReport?
        var pairings: [PairingID: Pairing] = [:]
        var ended: Set<PairingID> = []
        var events: [EventID: ObservedEvent] = [:]
        /// In the order in which they were opened.
        var open: [Intent] = []
        var history: [HistoryEntry] = []
        var clashes: [ClashRecord] = []
        /// How many passes started.
        var passes = 0
    }

    private struct State {
        var links: [LinkID: Kept] = [:]
        /// Which link a key belongs to, also after it was closed.
        var keys: [OperationKey: LinkID] = [:]
    }

    private final class Shelf: Sendable { let state = Mutex(State()) }

    private let shelf: Shelf
    /// The pass that it belongs to; nil outside of passes.
    private let pass: Int?

    package init() { (shelf, pass) = (Shelf(), nil) }
    private init(shelf: Shelf, pass: Int) { (self.shelf, self.pass) = (shelf, pass) }

    package func begin(_ link: LinkID) async throws -> any SyncStore {
        let pass = shelf.state.withLock { state in
            state.links[link]?.passes += 1
            return state.links[link]?.passes ?? 0
        }
        return MemorySyncStore(shelf: shelf, pass: pass)
    }

    private func requireLatest(_ link: LinkID, in state: State) throws {
        guard let pass else { return }
        guard state.links[link]?.passes == pass else { throw PassSuperseded() }
    }

    package func addLink(_ link: Link, blindAfter: Duration) {
        shelf.state.withLock { $0.links[link.id] = Kept(link: link, blindAfter: blindAfter) }
    }

    // MARK: The port

    package func memory(of link: LinkID) async throws -> LinkMemory? { memory(link) }

    package func record(_ reading: RecordedReading, for link: LinkID) async throws {
        try shelf.state.withLock { state in
            try requireLatest(link, in: state)
            guard var kept = state.links.removeValue(forKey: link) else { return }
            for observed in reading.observed { kept.events[observed.event.id] = observed }
            for event in reading.gone { kept.events[event] = nil }
            kept.cursor = reading.cursor
            kept.lastReadAt = reading.at
            state.links[link] = kept
        }
    }

    package func open(_ intent: Intent) async throws -> Intent {
        try shelf.state.withLock { state in
            try requireLatest(intent.link, in: state)
            guard var kept = state.links.removeValue(forKey: intent.link) else { return intent }
            defer { state.links[intent.link] = kept }
            let action = intent.operation.action
            var inForce = intent
            let place = kept.open.firstIndex {
                $0.operation.action.name == action.name && $0.operation.action.subject == action.subject
            }
            if let place { inForce = intent.repeating(kept.open[place]) }
            inForce.attempts += 1
            if let place { kept.open[place] = inForce } else { kept.open.append(inForce) }
            state.keys[inForce.key] = intent.link
            return inForce
        }
    }

    package func close(
        _ key: OperationKey, as outcome: Intent.Outcome, effects: [Effect], at now: Instant
    ) async throws {
        try shelf.state.withLock { state in
            guard let link = state.keys[key] else { return }
            try requireLatest(link, in: state)
            guard let before = state.links[link] else { return }
            state.links[link]?.open.removeAll { $0.key == key }
            do { try Self.apply(effects, to: link, in: &state) } catch {
                state.links[link] = before
                throw error
            }
        }
    }

    package func apply(_ effects: [Effect], for link: LinkID, at now: Instant) async throws {
        try shelf.state.withLock { state in
            try requireLatest(link, in: state)
            guard let before = state.links[link] else { return }
            do { try Self.apply(effects, to: link, in: &state) } catch {
                state.links[link] = before
                throw error
            }
        }
    }

    package func finish(_ report: PassReport) async throws {
        try shelf.state.withLock { state in
            try requireLatest(report.link, in: state)
            state.links[report.link]?.lastPass = report
            if report.read, report.failure == nil, report.hold == nil {
                state.links[report.link]?.approvedDeletions = []
            }
        }
    }

    private static func apply(_ effects: [Effect], to link: LinkID, in state: inout State) throws {
        guard var kept = state.links.removeValue(forKey: link) else { return }
        defer { state.links[link] = kept }
        for effect in effects {
            switch effect {
            case .pair(let pairing): try pair(pairing, in: &kept)
            case .end(let id):
                if kept.pairings.removeValue(forKey: id) != nil { kept.ended.insert(id) }
            case .observe(let observed): kept.events[observed.event.id] = observed
            case .forget(let event): kept.events[event] = nil
            case .tell(let entry): kept.history.append(entry)
            case .clash(let record): kept.clashes.append(record)
            case .setState(let new):
                kept.link.state = new
                kept.approvedDeletions = []
            }
        }
    }

    private static func pair(_ pairing: Pairing, in kept: inout Kept) throws {
        // What is over does not come back, however late somebody writes about it.
        guard !kept.ended.contains(pairing.id) else { return }
        for other in kept.pairings.values where other.id != pairing.id {
            if other.booking == pairing.booking || pairing.event != nil && other.event == pairing.event {
                throw MemoryStoreError.pairedTwice(other.id)
            }
        }
        kept.pairings[pairing.id] = pairing
    }
}

// MARK: - Links and looking

extension MemorySyncStore {
    /// As ``SyncStore/memory(of:)``, at once.
    package func memory(_ link: LinkID) -> LinkMemory? {
        shelf.state.withLock { state in
            state.links[link].map { kept in
                LinkMemory(
                    link: kept.link, pairings: Array(kept.pairings.values), events: Array(kept.events.values),
                    cursor: kept.cursor, openIntents: kept.open, approvedDeletions: kept.approvedDeletions,
                    lastReadAt: kept.lastReadAt)
            }
        }
    }

    /// As the database's: what a held link asks is answered by `approvingDeletions`.
    package func setState(_ new: Link.State, of link: LinkID, approvingDeletions: Bool? = nil) {
        shelf.state.withLock { state in
            guard var kept = state.links.removeValue(forKey: link) else { return }
            kept.approvedDeletions = []
            kept.link.state = new
            let vanished = kept.pairings.values.filter { $0.event.map { kept.events[$0] == nil } ?? false }.map(\.id)
            switch approvingDeletions {
            case true?: kept.approvedDeletions = Set(vanished)
            case false?:
                for id in vanished {
                    kept.pairings[id] = nil
                    kept.ended.insert(id)
                }
            case nil: break
            }
            state.links[link] = kept
        }
    }

    package func forgetCursor(of link: LinkID) { shelf.state.withLock { $0.links[link]?.cursor = nil } }

    /// The link with what decides whether its room is certain.
    package func record(of link: LinkID) -> LinkRecord? {
        shelf.state.withLock { state in
            state.links[link].map { kept in
                LinkRecord(
                    link: kept.link, cursor: kept.cursor,
                    lastReadAt: kept.lastReadAt, blindAfter: kept.blindAfter, lastPass: kept.lastPass)
            }
        }
    }

    package func record(ofRoom room: RoomID) -> LinkRecord? {
        let link = shelf.state.withLock { $0.links.values.first { $0.link.room == room }?.link.id }
        return link.flatMap { record(of: $0) }
    }

    package func history(of link: LinkID) -> [HistoryEntry] { shelf.state.withLock { $0.links[link]?.history ?? [] } }
    package func clashes(of link: LinkID) -> [ClashRecord] { shelf.state.withLock { $0.links[link]?.clashes ?? [] } }
}
