import Synchronization

/// Lets a limited number of calls through at one time, first come, first served. A waiter whose task is cancelled leaves the
/// queue at once and holds nothing.
package final class Gate: Sendable {
    package let capacity: Int
    private let state: Mutex<State>

    package init(capacity: Int) {
        self.capacity = max(1, capacity)
        state = Mutex(State(free: max(1, capacity)))
    }

    /// Permits taken now, and waiters in the queue.
    package var usage: (taken: Int, waiting: Int) { state.withLock { (capacity - $0.free, $0.waiters.count) } }

    /// Runs `body` while holding `weight` permits (at most all there are).
    package func withPermits<Value: Sendable>(
        _ weight: Int = 1, _ body: () async -> Value
    ) async throws(CancellationError) -> Value {
        let weight = min(max(1, weight), capacity)
        try await acquire(weight)
        defer { release(weight) }
        return await body()
    }

    private struct Waiter {
        let number: UInt64
        let weight: Int
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var free: Int
        var waiters: [Waiter] = []
        var lastNumber: UInt64 = 0
        /// Cancelled before they came to queue.
        var cancelled: Set<UInt64> = []

        /// Takes from the front of the queue whoever fits now. The first who does not fit stops the rest, so that a heavy
        /// call is not passed over for ever.
        mutating func admit() -> [CheckedContinuation<Bool, Never>] {
            var admitted: [CheckedContinuation<Bool, Never>] = []
            while let first = waiters.first, first.weight <= free {
                free -= first.weight
                waiters.removeFirst()
                admitted.append(first.continuation)
            }
            return admitted
        }
    }

    private func acquire(_ weight: Int) async throws(CancellationError) {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        let isAdmitted = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if state.cancelled.contains(number) { return false }
                    if state.waiters.isEmpty, state.free >= weight {
                        state.free -= weight
                        return true
                    }
                    state.waiters.append(Waiter(number: number, weight: weight, continuation: continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let (leaver, admitted) = state.withLock { state in
                guard let index = state.waiters.firstIndex(where: { $0.number == number }) else {
                    state.cancelled.insert(number)
                    return (nil as CheckedContinuation<Bool, Never>?, [CheckedContinuation<Bool, Never>]())
                }
                let leaver = state.waiters.remove(at: index).continuation
                return (leaver, state.admit())
            }
            leaver?.resume(returning: false)
            for continuation in admitted { continuation.resume(returning: true) }
        }
        state.withLock { _ = $0.cancelled.remove(number) }
        if !isAdmitted { throw CancellationError() }
    }

    private func release(_ weight: Int) {
        let admitted = state.withLock { state in
            state.free += weight
            return state.admit()
        }
        for continuation in admitted { continuation.resume(returning: true) }
    }
}
