/// Whether a failed call is made again, and when. A value: the caller counts attempts, brings the random number and sleeps.
package struct RetryPolicy: Hashable, Sendable {
    /// Calls in all, the first included.
    package var attempts: Int
    /// The first back-off before jitter; doubles with each attempt.
    package var base: Duration
    package var longestBackOff: Duration
    /// A vendor that wants us to wait longer is not waited for within the call: the work goes back to the queue.
    package var longestWait: Duration

    package init(
        attempts: Int = 4, base: Duration = .milliseconds(500), longestBackOff: Duration = .seconds(20),
        longestWait: Duration = .seconds(60)
    ) {
        self.attempts = attempts
        self.base = base
        self.longestBackOff = longestBackOff
        self.longestWait = longestWait
    }

    package enum Failure: Hashable, Sendable {
        /// The request certainly did nothing.
        case noEffect
        /// The request may have worked; its answer never came.
        case effectUnknown
        case status(Int)
    }

    package enum Decision: Hashable, Sendable {
        case wait(Duration)
        case giveUp
    }

    /// - Parameters:
    ///   - attempt: how many calls were made so far, from 1.
    ///   - isRepeatable: whether making the call twice is as good as making it once.
    ///   - retryAfter: what the vendor asked for.
    ///   - random: from 0 to below 1.
    package func decision(
        afterAttempt attempt: Int, failure: Failure, isRepeatable: Bool, retryAfter: Duration? = nil, random: Double
    ) -> Decision {
        guard attempt < attempts, Self.isPassing(failure, isRepeatable: isRepeatable) else { return .giveUp }
        let wait = max(retryAfter ?? .zero, backOff(afterAttempt: attempt, random: random))
        return wait <= longestWait ? .wait(wait) : .giveUp
    }

    /// Whether a request that was answered with this status may have been carried out nevertheless.
    package static func leavesEffectUnknown(_ status: Int) -> Bool {
        // 503 and 429 say "not now"; 501 and the storage errors say "no".
        [408, 500, 502, 504].contains(status)
    }

    /// From half to the whole of the doubled base: spread, but never so short that it is no back-off.
    func backOff(afterAttempt attempt: Int, random: Double) -> Duration {
        let doubled = base * (1 << min(max(attempt - 1, 0), 20))
        return min(doubled, longestBackOff) * (0.5 + 0.5 * min(max(random, 0), 1))
    }

    private static func isPassing(_ failure: Failure, isRepeatable: Bool) -> Bool {
        switch failure {
        case .noEffect: true
        case .effectUnknown: isRepeatable
        // Refused before anything was done.
        case .status(429): true
        case .status(408), .status(500), .status(502), .status(503), .status(504): isRepeatable
        // 507 and 509 (storage, bandwidth) pass too, but not within the time of a call.
        case .status: false
        }
    }
}
