import Crypto
import Foundation

/// A bearer token of our own API: `lbs_` and 32 random bytes. Shown once, when it is made; the database keeps its hash. A plain
/// SHA-256 is enough, because nobody can guess 32 random bytes.
package enum APIToken {
    /// Lets people and secret scanners recognize it.
    package static let prefix = "lbs_"

    package struct Fresh: Sendable {
        /// For the person who asked for it. Never stored.
        package let token: String
        /// For the database.
        package let hash: String
    }

    package static func generate(random: SecureRandom = .system) -> Fresh {
        let token = prefix + random.text(count: 32)
        return Fresh(token: token, hash: hash(of: token))
    }

    /// SHA-256 in hex. Looking a token up by its hash leaks nothing through timing.
    package static func hash(of token: String) -> String {
        SHA256.hash(data: Data(token.utf8))
            .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
            .joined()
    }

    /// Whether text can be one of our tokens at all.
    package static func isPlausible(_ text: String) -> Bool {
        guard text.hasPrefix(prefix) else { return false }
        let rest = String(text.dropFirst(prefix.count))
        return rest.utf8.count == 43 && Data(base64URL: rest)?.count == 32
    }
}
