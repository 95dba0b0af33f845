import CalendarModel
import SQLStore
import SyncEngine
import Testing

@Suite("The doctor's memory")
struct DoctorStoreTests {
    private func run(
        _ number: Int, at minutes: Int64, _ findings: (String, Finding.Verdict)...
    ) -> DoctorRun {
        let at = TestStore.start.advanced(by: .seconds(minutes * 60))
        return DoctorRun(
            id: "run-\(number)", organization: TestStore.acme, occasion: .scheduled, startedAt: at, finishedAt: at,
            entries: findings.map { check, verdict in
                DoctorEntry(finding: Finding(check: check, subject: "", verdict: verdict, evidence: "Seen."))
            })
    }

    private static let letters: @Sendable (DoctorNews) throws -> [Notice] = { news in
        let text = (news.broke.map { "-\($0.finding.check)" } + news.works.map { "+\($0.finding.check)" })
            .joined(separator: " ")
        return [Notice(id: text, organization: TestStore.acme, address: "a@acme.example", content: text)]
    }

    private func texts(_ news: DoctorNews) -> [String] {
        news.broke.map { "-\($0.finding.check)" } + news.works.map { "+\($0.finding.check)" }
    }

    @Test("Runs are kept, fifty of them, newest first")
    func history() async throws {
        let store = try await TestStore().store
        for number in 0..<60 { try await store.keep(run(number, at: Int64(number), ("clock", .good), ("x", .bad))) }
        let runs = try await store.doctorRuns(of: TestStore.acme)
        #expect(runs.count == 50 && runs.first?.id == "run-59" && runs.last?.id == "run-10")
        #expect(runs.first?.good == 1 && runs.first?.bad == 1 && runs.first?.notChecked == 0)
        #expect(try await store.latestDoctorRun(of: TestStore.acme)?.entries.count == 2)
        #expect(try await store.doctorRun("run-59", of: TestStore.acme)?.count(.bad) == 1)
        #expect(try await store.doctorRun("run-59", of: "other") == nil)
        #expect(try await store.doctorRuns(of: "other") == [])
    }

    @Test("What worked and broke is news, and that it works again; what never worked is none")
    func news() async throws {
        let store = try await TestStore().store
        func keep(_ run: DoctorRun) async throws -> [String] {
            texts(try await store.keep(run, notices: Self.letters))
        }
        #expect(try await keep(run(1, at: 0, ("clock", .good), ("consent", .bad))) == [])
        #expect(try await keep(run(2, at: 10, ("clock", .bad), ("consent", .bad))) == ["-clock"])
        #expect(try await keep(run(3, at: 20, ("clock", .bad), ("consent", .bad))) == [])
        // What is not checked is as it was known.
        #expect(try await keep(run(4, at: 30, ("clock", .notChecked), ("consent", .good))) == [])
        #expect(try await keep(run(5, at: 40, ("clock", .good), ("consent", .good))) == ["+clock"])
        let states = try await store.doctorChecks(of: TestStore.acme)
        let clock = try #require(states.first { $0.key.check == "clock" })
        #expect(!clock.isBroken && clock.since == clock.seenAt && clock.lastGoodAt == clock.seenAt)
        let notices = try await store.takeDueNotices(
            now: TestStore.start.advanced(by: .seconds(3600)), patience: .seconds(60))
        #expect(notices.map(\.content) == ["-clock", "+clock"])
    }

    @Test("What comes and goes is told once an hour")
    func flapping() async throws {
        let store = try await TestStore().store
        var told: [String] = []
        for number in 0..<14 {
            let verdict: Finding.Verdict = number.isMultiple(of: 2) ? .good : .bad
            let news = try await store.keep(
                run(number, at: Int64(number * 10), ("clock", verdict)), notices: Self.letters)
            told += texts(news)
        }
        #expect(told == ["-clock", "+clock", "-clock", "+clock"])
    }

    @Test("Without anybody to tell nothing counts as told, and is told when somebody is there")
    func nobody() async throws {
        let store = try await TestStore().store
        try await store.keep(run(1, at: 0, ("clock", .good)))
        try await store.keep(run(2, at: 10, ("clock", .bad)))
        let news = try await store.keep(run(3, at: 20, ("clock", .bad)), notices: Self.letters)
        #expect(texts(news) == ["-clock"])
        // A room that is linked no longer has no state.
        try await store.keep(run(4, at: 30, ("x", .good)))
        #expect(try await store.doctorChecks(of: TestStore.acme).map(\.key.check) == ["x"])
    }

    @Test("A message is due until it was sent, later each time, and given up after a day")
    func notices() async throws {
        let store = try await TestStore().store
        func at(_ minutes: Int64) -> Instant { TestStore.start.advanced(by: .seconds(minutes * 60)) }
        try await store.keep(run(1, at: 0, ("clock", .good)))
        try await store.keep(run(2, at: 0, ("clock", .bad)), notices: Self.letters)
        let first = try await store.takeDueNotices(now: at(1), patience: .seconds(300))
        #expect(first.map(\.attempts) == [1])
        // The process that took it may have died.
        #expect(try await store.takeDueNotices(now: at(2), patience: .seconds(300)) == [])
        #expect(try await store.takeDueNotices(now: at(7), patience: .seconds(300)).map(\.attempts) == [2])
        try await store.noticeFailed(first[0].id, failure: "no server", next: at(20))
        let waiting = try await store.waitingNotices(of: TestStore.acme)
        #expect(waiting.count == 1 && waiting.failure == "no server")
        #expect(try await store.takeDueNotices(now: at(19), patience: .seconds(300)) == [])
        #expect(try await store.takeDueNotices(now: at(25 * 60), patience: .seconds(300)) == [])
        #expect(try await store.takeDueNotices(now: at(21), patience: .seconds(300)).count == 1)
        try await store.noticeSent(first[0].id, at: at(22))
        #expect(try await store.waitingNotices(of: TestStore.acme).count == 0)
        #expect(try await store.takeDueNotices(now: at(60), patience: .seconds(300)) == [])
    }

    @Test("A turn is taken once, and troubles make one only when they change")
    func turns() async throws {
        let store = try await TestStore().store
        func at(_ minutes: Int64) -> Instant { TestStore.start.advanced(by: .seconds(minutes * 60)) }
        let acme = TestStore.acme
        #expect(try await store.takeDoctorTurn(of: acme, now: at(0), next: at(100)))
        #expect(try await !store.takeDoctorTurn(of: acme, now: at(1), next: at(200)))
        #expect(try await store.nextDoctorTurn(of: acme) == at(100))
        #expect(try await store.takeDoctorTurn(of: acme, now: at(100), next: at(200)))
        let pause = Duration.seconds(600)
        #expect(try await !store.takeDoctorTurn(of: acme, troubles: "", now: at(1), pause: pause))
        #expect(try await store.takeDoctorTurn(of: acme, troubles: "link x", now: at(2), pause: pause))
        #expect(try await !store.takeDoctorTurn(of: acme, troubles: "link x", now: at(90), pause: pause))
        #expect(try await store.takeDoctorTurn(of: acme, troubles: "", now: at(91), pause: pause))
        #expect(try await !store.takeDoctorTurn(of: acme, troubles: "link x", now: at(95), pause: pause))
        #expect(try await store.takeDoctorTurn(of: acme, troubles: "link x", now: at(102), pause: pause))
    }
}
