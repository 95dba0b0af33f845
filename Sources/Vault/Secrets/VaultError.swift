/// Why a secret cannot be sealed or opened. Never holds the secret or the key.
package enum VaultError: Error, Hashable, Sendable {
    /// The key is not 32 bytes in base64.
    case unusableKey
    case keyFileUnreadable(String)
    /// The text was not made by the vault.
    case notSealed
    /// It was sealed with a key that is not the present one.
    case otherKey(sealedWith: String, present: String)
    /// The right key, but it was changed, or it belongs to something else.
    case doesNotOpen
    case sealingFailed
}

extension VaultError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unusableKey:
            "The vault key is not usable: it must be 32 random bytes in base64."
        case .keyFileUnreadable(let path):
            "The vault key file \(path) cannot be read. Check the path and that the service's user may read it."
        case .notSealed: "A stored secret is not in the vault's format. Enter the credentials again."
        case .otherKey(let sealedWith, let present):
            """
            A stored secret was sealed with vault key \(sealedWith), but the service runs with key \(present). Start it \
            with the former key, or enter the credentials again.
            """
        case .doesNotOpen:
            "A stored secret was changed or belongs to another connection. Enter the credentials again."
        case .sealingFailed: "A secret could not be sealed."
        }
    }
}
