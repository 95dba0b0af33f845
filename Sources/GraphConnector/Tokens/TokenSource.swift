import CalendarModel
import SyncEngine

/// Where access tokens come from. How the service signs in is a strategy; everything after the token is the same.
package protocol TokenSource: Sendable {
    /// A bearer token that is good for some minutes.
    /// - Parameter rejected: a token that Graph did not accept. While it is still the present one, a new one is fetched.
    /// - Throws: `.unauthorized` with the manual's step, when only a person can help; `.transient` when Entra ID cannot be
    ///   reached.
    func token(replacing rejected: String?) async throws(ConnectorError) -> String

    /// The delegated permissions of the present token; nil when there is none, or when it is an application's own.
    func grantedScopes() async -> Set<String>?

    /// Forgets a remembered failure, so that the next call asks Entra ID again: credentials changed, or a person asks.
    func tryAgain() async

    /// Signs in with the credentials themselves, whatever token or refresh token is in hand: how it is seen early that they
    /// do not work any more. A failure leaves the token in hand as it is.
    func signInAnew() async throws(ConnectorError)

    /// The delegated permissions that the organization granted, whatever the connection asks for: tells a consent that
    /// was never given from one that lacks a permission.
    func permissionsConsented() async throws(ConnectorError) -> Set<String>
}

/// Keeps the one refresh token of a connection. Each use brings a new one; `save` returns only when it is durable, because from
/// then on the access token that came with it is used.
package protocol RefreshTokenStore: Sendable {
    func load() async throws -> String?
    func save(_ refreshToken: String) async throws
}

/// A refresh token in memory, for sign-ins that can be repeated with a password, and for trying a connection out.
package actor TransientRefreshTokenStore: RefreshTokenStore {
    private var refreshToken: String?

    package init(_ refreshToken: String? = nil) { self.refreshToken = refreshToken }

    package func load() -> String? { refreshToken }
    package func save(_ refreshToken: String) { self.refreshToken = refreshToken }
}

/// Signs a client assertion: (client id, audience, now, a GUID) → JWT. Vault's `ClientAssertionSigner` does it; the
/// composition root joins the two.
package typealias AssertionSigner =
    @Sendable (_ clientID: String, _ audience: String, _ now: Instant, _ id: String) async throws -> String

/// How the application proves who it is.
package enum ClientAuthentication: Sendable {
    /// A public client: "Allow public client flows" is on, and nothing may be sent.
    case publicClient
    case secret(String)
    case certificate(AssertionSigner)
}

/// How the service signs in.
package enum SignInMethod: Sendable {
    /// The service account's password (ROPC), then its refresh tokens for as long as they work.
    case serviceAccount(name: String, password: String, client: ClientAuthentication)
    /// Somebody signed in once, in a browser or by device code; the store has the refresh token.
    case refreshToken(client: ClientAuthentication)
    /// The application's own rights (client credentials).
    case application(client: ClientAuthentication)

    var client: ClientAuthentication {
        switch self {
        case .serviceAccount(_, _, let client), .refreshToken(let client), .application(let client): client
        }
    }
}
