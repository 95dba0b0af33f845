import CalendarModel
import Crypto
import CryptoExtras
import Foundation
import Testing
import Vault

@Suite("The application proves itself with a certificate") struct ClientAssertionTests {
    private let endpoint = "https://login.example/tenant/oauth2/v2.0/token"

    private func assertion() async throws -> [String] {
        let signer = try await ClientAssertionSigner(
            privateKeyPEM: TestKeys.privateKey, certificatePEM: TestKeys.certificate)
        let text = try await signer.assertion(
            clientID: "client-1", audience: endpoint, id: "id-1", now: Instant(seconds: 1_800_000_000))
        return text.split(separator: ".").map(String.init)
    }

    private func decoded(_ part: String) throws -> Data {
        let plain = part.replacing("-", with: "+").replacing("_", with: "/")
        return try #require(Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)))
    }

    private func object(_ part: String) throws -> [String: String] {
        let any = try JSONSerialization.jsonObject(with: decoded(part)) as? [String: Any]
        return try #require(any).mapValues { "\($0)" }
    }

    @Test func `The header names algorithm and certificate`() async throws {
        let header = try object(try #require(try await assertion().first))
        #expect(header == ["alg": "PS256", "typ": "JWT", "x5t#S256": "Es0zHhsyewSkDeG_McFFbUgDO3oHvaE2XP5LyYpCePY"])
    }

    @Test func `The claims are Microsoft's`() async throws {
        let claims = try object(try await assertion()[1])
        #expect(
            claims == [
                "aud": endpoint, "iss": "client-1", "sub": "client-1", "jti": "id-1", "nbf": "1800000000",
                "iat": "1800000000", "exp": "1800000300",
            ])
    }

    @Test func `The signature is RSA-PSS by the private key`() async throws {
        let parts = try await assertion()
        let publicKey = try _RSA.Signing.PrivateKey(pemRepresentation: TestKeys.privateKey).publicKey
        let signature = _RSA.Signing.RSASignature(rawRepresentation: try decoded(parts[2]))
        let input = Data("\(parts[0]).\(parts[1])".utf8)
        #expect(publicKey.isValidSignature(signature, for: SHA256.hash(data: input), padding: .PSS))
        #expect(!publicKey.isValidSignature(signature, for: SHA256.hash(data: input + [0]), padding: .PSS))
    }

    @Test func `Keys that do not belong together are refused`() async {
        await #expect(throws: ClientAssertionSigner.KeyError.keysDoNotMatch) {
            try await ClientAssertionSigner(
                privateKeyPEM: TestKeys.otherPrivateKey, certificatePEM: TestKeys.certificate)
        }
        await #expect(throws: ClientAssertionSigner.KeyError.unusablePrivateKey) {
            try await ClientAssertionSigner(privateKeyPEM: "nonsense", certificatePEM: TestKeys.certificate)
        }
        await #expect(throws: ClientAssertionSigner.KeyError.unusableCertificate) {
            try await ClientAssertionSigner(privateKeyPEM: TestKeys.privateKey, certificatePEM: "nonsense")
        }
    }
}
