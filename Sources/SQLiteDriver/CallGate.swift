import SQLStore
import Synchronization

/// Lets calls in until it is closed, and lets the closer wait for those under way: GRDB does not survive a call after
/// its connection is closed.
final class CallGate: Sendable {
    private struct State {
        var isClosed = false
        var underWay = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// - Throws: ``SQLError/closed`` once ``close()`` was called.
    func pass<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        try state.withLock { state in
            guard !state.isClosed else { throw SQLError.closed }
            state.underWay += 1
        }
        defer { leave() }
        return try await body()
    }

    /// Lets nobody in any more; returns when everybody is out.
    func close() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                state.isClosed = true
                if state.underWay > 0 { state.waiting.append(continuation) }
                return state.underWay == 0
            }
            if isEmpty { continuation.resume() }
        }
    }

    private func leave() {
        let waiting: [CheckedContinuation<Void, Never>] = state.withLock { state in
            state.underWay -= 1
            guard state.isClosed, state.underWay == 0 else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
