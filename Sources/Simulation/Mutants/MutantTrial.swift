/// Whether the simulation notices a broken engine, and how soon.
package struct MutantTrial: Sendable {
    package let mutant: Mutant
    /// The story in which it was caught; nil when it was not.
    package let history: History?
    /// How many stories were lived.
    package let histories: Int

    /// Lives stories with a broken engine until a promise breaks.
    package static func run(
        _ mutant: Mutant, first: UInt64, mostHistories: Int, _ settings: HistorySettings
    ) async throws -> MutantTrial {
        var settings = settings
        if mutant.needsSeries { settings.seriesShare = max(settings.seriesShare, 0.5) }
        for count in 1...mostHistories {
            let seed = first + UInt64(count - 1)
            let history = try await History.live(seed: seed, settings, mutant: mutant)
            guard history.violation != nil else { continue }
            // Only counts when it is the mutant's doing.
            guard try await History.live(seed: seed, settings).violation == nil else { continue }
            return MutantTrial(mutant: mutant, history: history, histories: count)
        }
        return MutantTrial(mutant: mutant, history: nil, histories: mostHistories)
    }

    package static let heading = """
        | broken engine | what it does | caught by | after | seed |
        | --- | --- | --- | --- | --- |
        """

    /// One line of the table in docs/simulation.md.
    package var row: String {
        let promise = history?.violation?.promise.rawValue ?? "**not caught**"
        let seed = history.map { String($0.seed) } ?? ""
        return "| `\(mutant.name)` | \(mutant.fault) | \(promise) | \(histories) | \(seed) |"
    }
}
