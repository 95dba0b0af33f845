import CalendarModel
import CalendarTime
import SQLStore
import SyncEngine

/// A run of the doctor as people see it.
package struct DoctorView: Encodable, Sendable {
    package struct Entry: Encodable, Sendable {
        package var connection: String?
        package var connectionName: String?
        package var check: String
        package var subject: String
        /// `good`, `warning`, `bad` or `notChecked`.
        package var verdict: String
        package var evidence: String
        package var diagnosis: Diagnosis?
        /// The manual's step, such as `grant-full-access`, and its title.
        package var step: String?
        package var stepTitle: String?
        /// Since when it is so, and when it was last good; only in the newest run.
        package var since: String?
        package var lastGoodAt: String?
    }

    package var id: String
    /// `asked`, `scheduled` or `failure`.
    package var occasion: String
    package var startedAt: String
    package var finishedAt: String
    package var good: Int
    package var warnings: Int
    package var bad: Int
    package var notChecked: Int
    package var entries: [Entry]

    /// - Parameter states: how the checks stand now; empty for an older run.
    package init(_ run: DoctorRun, states: [DoctorCheckState] = []) {
        id = run.id
        occasion = run.occasion.rawValue
        startedAt = Timestamps.rfc3339(run.startedAt)
        finishedAt = Timestamps.rfc3339(run.finishedAt)
        good = run.count(.good)
        warnings = run.count(.warning)
        bad = run.count(.bad)
        notChecked = run.count(.notChecked)
        let known = Dictionary(states.map { ($0.key, $0) }, uniquingKeysWith: { $1 })
        entries = run.entries.map { Entry($0, known[$0.key]) }
    }
}

extension DoctorView.Entry {
    fileprivate init(_ entry: DoctorEntry, _ state: DoctorCheckState?) {
        let finding = entry.finding
        self.init(
            connection: entry.connection?.rawValue, connectionName: entry.connectionName, check: finding.check,
            subject: finding.subject, verdict: finding.verdict.rawValue, evidence: finding.evidence,
            diagnosis: finding.diagnosis, step: finding.step?.rawValue, stepTitle: finding.step?.title,
            since: state.map { Timestamps.rfc3339($0.since) },
            lastGoodAt: state?.lastGoodAt.map { Timestamps.rfc3339($0) })
    }
}

/// A run in a list.
package struct DoctorRunView: Encodable, Sendable {
    package var id: String
    package var occasion: String
    package var startedAt: String
    package var finishedAt: String
    package var good: Int
    package var warnings: Int
    package var bad: Int
    package var notChecked: Int

    package init(_ run: DoctorRunSummary) {
        id = run.id
        occasion = run.occasion.rawValue
        startedAt = Timestamps.rfc3339(run.startedAt)
        finishedAt = Timestamps.rfc3339(run.finishedAt)
        good = run.good
        warnings = run.warnings
        bad = run.bad
        notChecked = run.notChecked
    }
}
