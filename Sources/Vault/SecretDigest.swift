import Crypto

/// SHA-256 digests of secrets that the product checks but never needs back, and of requests it must recognize.
package enum SecretDigest {
    /// In hexadecimal. Fit for secrets with full entropy (tokens that ``APITokenSecret`` makes), not for passwords.
    package static func sha256(_ text: String) -> String {
        let alphabet = Array("0123456789abcdef")
        return SHA256.hash(data: Array(text.utf8)).reduce(into: "") { result, byte in
            result.append(alphabet[Int(byte >> 4)])
            result.append(alphabet[Int(byte & 15)])
        }
    }
}

/// The secret that a program shows to use the REST API: 256 random bits behind a prefix that secret scanners can find.
package enum APITokenSecret {
    package static let prefix = "loopsync_"

    /// A new secret. Shown to a person once; only its ``SecretDigest`` is kept.
    package static func make(using generator: inout some RandomNumberGenerator) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        // 43 characters of 6 bits: 258 bits.
        return (0..<43).reduce(into: prefix) { result, _ in
            let random: UInt64 = generator.next()
            result.append(alphabet[Int(random & 63)])
        }
    }
}
