import Vault

/// Who signed in, as a verified id_token says.
///
/// Somebody is recognized by ``issuer`` and ``subject``, never by an address: at Microsoft any tenant's administrator can put
/// anybody's address into a token. Only when ``emailIsTrusted`` may an address lead to an account or an invitation.
package struct OpenIDIdentity: Hashable, Sendable {
    /// The settings' id, such as `microsoft`.
    package var provider: String
    /// As the token says; at Microsoft it holds the person's tenant.
    package var issuer: String
    package var subject: String
    package var email: String?
    /// What the issuer claims about the address.
    package var emailIsVerified: Bool
    /// Whether whoever signed in is known to own the address.
    package var emailIsTrusted: Bool
    /// For display.
    package var name: String?
    /// For display: Microsoft's principal name.
    package var accountName: String?
    /// Microsoft: the tenant's GUID. Google: the Workspace domain. nil for private accounts.
    package var tenant: String?
    /// Microsoft: the person within the tenant, the same for all applications.
    package var objectID: String?

    init(_ claims: IDTokenClaims, settings: OpenIDSettings) {
        provider = settings.id
        issuer = claims.issuer
        subject = claims.subject
        email = claims.email.flatMap(Self.plausible)
        emailIsVerified = claims.emailIsVerified && email != nil
        name = claims.name
        accountName = claims.accountName
        objectID = claims.objectID
        switch settings.vendor {
        case .other:
            tenant = nil
            emailIsTrusted = emailIsVerified
        case .google:
            tenant = claims.hostedDomain?.lowercased()
            // By Google's documentation it vouches for its own and for Workspace addresses; of others it once knew that they
            // were their owner's.
            let isGoogles = email?.lowercased().hasSuffix("@gmail.com") ?? false
            emailIsTrusted = emailIsVerified && (isGoogles || tenant != nil)
        case .microsoft:
            tenant = claims.tenant
            emailIsTrusted = email != nil && settings.trustedTenants.contains(claims.tenant ?? "")
        }
    }

    /// An address is shown, stored and compared: nothing but what looks like one gets through.
    private static func plausible(_ text: String) -> String? {
        let halves = text.split(separator: "@", omittingEmptySubsequences: false)
        let isClean = text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator: false
            default: !"<>\"',;:()[]\\".unicodeScalars.contains(scalar)
            }
        }
        return halves.count == 2 && !halves[0].isEmpty && !halves[1].isEmpty && text.utf8.count <= 254 && isClean
            ? text : nil
    }
}
