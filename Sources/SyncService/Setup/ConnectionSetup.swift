import CalendarModel
import SQLStore
import SyncEngine

/// What setting up a connection to one calendar system takes. The pages and the REST API are driven by what is declared here, so
/// that each calendar system brings its own.
package protocol ConnectionSetup: Sendable {
    /// The kind of the connections it makes, such as `microsoft`.
    var kind: String { get }
    /// What people call it, such as "Microsoft 365".
    var name: String { get }
    var features: SetupFeatures { get }

    /// What was entered for a connection that is there already.
    func draft(of connection: ConnectionRecord) throws -> SetupDraft
    /// What is kept of a connection, secrets apart.
    func settings(of draft: SetupDraft) throws -> String
    /// The secrets that a connection with this draft keeps, when they are there.
    func secretNames(of draft: SetupDraft) -> Set<String>
    /// Those among them that somebody must enter.
    func requiredSecrets(of draft: SetupDraft) -> Set<String>

    /// Whether an address is one that may be called, and the tenant exists; its own id.
    /// - Throws: a ``DiagnosedError``.
    func tenantID(of draft: SetupDraft) async throws -> String

    /// Where an administrator consents for the whole organization.
    func consentLink(_ draft: SetupDraft, redirectURI: String, state: String) throws -> String
    /// Where the service account signs in (authorization code with PKCE).
    func signInLink(_ draft: SetupDraft, redirectURI: String, state: String, challenge: String) throws -> String
    /// What the person's browser came back with.
    func callback(query: String) -> SetupCallback

    /// Proves, where that is possible before anybody has signed in, that the application is in this tenant.
    /// - Returns: false when only a sign-in can prove it.
    /// - Throws: a ``DiagnosedError`` when it is not.
    func proveConsent(_ draft: SetupDraft, secrets: [String: String]) async throws -> Bool
    /// The second half of a sign-in in the browser.
    /// - Returns: who signed in, and the secrets to keep.
    func redeem(
        _ draft: SetupDraft, secrets: [String: String], code: String, verifier: String, redirectURI: String
    ) async throws -> (proof: SetupProof, secrets: [String: String])
    /// Signs in with a password, a client secret or a certificate.
    func prove(_ draft: SetupDraft, secrets: [String: String]) async throws -> SetupProof

    /// A connector whose credentials are not kept yet.
    func connector(_ draft: SetupDraft, secrets: [String: String]) async throws -> any CalendarConnector
    /// The permissions that the draft's way of signing in needs.
    func permissions(_ draft: SetupDraft) -> [String]
    /// Commands for the calendar system's own administration, made for exactly these rooms.
    func script(_ script: SetupScript, _ draft: SetupDraft, rooms: [SetupScriptRoom]) -> String

    /// A connection's settings or secrets are other ones now.
    func connectionChanged(_ id: ConnectionID) async
}

/// What a calendar system's set-up has.
package struct SetupFeatures: Hashable, Sendable {
    package var ways: [SetupSignIn]
    /// Whether an administrator consents in the calendar system.
    package var asksConsent: Bool
    /// Whether the operator has an application of its own that organizations can consent to.
    package var hasOperatorApplication: Bool
    package var scripts: [SetupScript]

    package init(
        ways: [SetupSignIn], asksConsent: Bool, hasOperatorApplication: Bool, scripts: [SetupScript]
    ) {
        self.ways = ways
        self.asksConsent = asksConsent
        self.hasOperatorApplication = hasOperatorApplication
        self.scripts = scripts
    }
}

/// How the sync signs in.
package enum SetupSignIn: String, Hashable, Sendable, Codable, CaseIterable {
    /// Somebody signs in as the service account in a browser once.
    case browser
    /// The service account's password.
    case password
    /// The application's own rights, by a client secret…
    case secret
    /// …or by a certificate.
    case certificate

    package var usesAccount: Bool { self == .browser || self == .password }
}

package enum SetupScript: String, Hashable, Sendable, CaseIterable {
    /// Makes the mirrors.
    case mirrors
    /// Leaves subjects and private flags as people wrote them.
    case processing
    /// Full Access of the service account.
    case fullAccess
    /// Limits the application's own rights to these rooms.
    case roles
}

/// A room as scripts name it.
package struct SetupScriptRoom: Hashable, Sendable {
    package var name: String
    package var address: String

    package init(name: String, address: String) {
        self.name = name
        self.address = address
    }
}

/// What a person's browser came back with from the calendar system's pages.
package enum SetupCallback: Hashable, Sendable {
    /// The tenant is only a hint: anybody can type it.
    case consented(tenant: String, permissions: Set<String>, state: String)
    case signedIn(code: String, state: String)
    case refused(Diagnosis, state: String?)
    case unreadable

    package var state: String? {
        switch self {
        case .consented(_, _, let state), .signedIn(_, let state): state
        case .refused(_, let state): state
        case .unreadable: nil
        }
    }
}

/// Who signed in where, as the calendar system said itself.
package struct SetupProof: Hashable, Sendable, Codable {
    /// The tenant's own id.
    package var tenant: String
    /// Nil for an application.
    package var account: String?
    /// Nil when they cannot be listed.
    package var permissions: Set<String>?

    package init(tenant: String, account: String?, permissions: Set<String>?) {
        self.tenant = tenant
        self.account = account
        self.permissions = permissions
    }
}
