import Crypto
import Foundation

/// Seals secrets (passwords, client secrets, refresh tokens) for the database with a key that is not in the database.
///
/// A sealed secret is text: `v1.<key id>.<nonce, cipher text and tag in base64url>`, by ChaCha20-Poly1305. It is bound to what
/// it belongs to (the *owner*, such as `connection/7/password`): moved to another row, it does not open.
package struct Vault: Sendable {
    /// Tells keys apart without telling anything about them.
    package let keyID: String
    private let key: SymmetricKey

    /// - Parameter encodedKey: 32 bytes in base64, as ``generateKey()`` makes them; white space around is ignored.
    package init(encodedKey: String) throws(VaultError) {
        let text = encodedKey.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let bytes = Data(base64Encoded: text), bytes.count == 32 else { throw .unusableKey }
        key = SymmetricKey(data: bytes)
        let digest = SHA256.hash(data: Data("loopbooking vault key id".utf8) + bytes)
        keyID = digest.prefix(4).map { byte in String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }.joined()
    }

    /// - Parameter path: a file that holds the key, readable by the service's user only.
    package init(keyFile path: String) throws(VaultError) {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { throw .keyFileUnreadable(path) }
        try self.init(encodedKey: text)
    }

    /// A new key, for the key file or the environment.
    package static func generateKey() -> String {
        SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }.base64EncodedString()
    }

    package func seal(_ secret: String, for owner: String) throws(VaultError) -> String {
        do {
            let box = try ChaChaPoly.seal(Data(secret.utf8), using: key, authenticating: bound(to: owner, keyID))
            return "v1.\(keyID).\(box.combined.base64URL)"
        } catch {
            throw .sealingFailed
        }
    }

    /// - Throws: `.otherKey` when it was sealed with another key, `.doesNotOpen` when it was changed or belongs to another
    ///   owner.
    package func open(_ sealed: String, for owner: String) throws(VaultError) -> String {
        let parts = sealed.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, parts[0] == "v1", let combined = Data(base64URL: parts[2]) else { throw .notSealed }
        guard parts[1] == keyID else { throw .otherKey(sealedWith: parts[1], present: keyID) }
        do {
            let box = try ChaChaPoly.SealedBox(combined: combined)
            let plain = try ChaChaPoly.open(box, using: key, authenticating: bound(to: owner, keyID))
            guard let secret = String(data: plain, encoding: .utf8) else { throw VaultError.doesNotOpen }
            return secret
        } catch {
            throw .doesNotOpen
        }
    }

    /// A key of its own for each purpose, derived from the vault's.
    func signingKey(_ purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: key, info: Data("signature \(purpose)".utf8), outputByteCount: 32)
    }

    private func bound(to owner: String, _ keyID: String) -> Data { Data("v1.\(keyID).\(owner)".utf8) }
}

extension Vault: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "vault with key \(keyID)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["keyID": keyID]) }
}
