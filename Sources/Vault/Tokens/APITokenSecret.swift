import Foundation

/// A bearer token of our own API: `lbs_` and 32 random bytes. Shown once, when it is made; the database keeps its hash. A plain
/// SHA-256 is enough, because nobody can guess 32 random bytes.
package enum APITokenSecret {
    /// Lets people and secret scanners recognize it.
    package static let prefix = "lbs_"

    package struct Fresh: Sendable {
        /// For the person who asked for it. Never stored.
        package let token: String
        /// For the database.
        package let digest: String
    }

    package static func generate(random: SecureRandom = .system) -> Fresh {
        let token = prefix + random.text(count: 32)
        return Fresh(token: token, digest: SecretDigest.sha256(token))
    }

    /// Whether text can be one of our tokens at all.
    package static func isPlausible(_ text: String) -> Bool {
        guard text.hasPrefix(prefix) else { return false }
        let rest = String(text.dropFirst(prefix.count))
        return rest.utf8.count == 43 && Data(base64URL: rest)?.count == 32
    }
}
