import CalendarModel
import Crypto
import Foundation
import JWTKit

/// Proves to Entra ID that we are an application, with the private key whose certificate is registered there: signs short-lived
/// assertions (PS256, header `x5t#S256`), by Microsoft's certificate-credentials page.
package struct ClientAssertionSigner: Sendable {
    /// base64url(SHA-256(DER certificate)): how Entra ID finds the certificate.
    package let thumbprint: String
    private let keys: JWTKeyCollection

    package enum KeyError: Error, Hashable, Sendable {
        case unusableCertificate
        case unusablePrivateKey
        /// The private key is another certificate's.
        case keysDoNotMatch
    }

    /// - Parameters:
    ///   - privateKeyPEM: an RSA key, PKCS#1 or PKCS#8.
    ///   - certificatePEM: the certificate that was uploaded to the application's registration.
    package init(privateKeyPEM: String, certificatePEM: String) async throws(KeyError) {
        guard let certificate = Self.derBytes(ofPEM: certificatePEM) else { throw .unusableCertificate }
        thumbprint = Data(SHA256.hash(data: certificate)).base64URL
        guard let privateKey = try? Insecure.RSA.PrivateKey(pem: privateKeyPEM) else { throw .unusablePrivateKey }
        guard let publicKey = try? Insecure.RSA.PublicKey(certificatePEM: certificatePEM) else {
            throw .unusableCertificate
        }
        guard privateKey.publicKey.pemRepresentation == publicKey.pemRepresentation else { throw .keysDoNotMatch }
        keys = await JWTKeyCollection().add(pss: privateKey, digestAlgorithm: .sha256)
    }

    /// - Parameters:
    ///   - audience: the token endpoint's URL.
    ///   - id: a GUID, used once.
    ///   - lifetime: five to ten minutes by Microsoft's advice.
    package func assertion(
        clientID: String, audience: String, id: String, now: Instant, lifetime: Duration = .seconds(300)
    ) async throws -> String {
        let seconds = now.microseconds / 1_000_000
        let claims = Claims(
            aud: audience, iss: clientID, sub: clientID, jti: id, nbf: seconds, iat: seconds,
            exp: seconds + Int64(lifetime.inSeconds))
        return try await keys.sign(claims, header: ["typ": .string("JWT"), "x5t#S256": .string(thumbprint)])
    }

    private struct Claims: JWTPayload {
        let aud: String
        let iss: String
        let sub: String
        let jti: String
        let nbf: Int64
        let iat: Int64
        let exp: Int64

        // Only ever signed here; Entra ID verifies.
        func verify(using algorithm: some JWTAlgorithm) async throws {}
    }

    private static func derBytes(ofPEM text: String) -> Data? {
        guard let begin = text.range(of: "-----BEGIN CERTIFICATE-----"),
            let end = text.range(of: "-----END CERTIFICATE-----", range: begin.upperBound..<text.endIndex)
        else { return nil }
        return Data(base64Encoded: String(text[begin.upperBound..<end.lowerBound]), options: .ignoreUnknownCharacters)
    }
}
