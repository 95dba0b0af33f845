/// A refusal of Entra ID: an AADSTS number with the OAuth error it travels under.
struct EntraError: Error, Sendable, Hashable {
    /// The number behind `AADSTS`.
    var code: Int
    /// The OAuth 2.0 error, such as `invalid_grant`.
    var error: String
    /// The text behind `AADSTSnnnnn: `, without trace ids.
    var message: String
    var status: Int = 400
    var suberror: String?
    /// A claims challenge: a JSON text.
    var claims: String?

    init(
        _ code: Int, _ error: String, _ message: String, status: Int = 400, suberror: String? = nil,
        claims: String? = nil
    ) {
        self.code = code
        self.error = error
        self.message = message
        self.status = status
        self.suberror = suberror
        self.claims = claims
    }
}

// Requests that make no sense.
extension EntraError {
    static func missingParameter(_ name: String) -> EntraError {
        EntraError(900144, "invalid_request", "The request body must contain the following parameter: '\(name)'.")
    }

    static func unsupportedGrant(_ name: String) -> EntraError {
        EntraError(70003, "unsupported_grant_type", "The app requested an unsupported grant type '\(name)'.")
    }

    static func unsupportedResponseType(_ name: String) -> EntraError {
        EntraError(
            700054, "unsupported_response_type", "response_type '\(name)' is not enabled for the application.")
    }

    static func tenantNotFound(_ name: String) -> EntraError {
        EntraError(
            90002, "invalid_request",
            "Tenant '\(name)' not found. Check to make sure you have the correct tenant ID and are signing into the "
                + "correct cloud. Check with your subscription administrator, this may happen if there are no active "
                + "subscriptions for the tenant.")
    }

    static let notOverCommon = EntraError(
        9_001_023, "invalid_request",
        "The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or "
            + "tenant-specific endpoint.")

    static let needsConcreteTenant = EntraError(
        90130, "invalid_request",
        "Application cannot be accessed over the /common or /consumers endpoint. Please use the /organizations or "
            + "tenant-specific endpoint.")

    static func invalidScope(_ scope: String) -> EntraError {
        EntraError(
            70011, "invalid_scope",
            "The provided request must include a 'scope' input parameter. The provided value for the input parameter "
                + "'scope' is not valid. The scope \(scope) is not valid.")
    }

    static func needsDefaultScope(_ scope: String) -> EntraError {
        EntraError(
            1_002_012, "invalid_scope",
            "The provided value for scope \(scope) is not valid. Client credential flows must have a scope value with "
                + "/.default suffixed to the resource identifier (application ID URI).")
    }

    static func unknownScope(_ scope: String, application: AppRegistration) -> EntraError {
        EntraError(
            650_053, "invalid_client",
            "The application '\(application.displayName)' asked for scope '\(scope)' that doesn't exist on the "
                + "resource '\(Permission.graphResourceID)'. Contact the app vendor.")
    }

    static func unknownResource(_ resource: String, tenant: String) -> EntraError {
        EntraError(
            500_011, "invalid_resource",
            "The resource principal named \(resource) was not found in the tenant named \(tenant). This can happen "
                + "if the application has not been installed by the administrator of the tenant or consented to by "
                + "any user in the tenant. You might have sent your authentication request to the wrong tenant.")
    }
}

// The application.
extension EntraError {
    static func applicationNotFound(_ clientID: String, tenant: String) -> EntraError {
        EntraError(
            700_016, "unauthorized_client",
            "Application with identifier '\(clientID)' was not found in the directory '\(tenant)'. This can happen if "
                + "the application has not been installed by the administrator of the tenant or consented to by any "
                + "user in the tenant. You may have sent your authentication request to the wrong tenant.")
    }

    static func notMultiTenant(_ application: AppRegistration) -> EntraError {
        EntraError(
            50194, "invalid_request",
            "Application '\(application.clientID)'(\(application.displayName)) is not configured as a multi-tenant "
                + "application. Usage of the /common endpoint is not supported for such apps created after "
                + "'10/15/2018'. Use a tenant-specific endpoint or configure the application to be multi-tenant.")
    }

