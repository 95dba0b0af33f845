import CalendarModel
import HTTPTypes

/// The directory: people and room accounts, by name or by filter.
extension World {
    private static let basicScopes: Set<String> = ["User.ReadBasic.All"]
    private static let fullScopes: Set<String> = ["User.Read.All", "User.ReadWrite.All", "Directory.Read.All"]

    /// `/users/{owner}` and `/me` itself.
    func graphUser(
        _ request: GraphRequest, _ caller: Caller, owner: String?
    ) throws(GraphError) -> GraphReply {
        guard request.method == .get else { throw .methodNotAllowed }
        guard let name = owner ?? caller.userPrincipalName else { throw .notYourOwn }
        let isOwn = caller.userPrincipalName?.lowercased() == name.lowercased()
        let needed = Self.basicScopes.union(Self.fullScopes)
        guard Self.grants(caller, anyOf: isOwn ? needed.union(["User.Read", "User.ReadWrite"]) : needed) else {
            throw .insufficientPrivileges
        }
        var body: [String: GraphJSON]
        if let person = user(name, tenantID: caller.tenantID) {
            body = Self.directoryEntry(person)
        } else if let place = room(at: name, tenantID: caller.tenantID) {
            body = Self.directoryEntry(place)
        } else {
            throw GraphError(
                status: 404, code: "Request_ResourceNotFound",
                message: "Resource '\(name)' does not exist or one of its queried reference-property objects are not "
                    + "present.")
        }
        body = try selected(body, request, caller)
        body["@odata.context"] = .string("\(request.base)/$metadata#users/$entity")
        return .ok(.object(body))
    }

    /// `GET /users`
    func graphUsers(_ request: GraphRequest, _ caller: Caller) throws(GraphError) -> GraphReply {
        guard request.method == .get else { throw .methodNotAllowed }
        guard Self.grants(caller, anyOf: Self.basicScopes.union(Self.fullScopes)), let tenant = tenants[caller.tenantID]
        else { throw .insufficientPrivileges }
        var entries = tenant.users.map(Self.directoryEntry) + tenant.rooms.map(Self.directoryEntry)
        if let text = request.query["$filter"] {
            let filter = try GraphFilter(text)
            entries = entries.filter { filter.matches(.object($0)) }
        }
        var found: [GraphJSON] = []
        for entry in entries { found.append(.object(try selected(entry, request, caller))) }
        return .ok([
            "@odata.context": .string("\(request.base)/$metadata#users"), "value": .array(found),
        ])
    }

    /// Whether an account may sign in is no part of the basic profile.
    private func selected(
        _ entry: [String: GraphJSON], _ request: GraphRequest, _ caller: Caller
    ) throws(GraphError) -> [String: GraphJSON] {
        var body = entry
        let select = request.query["$select"].map { text in
            Set(text.split(separator: ",").map { String($0).trimmed })
        }
        if !Self.grants(caller, anyOf: Self.fullScopes) {
            if select?.contains("accountEnabled") == true { throw .insufficientPrivileges }
            body["accountEnabled"] = nil
        } else if select == nil {
            body["accountEnabled"] = nil
        }
        guard let select else { return body }
        return body.filter { select.contains($0.key) }
    }

    private static func directoryEntry(_ person: Tenant.User) -> [String: GraphJSON] {
        directoryEntry(
            id: person.id, name: person.displayName, principal: person.principalName,
            mail: person.mail ?? person.principalName, isEnabled: person.isEnabled)
    }

    private static func directoryEntry(_ place: Tenant.PlaceRoom) -> [String: GraphJSON] {
        directoryEntry(
            id: place.objectID, name: place.displayName, principal: place.address, mail: place.address,
            isEnabled: false)
    }

    private static func directoryEntry(
        id: String, name: String, principal: String, mail: String, isEnabled: Bool
    ) -> [String: GraphJSON] {
        [
            "id": .string(id), "displayName": .string(name), "businessPhones": [], "givenName": .null,
            "jobTitle": .null, "mail": .string(mail), "mobilePhone": .null, "officeLocation": .null,
            "preferredLanguage": .null, "surname": .null, "userPrincipalName": .string(principal),
            "accountEnabled": .bool(isEnabled),
        ]
    }
}

extension GraphError {
    static let insufficientPrivileges = GraphError(
        status: 403, code: "Authorization_RequestDenied",
        message: "Insufficient privileges to complete the operation.")
}
