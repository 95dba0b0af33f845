import CalendarModel
import Foundation
import GraphConnector
import Synchronization

/// Time that only passes when somebody sleeps.
final class TestClock: Sendable {
    private let state: Mutex<(now: Instant, slept: [Duration])>

    init(_ now: Instant = Instant(seconds: 1_772_000_000)) { state = Mutex((now, [])) }

    var now: Instant { state.withLock(\.now) }
    var slept: [Duration] { state.withLock(\.slept) }

    func pass(_ duration: Duration) { state.withLock { $0.now = $0.now.advanced(by: duration) } }

    /// Servers answer with the machine's own time.
    static let machine: @Sendable () -> Instant = {
        Instant(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    }

    var surroundings: Surroundings { surroundings() }

    func surroundings(machineClock: @escaping @Sendable () -> Instant = TestClock.machine) -> Surroundings {
        Surroundings(
            now: { self.now },
            sleep: { duration in
                try Task.checkCancellation()
                self.state.withLock { state in
                    state.slept.append(duration)
                    state.now = state.now.advanced(by: duration)
                }
            },
            random: { 0 }, machineClock: machineClock)
    }
}
