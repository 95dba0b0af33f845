import CalendarModel
import Crypto
import CryptoExtras
import Foundation
import Testing

@testable import Vault

@Suite("What an id_token must be to be believed")
struct IDTokenTests {
    private static let issuer = "https://login.example"
    private static let client = "client-1"
    private static let nonce = "nonce-of-this-sign-in"
    private static let now = Instant(seconds: 1_772_438_400)
    private static let tenant = "3f0c7f1e-0a4b-4a8e-9d55-0c8f3b6f0a11"

    private static var good: [String: Any] {
        [
            "iss": issuer, "sub": "person-1", "aud": client, "nonce": nonce, "iat": 1_772_438_390, "exp": 1_772_441_990,
            "email": "anna@contoso.example", "email_verified": true, "name": "Anna Ås",
        ]
    }

    private static let rsa = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }
    private static let otherRSA = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }
    private static let curve = P256.Signing.PrivateKey()

    // MARK: Tokens and key sets

    private static func encoded(_ object: [String: Any]) throws -> String {
        try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys]).base64URL
    }

    private static func unsigned(_ header: [String: Any], _ claims: [String: Any]) throws -> String {
        try encoded(header) + "." + encoded(claims)
    }

    private static func token(
        _ claims: [String: Any] = good, header: [String: Any] = ["alg": "RS256", "kid": "rsa"],
        key: Result<_RSA.Signing.PrivateKey, any Error> = rsa
    ) throws -> String {
        let text = try unsigned(header, claims)
        let signature = try key.get().signature(
            for: SHA256.hash(data: Data(text.utf8)), padding: .insecurePKCS1v1_5)
        return text + "." + signature.rawRepresentation.base64URL
    }

    private static func changed(_ changes: [String: Any?]) -> [String: Any] {
        changes.reduce(into: good) { $0[$1.key] = $1.value }
    }

    private static func rsaKey(_ key: Result<_RSA.Signing.PrivateKey, any Error>, _ id: String) throws -> [String: Any]
    {
        let numbers = try key.get().publicKey.getKeyPrimitives()
        return [
            "kty": "RSA", "use": "sig", "kid": id, "n": numbers.modulus.base64URL,
            "e": numbers.publicExponent.base64URL,
        ]
    }

    private static func curveKey(_ id: String) -> [String: Any] {
        let point = curve.publicKey.rawRepresentation
        return [
            "kty": "EC", "crv": "P-256", "kid": id, "x": Data(point.prefix(32)).base64URL,
            "y": Data(point.suffix(32)).base64URL,
        ]
    }

    private static func keys(_ keys: [[String: Any]]? = nil) throws -> IDTokenKeys {
        // What is of no use here spoils nothing.
        let others: [[String: Any]] = [["kty": "oct", "kid": "shared", "k": "c2VjcmV0"], ["kty": 7], ["kid": "bare"]]
        let all = try keys ?? [rsaKey(rsa, "rsa"), curveKey("curve")]
        return try IDTokenKeys(json: JSONSerialization.data(withJSONObject: ["keys": others + all]))
    }

    private static func verify(
        _ token: String, keys: IDTokenKeys? = nil, issuers: [String] = [issuer], nonce: String = nonce,
        now: Instant = now
    ) async throws -> IDTokenClaims {
        try await IDTokenVerifier(keys: try keys ?? Self.keys()).verify(
            token,
            expecting: IDTokenVerifier.Expectation(issuers: issuers, audience: client, nonce: nonce, now: now))
    }

    private func refused(_ expected: IDTokenError, _ body: () async throws -> IDTokenClaims) async {
        await #expect(throws: expected) { _ = try await body() }
    }

    // MARK: Tests

    @Test("A good one says who signed in, by RSA and by elliptic curve")
    func good() async throws {
        let claims = try await Self.verify(Self.token())
        #expect(claims.subject == "person-1")
        #expect(claims.issuer == Self.issuer)
        #expect(claims.email == "anna@contoso.example" && claims.emailIsVerified)
        #expect(claims.name == "Anna Ås")

        let text = try Self.unsigned(["alg": "ES256", "kid": "curve"], Self.good)
        let signature = try Self.curve.signature(for: Data(text.utf8))
        #expect(try await Self.verify(text + "." + signature.rawRepresentation.base64URL).subject == "person-1")
    }

    @Test("A signature by another key, or over other claims, is none")
    func forged() async throws {
        await refused(.badSignature) { try await Self.verify(Self.token(key: Self.otherRSA)) }
        let parts = try Self.token().split(separator: ".").map(String.init)
        let claims = try Self.encoded(Self.changed(["sub": "somebody-else"]))
        await refused(.badSignature) { try await Self.verify("\(parts[0]).\(claims).\(parts[2])") }
        await refused(.badSignature) { try await Self.verify("\(parts[0]).\(parts[1]).") }
    }

    @Test("No signature at all", arguments: ["none", "None", "NONE", ""])
    func none(algorithm: String) async throws {
        let text = try Self.unsigned(["alg": algorithm, "kid": "rsa"], Self.good)
        await refused(.algorithmNotAllowed) { try await Self.verify(text + ".") }
        await refused(.algorithmNotAllowed) { try await Self.verify(text + ".c2ln") }
    }

    @Test("A shared secret made of what everybody knows: the public key, in every spelling")
    func confusion() async throws {
        let publicKey = try Self.rsa.get().publicKey
        let modulus = try publicKey.getKeyPrimitives().modulus
        let secrets = [
            Data(publicKey.pemRepresentation.utf8), publicKey.derRepresentation, modulus, Data(modulus.base64URL.utf8),
            Data(),
        ]
        for id in ["rsa", "shared"] {
            let text = try Self.unsigned(["alg": "HS256", "kid": id], Self.good)
            for secret in secrets {
                let code = HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: secret))
                await refused(.algorithmNotAllowed) { try await Self.verify(text + "." + Data(code).base64URL) }
            }
        }
    }

    @Test("Other kinds of signatures, and keys of another kind than the signature")
    func kinds() async throws {
        for name in ["RS384", "PS256", "ES384", "EdDSA", "rs256"] {
            await refused(.algorithmNotAllowed) {
                try await Self.verify(Self.token(header: ["alg": name, "kid": "rsa"]))
            }
        }
        await refused(.keyDoesNotFit("curve")) {
            try await Self.verify(Self.token(header: ["alg": "RS256", "kid": "curve"]))
        }
        await refused(.keyDoesNotFit("rsa")) {
            try await Self.verify(Self.token(header: ["alg": "ES256", "kid": "rsa"]))
        }
        var declared = try Self.rsaKey(Self.rsa, "rsa")
        declared["alg"] = "PS256"
        let keys = try Self.keys([declared])
        await refused(.keyDoesNotFit("rsa")) { try await Self.verify(Self.token(), keys: keys) }
        var encrypting = try Self.rsaKey(Self.rsa, "rsa")
        encrypting["use"] = "enc"
        let useless = try Self.keys([encrypting])
        await refused(.unknownKey("rsa")) { try await Self.verify(Self.token(), keys: useless) }
    }

    @Test("Keys are found by their id only")
    func keyID() async throws {
        await refused(.unknownKey("new")) { try await Self.verify(Self.token(header: ["alg": "RS256", "kid": "new"])) }
        await refused(.missingClaim("kid")) { try await Self.verify(Self.token(header: ["alg": "RS256"])) }
        await refused(.malformed) {
            try await Self.verify(Self.token(header: ["alg": "RS256", "kid": "rsa", "crit": ["exp"]]))
        }
    }

    @Test("A key in the token itself is not asked")
    func embedded() async throws {
        let own = try Self.rsaKey(Self.otherRSA, "rsa")
        let token = try Self.token(
            header: ["alg": "RS256", "kid": "rsa", "jwk": own, "jku": "https://evil.example/keys"], key: Self.otherRSA)
        await refused(.badSignature) { try await Self.verify(token) }
    }

    @Test("Another issuer, another application, another sign-in")
    func others() async throws {
        func token(_ changes: [String: Any?]) throws -> String { try Self.token(Self.changed(changes)) }
        await refused(.wrongIssuer) { try await Self.verify(token(["iss": "https://login.example/"])) }
        await refused(.missingClaim("iss")) { try await Self.verify(token(["iss": nil])) }
        await refused(.wrongAudience) { try await Self.verify(token(["aud": "client-2"])) }
        await refused(.wrongAudience) { try await Self.verify(token(["aud": []])) }
        await refused(.missingClaim("azp")) { try await Self.verify(token(["aud": [Self.client, "client-2"]])) }
        await refused(.wrongAudience) { try await Self.verify(token(["azp": "client-2"])) }
        await refused(.wrongNonce) { try await Self.verify(token(["nonce": "another"])) }
        await refused(.missingClaim("nonce")) { try await Self.verify(token(["nonce": nil])) }
        await refused(.wrongNonce) { try await Self.verify(token(["nonce": ""]), nonce: "") }
        await refused(.missingClaim("sub")) { try await Self.verify(token(["sub": ""])) }
        #expect(
            try await Self.verify(token(["aud": [Self.client, "client-2"], "azp": Self.client])).subject == "person-1")
    }

    @Test("Times, with two minutes for clocks that differ")
    func times() async throws {
        func at(_ seconds: Int64) -> Instant { Instant(seconds: seconds) }
        let (issued, ends) = (Int64(1_772_438_390), Int64(1_772_441_990))
        #expect(try await Self.verify(Self.token(), now: at(ends + 119)).subject == "person-1")
        await refused(.expired) { try await Self.verify(Self.token(), now: at(ends + 120)) }
        #expect(try await Self.verify(Self.token(), now: at(issued - 120)).subject == "person-1")
        await refused(.notYetValid) { try await Self.verify(Self.token(), now: at(issued - 121)) }
        let later = Self.changed(["nbf": issued + 600])
        await refused(.notYetValid) { try await Self.verify(Self.token(later)) }
        for name in ["exp", "iat"] {
            await refused(.missingClaim(name)) { try await Self.verify(Self.token(Self.changed([name: nil]))) }
        }
    }

    @Test("Microsoft's issuer holds the token's own tenant, and nothing but a GUID can stand there")
    func tenants() async throws {
        let pattern = "https://login.example/{tenantid}/v2.0"
        func token(_ issuer: String, _ tenant: String?) throws -> String {
            try Self.token(Self.changed(["iss": issuer, "tid": tenant]))
        }
        let own = "https://login.example/\(Self.tenant)/v2.0"
        #expect(try await Self.verify(token(own, Self.tenant), issuers: [pattern]).tenant == Self.tenant)
        let other = "https://login.example/00000000-0000-4000-8000-000000000000/v2.0"
        await refused(.wrongIssuer) { try await Self.verify(token(other, Self.tenant), issuers: [pattern]) }
        await refused(.wrongIssuer) { try await Self.verify(token(own, nil), issuers: [pattern]) }
        await refused(.wrongIssuer) { try await Self.verify(token(pattern, nil), issuers: [pattern]) }
        await refused(.malformed) {
            try await Self.verify(token("https://login.example/x/v2.0", "x"), issuers: [pattern])
        }
    }

    @Test(
        "What is no token", arguments: ["", ".", "..", "a.b.c", "e30.e30.e30", String(repeating: "a", count: 1 << 17)])
    func malformed(text: String) async throws {
        await refused(.malformed) { try await Self.verify(text) }
    }

    @Test("What is no key set")
    func keySets() throws {
        for text in ["", "[]", "{}", #"{"keys":7}"#, "<html>"] {
            #expect(throws: IDTokenError.unusableKeySet) { try IDTokenKeys(json: Data(text.utf8)) }
        }
        #expect(try IDTokenKeys(json: Data(#"{"keys":[{"kty":"RSA"}]}"#.utf8)).isEmpty)
    }

    @Test("Claims of a wrong kind are no claims")
    func claims() async throws {
        await refused(.malformed) { try await Self.verify(Self.token(Self.changed(["sub": 7]))) }
        let words = Self.changed(["email_verified": "true"])
        #expect(try await Self.verify(Self.token(words)).emailIsVerified)
        for value in ["false", "yes", 1] as [Any] {
            #expect(try await !Self.verify(Self.token(Self.changed(["email_verified": value]))).emailIsVerified)
        }
        #expect(try await !Self.verify(Self.token(Self.changed(["email_verified": nil]))).emailIsVerified)
    }
}
