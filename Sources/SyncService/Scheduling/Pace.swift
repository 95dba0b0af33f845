import CalendarModel
import SyncEngine

/// How soon a link's next pass comes: busy and soon-starting rooms more often, all of it within the provider's budget,
/// longer after faults.
package struct Pace: Sendable, Hashable {
    /// For rooms where something just happened or a meeting starts soon.
    package var busy: Duration
    package var normal: Duration
    /// For rooms without a meeting in the next hours.
    package var idle: Duration
    /// A meeting that starts within this makes its room busy.
    package var soon: Duration
    /// Readings per second that all links together may make.
    package var readingsPerSecond: Double
    package var longestBackOff: Duration

    package init(
        busy: Duration = .seconds(5), normal: Duration = .seconds(20), idle: Duration = .seconds(60),
        soon: Duration = .seconds(900), readingsPerSecond: Double = 10, longestBackOff: Duration = .seconds(300)
    ) {
        self.busy = busy
        self.normal = normal
        self.idle = idle
        self.soon = soon
        self.readingsPerSecond = readingsPerSecond
        self.longestBackOff = longestBackOff
    }

    /// The wait after a pass.
    /// - Parameters:
    ///   - failures: how many passes in a row failed, this one included.
    ///   - links: how many links share the budget.
    ///   - jitter: 0…1; spreads links that would otherwise run in step.
    package func wait(after report: PassReport, failures: Int, links: Int, jitter: Double) -> Duration {
        if report.failure != nil {
            let backOff = min(busy * (1 << min(failures, 10)) / 2, longestBackOff)
            let asked = report.retryAfterSeconds.map { Duration.milliseconds(Int64($0 * 1000)) } ?? .zero
            return max(asked, backOff * (0.75 + 0.5 * jitter))
        }
        let spread = Duration.milliseconds(Int64(Double(links) / readingsPerSecond * 1000))
        return max(interval(for: report), spread) * (0.9 + 0.2 * jitter)
    }

    private func interval(for report: PassReport) -> Duration {
        if report.changesRead > 0 || !report.steps.isEmpty { return busy }
        guard let next = report.nextStart else { return idle }
        let ahead = next.since(report.finishedAt)
        if ahead < soon { return busy }
        return ahead < soon * 16 ? normal : idle
    }
}
