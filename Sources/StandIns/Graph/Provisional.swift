// Stands in for the Entra side until it is joined; the file goes away then.
import Foundation

package enum CallerVerdict: Sendable {
    case valid(Caller)
    case expired
    case unknown
}

extension World {
    package func caller(bearer token: String) -> CallerVerdict {
        if token == "expired" { return .expired }
        let parts = token.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5 else { return .unknown }
        return .valid(
            Caller(
                tenantID: parts[0], clientID: parts[1], userPrincipalName: parts[2].isEmpty ? nil : parts[2],
                scopes: Set(parts[3].split(separator: "+").map(String.init)),
                roles: Set(parts[4].split(separator: "+").map(String.init))))
    }

    package func room(at address: String, tenantID: String) -> Tenant.PlaceRoom? {
        tenants[tenantID]?.rooms.first {
            $0.address.lowercased() == address.lowercased() || $0.objectID == address.lowercased()
        }
    }

    package func user(_ idOrPrincipalName: String, tenantID: String) -> Tenant.User? {
        tenants[tenantID]?.users.first {
            $0.principalName.lowercased() == idOrPrincipalName.lowercased() || $0.id == idOrPrincipalName.lowercased()
        }
    }

    package func addProvisional(_ tenant: Tenant) { tenants[tenant.id] = tenant }
}

extension Tenant {
    /// A tenant with one service account, one person and two rooms.
    package static func provisional(domain: String) -> Tenant {
        func user(_ name: String, _ number: Int) -> User {
            User(
                id: "00000000-0000-4000-8000-00000000000\(number)", principalName: "\(name.lowercased())@\(domain)",
                displayName: name, password: "secret", hasMailbox: number != 3, isEnabled: true, passwordExpired: false,
                requiresMFA: false, isGlobalAdministrator: false, failedSignIns: 0, lockedUntilMicroseconds: nil,
                sessionsRevokedAtMicroseconds: nil)
        }
        func room(_ name: String, _ number: Int, listed: Bool = true) -> PlaceRoom {
            PlaceRoom(
                id: "10000000-0000-4000-8000-00000000000\(number)", objectID: "20000000-0000-4000-8000-00000000000\(number)",
                address: "\(name.lowercased())@\(domain)", displayName: name, capacity: 8, building: "HQ",
                floorNumber: 1, fullAccess: ["svc@\(domain)"], calendarProcessing: CalendarProcessing(),
                listedInPlaces: listed, timeZone: "W. Europe Standard Time")
        }
        return Tenant(
            id: "72f988bf-86f1-41af-91ab-2d7cd011db47", domain: domain, displayName: "Contoso",
            users: [user("svc", 1), user("Ada", 2), user("Nobox", 3)],
            rooms: [room("Oslo", 1), room("Bergen", 2), room("Hidden", 3, listed: false)], enterpriseApplications: [],
            securityDefaults: false)
    }
}
