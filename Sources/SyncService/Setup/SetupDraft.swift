import CalendarModel
import SyncEngine

/// What was entered for a connection so far, and what came of it. Holds no secrets.
package struct SetupDraft: Hashable, Sendable, Codable {
    /// The connection's name.
    package var name: String
    /// Id or domain; empty while the consent is to tell it.
    package var tenant = ""
    /// Whether the organization brings an application of its own.
    package var usesOwnApplication = false
    package var clientID = ""
    /// The service account's address.
    package var account = ""
    package var signIn: SetupSignIn = .browser
    /// What the calendar system's kind keeps besides, such as addresses of an earlier connection.
    package var more: [String: String] = [:]

    /// Since when somebody says that the prerequisites are there.
    package var prerequisitesAt: Instant?
    package var consent: Consent?
    package var proof: SetupProof?
    package var provedAt: Instant?
    /// The latest thing that went wrong, by step, until it goes well.
    package var problems: [SetupStep.RawValue: Diagnosis] = [:]
    /// When the calendar system's rooms were listed last.
    package var listedAt: Instant?

    /// What the consent page's answer said. Only a sign-in proves it.
    package struct Consent: Hashable, Sendable, Codable {
        package var at: Instant
        package var tenant: String
        package var permissions: Set<String>
        package var isProved: Bool
        package var by: String

        package init(at: Instant, tenant: String, permissions: Set<String>, isProved: Bool, by: String) {
            self.at = at
            self.tenant = tenant
            self.permissions = permissions
            self.isProved = isProved
            self.by = by
        }
    }

    package init(name: String) { self.name = name }

    /// What was proved or consented for another tenant, application or account says nothing any more.
    package mutating func forgetProofs(unlessSameAs earlier: SetupDraft) {
        let isSamePlace =
            tenant.lowercased() == earlier.tenant.lowercased() && usesOwnApplication == earlier.usesOwnApplication
            && clientID.lowercased() == earlier.clientID.lowercased()
        if !isSamePlace { consent = nil }
        if !isSamePlace || account.lowercased() != earlier.account.lowercased() || signIn != earlier.signIn {
            proof = nil
            provedAt = nil
        }
    }
}

/// The steps of a set-up, in the manual's order.
package enum SetupStep: String, Hashable, Sendable, Codable, CaseIterable {
    case prerequisites, connection, permissions, account, rooms, mapping, preview, switchOn = "switch-on"
}

/// A set-up with what it knows, for pages and the REST API.
package struct Setup: Hashable, Sendable {
    package var record: SetupRecordSummary
    package var draft: SetupDraft
    /// The steps that are done.
    package var done: Set<SetupStep>
    package var hasConnection: Bool

    /// The first step that is not done.
    package var next: SetupStep { SetupStep.allCases.first { !done.contains($0) } ?? .switchOn }
}

/// What is kept of a set-up besides its draft.
package struct SetupRecordSummary: Hashable, Sendable {
    package var id: ConnectionID
    package var kind: String
    package var revision: Int64
    package var changedBy: String
    package var changedAt: Instant
    package var mappingRevision: Int64
    package var mappingBy: String?
}

/// Why a step of a set-up was refused.
package enum SetupError: Error, Hashable, Sendable {
    case noSuchSetup
    /// Somebody else changed it meanwhile.
    case changed(by: String)
    case unknownKind(String)
    /// What was entered is wrong: texts' names by field.
    case fields([String: Complaint])
    /// The calendar system, or what it proved, says no.
    case refused(Diagnosis)
    case nameTaken
    /// An earlier step is not done.
    case stepMissing(SetupStep)

    package enum Complaint: String, Hashable, Sendable {
        case missing, notAName, notATenant, notAnID, notAnAddress, otherWay, notPEM, tooLong, unknown
    }
}
