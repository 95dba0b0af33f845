import CalendarModel

/// What Entra ID remembers between requests: tokens it issued, codes it handed out, sign-ins under way.
struct EntraState: Sendable {
    var accessTokens: [String: IssuedAccessToken] = [:]
    var refreshTokens: [String: RefreshGrant] = [:]
    var codes: [String: AuthorizationCode] = [:]
    /// By device code.
    var deviceCodes: [String: DeviceSignIn] = [:]
    /// Sign-in pages under way, by the id their forms carry.
    var interactions: [String: Interaction] = [:]
    /// Browser sessions, by cookie value.
    var sessions: [String: BrowserSession] = [:]
    /// When a person's password was last changed, by object id: refresh tokens of public clients end with it.
    var passwordChanges: [String: Instant] = [:]
    /// Scopes a person consented to for himself, by `userID|clientID`.
    var userConsents: [String: Set<String>] = [:]
}

struct IssuedAccessToken: Sendable {
    var caller: Caller
    var expiresAt: Instant
}

/// Who signed in, how, and to which application: what a code and a refresh token stand for.
struct SignInGrant: Sendable {
    var tenantID: String
    var userID: String
    var clientID: String
    /// The scopes asked for at sign-in, as asked.
    var scopes: [String]
    /// Whether MFA was passed when signing in.
    var strong: Bool
    var nonce: String?
}

struct RefreshGrant: Sendable {
    var grant: SignInGrant
    /// When the person signed in; revocations are compared with it.
    var signedInAt: Instant
    /// When this very token was issued; it ends when unused for too long.
    var issuedAt: Instant
    /// Issued to a client that cannot prove who it is.
    var isPasswordBased: Bool
}

struct AuthorizationCode: Sendable {
    var grant: SignInGrant
    var redirectURI: String
    var challenge: String?
    var challengeMethod: String
    var expiresAt: Instant
    var isRedeemed = false
}

struct DeviceSignIn: Sendable {
    enum Outcome: Sendable {
        case pending
        case declined
        case signedIn(SignInGrant)
    }

    var userCode: String
    var clientID: String
    /// The tenant part of the path, as sent.
    var authority: String
    var scopes: [String]
    var expiresAt: Instant
    var outcome = Outcome.pending
}

struct BrowserSession: Sendable {
    var tenantID: String
    var userID: String
    var strong: Bool
}
