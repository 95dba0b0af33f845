/// One place where people may have an account, as the operator set it up.
package struct OpenIDSettings: Hashable, Sendable {
    /// What the claims of a vendor are worth differs.
    package enum Vendor: String, Hashable, Sendable, CaseIterable {
        /// Any other issuer: its own word on verified addresses is taken.
        case other
        /// Says who is authoritative for an address.
        case google
        /// Every tenant's administrator can put any address into `email`.
        case microsoft
    }

    /// A short name for addresses and the database, such as `microsoft`.
    package var id: String
    /// For people: `Microsoft`.
    package var displayName: String
    package var vendor: Vendor
    /// The issuer's address; `/.well-known/openid-configuration` below it says the rest. For Microsoft its segment may also
    /// be `organizations`, or a tenant's domain or GUID.
    package var issuer: String
    package var clientID: String
    package var clientSecret: String?
    package var scopes: [String]
    /// Microsoft: GUIDs of tenants whose administrators are trusted with their people's addresses. Google: Workspace domains
    /// that may sign in when ``admitsOtherTenants`` is off.
    package var trustedTenants: Set<String>
    /// Whether people of other tenants may sign in at all. Their addresses are never trusted at Microsoft.
    package var admitsOtherTenants: Bool
    /// For tests and issuers in one's own network: plain http and internal addresses.
    package var allowsInternalAddresses: Bool

    package init(
        id: String, displayName: String, vendor: Vendor, issuer: String, clientID: String, clientSecret: String?,
        scopes: [String] = ["openid", "profile", "email"], trustedTenants: Set<String> = [],
        admitsOtherTenants: Bool = true, allowsInternalAddresses: Bool = false
    ) {
        self.id = id
        self.displayName = displayName
        self.vendor = vendor
        self.issuer = issuer
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.scopes = scopes
        self.trustedTenants = Set(trustedTenants.map { $0.lowercased() })
        self.admitsOtherTenants = admitsOtherTenants
        self.allowsInternalAddresses = allowsInternalAddresses
    }

    /// - Parameter tenant: `organizations` for work and school accounts of every tenant, or one tenant's GUID or domain.
    package static func microsoft(
        tenant: String = "organizations", clientID: String, clientSecret: String?, trustedTenants: Set<String> = [],
        admitsOtherTenants: Bool = true, loginURL: String = "https://login.microsoftonline.com"
    ) -> OpenIDSettings {
        OpenIDSettings(
            id: "microsoft", displayName: "Microsoft", vendor: .microsoft, issuer: "\(loginURL)/\(tenant)/v2.0",
            clientID: clientID, clientSecret: clientSecret, trustedTenants: trustedTenants,
            admitsOtherTenants: admitsOtherTenants)
    }

    package static func google(
        clientID: String, clientSecret: String?, domains: Set<String> = [], admitsOtherTenants: Bool = true,
        issuer: String = "https://accounts.google.com"
    ) -> OpenIDSettings {
        OpenIDSettings(
            id: "google", displayName: "Google", vendor: .google, issuer: issuer, clientID: clientID,
            clientSecret: clientSecret, trustedTenants: domains, admitsOtherTenants: admitsOtherTenants)
    }
}

extension OpenIDSettings: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(id) at \(issuer)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["id": id, "issuer": issuer]) }
}
