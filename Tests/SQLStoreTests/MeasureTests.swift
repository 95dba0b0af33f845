import CalendarModel
import SQLStore
import SyncEngine
import TestSupport
import Testing

@Suite("Measures and the queue")
struct MeasureTests {
    /// A pass that brought changes across, each so many seconds after it was made.
    private func finish(
        _ fixture: SyncFixture, _ seconds: [Int64], toward: Side = .calendar, madeAt: Instant? = nil,
        isClean: Bool = true
    ) async throws {
        let now = fixture.clock.now
        var report = PassReport(link: fixture.link.id, startedAt: now)
        report.read = isClean
        report.finishedAt = now
        report.steps = seconds.map { seconds in
            let made = madeAt ?? now.advanced(by: .seconds(-seconds))
            return PassReport.Step(
                action: "event.create", sentence: "",
                latency: PassReport.Latency(toward: toward, changedAt: made, stoodAt: now))
        }
        try await fixture.store.sync.finish(report)
    }

    @Test("A link's first pass is no measure, and what changes after it is")
    func firstPass() async throws {
        let fixture = try await SyncFixture()
        try await finish(fixture, [3, 4000])
        #expect(try await fixture.store.latency(of: "org", since: fixture.clock.now).count == 0)
        fixture.clock.advance(by: .seconds(600))
        try await finish(fixture, [3, 9])
        let measure = try await fixture.store.latency(of: "org", link: fixture.link.id, since: fixture.clock.now)
        #expect(measure.count == 2 && measure.mean == .seconds(6) && measure.maximum == .seconds(9))
        #expect(measure.p95 == .seconds(9))
        #expect(try await fixture.store.latency(of: "org", since: fixture.clock.now) == measure)
        #expect(try await fixture.store.latencies(of: "org", since: fixture.clock.now) == [fixture.link.id: measure])
        #expect(try await fixture.store.latency(of: "other", since: fixture.clock.now).count == 0)
    }

    @Test(
        "What both sides had agreed on long ago is a repair, not a slow change; a change that waited out a fault is slow"
    )
    func repairs() async throws {
        let fixture = try await SyncFixture()
        try await finish(fixture, [])
        let change = fixture.clock.now.advanced(by: .seconds(120))
        fixture.clock.advance(by: .seconds(7200))
        try await finish(fixture, [], isClean: false)
        fixture.clock.advance(by: .seconds(10))
        try await finish(fixture, [0], madeAt: change)
        let measure = try await fixture.store.latency(of: "org", since: fixture.clock.now)
        #expect(measure.count == 1 && measure.maximum == .seconds(7090))
        fixture.clock.advance(by: .seconds(3600))
        try await finish(fixture, [0], madeAt: change)
        #expect(try await fixture.store.latency(of: "org", since: change).count == 1)
    }

    @Test("Hours and directions stand apart, and old hours are forgotten")
    func hours() async throws {
        let fixture = try await SyncFixture()
        try await finish(fixture, [])
        let start = fixture.clock.now
        for _ in 0..<3 {
            fixture.clock.advance(by: .seconds(3600))
            try await finish(fixture, [2])
            try await finish(fixture, [4], toward: .loopBooking)
        }
        let hours = try await fixture.store.latencyHours(of: "org", since: start)
        #expect(hours.count == 6 && hours.map(\.toward).prefix(2) == [.calendar, .loopBooking])
        #expect(Set(hours.map(\.hour)).count == 3)
        #expect(try await fixture.store.latencyHours(of: "org", since: fixture.clock.now).count == 2)
        fixture.clock.advance(by: .seconds(16 * 86_400))
        try await finish(fixture, [2])
        #expect(try await fixture.store.latencyHours(of: "org", since: start).count == 1)
    }

    @Test("Nineteen of twenty are told from the slowest")
    func percentile() async throws {
        let fixture = try await SyncFixture()
        try await finish(fixture, [])
        fixture.clock.advance(by: .seconds(5000))
        try await finish(fixture, Array(repeating: 2, count: 95) + Array(repeating: 500, count: 5))
        let measure = try await fixture.store.latency(of: "org", since: fixture.clock.now)
        #expect(measure.count == 100 && measure.p95 == .seconds(2) && measure.maximum == .seconds(500))
    }

    @Test("A report without latencies, as older versions wrote it, can be read")
    func older() throws {
        let step = try StoredJSON.value(
            PassReport.Step.self, from: #"{"action":"event.create","sentence":"Because."}"#, column: "step")
        #expect(step.latency == nil)
        let finding = try StoredJSON.value(
            Finding.self, from: #"{"check":"clock","subject":"","verdict":"good","evidence":"Seen."}"#, column: "x")
        #expect(finding.step == nil)
    }

    @Test("The queue shows what is due, under way, resting and failing, and the writes that are open")
    func queue() async throws {
        let fixture = try await SyncFixture()
        let (store, now) = (fixture.store, fixture.clock.now)
        func only() async throws -> QueuedLink {
            try #require(try await store.queue(of: "org", now: fixture.clock.now).links.first)
        }
        #expect(try await only().standing == .due)
        let due = try #require(
            try await store.claim(fixture.link.id, owner: "a", lease: .seconds(60), now: now))
        let leased = try await only()
        #expect(leased.standing == .leased && leased.leasedUntil == now.advanced(by: .seconds(60)))
        let opened = try await store.sync.open(fixture.intent("k1"))
        _ = try await store.sync.open(opened)
        try await store.release(due, owner: "a", next: now.advanced(by: .seconds(90)), failures: 2)
        let waiting = try await only()
        #expect(waiting.standing == .waiting && waiting.failures == 2)
        #expect(waiting.dueAt == now.advanced(by: .seconds(90)) && waiting.title == "Oslo ↔ Oslo-ext")
        let queue = try await store.queue(of: "org", now: now)
        #expect(queue.failing.map(\.link) == [fixture.link.id])
        let intent = try #require(queue.intents.first)
        #expect(intent.action == "booking.refused" && intent.subject == "b1" && intent.attempts == 2)
        #expect(intent.reason == "A test." && intent.since == now)
        try await store.setState(.paused, of: fixture.link.id, now: now)
        #expect(try await only().standing == .resting)
        try await store.sync.close("k1", as: .done, effects: [], at: now)
        #expect(try await store.queue(of: "org", now: now).intents == [])
        #expect(try await store.queue(of: "other", now: now).links == [])
    }
}
