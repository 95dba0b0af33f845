import CalendarModel
import Foundation

// Making and changing tenants, people, rooms and applications from JSON.
extension World {
    @discardableResult
    package func addTenant(_ document: JSONDocument) throws -> Tenant {
        guard let domain = document["domain"]?.string, domain.contains("."), !domain.contains("@") else {
            throw ControlError.invalid("\"domain\" is missing: say which, such as contoso.example.")
        }
        guard tenant(domain) == nil else { throw ControlError.exists("tenant", domain) }
        let fresh = Tenant(id: newGUID(), domain: domain.lowercased(), displayName: domain)
        var made = try Patch.apply(document.without(["users", "rooms", "applications"]), to: fresh)
        made.id = made.id.lowercased()
        made.domain = made.domain.lowercased()
        tenants[made.id] = made
        for user in document["users"]?.array ?? [] { try addUser(user, to: domain) }
        for room in document["rooms"]?.array ?? [] { try addRoom(room, to: domain) }
        for application in document["applications"]?.array ?? [] {
            guard let clientID = application["clientID"]?.string else {
                throw ControlError.invalid("An application of \(domain) lacks its \"clientID\".")
            }
            try putApplication(clientID, application, in: domain)
        }
        return try required(domain)
    }

    @discardableResult
    package func changeTenant(_ name: String, _ patch: JSONDocument) throws -> Tenant {
        let old = try required(name)
        for fixed in ["id", "users", "rooms", "enterpriseApplications"] where patch[fixed] != nil {
            throw ControlError.invalid("\"\(fixed)\" cannot be changed here.")
        }
        let changed = try Patch.apply(patch, to: old)
        tenants[old.id] = changed
        return changed
    }

    @discardableResult
    package func addUser(_ document: JSONDocument, to tenantName: String) throws -> Tenant.User {
        let tenant = try required(tenantName)
        guard let name = document["principalName"]?.string, name.contains("@") else {
            throw ControlError.invalid("\"principalName\" is missing: say which, such as anna@\(tenant.domain).")
        }
        guard tenant.user(name) == nil, tenant.room(at: name) == nil else { throw ControlError.exists("user", name) }
        let fresh = Tenant.User(id: newGUID(), principalName: name, displayName: name, password: nil)
        let user = try Patch.apply(document, to: fresh)
        tenants[tenant.id]?.users.append(user)
        return user
    }

    /// Changes a person. A new password ends the refresh tokens of public clients, as in Entra ID.
    @discardableResult
    package func changeUser(_ name: String, of tenantName: String, _ patch: JSONDocument) throws -> Tenant.User {
        let tenant = try required(tenantName)
        guard let old = tenant.user(name) else { throw ControlError.notFound("user", name) }
        guard patch["id"] == nil else { throw ControlError.invalid("\"id\" cannot be changed.") }
        let user = try Patch.apply(patch, to: old)
        if user.password != old.password { entra.passwordChanges[user.id] = now() }
        store(user, tenantID: tenant.id)
        return user
    }

    /// "Revoke sessions": refresh tokens issued until now no longer work.
    package func revokeSessions(_ name: String, of tenantName: String) throws {
        let tenant = try required(tenantName)
        guard var user = tenant.user(name) else { throw ControlError.notFound("user", name) }
        user.sessionsRevokedAtMicroseconds = now().microseconds
        store(user, tenantID: tenant.id)
    }

    package func removeUser(_ name: String, of tenantName: String) throws {
        let tenant = try required(tenantName)
        guard tenant.user(name) != nil else { throw ControlError.notFound("user", name) }
        tenants[tenant.id]?.users.removeAll { $0.isNamed(name) }
    }

    @discardableResult
    package func addRoom(_ document: JSONDocument, to tenantName: String) throws -> Tenant.PlaceRoom {
        let tenant = try required(tenantName)
        guard let address = document["address"]?.string, address.contains("@") else {
            throw ControlError.invalid("\"address\" is missing: say which, such as oslo@\(tenant.domain).")
        }
        guard tenant.user(address) == nil, tenant.room(at: address) == nil else {
            throw ControlError.exists("room", address)
        }
        let fresh = Tenant.PlaceRoom(id: newGUID(), objectID: newGUID(), address: address, displayName: address)
        let room = try Patch.apply(document, to: fresh)
        tenants[tenant.id]?.rooms.append(room)
        return room
    }

