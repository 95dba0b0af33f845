import Testing
import Vault

@Suite("Tokens and passwords") struct TokensTests {
    @Test func `A token is recognizable, random, and only its hash is kept`() {
        let first = APITokenSecret.generate()
        let second = APITokenSecret.generate()
        #expect(first.token.hasPrefix("lbs_"))
        #expect(first.token != second.token)
        #expect(first.digest == SecretDigest.sha256(first.token))
        #expect(first.digest.count == 64)
        #expect(APITokenSecret.isPlausible(first.token))
    }

    @Test(arguments: ["", "lbs_", "lbs_short", "xyz_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"])
    func `Other text is no token`(_ text: String) {
        #expect(!APITokenSecret.isPlausible(text))
    }

    @Test func `The token's hash is SHA-256`() {
        // FIPS 180-2, appendix B.1.
        #expect(SecretDigest.sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test func `The proof key's challenge is the one of RFC 7636`() {
        let key = ProofKey(verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        #expect(key.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
        #expect(ProofKey.generate() != ProofKey.generate())
        #expect((43...128).contains(ProofKey.generate().verifier.count))
    }

    private let hasher = PasswordHasher(cost: .init(logN: 4))

    @Test func `The right password is accepted, another is not`() throws {
        let hash = try hasher.hash("correct horse")
        #expect(try hasher.verify("correct horse", against: hash))
        #expect(try !hasher.verify("correct horsf", against: hash))
        #expect(try !hasher.verify("", against: hash))
        #expect(try hasher.hash("correct horse") != hash)
    }

    @Test func `The key is scrypt's, by a vector computed elsewhere`() throws {
        // Python: hashlib.scrypt(b"password", salt=bytes(range(16)), n=16, r=8, p=1, dklen=32)
        let fixed = PasswordHasher(cost: .init(logN: 4), random: SecureRandom { count in (0..<count).map(UInt8.init) })
        let hash = try fixed.hash("password")
        #expect(hash == "scrypt$4$8$1$AAECAwQFBgcICQoLDA0ODw$SifLA7K0t5yM6JUFWSfwEu2b21TUGoi7m1p3x7fgMoI")
    }

    @Test func `A raised cost makes a hash outdated, and it still verifies`() throws {
        let old = try hasher.hash("secret")
        let stronger = PasswordHasher(cost: .init(logN: 5))
        #expect(!hasher.isOutdated(old))
        #expect(stronger.isOutdated(old))
        #expect(try stronger.verify("secret", against: old))
    }

    @Test(arguments: ["", "scrypt$4$8$1$AA", "bcrypt$4$8$1$AA$AA", "scrypt$30$8$1$AAAA$AAAA"])
    func `A damaged or costly hash is refused`(_ hash: String) {
        #expect(throws: PasswordError.notAHash) { try hasher.verify("secret", against: hash) }
    }
}
