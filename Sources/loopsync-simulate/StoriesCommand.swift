import ArgumentParser
import Foundation
import Simulation

/// What every story is made with.
struct StoryOptions: ParsableArguments {
    @Option(help: "The first seed.")
    var first: UInt64 = 1

    @Option(help: "How many things happen in a story before it comes to rest.")
    var actions = 200

    @Option(help: "The share of new meetings that are series, from 0 to 1.")
    var series = 0.0

    func validate() throws {
        guard actions > 0 else { throw ValidationError("--actions must be at least 1.") }
        guard (0...1).contains(series) else { throw ValidationError("--series must be from 0 to 1.") }
    }

    var settings: HistorySettings { HistorySettings(actions: actions, seriesShare: series) }

    /// The command that lives one story again.
    func replay(_ seed: UInt64) -> String {
        "loopsync-simulate --first \(seed) --seeds 1 --actions \(actions) --series \(series)"
    }
}

struct StoriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stories",
        abstract: "Live stories, one for each seed.",
        discussion: """
            A story that breaks a promise is told in plain words, as short as it can be, with the command that lives \
            it again. Exit status 0 only when every promise held in every story.
            """)

    @OptionGroup var options: StoryOptions

    @Option(help: "How many stories: seeds from --first on.")
    var seeds: UInt64 = 1000

    @Option(help: "How many stories are lived at one time.")
    var jobs = 1

    @Option(help: "Stop after so many failures.")
    var failures = 3

    @Flag(help: "Tell failing stories as they were, without making them short.")
    var long = false

    @Flag(help: "Live each story twice and tell it again, and fail when it was not the same.")
    var twice = false

    @Flag(help: "Tell every story in plain words.")
    var tell = false

    func validate() throws {
        guard seeds > 0 else { throw ValidationError("--seeds must be at least 1.") }
        guard jobs > 0 else { throw ValidationError("--jobs must be at least 1.") }
    }

    func run() async throws {
        let clock = ContinuousClock()
        let start = clock.now
        var (lived, failed, passes) = (0, 0, 0)
        let last = options.first + (seeds - 1)
        try await withThrowingTaskGroup(of: History.self) { group in
            var next = options.first
            func add() {
                guard next <= last else { return }
                let (seed, settings) = (next, options.settings)
                next += 1
                group.addTask { try await History.live(seed: seed, settings) }
            }
            for _ in 0..<jobs { add() }
            while let history = try await group.next() {
                lived += 1
                passes += history.passes
                if twice { try await requireSame(history) }
                if tell { for line in try await history.told() { print(line) } }
                if history.violation != nil {
                    failed += 1
                    try await report(history)
                    if failed >= failures { break }
                }
                if lived.isMultiple(of: 500) {
                    print("\(lived) of \(seeds) histories, \(failed) failures")
                    fflush(nil)
                }
                add()
            }
            group.cancelAll()
        }
        let seconds = (clock.now - start) / .seconds(1)
        let rate = Double(lived) / max(seconds, 0.001)
        let end = options.first + UInt64(max(lived, 1)) - 1
        print("\(passes) passes, \(options.actions) actions a history, series share \(options.series)")
        print(
            "\(lived) histories, \(failed) failures, \(Int(rate.rounded(.down))) histories/s, seeds \(options.first)..\(end)"
        )
        if failed > 0 { throw ExitCode.failure }
    }

    private func requireSame(_ history: History) async throws {
        let second = try await History.live(seed: history.seed, options.settings)
        let again = try await History.tellAgain(history.steps, of: history)
        for (other, name) in [(second, "lived twice"), (again, "told again")] where !history.isSame(as: other) {
            throw ValidationError("Seed \(history.seed) \(name) is another story.")
        }
    }

    private func report(_ history: History) async throws {
        guard let violation = history.violation else { return }
        print("\nSeed \(history.seed) breaks a promise. \(violation)")
        fflush(nil)
        let short = long ? history : try await Shrinker.shrink(history)
        for line in try await short.told() { print("  \(line)") }
        print("  Once more: \(options.replay(history.seed))\n")
        fflush(nil)
    }
}