    static func applicationDisabled(_ application: AppRegistration) -> EntraError {
        EntraError(
            7_000_112, "unauthorized_client",
            "Application '\(application.clientID)'(\(application.displayName)) is disabled.")
    }

    static func redirectMismatch(_ uri: String, application: AppRegistration) -> EntraError {
        EntraError(
            50011, "invalid_request",
            "The redirect URI '\(uri)' specified in the request does not match the redirect URIs configured for the "
                + "application '\(application.clientID)'. Make sure the redirect URI sent in the request matches one "
                + "added to your application in the Azure portal. Navigate to "
                + "https://aka.ms/redirectUriMismatchError to learn more about how to fix this.")
    }

    static func noReplyAddress(_ application: AppRegistration) -> EntraError {
        EntraError(
            500_113, "invalid_request", "No reply address is registered for the application '\(application.clientID)'.")
    }

    static let secretMissing = EntraError(
        7_000_218, "invalid_client",
        "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.", status: 401)

    static let publicClientSentSecret = EntraError(
        700_025, "invalid_client",
        "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.", status: 401)

    static func wrongSecret(_ clientID: String) -> EntraError {
        EntraError(
            7_000_215, "invalid_client",
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, "
                + "not the client secret ID, for a secret added to app '\(clientID)'.", status: 401)
    }

    static func expiredSecret(_ clientID: String) -> EntraError {
        EntraError(
            7_000_222, "invalid_client",
            "The provided client secret keys for app '\(clientID)' are expired. Visit the Azure portal to create new "
                + "keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for "
                + "added security: https://aka.ms/certCreds.", status: 401)
    }

    static func assertionKeyUnknown(thumbprint: String) -> EntraError {
        EntraError(
            700_027, "invalid_client",
            "The certificate with identifier used to sign the client assertion is not registered on application. "
                + "[Reason - The key was not found., Thumbprint of key used by client: '\(thumbprint)', Please visit "
                + "the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys.]", status: 401)
    }

    static let assertionSignatureInvalid = EntraError(
        700_027, "invalid_client",
        "Client assertion failed signature validation. [Reason - The key was found but the signature did not match.]",
        status: 401)

    static func assertionMalformed(_ reason: String) -> EntraError {
        EntraError(50027, "invalid_request", "JWT token is invalid or malformed. \(reason)")
    }

    static func assertionAudienceInvalid(_ audience: String) -> EntraError {
        EntraError(
            700_023, "invalid_client",
            "Client assertion audience claim does not match Realm issuer. The audience was '\(audience)'. Review the "
                + "documentation at https://aka.ms/certCreds.", status: 401)
    }

    static let assertionIssuerInvalid = EntraError(
        700_021, "invalid_client",
        "Client assertion application identifier doesn't match 'client_id' parameter: the claims 'iss' and 'sub' must "
            + "both be the client id. Review the documentation at https://aka.ms/certCreds.", status: 401)

    static let assertionTimeInvalid = EntraError(
        700_024, "invalid_client",
        "Client assertion is not within its valid time range. Review the documentation at https://aka.ms/certCreds.",
        status: 401)
}

// The person.
extension EntraError {
    static let wrongPassword = EntraError(
        50126, "invalid_grant", "Error validating credentials due to invalid username or password.")

    static func userNotFound(tenant: String) -> EntraError {
        EntraError(
            50034, "invalid_grant",
            "The user account {EUII Hidden} does not exist in the \(tenant) directory. To sign into this application, "
                + "the account must be added to the directory.")
    }

    static let passwordExpired = EntraError(
        50055, "invalid_grant", "The password is expired.", suberror: "user_password_expired")

    static let noPassword = EntraError(
        50056, "invalid_grant", "Invalid or null password: password does not exist in the directory for this user.")

    static let userDisabled = EntraError(50057, "invalid_grant", "The user account is disabled.")

    static let locked = EntraError(
        50053, "invalid_grant",
        "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.")

    static let strongAuthenticationRequired = EntraError(
        50076, "invalid_grant",
        "Due to a configuration change made by your administrator, or because you moved to a new location, you must "
            + "use multi-factor authentication to access '\(Permission.graphResourceID)'.",
        suberror: "basic_action", claims: mfaClaims)

