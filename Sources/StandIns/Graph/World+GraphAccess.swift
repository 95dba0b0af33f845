import CalendarModel

/// Whose mailbox a request is about, and how the caller came to it.
struct MailboxAccess: Sendable {
    /// In lower case.
    var address: String
    var tenantID: String
    var displayName: String
    /// The mailbox' Windows time zone.
    var zoneName: String
    var caller: Caller
    /// Somebody else's mailbox, reached by a signed-in user.
    var isDelegate: Bool
    var canWrite = true
    var seesPrivateItems = true
    var mayPageDelta = true
    /// `users('oslo@contoso.example')`, for contexts.
    var contextName: String
}

/// What a request does to a mailbox.
enum MailboxPermission: Sendable {
    case read, write, settings, freeBusy
}

extension World {
    /// Who is calling; 401 without a valid token.
    func graphCaller(_ request: GraphRequest) throws(GraphError) -> Caller {
        guard let header = request.headers["authorization"], header.lowercased().hasPrefix("bearer "),
            case let token = header.dropFirst(7).description.trimmed, !token.isEmpty
        else { throw .invalidToken("Access token is empty.") }
        switch caller(bearer: token) {
        case .valid(let caller): return caller
        case .expired: throw .invalidToken("Lifetime validation failed, the token is expired.")
        case .unknown:
            throw .invalidToken("IDX14100: JWT is not well formed, there are no dots (.) or its signature is unknown.")
        }
    }

    /// Whether the token carries one of some delegated scopes or application permissions.
    static func grants(_ caller: Caller, anyOf names: Set<String>) -> Bool {
        let held = caller.userPrincipalName == nil ? caller.roles : caller.scopes
        return !Set(held.map { $0.lowercased() }).isDisjoint(with: names.map { $0.lowercased() })
    }

    /// The mailbox that the first path segments name; throws Graph's answers to missing scopes, missing Exchange rights
    /// and mailboxes that are not there.
    func mailboxAccess(
        _ caller: Caller, owner: String?, permission: MailboxPermission
    ) throws(GraphError) -> MailboxAccess {
        guard let name = owner ?? caller.userPrincipalName else { throw .notYourOwn }
        let person = user(name, tenantID: caller.tenantID)
        let place = room(at: name, tenantID: caller.tenantID)
        let isOwn =
            caller.userPrincipalName.map { own in
                own.lowercased() == (person?.principalName ?? place?.address ?? name).lowercased()
            } ?? false

        try requireScope(caller, permission, isOwn: isOwn)
        guard person != nil || place != nil else {
            throw GraphError(
                status: 404, code: "ResourceNotFound",
                message: "Resource could not be discovered: the user '\(name)' is not known.")
        }
        if place == nil, let person, !person.hasMailbox {
            throw GraphError(
                status: 404, code: "MailboxNotEnabledForRESTAPI",
                message: "The mailbox is either inactive, soft-deleted, or is hosted on-premise.")
        }
        var access = MailboxAccess(
            address: (place?.address ?? person?.principalName ?? name).lowercased(), tenantID: caller.tenantID,
            displayName: place?.displayName ?? person?.displayName ?? name, zoneName: place?.timeZone ?? "UTC",
            caller: caller, isDelegate: caller.userPrincipalName != nil && !isOwn,
            contextName: "users('\(owner ?? name)')")
        guard access.isDelegate, permission != .freeBusy else { return access }
        let mayWrite = hasFullAccess(caller, to: place) || isDelegate(caller, of: person)
        guard mayWrite || permission != .write && isReader(caller, of: place) else { throw missingPermission() }
        access.canWrite = mayWrite
        access.seesPrivateItems = place?.hidesPrivateItems != true
        access.mayPageDelta = !settings.deltaNextLinkForbidden && place?.refusesDeltaToDelegates != true
        return access
    }

    private func isReader(_ caller: Caller, of place: Tenant.PlaceRoom?) -> Bool {
        guard let place, let user = caller.userPrincipalName else { return false }
        return place.readers.contains { $0.lowercased() == user.lowercased() }
    }

    private func isDelegate(_ caller: Caller, of person: Tenant.User?) -> Bool {
        guard let person, let user = caller.userPrincipalName else { return false }
        return person.delegates.contains { $0.lowercased() == user.lowercased() }
    }

    private func requireScope(
        _ caller: Caller, _ permission: MailboxPermission, isOwn: Bool
    ) throws(GraphError) {
        var sufficient: Set<String>
        switch permission {
        case .settings: sufficient = ["MailboxSettings.Read", "MailboxSettings.ReadWrite"]
        case .write: sufficient = ["Calendars.ReadWrite", "Calendars.ReadWrite.Shared"]
        case .read, .freeBusy:
            sufficient = [
                "Calendars.Read", "Calendars.ReadWrite", "Calendars.Read.Shared", "Calendars.ReadWrite.Shared",
                "Calendars.ReadBasic", "Calendars.ReadBasic.All",
            ]
        }
        // Somebody else's calendar needs a `.Shared` scope; application permissions have no such form.
        if caller.userPrincipalName != nil, !isOwn, permission == .read || permission == .write {
            sufficient = sufficient.filter { $0.hasSuffix(".Shared") }
        }
        guard Self.grants(caller, anyOf: sufficient) else { throw .accessDenied }
    }

    private func hasFullAccess(_ caller: Caller, to place: Tenant.PlaceRoom?) -> Bool {
        guard let place, let user = caller.userPrincipalName else { return false }
        return place.fullAccess.contains { $0.lowercased() == user.lowercased() }
    }

    private func missingPermission() -> GraphError {
        switch settings.graph.missingPermissionCode {
        case "ErrorItemNotFound":
            GraphError(
                status: 404, code: "ErrorItemNotFound",
                message: "The specified object was not found in the store., Default folder Calendar not found.")
        case "DelegatedCalendarAccessDenied":
            GraphError(
                status: 403, code: "DelegatedCalendarAccessDenied",
                message: "The user does not have access to the delegated calendar.")
        default: .accessDenied
        }
    }

    /// The mailbox' calendar, made when it is first looked at.
    func graphMailbox(_ address: String) -> Mailbox { mailboxes[address.lowercased()] ?? Mailbox(address: address) }

    /// Changes a mailbox' calendar.
    func withMailbox<Result>(_ address: String, _ body: (inout Mailbox) -> Result) -> Result {
        var mailbox = graphMailbox(address)
        defer { mailboxes[address.lowercased()] = mailbox }
        return body(&mailbox)
    }
}
