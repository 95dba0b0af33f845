import Synchronization

/// Wakes the worker before its wait is over: rung when a booking changes or a pass ends.
package final class WakeBell: Sendable {
    private struct State {
        var isRung = false
        var waiter: AsyncStream<Void>.Continuation?
    }

    private let state = Mutex(State())

    package init() {}

    package func ring() {
        state.withLock { state in
            state.isRung = true
            state.waiter?.finish()
            state.waiter = nil
        }
    }

    /// Returns when the bell rings, was rung since the last wait, or the time is over. One waiter at a time.
    package func wait(atMost limit: Duration, sleep: @escaping @Sendable (Duration) async throws -> Void) async {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        let rung = state.withLock { state in
            if state.isRung {
                state.isRung = false
                return true
            }
            state.waiter = continuation
            return false
        }
        if rung { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in stream {} }
            group.addTask { try? await sleep(limit) }
            await group.next()
            group.cancelAll()
        }
        state.withLock { state in
            state.waiter = nil
            state.isRung = false
        }
    }
}

/// Counts the passes under way, and remembers that no more are to start.
final class RunningLinks: Sendable {
    private struct State {
        var count = 0
        var isStopping = false
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    var free: Int { state.withLock { limit - $0.count } }
    var isStopping: Bool { state.withLock { $0.isStopping } }
    func start(_ number: Int) { state.withLock { $0.count += number } }
    func finish() { state.withLock { $0.count -= 1 } }
    func stop() { state.withLock { $0.isStopping = true } }
}
