import CalendarModel
import Foundation

extension World {
    /// The tenant with this GUID or verified domain, in any case.
    package func tenant(_ name: String) -> Tenant? {
        let name = name.lowercased()
        return tenants[name] ?? tenants.values.first { $0.domain.lowercased() == name }
    }

    /// Every tenant, by domain.
    package func allTenants() -> [Tenant] { tenants.values.sorted { $0.domain < $1.domain } }

    /// Adds a tenant as it is, or replaces the one with its id.
    package func insert(_ tenant: Tenant) { tenants[tenant.id] = tenant }

    /// The tenant whose verified domain an address belongs to.
    package func tenant(ofAddress address: String) -> Tenant? {
        guard let at = address.lastIndex(of: "@") else { return nil }
        return tenant(String(address[address.index(after: at)...]))
    }

    /// The room mailbox at this address (or with this object id) in the tenant.
    package func room(at address: String, tenantID: String) -> Tenant.PlaceRoom? {
        tenants[tenantID]?.room(at: address)
    }

    /// The person with this object id or principal name in the tenant; rooms are not people.
    package func user(_ idOrPrincipalName: String, tenantID: String) -> Tenant.User? {
        tenants[tenantID]?.user(idOrPrincipalName)
    }

    /// Every registration, by client id.
    package func allRegistrations() -> [AppRegistration] { registrations.values.sorted { $0.clientID < $1.clientID } }

    package func registration(_ clientID: String) -> AppRegistration? { registrations[clientID.lowercased()] }

    /// A new version 4 GUID from the seeded generator, lower case.
    package func newGUID() -> String {
        var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        let hex = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        return [hex[0..<4], hex[4..<6], hex[6..<8], hex[8..<10], hex[10..<16]]
            .map { $0.joined() }.joined(separator: "-")
    }

    /// An unguessable-looking text of the seeded generator, safe in URLs.
    package func newOpaqueText(bytes: Int) -> String {
        Base64URL.encode((0..<bytes).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    }
}

extension Tenant {
    package func user(_ idOrPrincipalName: String) -> User? {
        users.first { $0.isNamed(idOrPrincipalName) }
    }

    package func room(at address: String) -> PlaceRoom? {
        let address = address.lowercased()
        return rooms.first { $0.address.lowercased() == address || $0.objectID.lowercased() == address }
    }

    package func enterpriseApplication(_ clientID: String) -> EnterpriseApplication? {
        let clientID = clientID.lowercased()
        return enterpriseApplications.first { $0.clientID.lowercased() == clientID }
    }
}

extension Tenant.User {
    /// Whether this object id or principal name, in any case, means this person.
    package func isNamed(_ idOrPrincipalName: String) -> Bool {
        let name = idOrPrincipalName.lowercased()
        return principalName.lowercased() == name || id.lowercased() == name
    }
}
