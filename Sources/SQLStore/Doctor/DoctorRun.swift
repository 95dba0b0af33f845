import CalendarModel
import SyncEngine

/// One time that an organization's prerequisites were all checked.
package struct DoctorRun: Hashable, Sendable, Codable {
    package enum Occasion: String, Hashable, Sendable, Codable, CaseIterable {
        case asked, scheduled
        /// A link failed in a way that a person must mend.
        case failure
    }

    package var id: String
    package var organization: OrganizationID
    package var occasion: Occasion
    package var startedAt: Instant
    package var finishedAt: Instant
    package var entries: [DoctorEntry]

    package init(
        id: String, organization: OrganizationID, occasion: Occasion, startedAt: Instant, finishedAt: Instant,
        entries: [DoctorEntry]
    ) {
        self.id = id
        self.organization = organization
        self.occasion = occasion
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.entries = entries
    }

    package func count(_ verdict: Finding.Verdict) -> Int { entries.count { $0.finding.verdict == verdict } }
}

/// A finding, and which connection it is about; none for what belongs to the installation.
package struct DoctorEntry: Hashable, Sendable, Codable {
    package var connection: ConnectionID?
    package var connectionName: String?
    package var finding: Finding

    package init(connection: ConnectionID? = nil, connectionName: String? = nil, finding: Finding) {
        self.connection = connection
        self.connectionName = connectionName
        self.finding = finding
    }

    /// What it is the newest state of.
    package var key: DoctorCheckKey {
        DoctorCheckKey(connection: connection, check: finding.check, subject: finding.subject)
    }
}

/// A run in a list, without what it found.
package struct DoctorRunSummary: Hashable, Sendable, Codable {
    package var id: String
    package var occasion: DoctorRun.Occasion
    package var startedAt: Instant
    package var finishedAt: Instant
    package var good: Int
    package var warnings: Int
    package var bad: Int
    package var notChecked: Int
}

package struct DoctorCheckKey: Hashable, Sendable, Codable {
    package var connection: ConnectionID?
    package var check: String
    package var subject: String

    package init(connection: ConnectionID?, check: String, subject: String) {
        self.connection = connection
        self.check = check
        self.subject = subject
    }
}

/// How one check stands, and since when.
package struct DoctorCheckState: Hashable, Sendable, Codable {
    package var key: DoctorCheckKey
    /// The newest finding.
    package var finding: Finding
    /// Since when the verdict is what it is.
    package var since: Instant
    package var seenAt: Instant
    package var lastGoodAt: Instant?
    /// Broken until it is seen to work; what is not checked stays as it was known.
    package var isBroken: Bool
    package var brokenSince: Instant?
    /// What the administrators were told last, and when.
    package var isToldBroken: Bool
    package var toldAt: Instant?
}

/// Something that worked and broke, or works again: news for the administrators.
package struct DoctorNews: Hashable, Sendable {
    package var broke: [DoctorEntry]
    package var works: [DoctorEntry]

    package var isEmpty: Bool { broke.isEmpty && works.isEmpty }
}

/// A message on its way, as it is kept until it was sent.
package struct Notice: Hashable, Sendable {
    package var id: String
    package var organization: OrganizationID
    package var address: String
    /// What is to be sent, as JSON; the sender's own.
    package var content: String
    package var attempts: Int

    package init(id: String, organization: OrganizationID, address: String, content: String, attempts: Int = 0) {
        self.id = id
        self.organization = organization
        self.address = address
        self.content = content
        self.attempts = attempts
    }
}
