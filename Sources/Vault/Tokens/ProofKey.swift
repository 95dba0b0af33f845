import Crypto
import Foundation

/// The pair of PKCE (RFC 7636): the verifier stays here until the code is redeemed, the challenge goes into the sign-in link.
package struct ProofKey: Hashable, Sendable {
    package let verifier: String
    /// base64url(SHA-256(verifier)), method `S256`.
    package let challenge: String

    package init(verifier: String) {
        self.verifier = verifier
        challenge = Data(SHA256.hash(data: Data(verifier.utf8))).base64URL
    }

    package static func generate(random: SecureRandom = .system) -> ProofKey {
        ProofKey(verifier: random.text(count: 32))
    }
}
