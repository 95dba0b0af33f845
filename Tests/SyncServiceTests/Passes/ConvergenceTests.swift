import Foundation
import Testing

@Suite("Random histories keep the engine's promises")
struct ConvergenceTests {
    private static func setting(_ name: String, _ standard: UInt64) -> UInt64 {
        ProcessInfo.processInfo.environment[name].flatMap(UInt64.init) ?? standard
    }

    @Test("Both sides agree once faults end, with nothing lost and nothing doubled")
    func promisesHold() async throws {
        let first = Self.setting("LOOPSYNC_SEED", 1)
        let count = Self.setting("LOOPSYNC_HISTORIES", 60)
        var failures = 0
        for seed in first..<first + count {
            let history = try await History(seed: seed)
            let broken = try await history.run(actions: Int(Self.setting("LOOPSYNC_ACTIONS", 40)))
            if !broken.isEmpty {
                failures += 1
                Issue.record("\(broken.joined(separator: "\n"))\n\(history.text)")
            }
            if failures == 3 { return }
        }
    }
}
