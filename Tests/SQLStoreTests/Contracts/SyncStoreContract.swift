import CalendarModel
import SQLStore
import TestSupport
import Testing

@testable import SyncEngine

/// Where things are kept: every store of a port keeps the same contract.
enum Keeper: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case database, memory

    var testDescription: String { rawValue }
}

/// One link in an engine's memory.
struct KeptLink: Sendable {
    let sync: any SyncStore
    let link: LinkID
    let clock = ManualClock()
    let setState: @Sendable (Link.State, Bool?) async throws -> Void
    let forgetCursor: @Sendable () async throws -> Void

    init(_ keeper: Keeper) async throws {
        switch keeper {
        case .database:
            let fixture = try await SyncFixture()
            let (store, id, now) = (fixture.store, fixture.link.id, clock.now)
            sync = store.sync
            link = id
            setState = { try await store.setState($0, of: id, approvingDeletions: $1, now: now) }
            forgetCursor = { try await store.forgetCursor(of: id) }
        case .memory:
            let store = MemorySyncStore()
            let id = Samples.link().id
            store.addLink(Samples.link(), blindAfter: .seconds(600))
            sync = store
            link = id
            setState = { store.setState($0, of: id, approvingDeletions: $1) }
            forgetCursor = { store.forgetCursor(of: id) }
        }
    }

    var memory: LinkMemory {
        get async throws { try #require(await sync.memory(of: link)) }
    }

    func intent(_ key: OperationKey, _ action: Operation.Action? = nil) -> Intent {
        let status = Operation.SetBookingStatus(booking: "b1", revision: 1, status: .refused)
        return Intent(
            key: key, link: link, operation: Operation(action ?? .setBookingStatus(status), because: "A test."),
            openedAt: clock.now)
    }

    func read(_ events: [Event] = [], gone: [EventID] = [], cursor: String = "c1") async throws {
        try await sync.record(
            RecordedReading(
                observed: events.map { Samples.observed($0) }, gone: gone,
                cursor: Cursor(value: cursor, window: Samples.window, reader: .delta), at: clock.now),
            for: link)
    }
}

@Suite("Every memory of the engine")
struct SyncStoreContract {
    @Test("An unknown link has no memory, and nothing is kept for it", arguments: Keeper.allCases)
    func unknownLink(_ keeper: Keeper) async throws {
        let kept = try await KeptLink(keeper)
        #expect(try await kept.sync.memory(of: "other") == nil)
        try await kept.sync.apply([.forget("e1")], for: "other", at: kept.clock.now)
        #expect(try await kept.sync.memory(of: "other") == nil)
    }

    @Test(
        "The same intent opened again keeps its key and counts its attempts; closed, it starts anew",
        arguments: Keeper.allCases)
    func intentKeys(_ keeper: Keeper) async throws {
        let kept = try await KeptLink(keeper)
        let first = try await kept.sync.open(kept.intent("k1"))
        let second = try await kept.sync.open(kept.intent("k2"))
        #expect(first.key == "k1" && first.attempts == 1)
        #expect(second.key == "k1" && second.attempts == 2)
        #expect(second.openedAt == first.openedAt && second.calledAt == second.triedAgainAt)
        #expect(try await kept.memory.openIntents.map(\.key) == ["k1"])
        try await kept.sync.close("k1", as: .done, effects: [], at: kept.clock.now)
        #expect(try await kept.memory.openIntents.isEmpty)
        #expect(try await kept.sync.open(kept.intent("k3")).key == "k3")
    }

    @Test("A pass that began earlier can write nothing once another one began", arguments: Keeper.allCases)
    func latePass(_ keeper: Keeper) async throws {
        let kept = try await KeptLink(keeper)
        let (link, now) = (kept.link, kept.clock.now)
        let late = try await kept.sync.begin(link)
        _ = try await late.open(kept.intent("k1"))
        let latest = try await kept.sync.begin(link)
        let reading = RecordedReading(
            observed: [], gone: [], cursor: Cursor(value: "c9", window: Samples.window, reader: .delta), at: now)
        await #expect(throws: PassSuperseded.self) { _ = try await late.open(kept.intent("k2")) }
        await #expect(throws: PassSuperseded.self) { try await late.close("k1", as: .done, effects: [], at: now) }
        await #expect(throws: PassSuperseded.self) { try await late.apply([.forget("e1")], for: link, at: now) }
        await #expect(throws: PassSuperseded.self) { try await late.record(reading, for: link) }
        await #expect(throws: PassSuperseded.self) {
            try await late.finish(PassReport(link: link, startedAt: now))
        }
        #expect(try await kept.memory.openIntents.map(\.key) == ["k1"])
        #expect(try await kept.memory.cursor == nil)
        try await latest.close("k1", as: .done, effects: [], at: now)
        #expect(try await kept.memory.openIntents.isEmpty)
    }

