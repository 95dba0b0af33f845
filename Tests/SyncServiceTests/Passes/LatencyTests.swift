import CalendarModel
import LoopBooking
import SQLStore
import SyncEngine
import SyncService
import TestSupport
import Testing

@Suite("How long changes take")
struct LatencyTests {
    private func latency(_ office: SmallOffice) async throws -> LatencyMeasure {
        try await office.store.latency(
            of: SmallOffice.organization, link: SmallOffice.linkID,
            since: office.clock.now.advanced(by: .seconds(-86_400)))
    }

    @Test("What was there before the link is no measure; what changes on either side is measured")
    func bothWays() async throws {
        let office = try await SmallOffice()
        let early = try await office.book("Early", "2026-03-02 09:00")
        await office.calendar.personCreates(Samples.meeting("Early too", Times.at("2026-03-02 11:00")))
        office.clock.advance(by: .seconds(500))
        try await office.settle()
        #expect(try await latency(office).count == 0)
        office.clock.advance(by: .seconds(100))

        try await office.book("Ours", "2026-03-03 09:00")
        office.clock.advance(by: .seconds(7))
        try await office.pass()
        let outward = try await latency(office)
        #expect(outward.count == 1 && outward.maximum == .seconds(7))

        office.clock.advance(by: .seconds(100))
        let theirs = await office.calendar.personCreates(Samples.meeting("Theirs", Times.at("2026-03-03 11:00")))
        office.clock.advance(by: .seconds(12))
        let report = try #require(try await office.pass())
        #expect(report.steps.map(\.latency?.toward) == [.loopBooking])
        #expect(report.steps.map(\.latency?.duration) == [.seconds(12)])

        office.clock.advance(by: .seconds(100))
        try await office.change(early.id, BookingChange(subject: "Renamed"))
        await office.calendar.personChanges(theirs) { $0.subject = "Renamed too" }
        office.clock.advance(by: .seconds(3))
        try await office.pass()
        let all = try await latency(office)
        #expect(all.count == 4 && all.maximum == .seconds(12))
        let view = try await LatencyView.read(
            of: SmallOffice.organization, from: office.store, now: office.clock.now)
        #expect(view.now.count == 4 && view.week.map(\.toward) == ["calendar", "loopBooking"])
    }

    @Test("A meeting that vanished from the calendar tells no time; a cancelled booking does")
    func cancellations() async throws {
        let office = try await SmallOffice()
        let ours = try await office.book("Ours", "2026-03-03 09:00")
        let theirs = await office.calendar.personCreates(Samples.meeting("Theirs", Times.at("2026-03-03 11:00")))
        try await office.settle()
        office.clock.advance(by: .seconds(200))
        _ = try await office.desk.cancel(ours.id, by: .person("Anna"))
        await office.calendar.personCancels(theirs)
        office.clock.advance(by: .seconds(5))
        let report = try #require(try await office.pass())
        #expect(report.steps.compactMap(\.latency).map(\.toward) == [.calendar])
        #expect(try await latency(office).count == 1)
    }

    @Test("What drift repair writes is no slow change")
    func repair() async throws {
        let office = try await SmallOffice()
        let theirs = await office.calendar.personCreates(Samples.meeting("Theirs", Times.at("2026-03-03 11:00")))
        try await office.settle()
        // A reading that lost a change, and nobody noticed for an hour.
        await office.calendar.personChanges(theirs) { $0.subject = "Renamed" }
        let window = try #require(try await office.memory.cursor?.window)
        let cursor = try await office.calendar.readChanges(
            of: office.link.resourceAddress, since: nil, window: window
        ).cursor
        try await office.store.sync.record(
            RecordedReading(observed: [], gone: [], cursor: cursor, at: office.clock.now), for: SmallOffice.linkID)
        office.clock.advance(by: .seconds(3600))
        #expect(try await office.pass()?.steps.isEmpty == true)
        let before = try await latency(office)
        office.clock.advance(by: .seconds(60))
        #expect(try await office.checkDrift().items.count == 1)
        try await office.repairDrift()
        #expect(try await office.booking(called: "Renamed") != nil)
        #expect(try await latency(office) == before)
    }
}
