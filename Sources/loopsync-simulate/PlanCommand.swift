import ArgumentParser
import Simulation

/// Measures what planning a full room costs.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Measure planning a room of very many meetings.")

    @Option(help: "Meetings in the room.") var meetings = 10_000
    @Option(help: "How often it is planned.") var rounds = 20

    func run() {
        var benchmark = PlanningBenchmark(meetings: meetings)
        let unchanged = median { benchmark.planUnchanged() }
        benchmark.moveOne()
        let changed = median { benchmark.planUnchanged() }
        print(
            "\(meetings) meetings, nothing changed: \(unchanged) ms; one changed: \(changed) ms (median of \(rounds))")
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
