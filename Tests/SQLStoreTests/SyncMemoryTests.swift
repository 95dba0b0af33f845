import CalendarModel
import SQLStore
import TestSupport
import Testing

@testable import SyncEngine

@Suite("The engine's memory")
struct SyncMemoryTests {
    @Test("The same intent opened again keeps its key and counts its attempts; closed, it starts anew")
    func intentKeys() async throws {
        let fixture = try await SyncFixture()
        let first = try await fixture.store.sync.open(fixture.intent("k1"))
        let second = try await fixture.store.sync.open(fixture.intent("k2"))
        #expect(first.key == "k1" && first.attempts == 1)
        #expect(second.key == "k1" && second.attempts == 2)
        #expect(try await fixture.memory.openIntents.map(\.key) == ["k1"])
        try await fixture.store.sync.close("k1", as: .done, effects: [], at: fixture.clock.now)
        #expect(try await fixture.memory.openIntents.isEmpty)
        #expect(try await fixture.store.sync.open(fixture.intent("k3")).key == "k3")
    }

    @Test("A create opened again is the same call, with the content of the first")
    func repeatedCreate() async throws {
        let fixture = try await SyncFixture()
        func create(_ subject: String) -> Operation.Action {
            let meeting = Samples.meeting(subject)
            return .createEvent(
                Operation.CreateEvent(
                    booking: "b1", bookingRevision: 1, meeting: meeting, bookingMeeting: meeting, mode: .direct))
        }
        let first = try await fixture.store.sync.open(fixture.intent("k1", create("First")))
        let second = try await fixture.store.sync.open(fixture.intent("k2", create("Second")))
        #expect(second.operation == first.operation)
        #expect(try await fixture.memory.openIntents.map(\.operation) == [first.operation])
    }

    @Test("What a call left behind is kept together with its intent, or not at all")
    func oneTransaction() async throws {
        let fixture = try await SyncFixture()
        let booking = Samples.booking()
        _ = try await fixture.store.sync.open(fixture.intent("k1"))
        let one = Samples.pairing("p1", booking, Samples.event("e1"))
        let other = Samples.pairing("p2", booking, Samples.event("e2"))
        await #expect(throws: SQLError.self) {
            // A booking stands in one live pairing at most.
            try await fixture.store.sync.close(
                "k1", as: .done, effects: [.pair(one), .pair(other)], at: fixture.clock.now)
        }
        #expect(try await fixture.memory.pairings.isEmpty)
        #expect(try await fixture.memory.openIntents.count == 1)
        try await fixture.store.sync.close(
            "k1", as: .done, effects: [.pair(one), .observe(Samples.observed(Samples.event()))], at: fixture.clock.now)
        #expect(try await fixture.memory.pairings["p1"] == one)
        #expect(try await fixture.memory.events["e1"] == Samples.observed(Samples.event()))
    }

    @Test("A closed intent keeps nothing of a meeting")
    func closedIntentIsEmpty() async throws {
        let fixture = try await SyncFixture()
        let meeting = Samples.meeting("Merger")
        _ = try await fixture.store.sync.open(
            fixture.intent(
                "k1",
                .createBooking(
                    Operation.CreateBooking(event: "e1", meeting: meeting, slotTakenAt: fixture.clock.now))))
        try await fixture.store.sync.close("k1", as: .refused, effects: [], at: fixture.clock.now)
        let contents = try await fixture.store.driver.read { connection in
            try connection.query("SELECT content, outcome FROM intents").map {
                [try $0.text("content"), try $0.text("outcome")]
            }
        }
        #expect(contents == [["", "refused"]])
    }

    @Test("A cursor is kept with what it brought")
    func cursor() async throws {
        let fixture = try await SyncFixture()
        try await fixture.read([Samples.event("e1"), Samples.event("e2")], cursor: "c1")
        try await fixture.read(gone: ["e1"], cursor: "c2")
        let memory = try await fixture.memory
        #expect(memory.cursor?.value == "c2")
        #expect(memory.events.keys.sorted() == ["e2"])
        #expect(memory.lastReadAt == fixture.clock.now)
        try await fixture.store.forgetCursor(of: fixture.link.id)
        #expect(try await fixture.memory.cursor == nil)
    }

    @Test("An ended pairing is no longer remembered, and its booking and event may pair again")
    func ended() async throws {
        let fixture = try await SyncFixture()
        let pairing = Samples.pairing("p1", Samples.booking(), Samples.event())
        try await fixture.store.sync.apply([.pair(pairing)], for: fixture.link.id, at: fixture.clock.now)
        try await fixture.store.sync.apply([.end("p1")], for: fixture.link.id, at: fixture.clock.now)
        #expect(try await fixture.memory.pairings.isEmpty)
        var again = pairing
        again.id = "p2"
        try await fixture.store.sync.apply([.pair(again)], for: fixture.link.id, at: fixture.clock.now)
        #expect(try await fixture.memory.pairings.keys.sorted() == ["p2"])
    }

    @Test("An approval of deletions ends with the pass that could use it, not with one that failed or asked")
    func approvalEnds() async throws {
        let fixture = try await SyncFixture()
        try await fixture.store.setState(
            .active, of: fixture.link.id, approvingDeletions: true, now: fixture.clock.now)
        var report = PassReport(link: fixture.link.id, startedAt: fixture.clock.now)
        report.read = true
        report.hold = MassDeletion(vanished: 5, of: 5)
        try await fixture.store.sync.finish(report)
        #expect(try await fixture.memory.deletionsApproved)
        report.hold = nil
        report.failure = Diagnosis(code: "x", summary: "x", remedy: "x")
        try await fixture.store.sync.finish(report)
        #expect(try await fixture.memory.deletionsApproved)
        report.failure = nil
        try await fixture.store.sync.finish(report)
        #expect(try await !fixture.memory.deletionsApproved)
    }

    @Test("What is not approved loses its pairing, what still stands keeps it")
    func notApproved() async throws {
        let fixture = try await SyncFixture()
        let (gone, there) = (Samples.event("gone"), Samples.event("there"))
        try await fixture.read([gone, there])
        try await fixture.store.sync.apply(
            [
                .pair(Samples.pairing("p1", Samples.booking("b1"), gone)),
                .pair(Samples.pairing("p2", Samples.booking("b2"), there)), .forget("gone"),
                .setState(.held(MassDeletion(vanished: 1, of: 2))),
            ], for: fixture.link.id, at: fixture.clock.now)
        #expect(try await fixture.record().condition(at: fixture.clock.now) == .stopped)
        try await fixture.store.setState(
            .active, of: fixture.link.id, approvingDeletions: false, now: fixture.clock.now)
        #expect(try await fixture.memory.pairings.keys.sorted() == ["p2"])
        #expect(try await fixture.memory.link.state == .active)
    }
}
