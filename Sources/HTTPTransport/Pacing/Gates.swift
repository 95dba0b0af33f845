import CalendarModel
import Synchronization

/// The speed limits of one vendor: so many calls at one time for each key (a mailbox), so many over all, and for each key an
/// instant before which the vendor does not want to hear from us.
package final class Gates: Sendable {
    private let perKey: Int
    private let whole: Gate
    private let now: @Sendable () -> Instant
    private let sleep: @Sendable (Duration) async throws -> Void
    private let state = Mutex(State())

    private struct State {
        var gates: [String: Gate] = [:]
        var notBefore: [String: Instant] = [:]
    }

    package init(
        perKey: Int = 4, over whole: Int = 16, now: @escaping @Sendable () -> Instant,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.perKey = perKey
        self.whole = Gate(capacity: whole)
        self.now = now
        self.sleep = sleep
    }

    /// Runs `body` when the key's turn has come. `weight` is how many calls the vendor counts it as.
    package func pass<Value: Sendable>(
        _ key: String, weight: Int = 1, _ body: () async -> Value
    ) async throws(CancellationError) -> Value {
        // The key's gate first: whoever waits for one mailbox must not hold a place that another mailbox could use.
        let outcome: Result<Value, CancellationError> = try await gate(for: key).withPermits(weight) {
            do throws(CancellationError) {
                try await waitForTurn(of: key)
                return .success(try await whole.withPermits(1, body))
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    /// No call for this key before `instant`: the vendor said so.
    package func hold(_ key: String, until instant: Instant) {
        state.withLock { state in
            if let already = state.notBefore[key], already >= instant { return }
            state.notBefore[key] = instant
        }
    }

    /// The instant before which no call for this key is made; nil when there is none to wait for.
    package func notBefore(_ key: String) -> Instant? {
        state.withLock { $0.notBefore[key] }.flatMap { $0 > now() ? $0 : nil }
    }

    private func gate(for key: String) -> Gate {
        state.withLock { state in
            if let gate = state.gates[key] { return gate }
            let gate = Gate(capacity: perKey)
            state.gates[key] = gate
            return gate
        }
    }

    private func waitForTurn(of key: String) async throws(CancellationError) {
        // A loop, because the instant may be moved further while we wait.
        while let instant = notBefore(key) {
            do { try await sleep(instant.since(now())) } catch { throw CancellationError() }
        }
    }
}