    static let strongAuthenticationEnrolment = EntraError(
        50079, "interaction_required",
        "Due to a configuration change made by your administrator, or because you moved to a new location, you must "
            + "enroll in multi-factor authentication to access '\(Permission.graphResourceID)'.",
        suberror: "basic_action", claims: mfaClaims)

    static let blockedByPolicy = EntraError(
        53003, "invalid_grant",
        "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
        suberror: "message_only", claims: mfaClaims)

    static func notAssigned(_ user: Tenant.User, application: AppRegistration) -> EntraError {
        EntraError(
            50105, "invalid_grant",
            "Your administrator has configured the application \(application.displayName) "
                + "('\(application.clientID)') to block users unless they are specifically granted ('assigned') access "
                + "to the application. The signed-in user '\(user.principalName)' is blocked because they are not a "
                + "direct member of a group with access, nor had access directly assigned by an administrator. Please "
                + "contact your administrator to assign access to this application.")
    }

    static func notConsented(_ application: AppRegistration) -> EntraError {
        EntraError(
            65001, "invalid_grant",
            "The user or administrator has not consented to use the application with ID '\(application.clientID)' "
                + "named '\(application.displayName)'. Send an interactive authorization request for this user and "
                + "resource.", suberror: "consent_required")
    }

    static let consentDeclined = EntraError(65004, "access_denied", "User declined to consent to access the app.")

    static let adminConsentNeeded = EntraError(90094, "access_denied", "The grant requires admin permission.")

    static let signInNeeded = EntraError(
        50058, "login_required",
        "A silent sign-in request was sent but no user is signed in. The cookies used to represent the user's session "
            + "were not sent in the request to Azure AD.")

    static let cancelled = EntraError(
        // The page's Cancel button has no AADSTS number of its own; applications see `access_denied`.
        65004, "access_denied", "the user canceled the authentication")

    private static let mfaClaims =
        #"{"access_token":{"capolids":{"essential":true,"values":["6d3c1b1a-53d7-4f4e-9a61-0d5a9d7f2b10"]}}}"#
}

// Codes and tokens.
extension EntraError {
    static let codeRedeemed = EntraError(
        54005, "invalid_grant",
        "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh "
            + "token.")

    static let codeExpired = EntraError(
        70008, "invalid_grant",
        "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive "
            + "authorization request for this user and resource.")

    static let verifierMismatch = EntraError(
        501_481, "invalid_grant",
        "The Code_Verifier does not match the code_challenge supplied in the authorization request.")

    static let malformedGrant = EntraError(
        9_002_313, "invalid_grant", "Invalid request. Request is malformed or invalid.", suberror: "bad_token")

    static let wrongClientForGrant = EntraError(
        70000, "invalid_grant",
        "Provided grant is invalid or malformed: it was issued to another client id or another redirect URI.",
        suberror: "bad_token")

    static func refreshInactive(issuedAt: String, days: Int) -> EntraError {
        EntraError(
            700_082, "invalid_grant",
            "The refresh token has expired due to inactivity. The token was issued on \(issuedAt) and was inactive for "
                + "\(days).00:00:00.", suberror: "bad_token")
    }

    static func revoked(grantedAt: String, validFrom: String) -> EntraError {
        EntraError(
            50173, "invalid_grant",
            "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have "
                + "changed or reset their password. The grant was issued on '\(grantedAt)' and the TokensValidFrom "
                + "date (before which tokens are not valid) for this user is '\(validFrom)'.", suberror: "bad_token")
    }

    static let authorizationPending = EntraError(
        70016, "authorization_pending",
        "OAuth 2.0 device flow error. Authorization is pending. Continue polling.")

    static let badDeviceCode = EntraError(
        70018, "bad_verification_code",
        "Invalid verification code due to User typing in wrong user code for device code flow.")

    static let deviceCodeExpired = EntraError(
        70019, "expired_token", "Verification code expired. Have the user retry the sign-in.")

    static let deviceDeclined = EntraError(
        65004, "authorization_declined", "User declined to consent to access the app.")
}
