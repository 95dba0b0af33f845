/// The tenant part of a login address.
enum Authority: Sendable {
    case tenant(Tenant)
    /// Any work or school account.
    case organizations
    /// Any account at all.
    case common

    var tenant: Tenant? { if case .tenant(let tenant) = self { tenant } else { nil } }
}

extension World {
    /// Understands a GUID, a verified domain, `organizations`, `common` and `consumers`; AADSTS90002 otherwise.
    func authority(_ name: String) throws(EntraError) -> Authority {
        switch name.lowercased() {
        case "organizations": return .organizations
        case "common", "consumers": return .common
        default:
            guard let tenant = tenant(name) else { throw .tenantNotFound(name) }
            return .tenant(tenant)
        }
    }

    /// The registration, as seen from an authority: AADSTS700016 when that directory does not know it, 50194 when a
    /// single-tenant application is used without naming its tenant.
    func application(_ clientID: String, at authority: Authority, named name: String) throws(EntraError)
        -> AppRegistration
    {
        guard let application = registration(clientID) else { throw .applicationNotFound(clientID, tenant: name) }
        guard !application.isMultiTenant else { return application }
        guard let tenant = authority.tenant else { throw .notMultiTenant(application) }
        guard tenant.enterpriseApplication(clientID) != nil else {
            throw .applicationNotFound(clientID, tenant: tenant.displayName)
        }
        return application
    }
}
