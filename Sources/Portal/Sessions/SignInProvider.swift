import SyncEngine

/// Where people sign in with an account of their own elsewhere (OpenID Connect).
package protocol SignInProvider: Sendable {
    /// Part of the address, such as `microsoft`.
    var id: String { get }
    /// Such as "Microsoft".
    var name: String { get }

    /// The page to send the person to.
    func address(state: String, nonce: String, challenge: String, redirectURI: String) async throws -> String

    /// Who came back, proved by the provider's signature.
    /// - Throws: ``SignInRefusal``.
    func person(code: String, verifier: String, nonce: String, redirectURI: String) async throws -> OutsidePerson
}

/// Somebody whom another site vouches for.
package struct OutsidePerson: Sendable, Hashable {
    package var issuer: String
    package var subject: String
    package var email: String?
    /// Whether the provider has proved that the address is this person's.
    package var emailIsProved: Bool
    package var name: String

    package init(issuer: String, subject: String, email: String?, emailIsProved: Bool, name: String) {
        self.issuer = issuer
        self.subject = subject
        self.email = email
        self.emailIsProved = emailIsProved
        self.name = name
    }
}

/// Why a provider did not say who somebody is.
package struct SignInRefusal: DiagnosedError, Hashable {
    package var diagnosis: Diagnosis

    package init(_ diagnosis: Diagnosis) { self.diagnosis = diagnosis }
}
