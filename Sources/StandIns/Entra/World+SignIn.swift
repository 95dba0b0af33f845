import CalendarModel

extension World {
    private static let wrongPasswordsUntilLocked = 10
    private static let lockoutSeconds: Int64 = 60

    /// Checks a name and password as every sign-in does, before any policy. Counts wrong passwords: from ten on the
    /// account is locked for a minute.
    func checkPassword(
        name: String, password: String, authority: Authority
    ) throws(EntraError) -> (tenant: Tenant, user: Tenant.User) {
        let home = authority.tenant ?? tenant(ofAddress: name)
        guard let home else {
            let domain = name.split(separator: "@").last.map(String.init) ?? name
            throw .userNotFound(tenant: domain)
        }
        guard var user = home.user(name) else {
            if home.room(at: name) != nil {
                // A room's own account exists, disabled and without a password.
                throw .userDisabled
            }
            throw .userNotFound(tenant: home.domain)
        }
        if let lockedUntil = user.lockedUntilMicroseconds, lockedUntil > now().microseconds { throw .locked }
        guard let expected = user.password else { throw .noPassword }
        guard expected == password else {
            user.failedSignIns += 1
            if user.failedSignIns >= Self.wrongPasswordsUntilLocked {
                user.lockedUntilMicroseconds = now().microseconds + Self.lockoutSeconds * 1_000_000
            }
            store(user, tenantID: home.id)
            throw user.lockedUntilMicroseconds == nil ? .wrongPassword : .locked
        }
        guard user.isEnabled else { throw .userDisabled }
        guard !user.passwordExpired else { throw .passwordExpired }
        if user.failedSignIns > 0 || user.lockedUntilMicroseconds != nil {
            user.failedSignIns = 0
            user.lockedUntilMicroseconds = nil
            store(user, tenantID: home.id)
        }
        return (home, user)
    }

    /// Checks what the tenant's policies demand of this person now: Conditional Access (53003), assignment (50105),
    /// MFA (50076, 50079).
    func checkPolicies(
        _ user: Tenant.User, tenant: Tenant, application: AppRegistration, strong: Bool
    ) throws(EntraError) {
        guard user.isEnabled else { throw .userDisabled }
        let excluded = tenant.conditionalAccessExclusions.contains { user.isNamed($0) }
        if tenant.conditionalAccessBlocks, !excluded { throw .blockedByPolicy }
        try checkAssignment(user, tenant: tenant, application: application)
        guard !strong else { return }
        if user.requiresMFA { throw .strongAuthenticationRequired }
        if tenant.securityDefaults { throw .strongAuthenticationEnrolment }
    }

    private func checkAssignment(
        _ user: Tenant.User, tenant: Tenant, application: AppRegistration
    ) throws(EntraError) {
        guard let enterprise = tenant.enterpriseApplication(application.clientID) else { return }
        guard enterprise.isEnabled else { throw .applicationDisabled(application) }
        guard enterprise.assignmentRequired else { return }
        guard enterprise.assignedUsers.contains(where: { user.isNamed($0) }) else {
            throw .notAssigned(user, application: application)
        }
    }

    /// The permissions of Graph a person has with an application: what the organization granted and what he consented
    /// to himself.
    func consentedScopes(user: Tenant.User, tenant: Tenant, clientID: String) -> Set<String> {
        let organization = tenant.enterpriseApplication(clientID)?.grantedScopes ?? []
        return Set(organization).union(entra.userConsents[consentKey(user: user, clientID: clientID)] ?? [])
    }

    func consentKey(user: Tenant.User, clientID: String) -> String { "\(user.id)|\(clientID.lowercased())" }

    /// The permissions asked for that nobody granted yet.
    func missingConsent(
        _ scopes: ScopeRequest, user: Tenant.User, tenant: Tenant, application: AppRegistration
    ) -> [String] {
        let granted = Set(
            consentedScopes(user: user, tenant: tenant, clientID: application.clientID).map { $0.lowercased() })
        var wanted = scopes.permissions
        if scopes.isDefault, granted.isEmpty {
            wanted += application.requestedScopes.filter { !Permission.openID.contains($0.lowercased()) }
            if wanted.isEmpty { wanted = ["User.Read"] }
        }
        if wanted.isEmpty, tenant.enterpriseApplication(application.clientID) == nil,
            entra.userConsents[consentKey(user: user, clientID: application.clientID)] == nil
        {
            wanted = ["openid"]
        }
        return wanted.filter { !granted.contains($0.lowercased()) }
    }

    func store(_ user: Tenant.User, tenantID: String) {
        guard let index = tenants[tenantID]?.users.firstIndex(where: { $0.id == user.id }) else { return }
        tenants[tenantID]?.users[index] = user
    }
}
