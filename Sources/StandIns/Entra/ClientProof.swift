import CalendarModel
import Crypto
import Foundation
import JWTKit

/// What a client sent to prove who it is.
enum ClientProof: Sendable {
    case none
    case secret(String)
    case assertion(String)

    init(_ form: FormFields) {
        if let assertion = form["client_assertion"] {
            self = .assertion(assertion)
        } else if let secret = form["client_secret"] {
            self = .secret(secret)
        } else {
            self = .none
        }
    }
}

/// A client assertion: a JSON Web Token signed with a registered certificate's key, PS256 with `x5t#S256` or RS256 with
/// `x5t`.
struct ClientAssertion: Sendable {
    struct Header: Decodable {
        var alg: String
        var sha1Thumbprint: String?
        var sha256Thumbprint: String?

        enum CodingKeys: String, CodingKey {
            case alg
            case sha1Thumbprint = "x5t"
            case sha256Thumbprint = "x5t#S256"
        }
    }

    struct Claims: JWTPayload {
        var iss: String
        var sub: String
        var aud: AudienceClaim
        var exp: Double
        var nbf: Double?

        /// Times are compared with the stand-in's own clock, in `check`.
        func verify(using algorithm: some JWTAlgorithm) async throws {}
    }

    let text: String

    /// Verifies signature, issuer, audience and times; AADSTS700027, 700021, 700023, 700024 or 50027 when they fail.
    func check(application: AppRegistration, tenantPath: String, tenants: [String], now: Instant) async throws {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let headerData = Base64URL.decode(String(parts[0])),
            let header = try? JSONDecoder().decode(Header.self, from: headerData)
        else { throw EntraError.assertionMalformed("The assertion is not a JSON Web Token with a readable header.") }
        let certificate = try certificate(for: header, application: application)
        let claims = try await verified(alg: header.alg, certificate: certificate)
        guard claims.iss.lowercased() == application.clientID.lowercased(), claims.sub == claims.iss else {
            throw EntraError.assertionIssuerInvalid
        }
        guard claims.aud.value.contains(where: { isTokenEndpoint($0, tenants: tenants + [tenantPath]) }) else {
            throw EntraError.assertionAudienceInvalid(claims.aud.value.joined(separator: " "))
        }
        let seconds = Double(now.microseconds) / 1_000_000
        let skew = 300.0
        guard claims.exp + skew > seconds, (claims.nbf ?? 0) - skew < seconds else {
            throw EntraError.assertionTimeInvalid
        }
    }

    private func certificate(for header: Header, application: AppRegistration) throws(EntraError) -> Data {
        let certificates = application.certificates.compactMap {
            Data(base64Encoded: $0, options: .ignoreUnknownCharacters)
        }
        // Compared as bytes: some libraries pad the text.
        let sha256 = header.sha256Thumbprint.flatMap(Base64URL.decode)
        let sha1 = header.sha1Thumbprint.flatMap(Base64URL.decode)
        let found = certificates.first { der in
            Data(SHA256.hash(data: der)) == sha256 || Data(Crypto.Insecure.SHA1.hash(data: der)) == sha1
        }
        guard let found else {
            throw .assertionKeyUnknown(thumbprint: header.sha256Thumbprint ?? header.sha1Thumbprint ?? "")
        }
        return found
    }

    private func verified(alg: String, certificate: Data) async throws -> Claims {
        let pem = """
            -----BEGIN CERTIFICATE-----
            \(certificate.base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed]))
            -----END CERTIFICATE-----
            """
        guard let key = try? JWTKit.Insecure.RSA.PublicKey(certificatePEM: pem) else {
            throw EntraError.assertionMalformed("The registered certificate holds no RSA key.")
        }
        let keys = JWTKeyCollection()
        switch alg {
        case "PS256": await keys.add(pss: key, digestAlgorithm: .sha256)
        case "RS256": await keys.add(rsa: key, digestAlgorithm: .sha256)
        default: throw EntraError.assertionMalformed("The algorithm \(alg) is not supported: use PS256 or RS256.")
        }
        do {
            return try await keys.verify(text, as: Claims.self)
        } catch let error as DecodingError {
            throw EntraError.assertionMalformed("A claim is missing or of the wrong type: \(error)")
        } catch {
            throw EntraError.assertionSignatureInvalid
        }
    }

    /// Any host will do, since the stand-in has many names; the path must be the token endpoint or the issuer of the
    /// tenant.
    private func isTokenEndpoint(_ audience: String, tenants: [String]) -> Bool {
        guard let path = URLComponents(string: audience)?.path.lowercased() else { return false }
        return tenants.contains { tenant in
            let tenant = tenant.lowercased()
            return path == "/\(tenant)/oauth2/v2.0/token" || path == "/\(tenant)/v2.0" || path == "/\(tenant)/v2.0/"
        }
    }
}

extension World {
    /// Whether this is a secret of the application that still holds: AADSTS7000215 or 7000222 otherwise.
    func checkSecret(_ secret: String, of application: AppRegistration) throws(EntraError) {
        guard let found = application.secrets.first(where: { $0.value == secret }) else {
            throw .wrongSecret(application.clientID)
        }
        if let expiry = found.expiresAtMicroseconds, expiry <= now().microseconds {
            throw .expiredSecret(application.clientID)
        }
    }
}
