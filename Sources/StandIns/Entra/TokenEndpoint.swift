import CalendarModel
import Foundation

/// `POST /{tenant}/oauth2/v2.0/token`: finds tenant and application, has the client prove itself, then runs the grant.
struct TokenEndpoint: Sendable {
    enum Grant: String {
        case authorizationCode = "authorization_code"
        case refreshToken = "refresh_token"
        case password
        case clientCredentials = "client_credentials"
        case deviceCode = "urn:ietf:params:oauth:grant-type:device_code"
        /// As Entra's first version called it; some clients still do.
        case deviceCodeOld = "device_code"
    }

    let world: World

    /// - Parameters:
    ///   - tenantPath: the first path segment, decoded.
    ///   - base: the scheme and host the client knows the login service by.
    func reply(tenantPath: String, form: FormFields, base: String) async throws -> TokenReply {
        guard let grantName = form["grant_type"] else { throw EntraError.missingParameter("grant_type") }
        guard let grant = Grant(rawValue: grantName) else { throw EntraError.unsupportedGrant(grantName) }
        guard let clientID = form["client_id"] else { throw EntraError.missingParameter("client_id") }
        let authority = try await world.authority(tenantPath)
        if grant == .password, case .common = authority { throw EntraError.notOverCommon }
        if grant == .clientCredentials, authority.tenant == nil { throw EntraError.needsConcreteTenant }
        let application = try await world.application(clientID, at: authority, named: tenantPath)
        try await authenticate(
            application, proof: ClientProof(form), grant: grant, tenantPath: tenantPath, authority: authority)
        switch grant {
        case .authorizationCode:
            return try await world.redeemCode(form, application: application, base: base)
        case .refreshToken:
            return try await world.refresh(form, application: application, authority: authority, base: base)
        case .password:
            return try await world.signInByPassword(form, application: application, authority: authority, base: base)
        case .clientCredentials:
            return try await world.signInApplication(form, application: application, authority: authority)
        case .deviceCode, .deviceCodeOld:
            return try await world.redeemDeviceCode(form, application: application, base: base)
        }
    }

    private func authenticate(
        _ application: AppRegistration, proof: ClientProof, grant: Grant, tenantPath: String, authority: Authority
    ) async throws {
        switch proof {
        case .none:
            // A refresh token or a code of a public client needs no secret; a client that has one must send it,
            // unless "Allow public client flows" is on.
            let needsNoSecret =
                switch grant {
                case .clientCredentials: false
                case .password, .deviceCode, .deviceCodeOld: application.allowsPublicClientFlows
                case .authorizationCode, .refreshToken:
                    !application.isConfidential || application.allowsPublicClientFlows
                }
            guard needsNoSecret else { throw EntraError.secretMissing }
        case .secret(let secret):
            guard application.isConfidential else { throw EntraError.publicClientSentSecret }
            try await world.checkSecret(secret, of: application)
        case .assertion(let text):
            guard application.isConfidential else { throw EntraError.publicClientSentSecret }
            var names = [tenantPath, "common", "organizations"]
            if let tenant = authority.tenant { names += [tenant.id, tenant.domain] }
            try await ClientAssertion(text: text).check(
                application: application, tenantPath: tenantPath, tenants: names, now: world.now())
        }
    }
}
