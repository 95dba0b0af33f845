import CalendarModel
import SyncEngine
import SyncService
import TestSupport
import Testing

@Suite("How soon a link's next pass comes")
struct PaceTests {
    private let pace = Pace(
        busy: .seconds(5), normal: .seconds(20), idle: .seconds(60), soon: .seconds(900), readingsPerSecond: 10,
        longestBackOff: .seconds(300))

    private func report(nextIn seconds: Int64? = nil, changes: Int = 0) -> PassReport {
        var report = PassReport(link: "link", startedAt: Samples.now)
        report.read = true
        report.changesRead = changes
        report.nextStart = seconds.map { Samples.now.advanced(by: .seconds($0)) }
        return report
    }

    private func failed(retryAfter: Double? = nil) -> PassReport {
        var report = report()
        report.failure = Diagnosis(code: "x", summary: "x", remedy: "x")
        report.retryAfterSeconds = retryAfter
        return report
    }

    private func wait(_ report: PassReport, failures: Int = 0, links: Int = 1, jitter: Double = 0.5) -> Duration {
        pace.wait(after: report, failures: failures, links: links, jitter: jitter)
    }

    @Test("Rooms where something happened or starts soon are read more often than idle ones")
    func rhythm() {
        #expect(wait(report(changes: 1)) == .seconds(5))
        #expect(wait(report(nextIn: 600)) == .seconds(5))
        #expect(wait(report(nextIn: 3600)) == .seconds(20))
        #expect(wait(report(nextIn: 86_400)) == .seconds(60))
        #expect(wait(report()) == .seconds(60))
    }

    @Test("All links together stay within the readings per second")
    func budget() {
        #expect(wait(report(changes: 1), links: 100) == .seconds(10))
        #expect(wait(report(changes: 1), links: 2000, jitter: 0) >= .seconds(180))
    }

    @Test("After faults the wait doubles up to its limit, and the vendor's wish counts")
    func backOff() {
        let waits = (1...12).map { wait(failed(), failures: $0) }
        #expect(waits.first == .seconds(5))
        #expect(waits == waits.sorted())
        #expect(waits.last == .seconds(300))
        #expect(wait(failed(), failures: 3, jitter: 0) < wait(failed(), failures: 3, jitter: 1))
        #expect(wait(failed(retryAfter: 120), failures: 1) == .seconds(120))
    }
}

@Suite("The worker's bell")
struct WakeBellTests {
    private let never: @Sendable (Duration) async throws -> Void = { _ in
        try await Task.sleep(for: .seconds(60))
    }

    @Test("A ring before the wait ends it at once; it counts once", .timeLimit(.minutes(1)))
    func rungBefore() async {
        let bell = WakeBell()
        bell.ring()
        bell.ring()
        await bell.wait(atMost: .seconds(60), sleep: never)
        let slept = Counting()
        await bell.wait(atMost: .seconds(60)) { _ in _ = slept.next() }
        #expect(slept.next() == "id-2")
    }

    @Test("A ring during the wait ends it", .timeLimit(.minutes(1)))
    func rungDuring() async {
        let bell = WakeBell()
        await bell.wait(atMost: .seconds(60)) { _ in
            bell.ring()
            try await Task.sleep(for: .seconds(60))
        }
    }

    @Test("A wait whose task is cancelled ends", .timeLimit(.minutes(1)))
    func cancelled() async {
        let bell = WakeBell()
        let task = Task { await bell.wait(atMost: .seconds(60), sleep: never) }
        task.cancel()
        await task.value
    }
}
