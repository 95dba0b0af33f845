import CalendarModel

/// A person in front of a sign-in page: what it is for and how far it got.
struct Interaction: Sendable {
    enum Purpose: Sendable {
        case authorize(AuthorizeRequest)
        case adminConsent(AdminConsentRequest)
        case device(code: String)
    }

    var id: String
    var purpose: Purpose
    var clientID: String
    /// The tenant part of the path, as sent.
    var authority: String
    var startedAt: Instant
    var signedIn: SignedIn?

    struct SignedIn: Sendable {
        var tenantID: String
        var userID: String
        var strong: Bool
    }

    var scopes: [String] {
        switch purpose {
        case .authorize(let request): request.scopes
        case .adminConsent(let request): request.scopes ?? ["https://graph.microsoft.com/.default"]
        case .device: []
        }
    }
}

/// The query of the authorize endpoint.
struct AuthorizeRequest: Sendable {
    var redirectURI: String
    /// `query`, `fragment` or `form_post`.
    var responseMode: String
    var state: String?
    var scopes: [String]
    var challenge: String?
    var challengeMethod: String
    var prompt: String?
    var loginHint: String?
    var nonce: String?
    var wantsClientInfo: Bool
}

/// The query of the admin consent endpoint; without scopes it is the first version's, which grants what is registered.
struct AdminConsentRequest: Sendable {
    var redirectURI: String
    var state: String?
    var scopes: [String]?
}

/// What a form of the sign-in pages sends.
struct InteractionInput: Sendable {
    var login: String?
    var password: String?
    var oneTimeCode: String?
    /// `accept` or `cancel`.
    var consent: String?
    /// Consent on behalf of the organization.
    var forOrganization: Bool
    var isCancelled: Bool

    init(_ form: FormFields) {
        login = form["login"]
        password = form["passwd"]
        oneTimeCode = form["otc"]
        consent = form["consent"]
        forOrganization = form["organization"] != nil
        isCancelled = form["cancel"] != nil
    }
}

/// What the person sees next.
enum InteractionStep: Sendable {
    case signIn(Interaction, hint: String?, error: EntraError?)
    case strongAuthentication(Interaction, user: Tenant.User, wrongCode: Bool)
    case consent(Interaction, ConsentQuestion)
    /// Back to the application, with these parameters.
    case redirect(to: String, mode: String, parameters: [(String, String)], session: String?)
    case finished(message: String)
    /// The end: nothing to go back to.
    case failed(EntraError)
}

/// What the consent page asks.
struct ConsentQuestion: Sendable {
    var application: AppRegistration
    var user: Tenant.User
    var delegated: [String]
    var roles: [String]
    /// Whether the answer counts for the whole organization.
    var forOrganization: Bool
    /// Whether the person may choose to answer for the organization.
    var mayConsentForOrganization: Bool
}
