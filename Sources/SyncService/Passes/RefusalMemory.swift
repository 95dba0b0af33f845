import CalendarModel
import SyncEngine
import Synchronization

/// Writes that were refused for good are not repeated at every pass: each waits twice as long as before, until its content
/// changes. Kept in memory only: after a restart everything is tried once more.
package final class RefusalMemory: Sendable {
    private struct Entry {
        var notBefore: Instant
        var wait: Duration
    }

    private let entries = Mutex<[Operation.Action: Entry]>([:])

    package init() {}

    func mayTry(_ action: Operation.Action, at now: Instant) -> Bool {
        entries.withLock { $0[action].map { $0.notBefore <= now } ?? true }
    }

    func refused(_ action: Operation.Action, at now: Instant) {
        entries.withLock { entries in
            let wait = entries[action].map { min($0.wait * 2, .seconds(3600)) } ?? .seconds(10)
            entries[action] = Entry(notBefore: now.advanced(by: wait), wait: wait)
            // What nobody asked about for a day is over.
            entries = entries.filter { now.since($0.value.notBefore) < .seconds(86_400) }
        }
    }
}
