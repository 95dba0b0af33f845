import Crypto
import CryptoExtras
import Foundation

/// Signs id tokens and access tokens (RS256) with the one key pair that the key set publishes.
///
/// Entra ID has one for the process; Google's accounts renew theirs when told to. The pair is made anew in every process: a token of yesterday's stand-in is worth nothing today.
struct TokenSigner: Sendable {
    /// The key's id, as in the tokens' headers and in the key set.
    let keyID: String
    let modulus: String
    let exponent: String
    private let key: _RSA.Signing.PrivateKey

    /// Made once for the process, since a key pair takes its time.
    static let shared = Result { try TokenSigner() }

    init() throws {
        key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let primitives = try key.publicKey.getKeyPrimitives()
        modulus = Base64URL.encode(primitives.modulus)
        exponent = Base64URL.encode(primitives.publicExponent)
        keyID = Base64URL.encode(Crypto.Insecure.SHA1.hash(data: key.publicKey.derRepresentation))
    }

    /// A JSON Web Token of these claims.
    func sign(_ claims: JSONDocument) throws -> String {
        let header: JSONDocument = ["typ": "JWT", "alg": "RS256", "kid": .string(keyID), "x5t": .string(keyID)]
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let signed = try [header, claims].map { Base64URL.encode(try encoder.encode($0)) }.joined(separator: ".")
        let signature = try key.signature(
            for: SHA256.hash(data: Data(signed.utf8)), padding: .insecurePKCS1v1_5)
        return signed + "." + Base64URL.encode(signature.rawRepresentation)
    }

    /// The key set for `/discovery/v2.0/keys`.
    func keySet(issuer: String) -> JSONDocument {
        [
            "keys": [
                [
                    "kty": "RSA", "use": "sig", "kid": .string(keyID), "x5t": .string(keyID), "n": .string(modulus),
                    "e": .string(exponent), "issuer": .string(issuer),
                ]
            ]
        ]
    }
}
