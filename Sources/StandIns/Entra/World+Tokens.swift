import CalendarModel
import Foundation

/// What a bearer token is worth.
package enum CallerVerdict: Sendable, Hashable {
    case valid(Caller)
    /// It was good once.
    case expired
    case unknown
}

extension World {
    /// Who presents this access token. Graph asks on every request.
    package func caller(bearer token: String) -> CallerVerdict {
        guard let issued = entra.accessTokens[token] else { return .unknown }
        return issued.expiresAt <= now() ? .expired : .valid(issued.caller)
    }

    /// Ends every access token issued so far. Refresh tokens stay good.
    package func expireAccessTokens() {
        let moment = now()
        for token in entra.accessTokens.keys { entra.accessTokens[token]?.expiresAt = moment }
    }

    /// A good access token for a caller, without a sign-in: for tests of what comes after it.
    package func issueToken(for caller: Caller) -> String {
        let token = newOpaqueText(bytes: 32)
        entra.accessTokens[token] = IssuedAccessToken(
            caller: caller, expiresAt: now().advanced(by: .seconds(settings.accessTokenSeconds)))
        return token
    }

    /// Tokens for a person who signed in, checking once more what may have changed since: the account, the policies,
    /// the consent.
    func issueTokens(
        for grant: SignInGrant, scopes: ScopeRequest, application: AppRegistration, signedInAt: Instant, base: String
    ) throws -> TokenReply {
        guard let tenant = tenants[grant.tenantID], let user = tenant.user(grant.userID) else {
            throw EntraError.userNotFound(tenant: grant.tenantID)
        }
        try checkPolicies(user, tenant: tenant, application: application, strong: grant.strong)
        guard missingConsent(scopes, user: user, tenant: tenant, application: application).isEmpty else {
            throw EntraError.notConsented(application)
        }
        let granted = consentedScopes(user: user, tenant: tenant, clientID: application.clientID)
        let caller = Caller(
            tenantID: tenant.id, clientID: application.clientID, userPrincipalName: user.principalName,
            scopes: granted, roles: [])
        var reply = try issueAccessToken(caller, application: application, user: user)
        reply.scope = replyScope(scopes, granted: granted)
        if scopes.wantsIDToken {
            reply.idToken = try idToken(
                user: user, tenant: tenant, grant: grant, openID: scopes.openID, base: base)
        }
        reply.clientInfo = Base64URL.encode(Data(#"{"uid":"\#(user.id)","utid":"\#(tenant.id)"}"#.utf8))
        if scopes.wantsRefreshToken {
            let token = "1.\(newOpaqueText(bytes: 48))"
            entra.refreshTokens[token] = RefreshGrant(
                grant: grant, signedInAt: signedInAt, issuedAt: now(), isPasswordBased: !application.isConfidential)
            reply.refreshToken = token
        }
        return reply
    }

    /// An application's own token: its roles, no person, no refresh token.
    func issueApplicationToken(_ application: AppRegistration, tenant: Tenant) throws -> TokenReply {
        let roles = tenant.enterpriseApplication(application.clientID)?.grantedRoles ?? []
        let caller = Caller(
            tenantID: tenant.id, clientID: application.clientID, userPrincipalName: nil, scopes: [],
            roles: Set(roles))
        return try issueAccessToken(caller, application: application, user: nil)
    }

    private func issueAccessToken(
        _ caller: Caller, application: AppRegistration, user: Tenant.User?
    ) throws -> TokenReply {
        let moment = now()
        let issuedAt = moment.microseconds / 1_000_000
        var claims: [String: JSONDocument] = [
            "aud": "https://graph.microsoft.com",
            "iss": .string("https://sts.windows.net/\(caller.tenantID)/"),
            "iat": .integer(issuedAt),
            "nbf": .integer(issuedAt),
            "exp": .integer(issuedAt + Int64(settings.accessTokenSeconds)),
            "app_displayname": .string(application.displayName),
            "appid": .string(caller.clientID),
            "appidacr": .string(application.isConfidential ? "1" : "0"),
            "idtyp": .string(user == nil ? "app" : "user"),
            "tid": .string(caller.tenantID),
            "uti": .string(newOpaqueText(bytes: 16)),
            "ver": "1.0",
        ]
        if let user {
            claims["oid"] = .string(user.id)
            claims["upn"] = .string(user.principalName)
            claims["unique_name"] = .string(user.principalName)
            claims["name"] = .string(user.displayName)
            claims["scp"] = .string(caller.scopes.sorted().joined(separator: " "))
        } else if !caller.roles.isEmpty {
            claims["roles"] = .array(caller.roles.sorted().map(JSONDocument.string))
        }
        let token = try TokenSigner.shared.get().sign(.object(claims))
        forgetOldAccessTokens()
        entra.accessTokens[token] = IssuedAccessToken(
            caller: caller, expiresAt: moment.advanced(by: .seconds(settings.accessTokenSeconds)))
        return TokenReply(accessToken: token, expiresIn: settings.accessTokenSeconds)
    }

    private func idToken(
        user: Tenant.User, tenant: Tenant, grant: SignInGrant, openID: Set<String>, base: String
    ) throws -> String {
        let issuedAt = now().microseconds / 1_000_000
        var claims: [String: JSONDocument] = [
            "aud": .string(grant.clientID),
            "iss": .string("\(base)/\(tenant.id)/v2.0"),
            "iat": .integer(issuedAt),
            "nbf": .integer(issuedAt),
            "exp": .integer(issuedAt + 3600),
            "name": .string(user.displayName),
            "oid": .string(user.id),
            "preferred_username": .string(user.principalName),
            "sub": .string(Base64URL.encode(Data("\(user.id)|\(grant.clientID)".utf8))),
            "tid": .string(tenant.id),
            "uti": .string(newOpaqueText(bytes: 16)),
            "ver": "2.0",
        ]
        claims["nonce"] = grant.nonce.map(JSONDocument.string)
        if openID.contains("email") {
            claims["email"] = (user.mail ?? (user.hasMailbox ? user.principalName : nil)).map(JSONDocument.string)
        }
        return try TokenSigner.shared.get().sign(.object(claims))
    }

    /// Entra answers with everything consented, spelled as it was asked for, and what was asked for literally.
    private func replyScope(_ scopes: ScopeRequest, granted: Set<String>) -> String {
        let asked = scopes.requested.filter { $0.lowercased() != "offline_access" }
        let usesFullNames = asked.contains { $0.lowercased().hasPrefix("https://graph.microsoft.com/") }
        let known = Set(asked.map { $0.lowercased() })
        let others = granted.sorted().map { usesFullNames ? "https://graph.microsoft.com/\($0)" : $0 }
        return (asked + others.filter { !known.contains($0.lowercased()) }).joined(separator: " ")
    }

    private func forgetOldAccessTokens() {
        guard entra.accessTokens.count > 20_000 else { return }
        let moment = now()
        entra.accessTokens = entra.accessTokens.filter { $0.value.expiresAt > moment }
    }
}
