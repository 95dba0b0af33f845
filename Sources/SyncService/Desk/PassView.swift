import CalendarTime
import SyncEngine

/// How a pass went, as people see it.
package struct PassView: Encodable, Sendable {
    package struct Step: Encodable, Sendable {
        package var action: String
        package var sentence: String
        package var failure: Diagnosis?
    }

    package var startedAt: String
    package var finishedAt: String
    /// Whether the calendar was read.
    package var read: Bool
    package var steps: [Step]
    package var remarks: [String]
    package var failure: Diagnosis?
    package var hold: MassDeletion?

    package init(_ report: PassReport) {
        startedAt = Timestamps.rfc3339(report.startedAt)
        finishedAt = Timestamps.rfc3339(report.finishedAt)
        read = report.read
        steps = report.steps.map { Step(action: $0.action, sentence: $0.sentence, failure: $0.failure) }
        remarks = report.remarks
        failure = report.failure
        hold = report.hold
    }
}