    @Test("A pass of a link that is no more can write nothing", arguments: Keeper.allCases)
    func passWithoutLink(_ keeper: Keeper) async throws {
        let kept = try await KeptLink(keeper)
        let pass = try await kept.sync.begin("other")
        await #expect(throws: PassSuperseded.self) {
            try await pass.apply([.forget("e1")], for: "other", at: kept.clock.now)
        }
    }

    @Test("A create opened again is the same call, with the content of the first", arguments: Keeper.allCases)
    func repeatedCreate(_ keeper: Keeper) async throws {
        let kept = try await KeptLink(keeper)
        func create(_ subject: String) -> Operation.Action {
            let meeting = Samples.meeting(subject)
            return .createEvent(
                Operation.CreateEvent(
                    booking: "b1", bookingRevision: 1, meeting: meeting, bookingMeeting: meeting, mode: .direct))
        }
        let first = try await kept.sync.open(kept.intent("k1", create("First")))
        let second = try await kept.sync.open(kept.intent("k2", create("Second")))
        #expect(second.operation == first.operation)
        #expect(try await kept.memory.openIntents.map(\.operation) == [first.operation])
    }

    @Test("What a call left behind is kept together with its intent, or not at all", arguments: Keeper.allCases)
    func oneTransaction(_ keeper: Keeper) async throws {
        let kept = try await KeptLink(keeper)
        let booking = Samples.booking()
        _ = try await kept.sync.open(kept.intent("k1"))
        let one = Samples.pairing("p1", booking, Samples.event("e1"))
        let other = Samples.pairing("p2", booking, Samples.event("e2"))
        await #expect(throws: (any Error).self) {
            // A booking stands in one live pairing at most.
            try await kept.sync.close("k1", as: .done, effects: [.pair(one), .pair(other)], at: kept.clock.now)
        }
        #expect(try await kept.memory.pairings.isEmpty)
        #expect(try await kept.memory.openIntents.count == 1)
        try await kept.sync.close(
            "k1", as: .done, effects: [.pair(one), .observe(Samples.observed(Samples.event()))], at: kept.clock.now)
        #expect(try await kept.memory.pairings["p1"] == one)
        #expect(try await kept.memory.events["e1"] == Samples.observed(Samples.event()))
    }

    @Test("An event stands in one live pairing at most", arguments: Keeper.allCases)
    func oneEvent(_ keeper: Keeper) async throws {
        let kept = try await KeptLink(keeper)
        let one = Samples.pairing("p1", Samples.booking("b1"), Samples.event("e1"))
        let other = Samples.pairing("p2", Samples.booking("b2"), Samples.event("e1"))
        try await kept.sync.apply([.pair(one)], for: kept.link, at: kept.clock.now)
        await #expect(throws: (any Error).self) {
            try await kept.sync.apply([.pair(other)], for: kept.link, at: kept.clock.now)
        }
        #expect(try await kept.memory.pairings.keys.sorted() == ["p1"])
    }

    @Test("A cursor is kept with what it brought", arguments: Keeper.allCases)
    func cursor(_ keeper: Keeper) async throws {
        let kept = try await KeptLink(keeper)
        try await kept.read([Samples.event("e1"), Samples.event("e2")], cursor: "c1")
        try await kept.read(gone: ["e1"], cursor: "c2")
        let memory = try await kept.memory
        #expect(memory.cursor?.value == "c2")
        #expect(memory.events.keys.sorted() == ["e2"])
        #expect(memory.lastReadAt == kept.clock.now)
        try await kept.forgetCursor()
        #expect(try await kept.memory.cursor == nil)
    }

    @Test(
        "An ended pairing stays ended whoever writes about it late, and its booking and event may pair again",
        arguments: Keeper.allCases)
    func ended(_ keeper: Keeper) async throws {
        let kept = try await KeptLink(keeper)
        let pairing = Samples.pairing("p1", Samples.booking(), Samples.event())
        try await kept.sync.apply([.pair(pairing)], for: kept.link, at: kept.clock.now)
        try await kept.sync.apply([.end("p1")], for: kept.link, at: kept.clock.now)
        try await kept.sync.apply([.pair(pairing)], for: kept.link, at: kept.clock.now)
        #expect(try await kept.memory.pairings.isEmpty)
        var again = pairing
        again.id = "p2"
        try await kept.sync.apply([.pair(again)], for: kept.link, at: kept.clock.now)
        #expect(try await kept.memory.pairings.keys.sorted() == ["p2"])
    }

    @Test(
        "An approval of deletions ends with the pass that could use it, not with one that failed or asked",
        arguments: Keeper.allCases)
    func approvalEnds(_ keeper: Keeper) async throws {
        let kept = try await KeptLink(keeper)
        let gone = Samples.pairing("p1", Samples.booking("b1"), Samples.event("e1"))
        let there = Samples.pairing("p2", Samples.booking("b2"), Samples.event("e2"))
        let effects: [Effect] = [.pair(gone), .pair(there), .observe(Samples.observed(Samples.event("e2")))]
        try await kept.sync.apply(effects, for: kept.link, at: kept.clock.now)
        try await kept.setState(.active, true)
        var report = PassReport(link: kept.link, startedAt: kept.clock.now)
        report.read = true
        report.hold = MassDeletion(vanished: 5, of: 5)
        try await kept.sync.finish(report)
        #expect(try await kept.memory.approvedDeletions == ["p1"])
        report.hold = nil
        report.failure = Diagnosis(code: "x", summary: "x", remedy: "x")
        try await kept.sync.finish(report)
        #expect(try await kept.memory.approvedDeletions == ["p1"])
        report.failure = nil
        try await kept.sync.finish(report)
        #expect(try await kept.memory.approvedDeletions == [])
    }

    @Test("What is not approved loses its pairing, what still stands keeps it", arguments: Keeper.allCases)
    func notApproved(_ keeper: Keeper) async throws {
        let kept = try await KeptLink(keeper)
        let (gone, there) = (Samples.event("gone"), Samples.event("there"))
        try await kept.read([gone, there])
        let hold = Link.State.held(MassDeletion(vanished: 1, of: 2))
        try await kept.sync.apply(
            [
                .pair(Samples.pairing("p1", Samples.booking("b1"), gone)),
                .pair(Samples.pairing("p2", Samples.booking("b2"), there)), .forget("gone"), .setState(hold),
            ], for: kept.link, at: kept.clock.now)
        #expect(try await kept.memory.link.state == hold)
        try await kept.setState(.active, false)
        #expect(try await kept.memory.pairings.keys.sorted() == ["p2"])
        #expect(try await kept.memory.link.state == .active)
    }
}
