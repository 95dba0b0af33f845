import Foundation
import JWTKit

/// The public keys that an issuer signs with (a JSON Web Key Set). Keys of kinds that are not used here are left out.
package struct IDTokenKeys: Sendable {
    private let keys: [String: Key]

    /// - Parameter json: what the issuer's `jwks_uri` answered.
    package init(json: Data) throws(IDTokenError) {
        guard let set = try? JSONDecoder().decode(Set.self, from: json) else { throw .unusableKeySet }
        keys = Dictionary(
            set.keys.compactMap(\.key).filter { $0.use == nil || $0.use == "sig" }.map { ($0.kid, $0) },
            uniquingKeysWith: { first, _ in first })
    }

    package var isEmpty: Bool { keys.isEmpty }
    package func contains(_ keyID: String) -> Bool { keys[keyID] != nil }

    /// A verifier that knows this one key, for this one algorithm: what the token's header says chooses neither another
    /// key nor another use of the key.
    func verifier(_ keyID: String, algorithm: IDTokenAlgorithm) async throws(IDTokenError) -> JWTKeyCollection {
        guard let key = keys[keyID] else { throw .unknownKey(keyID) }
        if let declared = key.alg, declared != algorithm.rawValue { throw .keyDoesNotFit(keyID) }
        let collection = JWTKeyCollection()
        switch algorithm {
        case .rs256:
            // Refuses keys of less than 2048 bits.
            guard key.kty == "RSA", let n = key.n, let e = key.e,
                let found = try? Insecure.RSA.PublicKey(modulus: n, exponent: e)
            else { throw .keyDoesNotFit(keyID) }
            return await collection.add(rsa: found, digestAlgorithm: .sha256)
        case .es256:
            guard key.kty == "EC", key.crv == "P-256", let x = key.x, let y = key.y,
                let found = try? ES256PublicKey(parameters: (x, y))
            else { throw .keyDoesNotFit(keyID) }
            return await collection.add(ecdsa: found)
        }
    }

    private struct Set: Decodable {
        var keys: [Lenient]
    }

    /// A key of an unknown shape does not spoil the set.
    private struct Lenient: Decodable {
        var key: Key?

        init(from decoder: any Decoder) throws { key = try? Key(from: decoder) }
    }

    private struct Key: Decodable {
        var kid: String
        var kty: String
        var use: String?
        var alg: String?
        var n: String?
        var e: String?
        var crv: String?
        var x: String?
        var y: String?
    }
}

/// The signatures that are taken. Neither `none` nor anything with a shared secret (HS256) is among them.
enum IDTokenAlgorithm: String, Sendable {
    case rs256 = "RS256"
    case es256 = "ES256"
}
