import CalendarModel

/// What the accounts service of Google remembers.
struct GoogleState: Sendable {
    /// By lower-case address.
    var accounts: [String: GoogleAccount] = [:]
    /// By client id.
    var clients: [String: GoogleClient] = [:]
    var codes: [String: GoogleCode] = [:]
    var accessTokens: [String: GoogleAccess] = [:]
    /// The last one signs; the one before is still published, as Google does it.
    var signers: [TokenSigner] = []
}

/// Somebody's account at Google.
package struct GoogleAccount: Sendable, Codable, Hashable {
    /// Twenty-one digits; never another person's, whatever becomes of the address.
    package var subject: String
    package var email: String
    package var emailIsVerified: Bool
    package var name: String
    /// The Workspace domain; nil for private accounts.
    package var hostedDomain: String?
}

/// An OAuth client of the kind "Web application".
package struct GoogleClient: Sendable, Codable, Hashable {
    package var clientID: String
    package var displayName: String
    package var secret: String
    package var redirectURIs: [String]
}

struct GoogleCode: Sendable {
    var request: GoogleSignIn
    var subject: String
    var expiresAt: Instant
    var isRedeemed = false
}

struct GoogleAccess: Sendable {
    var subject: String
    var scopes: Set<String>
    var expiresAt: Instant
}

/// The query of the authorization endpoint, understood.
struct GoogleSignIn: Sendable {
    var client: GoogleClient
    var redirectURI: String
    var scopes: Set<String>
    var state: String?
    var nonce: String?
    var challenge: String?
    var challengeMethod: String
    var loginHint: String?
}

/// A refusal, as Google words it.
struct GoogleError: Error, Sendable, Hashable {
    var error: String
    var message: String
    var status = 400

    static func missing(_ name: String) -> GoogleError {
        GoogleError(error: "invalid_request", message: "Missing required parameter: \(name)")
    }

    static let clientNotFound = GoogleError(
        error: "invalid_client", message: "The OAuth client was not found.", status: 401)
    static let unauthorized = GoogleError(error: "invalid_client", message: "Unauthorized", status: 401)
    static let redirectMismatch = GoogleError(error: "redirect_uri_mismatch", message: "Bad Request")
    static let malformedCode = GoogleError(error: "invalid_grant", message: "Malformed auth code.")
    static let badGrant = GoogleError(error: "invalid_grant", message: "Bad Request")
    static let missingVerifier = GoogleError(error: "invalid_grant", message: "Missing code verifier.")
    static let wrongVerifier = GoogleError(error: "invalid_grant", message: "Invalid code verifier.")
    static let invalidToken = GoogleError(error: "invalid_request", message: "Invalid Credentials", status: 401)

    static func unsupportedGrant(_ name: String) -> GoogleError {
        GoogleError(error: "unsupported_grant_type", message: "Invalid grant_type: \(name)")
    }

    var document: JSONDocument { ["error": .string(error), "error_description": .string(message)] }
}
