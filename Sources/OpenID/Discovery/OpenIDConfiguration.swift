import Foundation
import HTTPTransport

/// What an issuer says about itself (OpenID Connect Discovery), as far as it is used here.
struct OpenIDConfiguration: Sendable, Decodable {
    var issuer: String
    var authorizationEndpoint: String
    var tokenEndpoint: String
    var keysAddress: String
    /// Absent means `client_secret_basic`, by the standard.
    var tokenAuthentication: [String]?

    enum CodingKeys: String, CodingKey {
        case issuer
        case authorizationEndpoint = "authorization_endpoint"
        case tokenEndpoint = "token_endpoint"
        case keysAddress = "jwks_uri"
        case tokenAuthentication = "token_endpoint_auth_methods_supported"
    }

    /// - Throws: unless it is this issuer's, and names only addresses that may be called.
    func check(_ settings: OpenIDSettings) throws(OpenIDError) {
        guard Self.isIssuer(issuer, of: settings) else {
            throw .discoveryUnusable("it names another issuer", settings)
        }
        let addresses = [
            ("sign-in page", authorizationEndpoint), ("token endpoint", tokenEndpoint), ("key set", keysAddress),
        ]
        for (what, address) in addresses {
            do {
                try OutboundAddress.check(address, allowingInternal: settings.allowsInternalAddresses)
            } catch {
                throw .addressNotAllowed(what, settings)
            }
        }
    }

    /// The issuers that tokens may name. Google documents a second spelling of its own.
    var tokenIssuers: [String] {
        issuer == "https://accounts.google.com" ? [issuer, "accounts.google.com"] : [issuer]
    }

    /// The issuer is the one that was asked; at Microsoft the segment of the tenant may be another: the template for all
    /// tenants when all were asked, the GUID when the domain was.
    private static func isIssuer(_ issuer: String, of settings: OpenIDSettings) -> Bool {
        if issuer == settings.issuer { return true }
        guard settings.vendor == .microsoft else { return false }
        var found = issuer.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let asked = settings.issuer.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        // https: "" host tenant v2.0
        guard found.count == 5, asked.count == 5 else { return false }
        let tenant = found[3]
        found[3] = asked[3]
        guard found == asked else { return false }
        switch asked[3] {
        case "organizations", "common": return tenant == "{tenantid}"
        default:
            return UUID(uuidString: tenant) != nil
                && (UUID(uuidString: asked[3]) == nil || tenant == asked[3].lowercased())
        }
    }
}
