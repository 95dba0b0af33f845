import CalendarModel
import ServiceLifecycle

/// Work that somebody asked for and does not wait for, such as a run of the doctor. It goes on when the page that began it is
/// closed, and ends with the service. One piece of a name at a time.
package actor BackgroundWork: Service {
    private struct Job: Sendable {
        let name: String
        let work: @Sendable () async -> Void
    }

    private let jobs: AsyncStream<Job>
    private let entrance: AsyncStream<Job>.Continuation
    private var underWay: [String: Instant] = [:]
    private var waiting: [CheckedContinuation<Void, Never>] = []

    package init() { (jobs, entrance) = AsyncStream.makeStream() }

    /// Begins a piece of work; false when one of this name is under way.
    @discardableResult
    package func begin(_ name: String, at now: Instant, work: @escaping @Sendable () async -> Void) -> Bool {
        guard underWay[name] == nil else { return false }
        underWay[name] = now
        entrance.yield(Job(name: name, work: work))
        return true
    }

    /// Since when it is under way; nil when it is not.
    package func since(_ name: String) -> Instant? { underWay[name] }

    package func run() async {
        await cancelWhenGracefulShutdown { [jobs] in
            await withDiscardingTaskGroup { group in
                for await job in jobs {
                    group.addTask {
                        await job.work()
                        await self.end(job.name)
                    }
                }
            }
        }
    }

    /// Returns when nothing is under way.
    package func idle() async {
        while !underWay.isEmpty { await withCheckedContinuation { waiting.append($0) } }
    }

    private func end(_ name: String) {
        underWay[name] = nil
        let relieved = waiting
        waiting = []
        for continuation in relieved { continuation.resume() }
    }
}
