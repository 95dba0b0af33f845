import CalendarModel
import LoopBooking
import SQLStore
import SyncEngine
import SyncService
import TestSupport
import Testing

@Suite("Round trips")
struct CanaryTests {
    /// While the canary waits, the service does its passes.
    private func canary(_ office: SmallOffice, passes: Bool = true) -> Canary {
        let (clock, calendar) = (office.clock, office.calendar)
        return Canary(
            store: office.store, connectors: OneConnector(calendar: calendar),
            surroundings: office.surroundings(sleep: { duration in
                clock.advance(by: duration)
                await calendar.answerInvitations()
                if passes { _ = try await office.pass() }
            }), logger: SmallOffice.silent)
    }

    private func isClear(_ office: SmallOffice) async throws -> Bool {
        try await office.settle()
        let (holding, events) = (try await office.holding(), await office.calendar.holdingEvents)
        return holding.isEmpty && events.isEmpty
    }

    @Test("A booking goes there and back, is measured, and nothing stays", arguments: WritingMode.allCases)
    func thereAndBack(writing: WritingMode) async throws {
        let office = try await SmallOffice(policy: LinkPolicy(writing: writing))
        try await office.settle()
        let run = try #require(try await canary(office).fly(SmallOffice.linkID))
        #expect(run.outcome == .passed && run.diagnosis == nil)
        #expect((run.outboundSeconds ?? 0) > 0 && (run.inboundSeconds ?? 0) > 0)
        #expect((run.outboundSeconds ?? 999) < 10 && (run.inboundSeconds ?? 999) < 10)
        #expect(run.finishedAt != nil)
        let booking = try await office.desk.booking(try #require(run.booking))
        #expect(booking.status == .cancelled && booking.meeting.subject == "Sync check")
        #expect(booking.meeting.span.start.since(office.clock.now) > .seconds(100 * 86_400))
        #expect(try await isClear(office))
        #expect(try await office.store.canaryRuns(of: SmallOffice.linkID) == [run])
    }

    @Test("A service that does nothing is noticed in two minutes, and the booking is cancelled")
    func late() async throws {
        let office = try await SmallOffice()
        try await office.settle()
        let run = try #require(try await canary(office, passes: false).fly(SmallOffice.linkID))
        #expect(run.outcome == .failed && run.diagnosis?.code == "canary.notSeen")
        #expect(try await isClear(office))
    }

    @Test("A link that rests is not tried")
    func resting() async throws {
        let office = try await SmallOffice()
        let blind = try #require(try await canary(office).fly(SmallOffice.linkID))
        #expect(blind.outcome == .skipped && blind.booking == nil)
        try await office.store.setState(.paused, of: SmallOffice.linkID, now: office.clock.now)
        #expect(try await canary(office).fly(SmallOffice.linkID)?.outcome == .skipped)
        #expect(try await canary(office).fly("none") == nil)
    }

    @Test("A link that stops at the first loss is measured one way")
    func oneWay() async throws {
        let office = try await SmallOffice(policy: LinkPolicy(massDeletionMinimum: 1))
        try await office.settle()
        let run = try #require(try await canary(office).fly(SmallOffice.linkID))
        #expect(run.diagnosis?.code == "canary.oneWay" && run.outboundSeconds != nil)
        #expect(try await isClear(office))
        #expect(try await office.store.link(SmallOffice.linkID)?.link.state == .active)
    }

    @Test("A room that opens by day is booked when it opens")
    func openingHours() async throws {
        let office = try await SmallOffice()
        _ = try await office.settle()
        let hours = OpeningHours.weekly([.monday: .init(from: 480, to: 1020), .tuesday: .init(from: 480, to: 1020)])
        _ = try await office.desk.changeRoom(office.link.room, RoomChange(openingHours: hours))
        let run = try #require(try await canary(office).fly(SmallOffice.linkID))
        #expect(run.outcome == .passed)
    }

    @Test("A trip that is cancelled, or whose process died, leaves nothing behind")
    func interrupted() async throws {
        let office = try await SmallOffice()
        try await office.settle()
        let stopped = Canary(
            store: office.store, connectors: OneConnector(calendar: office.calendar),
            surroundings: office.surroundings(sleep: { _ in throw CancellationError() }), logger: SmallOffice.silent)
        await #expect(throws: CancellationError.self) { try await stopped.fly(SmallOffice.linkID) }
        #expect(try await isClear(office))
        let booking = try await office.book("Sync check", "2026-06-01 03:30")
        var run = CanaryRun(id: "dead", link: SmallOffice.linkID, startedAt: office.clock.now)
        run.booking = booking.id
        try await office.store.keep(run)
        await canary(office).clearAway(before: run.startedAt)
        #expect(try await office.store.openCanaryRuns() == [run])
        await canary(office).clearAway(before: run.startedAt.advanced(by: .seconds(1)))
        #expect(try await isClear(office))
        #expect(try await office.store.openCanaryRuns() == [])
        #expect(try await office.store.canaryRuns(of: SmallOffice.linkID).allSatisfy { $0.outcome == .failed })
    }

    @Test("Twenty trips of a link are remembered")
    func history() async throws {
        let office = try await SmallOffice()
        for number in 0..<25 {
            var run = CanaryRun(id: "run-\(number)", link: SmallOffice.linkID, startedAt: office.clock.now)
            run.finishedAt = office.clock.now
            try await office.store.keep(run)
            office.clock.advance(by: .seconds(60))
        }
        let runs = try await office.store.canaryRuns(of: SmallOffice.linkID)
        #expect(runs.count == 20 && runs.first?.id == "run-24" && runs.last?.id == "run-5")
    }
}
