import SyncEngine

/// Makes the story of a failure as short as it can be: leaves acts out, first many at once and then one by one, as long as
/// the same promise still breaks (Zeller's delta debugging); then the mishaps within passes; then simplifies what is left.
package struct Shrinker {
    let history: History
    let mutant: Mutant?
    private var attempts = 0
    private let mostAttempts: Int

    /// The shortest story found that breaks the same promise.
    package static func shrink(
        _ history: History, mutant: Mutant? = nil, mostAttempts: Int = 1500
    ) async throws -> History {
        guard let violation = history.violation else { return history }
        var shrinker = Shrinker(history: history, mutant: mutant, mostAttempts: mostAttempts)
        return try await shrinker.run(violation.promise)
    }

    private init(history: History, mutant: Mutant?, mostAttempts: Int) {
        self.history = history
        self.mutant = mutant
        self.mostAttempts = mostAttempts
    }

    private mutating func run(_ promise: Promise) async throws -> History {
        guard var best = try await attempt(history.steps, promise) else { return history }
        var length = Int.max
        // What is left out in one place makes more possible in another.
        while best.steps.size < length, attempts < mostAttempts {
            length = best.steps.size
            best = try await withoutActs(best, promise)
            best = try await withoutMishaps(best, promise)
            best = try await withoutWaits(best, promise)
        }
        return best
    }

    /// The story, when it still breaks the promise.
    private mutating func attempt(_ steps: [Step], _ promise: Promise) async throws -> History? {
        attempts += 1
        guard attempts <= mostAttempts else { return nil }
        let told = try await History.tellAgain(steps, of: history, mutant: mutant)
        return told.violation?.promise == promise ? told : nil
    }

    private mutating func withoutActs(_ story: History, _ promise: Promise) async throws -> History {
        var best = story
        var size = max(1, best.steps.count / 2)
        while true {
            var start = 0
            while start < best.steps.count {
                var fewer = best.steps
                fewer.remove(start..<min(start + size, fewer.count))
                if let shorter = try await attempt(fewer, promise) { best = shorter } else { start += size }
            }
            guard size > 1 else { return best }
            size /= 2
        }
    }

    private mutating func withoutMishaps(_ story: History, _ promise: Promise) async throws -> History {
        var best = story
        for index in best.steps.indices {
            guard case .pass(let pass) = best.steps[index].act else { continue }
            for call in pass.mishaps.keys.sorted() {
                guard case .pass(var fewer) = best.steps[index].act else { continue }
                if case .meanwhile(let inner)? = fewer.mishaps[call], inner.count > 1 {
                    for place in inner.indices.reversed() {
                        guard case .meanwhile(var rest)? = fewer.mishaps[call], rest.indices.contains(place) else {
                            continue
                        }
                        rest.remove(place..<place + 1)
                        var changed = fewer
                        changed.mishaps[call] = .meanwhile(rest)
                        if let shorter = try await attempt(best.steps.replacing(index, with: changed), promise) {
                            best = shorter
                            fewer = changed
                        }
                    }
                }
                fewer.mishaps[call] = nil
                if let shorter = try await attempt(best.steps.replacing(index, with: fewer), promise) { best = shorter }
            }
        }
        return best
    }

    private mutating func withoutWaits(_ story: History, _ promise: Promise) async throws -> History {
        var best = story
        for index in best.steps.indices where best.steps[index].seconds != 1 {
            var steps = best.steps
            steps[index].seconds = 1
            if let shorter = try await attempt(steps, promise) { best = shorter }
        }
        return best
    }
}

extension [Step] {
    /// How many things happen, those within passes included.
    package var size: Int {
        reduce(0) { total, step in
            guard case .pass(let pass) = step.act else { return total + 1 }
            return pass.mishaps.values.reduce(total + 1) { sum, mishap in
                if case .meanwhile(let steps) = mishap { sum + steps.size } else { sum + 1 }
            }
        }
    }

    /// Without some acts; the time that they took goes by all the same.
    fileprivate mutating func remove(_ range: Range<Int>) {
        let seconds = self[range].reduce(0) { $0 + $1.duration }
        removeSubrange(range)
        if indices.contains(range.lowerBound) { self[range.lowerBound].seconds += seconds }
    }

    fileprivate func replacing(_ index: Int, with pass: Pass) -> [Step] {
        var steps = self
        steps[index].act = .pass(pass)
        return steps
    }
}

extension Step {
    /// How long it takes, in seconds.
    fileprivate var duration: Int {
        switch act {
        case .days(let days): seconds + days * 86_400
        case .pass(let pass):
            pass.mishaps.values.reduce(seconds) { total, mishap in
                guard case .meanwhile(let steps) = mishap else { return total }
                return steps.reduce(total) { $0 + $1.duration }
            }
        default: seconds
        }
    }
}
