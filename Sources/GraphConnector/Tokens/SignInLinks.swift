import Foundation

/// The pages of Entra ID that a person is sent to.
package struct SignInLinks: Sendable {
    private let configuration: GraphConfiguration

    package init(_ configuration: GraphConfiguration) { self.configuration = configuration }

    /// Where an administrator consents for the whole organization.
    /// - Parameters:
    ///   - state: random, used once, bound to the person's session.
    ///   - tenant: nil for the connection's own; `organizations` when it is not known yet. Never `common`.
    ///   - applicationRights: asks for everything that the registration lists, permissions of the application itself
    ///     included, instead of the delegated ones.
    package func adminConsent(
        redirectURI: String, state: String, tenant: String? = nil, applicationRights: Bool = false
    ) -> String {
        let delegated =
            configuration.scopes.map { "\(configuration.resource)/\($0)" } + ["offline_access", "openid", "profile"]
        let scope = applicationRights ? [configuration.applicationScope] : delegated
        let query = WebText.query([
            ("client_id", configuration.clientID), ("scope", scope.joined(separator: " ")),
            ("redirect_uri", redirectURI), ("state", state),
        ])
        let place = WebText.segment(tenant ?? configuration.tenant)
        return "\(configuration.loginURL)/\(place)/v2.0/adminconsent?\(query)"
    }

    /// Where the service account signs in (authorization code with PKCE). Asks for a fresh sign-in, so that the
    /// administrator's own session is not taken instead.
    /// - Parameter challenge: base64url(SHA-256(verifier)).
    package func authorize(redirectURI: String, state: String, challenge: String) -> String {
        var fields = [
            ("client_id", configuration.clientID), ("response_type", "code"), ("redirect_uri", redirectURI),
            ("response_mode", "query"), ("scope", configuration.delegatedScope), ("state", state),
            ("code_challenge", challenge), ("code_challenge_method", "S256"), ("prompt", "login"),
        ]
        if let account = configuration.serviceAccount { fields.append(("login_hint", account)) }
        return "\(configuration.loginURL(path: "oauth2/v2.0/authorize"))?\(WebText.query(fields))"
    }
}
