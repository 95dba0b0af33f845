import CalendarModel
import Foundation
import JWTKit

/// Decides whether an id_token proves who signed in (OpenID Connect Core §3.1.3.7).
package struct IDTokenVerifier: Sendable {
    /// What the token must say to be the answer to one sign-in.
    package struct Expectation: Sendable {
        /// The issuers that are taken; `{tenantid}` in one stands for the token's own `tid`.
        package var issuers: [String]
        /// Our client id.
        package var audience: String
        package var nonce: String
        package var now: Instant
        /// How far the issuer's clock may be from ours.
        package var leeway: Duration

        package init(
            issuers: [String], audience: String, nonce: String, now: Instant, leeway: Duration = .seconds(120)
        ) {
            self.issuers = issuers
            self.audience = audience
            self.nonce = nonce
            self.now = now
            self.leeway = leeway
        }
    }

    private let keys: IDTokenKeys

    package init(keys: IDTokenKeys) { self.keys = keys }

    /// The placeholder of Microsoft's issuer for all its tenants.
    private static let tenantPlaceholder = "{tenantid}"

    package func verify(_ token: String, expecting expected: Expectation) async throws(IDTokenError) -> IDTokenClaims {
        let payload = try await signedPayload(token)
        guard let issuer = payload.iss else { throw .missingClaim("iss") }
        let tenant = try Self.tenant(payload)
        guard expected.issuers.contains(where: { Self.issuer($0, for: tenant) == issuer }) else { throw .wrongIssuer }
        try Self.checkAudience(payload, expected.audience)
        try Self.checkTimes(payload, expected)
        guard let nonce = payload.nonce else { throw .missingClaim("nonce") }
        guard !expected.nonce.isEmpty, SecretDigest.areEqual(nonce, expected.nonce) else { throw .wrongNonce }
        guard let subject = payload.sub, !subject.isEmpty else { throw .missingClaim("sub") }
        // OpenID Connect Core §2: at most 255 ASCII characters.
        guard subject.utf8.count <= 255 else { throw .malformed }
        return IDTokenClaims(
            issuer: issuer, subject: subject, email: payload.email,
            emailIsVerified: payload.email_verified?.value ?? false,
            name: payload.name, accountName: payload.preferred_username, tenant: tenant, objectID: payload.oid,
            hostedDomain: payload.hd)
    }

    // MARK: Signature

    private struct Header: Decodable {
        var alg: String
        var kid: String?
        var crit: [String]?
    }

    /// The payload, once its signature is known to be the issuer's.
    private func signedPayload(_ token: String) async throws(IDTokenError) -> IDTokenPayload {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard token.utf8.count <= 1 << 16, parts.count == 3, let json = Data(base64URL: String(parts[0])),
            let header = try? JSONDecoder().decode(Header.self, from: json)
        else { throw .malformed }
        guard let algorithm = IDTokenAlgorithm(rawValue: header.alg) else { throw .algorithmNotAllowed }
        // Extensions that must be understood; none are.
        guard header.crit == nil else { throw .malformed }
        guard let keyID = header.kid, !keyID.isEmpty else { throw .missingClaim("kid") }
        let verifier = try await keys.verifier(keyID, algorithm: algorithm)
        do {
            return try await verifier.verify(token, as: IDTokenPayload.self)
        } catch let error as JWTError where error.errorType == .malformedToken {
            throw .malformed
        } catch {
            throw .badSignature
        }
    }

    // MARK: Claims

    /// Only text of the form of a GUID may stand for a tenant in an issuer.
    private static func tenant(_ payload: IDTokenPayload) throws(IDTokenError) -> String? {
        guard let text = payload.tid else { return nil }
        guard let id = UUID(uuidString: text) else { throw .malformed }
        return id.uuidString.lowercased()
    }

    private static func issuer(_ pattern: String, for tenant: String?) -> String? {
        guard pattern.contains(tenantPlaceholder) else { return pattern }
        return tenant.map { pattern.replacingOccurrences(of: tenantPlaceholder, with: $0) }
    }

    private static func checkAudience(_ payload: IDTokenPayload, _ audience: String) throws(IDTokenError) {
        guard let names = payload.aud?.names else { throw .missingClaim("aud") }
        guard names.contains(audience) else { throw .wrongAudience }
        // For several audiences the token must say whom it was issued to; and when it says so, it must be us.
        if names.count > 1, payload.azp == nil { throw .missingClaim("azp") }
        if let party = payload.azp, party != audience { throw .wrongAudience }
    }

    private static func checkTimes(_ payload: IDTokenPayload, _ expected: Expectation) throws(IDTokenError) {
        let now = Double(expected.now.microseconds) / 1_000_000
        let leeway = expected.leeway.inSeconds
        guard let expiry = payload.exp else { throw .missingClaim("exp") }
        guard now < expiry + leeway else { throw .expired }
        guard let issued = payload.iat else { throw .missingClaim("iat") }
        guard issued <= now + leeway, (payload.nbf ?? issued) <= now + leeway else { throw .notYetValid }
    }
}
