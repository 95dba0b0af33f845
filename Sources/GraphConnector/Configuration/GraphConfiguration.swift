/// Where one organization's Microsoft 365 is and who we are there. Holds no secrets.
package struct GraphConfiguration: Hashable, Sendable {
    /// With the version, without a slash at the end. Other national clouds and loopsim have their own.
    package var graphURL: String
    /// Without a slash at the end.
    package var loginURL: String
    /// The tenant's GUID or a verified domain.
    package var tenant: String
    package var clientID: String
    /// The address of the service account, whose mailbox organizes meetings in invite mode. Nil for an application without
    /// a mailbox: then there is no invite mode.
    package var serviceAccount: String?
    /// Delegated permissions to ask for. Configuration, because asking for one that Microsoft has retired fails the whole
    /// sign-in (AADSTS650053).
    package var scopes: [String]
    /// Prefix of the permissions' full names.
    package var resource: String

    package static let defaultScopes = [
        "User.Read", "Calendars.ReadWrite", "Calendars.ReadWrite.Shared", "Place.Read.All",
    ]

    /// What the manual lists beside, and what makes more possible where it was granted: whether people left is seen with
    /// it. Never asked for at a sign-in, which would fail without it.
    package static let optionalScopes = ["User.ReadBasic.All"]

    package init(
        tenant: String, clientID: String, serviceAccount: String? = nil,
        graphURL: String = "https://graph.microsoft.com/v1.0", loginURL: String = "https://login.microsoftonline.com",
        scopes: [String] = Self.defaultScopes, resource: String = "https://graph.microsoft.com"
    ) {
        self.tenant = tenant
        self.clientID = clientID
        self.serviceAccount = serviceAccount
        self.graphURL = Self.withoutSlash(graphURL)
        self.loginURL = Self.withoutSlash(loginURL)
        self.scopes = scopes
        self.resource = Self.withoutSlash(resource)
    }

    /// The scopes of a delegated sign-in as Entra ID wants them: full names, and what brings a refresh token.
    package var delegatedScope: String {
        (["offline_access", "openid", "profile"] + scopes.map { "\(resource)/\($0)" }).joined(separator: " ")
    }

    /// Everything the application was given in the tenant: the only scope client credentials know.
    package var applicationScope: String { "\(resource)/.default" }

    package var tokenURL: String { loginURL(path: "oauth2/v2.0/token") }

    func loginURL(path: String) -> String { "\(loginURL)/\(WebText.segment(tenant))/\(path)" }

    private static func withoutSlash(_ url: String) -> String { url.hasSuffix("/") ? String(url.dropLast()) : url }
}
