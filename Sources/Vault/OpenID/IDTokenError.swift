/// Why an id_token was not believed. Holds nothing of the token but what names a key, an algorithm or an issuer.
package enum IDTokenError: Error, Hashable, Sendable {
    case unusableKeySet
    case malformed
    /// Unsigned, signed with a shared secret, or in a way that is not taken.
    case algorithmNotAllowed
    /// The issuer's key set does not have this key: it may have been renewed since it was read.
    case unknownKey(String)
    /// The key is of another kind than the signature.
    case keyDoesNotFit(String)
    case badSignature
    case missingClaim(String)
    case wrongIssuer
    /// Issued to another application.
    case wrongAudience
    case expired
    case notYetValid
    /// Not the answer to this sign-in.
    case wrongNonce
}

extension IDTokenError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unusableKeySet: "the issuer's keys cannot be read"
        case .malformed: "it is malformed"
        case .algorithmNotAllowed: "it is not signed in a way that proves anything"
        case .unknownKey: "it is signed with a key that the issuer does not publish"
        case .keyDoesNotFit: "its signature and the issuer's key do not fit"
        case .badSignature: "its signature is not the issuer's"
        case .missingClaim(let name): "it does not say “\(name)”"
        case .wrongIssuer: "it comes from another issuer"
        case .wrongAudience: "it was issued to another application"
        case .expired: "it has expired"
        case .notYetValid: "it is not valid yet"
        case .wrongNonce: "it belongs to another sign-in"
        }
    }
}
