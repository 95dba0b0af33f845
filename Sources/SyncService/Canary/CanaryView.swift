import CalendarModel
import CalendarTime
import SQLStore
import SyncEngine

/// A round trip as people see it.
package struct CanaryView: Encodable, Sendable {
    package var id: String
    package var link: String
    package var startedAt: String
    package var finishedAt: String?
    /// `underWay`, `passed`, `failed` or `skipped`.
    package var outcome: String
    package var outboundSeconds: Double?
    package var inboundSeconds: Double?
    package var diagnosis: Diagnosis?

    package init(_ run: CanaryRun) {
        id = run.id
        link = run.link.rawValue
        startedAt = Timestamps.rfc3339(run.startedAt)
        finishedAt = run.finishedAt.map { Timestamps.rfc3339($0) }
        outcome = run.outcome.rawValue
        outboundSeconds = run.outboundSeconds
        inboundSeconds = run.inboundSeconds
        diagnosis = run.diagnosis
    }
}
