import SyncEngine

/// How a story is made.
package struct HistorySettings: Hashable, Sendable {
    package var actions: Int
    /// The share of new meetings that repeat.
    package var seriesShare: Double

    package init(actions: Int = 200, seriesShare: Double = 0) {
        self.actions = actions
        self.seriesShare = seriesShare
    }
}

/// One story from one seed: people on both sides, faults, nodes that die or come late; then calm, and the promises are
/// checked. The same seed is the same story, to the letter.
package struct History: Sendable {
    package let seed: UInt64
    package let surroundings: Surroundings
    /// What happened, with everything random about it decided.
    package let steps: [Step]
    /// The first promise that was seen broken.
    package let violation: Violation?
    package let passes: Int
    /// Equal for two runs in which the engine did the same.
    package let digest: UInt64

    package static func live(
        seed: UInt64, _ settings: HistorySettings, mutant: Mutant? = nil
    ) async throws -> History {
        var inventor = Inventor(seed: seed)
        let surroundings = Surroundings(&inventor.dice, seriesShare: settings.seriesShare)
        let world = try await World(surroundings, inventor: inventor, mutant: mutant)
        let steps = await world.invent(settings.actions)
        return await end(seed, world, steps)
    }

    /// The story again, or a part of it.
    package static func tellAgain(
        _ steps: [Step], of history: History, mutant: Mutant? = nil
    ) async throws -> History {
        let world = try await World(history.surroundings, inventor: nil, mutant: mutant)
        await world.tellAgain(steps)
        return await end(history.seed, world, steps)
    }

    private static func end(_ seed: UInt64, _ world: World, _ steps: [Step]) async -> History {
        await world.comeToRest()
        await world.close()
        return await History(
            seed: seed, surroundings: world.surroundings, steps: steps, violation: world.violation,
            passes: world.passes, digest: world.digest)
    }

    /// Whether the same happened in both, and the engine did the same.
    package func isSame(as other: History) -> Bool {
        steps == other.steps && digest == other.digest && violation == other.violation && passes == other.passes
    }

    /// The story in plain words, line by line.
    package func told(mutant: Mutant? = nil) async throws -> [String] {
        let world = try await World(surroundings, inventor: nil, mutant: mutant, isNarrated: true)
        await world.tellAgain(steps)
        await world.comeToRest()
        await world.close()
        let standing = await world.violation == nil ? [] : world.whatStands()
        return await world.narration + standing + [world.violation.map { "Broken: \($0)" } ?? "Every promise holds."]
    }
}
