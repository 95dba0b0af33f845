import CalendarModel

extension World {
    /// Records consent; the first one makes the enterprise application in the tenant.
    func consent(
        to scopes: [String], user: Tenant.User, tenant: Tenant, application: AppRegistration, forOrganization: Bool
    ) {
        let permissions = scopes.filter { !Permission.openID.contains($0.lowercased()) }
        changeEnterpriseApplication(application.clientID, tenantID: tenant.id) { enterprise in
            if forOrganization { enterprise.grantedScopes = enterprise.grantedScopes.union(permissions) }
        }
        if !forOrganization {
            entra.userConsents[consentKey(user: user, clientID: application.clientID), default: []]
                .formUnion(permissions)
        }
    }

    /// The admin consent page's answer. Version 2 grants the scopes asked for, or with `/.default` all that the
    /// registration lists, application permissions included; version 1 always does the latter.
    func answerAdminConsent(
        _ interaction: Interaction, request: AdminConsentRequest, input: InteractionInput,
        application: AppRegistration, tenant: Tenant, user: Tenant.User
    ) throws(EntraError) -> InteractionStep {
        guard user.isGlobalAdministrator else { throw .adminConsentNeeded }
        let scopes = try ScopeRequest(
            parsing: interaction.scopes, application: application, tenant: tenant.displayName)
        let delegated = scopes.isDefault ? application.requestedScopes : scopes.permissions + scopes.openID.sorted()
        let roles = scopes.isDefault ? application.requestedRoles : []
        for name in delegated where Permission.delegated(name) == nil {
            throw .unknownScope(name, application: application)
        }
        guard input.consent == "accept" else {
            return .consent(
                interaction,
                ConsentQuestion(
                    application: application, user: user, delegated: delegated, roles: roles, forOrganization: true,
                    mayConsentForOrganization: false))
        }
        entra.interactions[interaction.id] = nil
        consent(to: delegated, user: user, tenant: tenant, application: application, forOrganization: true)
        changeEnterpriseApplication(application.clientID, tenantID: tenant.id) { enterprise in
            enterprise.grantedRoles = enterprise.grantedRoles.union(roles)
        }
        var parameters = [("admin_consent", "True"), ("tenant", tenant.id)]
        if request.scopes != nil {
            let names = delegated.map {
                Permission.openID.contains($0) ? $0 : "https://graph.microsoft.com/\($0)"
            }
            parameters.append(("scope", names.joined(separator: " ")))
        }
        if let state = request.state { parameters.append(("state", state)) }
        return .redirect(to: request.redirectURI, mode: "query", parameters: parameters, session: nil)
    }

    /// The parameters of a refused admin consent. `admin_consent=True` only says which flow it was.
    func consentErrorParameters(_ error: EntraError, request: AdminConsentRequest) -> [(String, String)] {
        var parameters: [(String, String)]
        if request.scopes == nil {
            let text = error.code == 65004 ? "The admin canceled the request" : described(error)
            parameters = [("error", "permission_denied"), ("error_description", text)]
        } else {
            let name = error.code == 65004 ? "consent_required" : error.error
            parameters = [("admin_consent", "True"), ("error", name), ("error_description", described(error))]
        }
        if let state = request.state { parameters.append(("state", state)) }
        return parameters
    }

    /// Changes the application as it exists in a tenant, making it first when it does not.
    @discardableResult
    package func changeEnterpriseApplication(
        _ clientID: String, tenantID: String, _ change: (inout Tenant.EnterpriseApplication) -> Void
    ) -> Tenant.EnterpriseApplication? {
        guard var tenant = tenants[tenantID] else { return nil }
        let key = clientID.lowercased()
        var enterprise =
            tenant.enterpriseApplication(key)
            ?? Tenant.EnterpriseApplication(clientID: registration(clientID)?.clientID ?? clientID)
        change(&enterprise)
        tenant.enterpriseApplications.removeAll { $0.clientID.lowercased() == key }
        tenant.enterpriseApplications.append(enterprise)
        tenants[tenantID] = tenant
        return enterprise
    }
}

extension [String] {
    /// These names and the others that are not among them yet, in order, compared without case.
    fileprivate func union(_ others: [String]) -> [String] {
        var known = Set(map { $0.lowercased() })
        return self + others.filter { known.insert($0.lowercased()).inserted }
    }
}
