import Crypto
import CryptoExtras
import Foundation

/// A self-signed certificate and its key, made for one test, and client assertions signed with it.
struct TestCertificate: Sendable {
    let key: _RSA.Signing.PrivateKey
    let der: Data

    init() throws {
        key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let algorithm = DER.sequence([
            DER.object([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b]), [0x05, 0x00],
        ])
        let name = DER.sequence([
            DER.value(0x31, DER.sequence([DER.object([0x55, 0x04, 0x03]), DER.value(0x0c, Array("room sync".utf8))]))
        ])
        let validity = DER.sequence([
            DER.value(0x17, Array("200101000000Z".utf8)), DER.value(0x17, Array("400101000000Z".utf8)),
        ])
        let body = DER.sequence([
            DER.value(0xa0, DER.value(0x02, [2])), DER.value(0x02, [1]), algorithm, name, validity, name,
            Array(key.publicKey.derRepresentation),
        ])
        let signature = try key.signature(for: SHA256.hash(data: Data(body)), padding: .insecurePKCS1v1_5)
        der = Data(DER.sequence([body, algorithm, DER.value(0x03, [0] + Array(signature.rawRepresentation))]))
    }

    enum Algorithm: String, Sendable, CaseIterable {
        case ps256 = "PS256"
        case rs256 = "RS256"
    }

    /// A client assertion with these claims.
    func assertion(
        _ algorithm: Algorithm, clientID: String, audience: String, issuedAt: Int64, lifetime: Int64 = 300
    ) throws -> String {
        let thumbprint =
            switch algorithm {
            case .ps256: ("x5t#S256", Self.base64URL(Data(SHA256.hash(data: der))))
            case .rs256: ("x5t", Self.base64URL(Data(Insecure.SHA1.hash(data: der))))
            }
        let header = ["alg": algorithm.rawValue, "typ": "JWT", thumbprint.0: thumbprint.1]
        let claims: [String: String] = ["iss": clientID, "sub": clientID, "aud": audience, "jti": "1"]
        let times = "\"nbf\":\(issuedAt),\"iat\":\(issuedAt),\"exp\":\(issuedAt + lifetime)"
        let body = String(decoding: try JSONEncoder().encode(claims), as: UTF8.self).dropLast() + ",\(times)}"
        let signed = Self.base64URL(try JSONEncoder().encode(header)) + "." + Self.base64URL(Data(body.utf8))
        let signature = try key.signature(
            for: SHA256.hash(data: Data(signed.utf8)),
            padding: algorithm == .ps256 ? .PSS : .insecurePKCS1v1_5)
        return signed + "." + Self.base64URL(signature.rawRepresentation)
    }

    private static func base64URL(_ data: Data) -> String {
        data.base64EncodedString().replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }
}

/// The few rules of DER that a certificate needs.
private enum DER {
    static func value(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let count = content.count
        if count < 128 { return [tag, UInt8(count)] + content }
        let length = count < 256 ? [UInt8(count)] : [UInt8(count >> 8), UInt8(count & 0xff)]
        return [tag, 0x80 | UInt8(length.count)] + length + content
    }

    static func sequence(_ parts: [[UInt8]]) -> [UInt8] { value(0x30, parts.flatMap { $0 }) }
    static func object(_ bytes: [UInt8]) -> [UInt8] { value(0x06, bytes) }
}
