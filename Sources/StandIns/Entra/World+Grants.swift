import CalendarModel
import CalendarTime
import Crypto
import Foundation

extension World {
    /// The password grant (ROPC).
    func signInByPassword(
        _ form: FormFields, application: AppRegistration, authority: Authority, base: String
    ) throws -> TokenReply {
        guard let name = form["username"] else { throw EntraError.missingParameter("username") }
        guard let password = form["password"] else { throw EntraError.missingParameter("password") }
        let words = form.words("scope")
        guard !words.isEmpty else { throw EntraError.missingParameter("scope") }
        let (tenant, user) = try checkPassword(name: name, password: password, authority: authority)
        let scopes = try ScopeRequest(parsing: words, application: application, tenant: tenant.displayName)
        let grant = SignInGrant(
            tenantID: tenant.id, userID: user.id, clientID: application.clientID, scopes: words, strong: false)
        return try issueTokens(for: grant, scopes: scopes, application: application, signedInAt: now(), base: base)
    }

    /// The client credentials grant. Without granted roles the token is issued all the same, without roles.
    func signInApplication(
        _ form: FormFields, application: AppRegistration, authority: Authority
    ) throws -> TokenReply {
        guard let tenant = authority.tenant else { throw EntraError.needsConcreteTenant }
        let words = form.words("scope")
        guard !words.isEmpty else { throw EntraError.missingParameter("scope") }
        let scopes = try ScopeRequest(parsing: words, application: application, tenant: tenant.displayName)
        guard scopes.isDefault else { throw EntraError.needsDefaultScope(words.joined(separator: " ")) }
        guard let enterprise = tenant.enterpriseApplication(application.clientID) else {
            throw EntraError.applicationNotFound(application.clientID, tenant: tenant.displayName)
        }
        guard enterprise.isEnabled else { throw EntraError.applicationDisabled(application) }
        return try issueApplicationToken(application, tenant: tenant)
    }

    /// The authorization code grant, with PKCE. A code is good once and for ten minutes.
    func redeemCode(_ form: FormFields, application: AppRegistration, base: String) throws -> TokenReply {
        guard let text = form["code"] else { throw EntraError.missingParameter("code") }
        guard let code = entra.codes[text] else { throw EntraError.malformedGrant }
        guard !code.isRedeemed else { throw EntraError.codeRedeemed }
        guard code.expiresAt > now() else { throw EntraError.codeExpired }
        guard code.grant.clientID == application.clientID, code.redirectURI == form["redirect_uri"] else {
            throw EntraError.wrongClientForGrant
        }
        try checkVerifier(form["code_verifier"], code: code)
        entra.codes[text]?.isRedeemed = true
        let scopes = try scopes(form, grant: code.grant, application: application)
        return try issueTokens(
            for: code.grant, scopes: scopes, application: application, signedInAt: now(), base: base)
    }

    /// The refresh token grant. A new token comes with each use; the old one stays good.
    func refresh(
        _ form: FormFields, application: AppRegistration, authority: Authority, base: String
    ) throws -> TokenReply {
        guard let text = form["refresh_token"] else { throw EntraError.missingParameter("refresh_token") }
        guard let found = entra.refreshTokens[text] else { throw EntraError.malformedGrant }
        guard found.grant.clientID == application.clientID,
            authority.tenant.map({ $0.id == found.grant.tenantID }) ?? true
        else { throw EntraError.wrongClientForGrant }
        guard found.issuedAt.advanced(by: .seconds(settings.refreshTokenDays * 86_400)) > now() else {
            throw EntraError.refreshInactive(
                issuedAt: Timestamps.rfc3339(found.issuedAt, fractionDigits: 7), days: settings.refreshTokenDays)
        }
        try checkRevocation(found)
        var scopes = try scopes(form, grant: found.grant, application: application)
        scopes.openID.insert("offline_access")
        return try issueTokens(
            for: found.grant, scopes: scopes, application: application, signedInAt: found.signedInAt, base: base)
    }

    /// Polling with a device code.
    func redeemDeviceCode(_ form: FormFields, application: AppRegistration, base: String) throws -> TokenReply {
        guard let text = form["device_code"] ?? form["code"] else {
            throw EntraError.missingParameter("device_code")
        }
        guard let device = entra.deviceCodes[text], device.clientID == application.clientID else {
            throw EntraError.badDeviceCode
        }
        guard device.expiresAt > now() else { throw EntraError.deviceCodeExpired }
        switch device.outcome {
        case .pending: throw EntraError.authorizationPending
        case .declined: throw EntraError.deviceDeclined
        case .signedIn(let grant):
            entra.deviceCodes[text] = nil
            let scopes = try scopes(form, grant: grant, application: application)
            return try issueTokens(
                for: grant, scopes: scopes, application: application, signedInAt: now(), base: base)
        }
    }

    private func scopes(
        _ form: FormFields, grant: SignInGrant, application: AppRegistration
    ) throws(EntraError) -> ScopeRequest {
        let words = form.words("scope")
        let tenant = tenants[grant.tenantID]?.displayName ?? grant.tenantID
        var scopes = try ScopeRequest(
            parsing: words.isEmpty ? grant.scopes : words, application: application, tenant: tenant)
        let atSignIn = try ScopeRequest(parsing: grant.scopes, application: application, tenant: tenant)
        // Libraries leave the OpenID scopes out when they redeem a code: what the person agreed to counts.
        scopes.openID.formUnion(atSignIn.openID)
        return scopes
    }

    private func checkVerifier(_ verifier: String?, code: AuthorizationCode) throws(EntraError) {
        guard let challenge = code.challenge else { return }
        guard let verifier else { throw .missingParameter("code_verifier") }
        let answer =
            code.challengeMethod.uppercased() == "S256"
            ? Base64URL.encode(SHA256.hash(data: Data(verifier.utf8))) : verifier
        guard answer == challenge else { throw .verifierMismatch }
    }

    private func checkRevocation(_ token: RefreshGrant) throws(EntraError) {
        guard let user = tenants[token.grant.tenantID]?.user(token.grant.userID) else { throw .malformedGrant }
        var validFrom = user.sessionsRevokedAtMicroseconds.map(Instant.init(microseconds:))
        if token.isPasswordBased, let changed = entra.passwordChanges[user.id] {
            validFrom = max(validFrom ?? changed, changed)
        }
        if let validFrom, token.signedInAt < validFrom {
            throw .revoked(
                grantedAt: Timestamps.rfc3339(token.signedInAt, fractionDigits: 7),
                validFrom: Timestamps.rfc3339(validFrom, fractionDigits: 7))
        }
    }
}
