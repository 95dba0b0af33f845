import CalendarModel
import GraphConnector
import Synchronization

/// Time that only passes when somebody sleeps.
final class TestClock: Sendable {
    private let state: Mutex<(now: Instant, slept: [Duration])>

    init(_ now: Instant = Instant(seconds: 1_772_000_000)) { state = Mutex((now, [])) }

    var now: Instant { state.withLock(\.now) }
    var slept: [Duration] { state.withLock(\.slept) }

    func pass(_ duration: Duration) { state.withLock { $0.now = $0.now.advanced(by: duration) } }

    var surroundings: Surroundings {
        Surroundings(
            now: { self.now },
            sleep: { duration in
                try Task.checkCancellation()
                self.state.withLock { state in
                    state.slept.append(duration)
                    state.now = state.now.advanced(by: duration)
                }
            },
            random: { 0 })
    }
}
