/// A fault in words for an administrator: what happened, what it means, what to do next. Never holds secrets, tokens or the
/// content of meetings.
package struct Diagnosis: Hashable, Sendable, Codable {
    /// A stable, dotted name for scripts, such as `microsoft.consent.missing`.
    package var code: String
    /// What happened, in one sentence.
    package var summary: String
    /// What it means for the people who book.
    package var consequence: String
    /// What to do next.
    package var remedy: String
    /// The step of the set-up manual that was missed, when it is one.
    package var step: ManualStep?
    /// The vendor's own code, such as `AADSTS50126` or `ErrorAccessDenied`.
    package var vendorCode: String?
    /// What the vendor's support asks for: request ids. No content.
    package var reference: String?

    package init(
        code: String, summary: String, consequence: String = "", remedy: String, step: ManualStep? = nil,
        vendorCode: String? = nil, reference: String? = nil
    ) {
        self.code = code
        self.summary = summary
        self.consequence = consequence
        self.remedy = remedy
        self.step = step
        self.vendorCode = vendorCode
        self.reference = reference
    }
}

/// An error that can say in words for an administrator what it means.
package protocol DiagnosedError: Error {
    var diagnosis: Diagnosis { get }
}

/// The steps of the set-up manual, in its order.
package enum ManualStep: String, Hashable, Sendable, Codable, CaseIterable {
    case createMirrorRoom = "create-mirror-room"
    case createServiceAccount = "create-service-account"
    case giveMailboxLicence = "give-mailbox-licence"
    case switchOffTwoFactor = "switch-off-two-factor"
    case neverExpirePassword = "never-expire-password"
    case grantFullAccess = "grant-full-access"
    case registerApplication = "register-application"
    case grantAdminConsent = "grant-admin-consent"
    case assignServiceAccount = "assign-service-account"
    case enterCredentials = "enter-credentials"
    case mapRooms = "map-rooms"

    /// The step in the manual's words.
    package var title: String {
        switch self {
        case .createMirrorRoom: "Create a mirror resource for the room"
        case .createServiceAccount: "Create the service account"
        case .giveMailboxLicence: "Give the service account an Exchange Online licence (a mailbox)"
        case .switchOffTwoFactor: "Let the service account sign in without two-factor authentication"
        case .neverExpirePassword: "Set the service account's password to never expire"
        case .grantFullAccess: "Give the service account Full Access (Read and manage) to the room"
        case .registerApplication: "Register the application (Msgraph Application Registration)"
        case .grantAdminConsent: "Grant admin consent for the organization"
        case .assignServiceAccount: "Add the service account to the enterprise application under Users and groups"
        case .enterCredentials: "Enter the service account's credentials"
        case .mapRooms: "Map each LoopBooking room to its mirror"
        }
    }
}

/// One prerequisite, checked.
package struct Finding: Hashable, Sendable, Codable {
    package enum Verdict: String, Hashable, Sendable, Codable { case good, warning, bad, notChecked }

    /// A stable, dotted name of the check, such as `microsoft.consent` or `room.readable`.
    package var check: String
    /// What was checked: a room's address, or empty for the connection as a whole.
    package var subject: String
    package var verdict: Verdict
    /// What was seen.
    package var evidence: String
    /// Set when the verdict is not good.
    package var diagnosis: Diagnosis?
    /// The step of the manual that it checks, also when it is good.
    package var step: ManualStep?

    package init(
        check: String, subject: String = "", verdict: Verdict, evidence: String, diagnosis: Diagnosis? = nil,
        step: ManualStep? = nil
    ) {
        self.check = check
        self.subject = subject
        self.verdict = verdict
        self.evidence = evidence
        self.diagnosis = diagnosis
        self.step = diagnosis?.step ?? step
    }
}