    @discardableResult
    package func changeRoom(
        _ address: String, of tenantName: String, _ patch: JSONDocument
    ) throws -> Tenant.PlaceRoom {
        let tenant = try required(tenantName)
        guard let index = tenant.rooms.firstIndex(where: { $0.address.lowercased() == address.lowercased() }) else {
            throw ControlError.notFound("room", address)
        }
        for fixed in ["id", "objectID", "address"] where patch[fixed] != nil {
            throw ControlError.invalid("\"\(fixed)\" cannot be changed.")
        }
        let room = try Patch.apply(patch, to: tenant.rooms[index])
        tenants[tenant.id]?.rooms[index] = room
        return room
    }

    package func removeRoom(_ address: String, of tenantName: String) throws {
        let tenant = try required(tenantName)
        guard tenant.room(at: address) != nil else { throw ControlError.notFound("room", address) }
        tenants[tenant.id]?.rooms.removeAll { $0.address.lowercased() == address.lowercased() }
    }

    @discardableResult
    package func addRegistration(_ document: JSONDocument) throws -> AppRegistration {
        let clientID = document["clientID"]?.string ?? newGUID()
        guard registration(clientID) == nil else { throw ControlError.exists("registration", clientID) }
        let fresh = AppRegistration(clientID: clientID, displayName: clientID)
        let application = try Patch.apply(document, to: fresh)
        registrations[application.clientID.lowercased()] = application
        return application
    }

    @discardableResult
    package func changeRegistration(_ clientID: String, _ patch: JSONDocument) throws -> AppRegistration {
        guard let old = registration(clientID) else { throw ControlError.notFound("registration", clientID) }
        guard patch["clientID"] == nil else { throw ControlError.invalid("\"clientID\" cannot be changed.") }
        let application = try Patch.apply(patch, to: old)
        registrations[application.clientID.lowercased()] = application
        return application
    }

    /// The enterprise application anew, from defaults and what the document says.
    @discardableResult
    package func putApplication(
        _ clientID: String, _ document: JSONDocument, in tenantName: String
    ) throws -> Tenant.EnterpriseApplication {
        let tenant = try required(tenantName)
        guard let application = registration(clientID) else {
            throw ControlError.notFound("registration", clientID)
        }
        let fresh = Tenant.EnterpriseApplication(clientID: application.clientID)
        let made = try Patch.apply(document.without(["clientID"]), to: fresh)
        changeEnterpriseApplication(application.clientID, tenantID: tenant.id) { $0 = made }
        return made
    }

    /// Removes the enterprise application, and with it what people consented to.
    package func removeApplication(_ clientID: String, from tenantName: String) throws {
        let tenant = try required(tenantName)
        guard tenant.enterpriseApplication(clientID) != nil else {
            throw ControlError.notFound("application", clientID)
        }
        tenants[tenant.id]?.enterpriseApplications.removeAll { $0.clientID.lowercased() == clientID.lowercased() }
        for user in tenant.users { entra.userConsents[consentKey(user: user, clientID: clientID)] = nil }
    }

    /// A whole world at once: `{"registrations":[…],"tenants":[{…,"users":[…],"rooms":[…],"applications":[…]}],
    /// "google":{"clients":[…],"accounts":[…]}}`.
    package func seed(_ document: JSONDocument) throws {
        guard let members = document.object else { throw ControlError.invalid("A world is a JSON object.") }
        let known = ["google", "registrations", "tenants"]
        if let unknown = members.keys.sorted().first(where: { !known.contains($0) }) {
            throw ControlError.invalid(
                "\"\(unknown)\" is not known here. Known are: \(known.joined(separator: ", ")).")
        }
        for registration in document["registrations"]?.array ?? [] { try addRegistration(registration) }
        for tenant in document["tenants"]?.array ?? [] { try addTenant(tenant) }
        for client in document["google"]?["clients"]?.array ?? [] { try addGoogleClient(client) }
        for account in document["google"]?["accounts"]?.array ?? [] { try addGoogleAccount(account) }
    }

    func required(_ tenantName: String) throws(ControlError) -> Tenant {
        guard let tenant = tenant(tenantName) else { throw .notFound("tenant", tenantName) }
        return tenant
    }
}

extension JSONDocument {
    /// The object without some of its members.
    func without(_ names: [String]) -> JSONDocument {
        guard case .object(var members) = self else { return self }
        for name in names { members[name] = nil }
        return .object(members)
    }
}
