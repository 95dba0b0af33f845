import CalendarModel
import Foundation
import HTTPTransport
import Logging
import SyncEngine

/// Speaks to Entra ID's token endpoint: one method a grant, each one exchange with retries where repeating is harmless.
struct TokenEndpoint: Sendable {
    let configuration: GraphConfiguration
    let client: ClientAuthentication
    let transport: HTTPTransport
    let retries: RetryPolicy
    let surroundings: Surroundings

    /// - Parameter scope: nil for all that the connection needs.
    func password(
        name: String, password: String, scope: String? = nil
    ) async throws(ConnectorError) -> TokenReply {
        try await ask(
            "signIn.password",
            [
                ("grant_type", "password"), ("username", name), ("password", password),
                ("scope", scope ?? configuration.delegatedScope),
            ])
    }

    func refresh(_ refreshToken: String, scope: String? = nil) async throws(ConnectorError) -> TokenReply {
        try await ask(
            "signIn.refresh",
            [
                ("grant_type", "refresh_token"), ("refresh_token", refreshToken),
                ("scope", scope ?? configuration.delegatedScope),
            ])
    }

    func application() async throws(ConnectorError) -> TokenReply {
        try await ask(
            "signIn.application", [("grant_type", "client_credentials"), ("scope", configuration.applicationScope)])
    }

    /// A code is good for one use: an exchange whose answer is lost is not repeated.
    func redeem(code: String, verifier: String, redirectURI: String) async throws(ConnectorError) -> TokenReply {
        try await ask(
            "signIn.code",
            [
                ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectURI),
                ("code_verifier", verifier), ("scope", configuration.delegatedScope),
            ], isRepeatable: false)
    }

    private func ask(
        _ operation: String, _ fields: [(String, String)], isRepeatable: Bool = true
    ) async throws(ConnectorError) -> TokenReply {
        var attempt = 0
        while true {
            attempt += 1
            // Made anew for each attempt: an assertion's id is good once.
            let call = HTTPCall(
                .post, configuration.tokenURL,
                headers: [
                    "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json",
                    "client-request-id": surroundings.newID(),
                ],
                body: Data(WebText.query(fields + (try await proof(operation))).utf8), timeout: .seconds(30))
            let failure: (kind: RetryPolicy.Failure, retryAfter: Duration?, error: ConnectorError)
            switch await exchanged(call) {
            case .success(let reply) where reply.isSuccess:
                return try decoded(reply, operation)
            case .success(let reply):
                let wait = reply.headers["Retry-After"].flatMap { RetryAfter.parse($0, now: surroundings.now()) }
                let error = SignInDiagnosis.error(for: reply, operation, wait)
                // Passing faults come as 400 too, with the reason in the body.
                let status = error.kind == .transient ? max(reply.status, 503) : reply.status
                failure = (.status(status), wait, error)
            case .failure(let lost):
                let effect: RetryPolicy.Failure = lost.mayHaveTakenEffect ? .effectUnknown : .noEffect
                failure = (effect, nil, SignInDiagnosis.error(for: lost, operation, host: call.host))
            }
            guard failure.error.kind == .transient || failure.error.kind == .throttled else { throw failure.error }
            switch retries.decision(
                afterAttempt: attempt, failure: failure.kind, isRepeatable: isRepeatable,
                retryAfter: failure.retryAfter, random: surroundings.random())
            {
            case .giveUp: throw failure.error
            case .wait(let wait):
                do { try await surroundings.sleep(wait) } catch { throw .cancelled(operation) }
            }
        }
    }

    private func exchanged(_ call: HTTPCall) async -> Result<HTTPReply, TransportError> {
        do throws(TransportError) { return .success(try await transport.send(call)) } catch { return .failure(error) }
    }

    private func decoded(_ reply: HTTPReply, _ operation: String) throws(ConnectorError) -> TokenReply {
        guard let token = try? JSONDecoder().decode(TokenReply.self, from: reply.body) else {
            throw ConnectorError(
                .protocolViolation, operation: operation,
                diagnosis: GraphDiagnosis.unreadableAnswer(from: "the sign-in service"))
        }
        return token
    }

    private func proof(_ operation: String) async throws(ConnectorError) -> [(String, String)] {
        let name = ("client_id", configuration.clientID)
        switch client {
        case .publicClient: return [name]
        case .secret(let secret): return [name, ("client_secret", secret)]
        case .certificate(let sign):
            do {
                let assertion = try await sign(
                    configuration.clientID, configuration.tokenURL, surroundings.now(), surroundings.newID())
                let type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
                return [name, ("client_assertion_type", type), ("client_assertion", assertion)]
            } catch {
                throw ConnectorError(.unauthorized, operation: operation, diagnosis: SignInDiagnosis.cannotSign)
            }
        }
    }
}
