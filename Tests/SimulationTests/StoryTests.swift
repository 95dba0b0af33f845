import Foundation
import Simulation
import Testing

/// How many stories the tests live: `LOOPSYNC_HISTORIES` from seed `LOOPSYNC_SEED` on. More of them by `make simulate`.
private func setting(_ name: String, _ standard: UInt64) -> UInt64 {
    ProcessInfo.processInfo.environment[name].flatMap(UInt64.init) ?? standard
}

@Suite("Simulated stories")
struct StoryTests {
    @Test("The engine keeps its nine promises in every story of single meetings")
    func singleMeetings() async throws {
        try await expectPromises(share: 0, histories: setting("LOOPSYNC_HISTORIES", 60))
    }

    @Test("… and in every story with series in it")
    func series() async throws {
        try await expectPromises(share: 0.4, histories: setting("LOOPSYNC_HISTORIES", 60) / 3)
    }

    private func expectPromises(share: Double, histories: UInt64) async throws {
        let first = setting("LOOPSYNC_SEED", 1)
        for seed in first..<first + histories {
            let history = try await History.live(seed: seed, HistorySettings(actions: 120, seriesShare: share))
            guard let violation = history.violation else { continue }
            let story = try await Shrinker.shrink(history, mostAttempts: 300).told()
            Issue.record("Seed \(seed): \(violation)\n\(story.joined(separator: "\n"))")
            return
        }
    }

    @Test("The same seed is the same story, and its acts told again are it too", arguments: [0.0, 0.4])
    func sameSeedSameStory(share: Double) async throws {
        let settings = HistorySettings(actions: 150, seriesShare: share)
        for seed: UInt64 in 11...14 {
            let first = try await History.live(seed: seed, settings)
            let second = try await History.live(seed: seed, settings)
            let again = try await History.tellAgain(first.steps, of: first)
            #expect(first.isSame(as: second))
            #expect(first.isSame(as: again))
            #expect(first.passes > 30)
        }
    }

    @Test("Different seeds are different stories")
    func differentSeeds() async throws {
        var digests: Set<UInt64> = []
        for seed: UInt64 in 1...8 {
            digests.insert(try await History.live(seed: seed, HistorySettings(actions: 40)).digest)
        }
        #expect(digests.count == 8)
    }
}

@Suite("Broken engines are noticed")
struct MutantTests {
    @Test("The bank has at least thirty broken engines, each under a name of its own")
    func bank() {
        #expect(Mutant.all.count >= 30)
        #expect(Set(Mutant.all.map(\.name)).count == Mutant.all.count)
    }

    @Test(
        "A broken engine is caught, and its story is told in a few lines",
        arguments: ["deaf-to-deletions", "policy-lost", "empty-page-deletes-all", "no-reason", "writes-twice"])
    func caught(name: String) async throws {
        let mutant = try #require(Mutant.all.first { $0.name == name })
        let trial = try await MutantTrial.run(
            mutant, first: 1, mostHistories: 40, HistorySettings(actions: 100))
        let history = try #require(trial.history, "\(name) was not caught")
        let short = try await Shrinker.shrink(history, mutant: mutant, mostAttempts: 400)
        #expect(short.violation?.promise == history.violation?.promise)
        #expect(short.steps.size < history.steps.size / 2)
        let told = try await short.told(mutant: mutant)
        #expect(told.last?.hasPrefix("Broken: ") == true)
    }
}
