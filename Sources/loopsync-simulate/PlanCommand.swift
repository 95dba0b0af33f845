import ArgumentParser
import Simulation

/// Measures what planning a full room costs.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Measure planning a room of very many meetings.")

    @Option(help: "Meetings in the room.") var meetings = 10_000
    @Option(help: "How often it is planned.") var rounds = 20

    @Option(help: "The most that planning may take when nothing changed, in milliseconds.") var unchangedGoal = 20.0
    @Option(help: "The most that planning may take when one meeting changed, in milliseconds.") var changedGoal = 25.0

    func run() throws {
        var benchmark = PlanningBenchmark(meetings: meetings)
        let look = median { benchmark.compareVersions() }
        let unchanged = median { benchmark.plan() }
        benchmark.moveOne()
        let changed = median { benchmark.plan() }
        let ratio = (unchanged / max(look, 0.01) * 10).rounded() / 10
        print("comparing only the versions of \(meetings) meetings: \(look) ms (planning takes \(ratio) times as long)")
        let isWithin = unchanged < unchangedGoal && changed < changedGoal
        print(
            """
            planning \(meetings) meetings, median of \(rounds): nothing changed \(unchanged) ms (goal \(unchangedGoal)), \
            one changed \(changed) ms (goal \(changedGoal)): \(isWithin ? "within" : "NOT within") the goals
            """)
        if !isWithin { throw ExitCode.failure }
    }

    /// Milliseconds, to a hundredth.
    private func median(_ body: () -> Int) -> Double {
        let clock = ContinuousClock()
        let times = (0..<rounds).map { _ in clock.measure { _ = body() } }.sorted()
        let (seconds, attoseconds) = times[times.count / 2].components
        let milliseconds = Double(seconds) * 1000 + Double(attoseconds) / 1e15
        return (milliseconds * 100).rounded() / 100
    }
}
