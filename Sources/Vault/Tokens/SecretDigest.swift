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
