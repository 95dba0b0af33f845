import CalendarModel
import Logging
import ServiceLifecycle

/// Removes what an earlier process wrote to try something out and did not live to remove. Done beside everything else: a
/// vendor that does not answer keeps nothing from starting.
package struct Sweeping: Service {
    private let remains: ProbeRemains
    private let canary: Canary
    private let connectors: any ConnectorSource
    private let startedAt: Instant
    private let logger: Logger

    /// - Parameter startedAt: when this process began; what is younger is its own.
    package init(
        remains: ProbeRemains, canary: Canary, connectors: any ConnectorSource, startedAt: Instant, logger: Logger
    ) {
        self.remains = remains
        self.canary = canary
        self.connectors = connectors
        self.startedAt = startedAt
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await canary.clearAway(before: startedAt)
            await remains.removeAll(before: startedAt, by: connectors, logger: logger)
        }
    }
}
