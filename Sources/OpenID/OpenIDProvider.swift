import CalendarModel
import Foundation
import HTTPTransport
import Logging
import Vault

/// Signs people in with an account they have elsewhere (OpenID Connect, authorization code with PKCE).
///
/// The caller keeps state, nonce and verifier between the two halves, bound to the browser, and uses each of them once.
/// Copies share what was fetched from the issuer.
package struct OpenIDProvider: Sendable {
    package let settings: OpenIDSettings
    private let documents: IssuerDocuments
    private let transport: HTTPTransport
    private let now: @Sendable () -> Instant
    private let logger: Logger

    package var id: String { settings.id }
    package var displayName: String { settings.displayName }

    package init(
        settings: OpenIDSettings, transport: HTTPTransport, now: @escaping @Sendable () -> Instant, logger: Logger
    ) {
        self.settings = settings
        self.transport = transport
        self.now = now
        self.logger = logger
        documents = IssuerDocuments(settings: settings, transport: transport, now: now)
    }

    /// Where the browser is sent.
    /// - Parameters:
    ///   - challenge: ``ProofKey/challenge``.
    ///   - loginHint: an address the person typed already; without it the person chooses among accounts.
    package func authorizationURL(
        state: String, nonce: String, challenge: String, redirectURI: String, loginHint: String? = nil
    ) async throws(OpenIDError) -> String {
        let endpoint = try await documents.currentConfiguration().authorizationEndpoint
        var fields = [
            ("client_id", settings.clientID), ("response_type", "code"), ("response_mode", "query"),
            ("redirect_uri", redirectURI), ("scope", settings.scopes.joined(separator: " ")), ("state", state),
            ("nonce", nonce), ("code_challenge", challenge), ("code_challenge_method", "S256"),
        ]
        fields.append(loginHint.map { ("login_hint", $0) } ?? ("prompt", "select_account"))
        return endpoint + (endpoint.contains("?") ? "&" : "?") + Self.form(fields)
    }

    /// Who came back with a code.
    /// - Parameters:
    ///   - verifier: ``ProofKey/verifier``, whose challenge went into the link.
    ///   - nonce: the one that went into the link.
    ///   - redirectURI: the same as in the link.
    package func identity(
        code: String, verifier: String, nonce: String, redirectURI: String
    ) async throws(OpenIDError) -> OpenIDIdentity {
        do throws(OpenIDError) {
            let configuration = try await documents.currentConfiguration()
            let token = try await redeem(
                code, verifier: verifier, redirectURI: redirectURI, configuration: configuration)
            let claims = try await verified(token, nonce: nonce, configuration: configuration)
            let identity = OpenIDIdentity(claims, settings: settings)
            guard settings.admitsOtherTenants || settings.trustedTenants.contains(identity.tenant ?? "") else {
                throw OpenIDError.tenantNotAdmitted(settings)
            }
            return identity
        } catch {
            logger.info(
                "nobody was signed in",
                metadata: [
                    "openid.provider": "\(settings.id)", "openid.error": "\(error.code)",
                    "openid.code": "\(error.providerCode ?? "none")",
                ])
            throw error
        }
    }

    // MARK: The token

    private struct TokenReply: Decodable {
        var id_token: String?
    }

    private struct Refusal: Decodable {
        var error: String
        var error_description: String?
    }

    private func redeem(
        _ code: String, verifier: String, redirectURI: String, configuration: OpenIDConfiguration
    ) async throws(OpenIDError) -> String {
        var fields = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectURI),
            ("client_id", settings.clientID), ("code_verifier", verifier),
        ]
        var headers: HTTPHeaders = [
            "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json",
        ]
        if let secret = settings.clientSecret {
            if configuration.tokenAuthentication?.contains("client_secret_post") ?? false {
                fields.append(("client_secret", secret))
            } else {
                let pair = "\(Self.escaped(settings.clientID)):\(Self.escaped(secret))"
                headers["Authorization"] = "Basic \(Data(pair.utf8).base64EncodedString())"
            }
        }
        let reply: HTTPReply
        do {
            reply = try await transport.send(
                HTTPCall(
                    .post, configuration.tokenEndpoint, headers: headers, body: Data(Self.form(fields).utf8),
                    timeout: .seconds(30)))
        } catch {
            throw .unreachable(error, settings)
        }
        let decoder = JSONDecoder()
        guard reply.isSuccess else {
            guard let refusal = try? decoder.decode(Refusal.self, from: reply.body) else {
                throw .answerUnusable(settings, status: reply.status)
            }
            throw .refusal(refusal.error, description: refusal.error_description, settings: settings)
        }
        guard let token = try? decoder.decode(TokenReply.self, from: reply.body).id_token else {
            throw .answerUnusable(settings, status: reply.status)
        }
        return token
    }

    private func verified(
        _ token: String, nonce: String, configuration: OpenIDConfiguration
    ) async throws(OpenIDError) -> IDTokenClaims {
        let expected = IDTokenVerifier.Expectation(
            issuers: configuration.tokenIssuers, audience: settings.clientID, nonce: nonce, now: now())
        var keys = try await documents.currentKeys()
        do {
            return try await IDTokenVerifier(keys: keys).verify(token, expecting: expected)
        } catch .unknownKey {
            keys = try await documents.currentKeys(isStale: true)
        } catch {
            throw .tokenRefused(error, settings)
        }
        do {
            return try await IDTokenVerifier(keys: keys).verify(token, expecting: expected)
        } catch {
            throw .tokenRefused(error, settings)
        }
    }

    // MARK: Forms

    private static func form(_ fields: [(String, String)]) -> String {
        fields.map { "\($0.0)=\(escaped($0.1))" }.joined(separator: "&")
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                || [0x2d, 0x2e, 0x5f, 0x7e].contains(byte)
            let hex = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(Unicode.Scalar(byte)) : "%" + (hex.count == 1 ? "0" + hex : hex)
        }.joined()
    }
}
