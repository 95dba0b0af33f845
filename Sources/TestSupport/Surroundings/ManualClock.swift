import CalendarModel
import Synchronization

/// Time that moves when a test says so.
package final class ManualClock: Sendable {
    private let time: Mutex<Instant>

    package init(_ start: Instant = Samples.now) { time = Mutex(start) }

    package var now: Instant { time.withLock { $0 } }
    package func advance(by duration: Duration) { time.withLock { $0 = $0.advanced(by: duration) } }
}

/// Ids in order: `id-1`, `id-2`…
package final class Counting: Sendable {
    private let prefix: String
    private let count = Mutex(0)

    package init(_ prefix: String = "id") { self.prefix = prefix }

    package func next() -> String {
        count.withLock { count in
            count += 1
            return "\(prefix)-\(count)"
        }
    }
}
