import CalendarModel
import HTTPTransport
import Logging
import SyncEngine

/// Access tokens from Entra ID for one connection. At most one exchange runs at a time and all who wait share it; a sign-in that
/// only a person can repair is not tried again before a back-off has passed, because Entra ID punishes repetition (smart
/// lockout, AADSTS50196).
package actor EntraTokens: TokenSource {
    private let configuration: GraphConfiguration
    private let method: SignInMethod
    private let store: any RefreshTokenStore
    private let endpoint: TokenEndpoint
    private let surroundings: Surroundings
    private let logger: Logger

    private var present: AccessToken?
    private var exchange: Task<Result<AccessToken, ConnectorError>, Never>?
    private var failure: RememberedFailure?

    private struct RememberedFailure {
        let error: ConnectorError
        let count: Int
        let until: Instant
    }

    package init(
        configuration: GraphConfiguration, method: SignInMethod, refreshTokens: any RefreshTokenStore,
        transport: HTTPTransport, surroundings: Surroundings, retries: RetryPolicy = RetryPolicy(attempts: 3),
        logger: Logger
    ) {
        self.configuration = configuration
        self.method = method
        self.store = refreshTokens
        self.surroundings = surroundings
        self.logger = logger
        endpoint = TokenEndpoint(
            configuration: configuration, client: method.client, transport: transport, retries: retries,
            surroundings: surroundings)
    }

    package func token(replacing rejected: String? = nil) async throws(ConnectorError) -> String {
        if let present, present.value != rejected, surroundings.now() < present.renewAt { return present.value }
        if let failure, surroundings.now() < failure.until {
            // Early renewal may fail while the token in hand still works.
            if let present, present.value != rejected, surroundings.now() < present.expiresAt { return present.value }
            throw failure.error
        }
        return try await sharedExchange().value.get().value
    }

    package func grantedScopes() -> Set<String>? { present?.scopes }

    package func tryAgain() { failure = nil }

    package func signInAnew() async throws(ConnectorError) {
        // One that is under way may be with an older refresh token.
        while let exchange { _ = await exchange.value }
        let started = Task { await self.renew(anew: true) }
        exchange = started
        _ = try await started.value.get()
    }

    package func permissionsConsented() async throws(ConnectorError) -> Set<String> {
        let scope = "openid \(configuration.applicationScope)"
        let reply: TokenReply
        switch method {
        case .application: reply = try await endpoint.application()
        case .serviceAccount(let name, let password, _):
            reply = try await endpoint.password(name: name, password: password, scope: scope)
        case .refreshToken:
            guard let refreshToken = try await stored() else {
                throw ConnectorError(.unauthorized, operation: "signIn", diagnosis: SignInDiagnosis.neverSignedIn)
            }
            reply = try await endpoint.refresh(refreshToken, scope: scope)
        }
        return AccessToken(reply, now: surroundings.now(), isDelegated: isDelegated).scopes ?? []
    }

    /// A task of its own, owned here: one waiter's cancellation must not cut off the others, nor lose a refresh token that
    /// Entra ID has already replaced.
    private func sharedExchange() -> Task<Result<AccessToken, ConnectorError>, Never> {
        if let exchange { return exchange }
        let started = Task { await self.renew() }
        exchange = started
        return started
    }

    private func renew(anew: Bool = false) async -> Result<AccessToken, ConnectorError> {
        defer { exchange = nil }
        do throws(ConnectorError) {
            let reply = try await signIn(anew: anew)
            if let refreshToken = reply.refreshToken { try await keep(refreshToken) }
            let token = AccessToken(reply, now: surroundings.now(), isDelegated: isDelegated)
            present = token
            failure = nil
            logger.debug("signed in to Entra ID", metadata: ["tenant": "\(configuration.tenant)"])
            return .success(token)
        } catch {
            // What a check finds out stops nothing that works.
            if anew { return .failure(error) }
            remember(error)
            if let present, error.isPassing, surroundings.now() < present.expiresAt { return .success(present) }
            return .failure(error)
        }
    }

    private var isDelegated: Bool {
        if case .application = method { return false }
        return true
    }

    private func signIn(anew: Bool) async throws(ConnectorError) -> TokenReply {
        switch method {
        case .application:
            return try await endpoint.application()
        case .refreshToken:
            guard let refreshToken = try await stored() else {
                throw ConnectorError(.unauthorized, operation: "signIn", diagnosis: SignInDiagnosis.neverSignedIn)
            }
            return try await endpoint.refresh(refreshToken)
        case .serviceAccount(let name, let password, _):
            if !anew, let refreshToken = try await stored() {
                do throws(ConnectorError) {
                    return try await endpoint.refresh(refreshToken)
                } catch {
                    // An old or revoked refresh token says nothing about the password.
                    guard error.kind == .unauthorized else { throw error }
                    logger.debug("the refresh token no longer works; signing in with the password")
                }
            }
            return try await endpoint.password(name: name, password: password)
        }
    }

    private func stored() async throws(ConnectorError) -> String? {
        do { return try await store.load() } catch { throw storeFailure }
    }

    private func keep(_ refreshToken: String) async throws(ConnectorError) {
        do { try await store.save(refreshToken) } catch { throw storeFailure }
    }

    private var storeFailure: ConnectorError {
        ConnectorError(.transient, operation: "signIn", diagnosis: SignInDiagnosis.refreshTokenNotKept)
    }

    private func remember(_ error: ConnectorError) {
        guard !error.isPassing else { return }
        let count = (failure?.count ?? 0) + 1
        let backOff = min(Duration.seconds(300) * (1 << min(count - 1, 6)), .seconds(3600))
        failure = RememberedFailure(error: error, count: count, until: surroundings.now().advanced(by: backOff))
        logger.debug(
            "signing in failed and is not tried again for a while",
            metadata: ["tenant": "\(configuration.tenant)", "code": "\(error.diagnosis.code)"])
    }
}
