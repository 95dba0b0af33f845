import HTTPTransport
import SyncEngine

/// The second half of a sign-in in the browser: the code becomes a refresh token, which is kept for ``EntraTokens``.
package struct BrowserSignIn: Sendable {
    private let endpoint: TokenEndpoint

    package init(
        configuration: GraphConfiguration, client: ClientAuthentication, transport: HTTPTransport,
        surroundings: Surroundings
    ) {
        endpoint = TokenEndpoint(
            configuration: configuration, client: client, transport: transport, retries: RetryPolicy(attempts: 3),
            surroundings: surroundings)
    }

    /// - Returns: who signed in, as Entra ID says.
    /// - Throws: `.unauthorized` when the code is refused, or when no refresh token comes with it.
    @discardableResult
    package func redeem(
        code: String, verifier: String, redirectURI: String, into store: any RefreshTokenStore
    ) async throws(ConnectorError) -> SignInProof {
        let reply = try await endpoint.redeem(code: code, verifier: verifier, redirectURI: redirectURI)
        guard let refreshToken = reply.refreshToken else {
            throw ConnectorError(.unauthorized, operation: "signIn.code", diagnosis: SignInDiagnosis.noRefreshToken)
        }
        do {
            try await store.save(refreshToken)
        } catch {
            throw ConnectorError(.transient, operation: "signIn.code", diagnosis: SignInDiagnosis.refreshTokenNotKept)
        }
        return SignInProof(reply)
    }
}
