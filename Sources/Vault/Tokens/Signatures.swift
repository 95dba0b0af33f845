import Crypto
import Foundation

extension Vault {
    /// A signature of text that leaves the house and comes back, such as a cookie: only who has the vault's key can make it.
    /// - Parameter purpose: a signature for one purpose is none for another.
    package func signature(of text: String, for purpose: String) -> String {
        Data(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: signingKey(purpose))).base64URL
    }

    /// `text.signature`, for ``open(signed:for:)``.
    package func signed(_ text: String, for purpose: String) -> String {
        "\(text).\(signature(of: text, for: purpose))"
    }

    /// The text without its signature; nil when the signature is not ours. Compares in constant time.
    package func open(signed: String, for purpose: String) -> String? {
        guard let dot = signed.lastIndex(of: "."),
            let code = Data(base64URL: String(signed[signed.index(after: dot)...]))
        else { return nil }
        let text = String(signed[..<dot])
        let isValid = HMAC<SHA256>.isValidAuthenticationCode(
            code, authenticating: Data(text.utf8), using: signingKey(purpose))
        return isValid ? text : nil
    }
}

extension SecretDigest {
    /// Whether two secrets are the same text, in a time that does not tell where they differ.
    package static func areEqual(_ one: String, _ other: String) -> Bool {
        let (left, right) = (Array(SHA256.hash(data: Data(one.utf8))), Array(SHA256.hash(data: Data(other.utf8))))
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
