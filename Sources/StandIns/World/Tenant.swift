/// One Microsoft 365 tenant of the stand-in: its directory, its applications and what was consented.
package struct Tenant: Sendable, Codable {
    /// A GUID, lower case.
    package var id: String
    /// The verified domain, such as `contoso.example`.
    package var domain: String
    package var displayName: String
    package var users: [User]
    package var rooms: [PlaceRoom]
    /// Applications that exist in this tenant as a service principal ("enterprise application").
    package var enterpriseApplications: [EnterpriseApplication]
    /// "Security defaults": every account is asked to enrol for MFA, so a password alone no longer signs in.
    package var securityDefaults: Bool
    /// A Conditional Access policy that lets nobody sign in who is not in `conditionalAccessExclusions`.
    package var conditionalAccessBlocks: Bool
    /// Principal names the Conditional Access policies leave alone.
    package var conditionalAccessExclusions: [String]
    /// Microsoft's managed policy "Block device code flow".
    package var blocksDeviceCode: Bool

    package struct User: Sendable, Codable {
        /// The object id, a GUID.
        package var id: String
        /// The user principal name, also the SMTP address.
        package var principalName: String
        package var displayName: String
        package var password: String?
        /// False for accounts without an Exchange Online licence.
        package var hasMailbox: Bool
        package var isEnabled: Bool
        package var passwordExpired: Bool
        package var requiresMFA: Bool
        package var isGlobalAdministrator: Bool
        /// Counted by wrong passwords; smart lockout from ten on, until `lockedUntil`.
        package var failedSignIns: Int
        package var lockedUntilMicroseconds: Int64?
        /// Tokens issued before this instant no longer refresh.
        package var sessionsRevokedAtMicroseconds: Int64?
        /// Addresses of people who may open the calendar and write in it on this person's behalf.
        package var delegates: [String] = []
        /// The address in the directory's `mail`, where it is not the principal name. An administrator may write anything
        /// into it, also an address that is somebody else's.
        package var mail: String?
    }

    /// A room mailbox, as places lists it and as Exchange processes it.
    package struct PlaceRoom: Sendable, Codable {
        /// The place id, a GUID; not the mailbox' id.
        package var id: String
        /// The mailbox user's object id.
        package var objectID: String
        package var address: String
        package var displayName: String
        package var capacity: Int?
        package var building: String?
        package var floorNumber: Int?
        /// Addresses of users with Full Access.
        package var fullAccess: [String]
        package var calendarProcessing: CalendarProcessing
        /// New rooms take a day or two to be listed.
        package var listedInPlaces: Bool
        /// The mailbox' Windows time zone.
        package var timeZone: String
        /// Addresses of users who may read the calendar, and not write in it.
        package var readers: [String] = []
        /// Whoever is not the room itself sees no private meetings, Full Access or not.
        package var hidesPrivateItems = false
        /// A delegate's delta round fails at its first next link, in this room only.
        package var refusesDeltaToDelegates = false
    }

    /// `Set-CalendarProcessing`'s switches that matter here, with Exchange Online's defaults.
    package struct CalendarProcessing: Sendable, Codable {
        package var automateProcessing: String = "AutoAccept"
        package var deleteSubject = true
        package var addOrganizerToSubject = true
        package var deleteComments = true
        package var removePrivateProperty = true
        package var allowConflicts = false
        package var bookingWindowInDays = 180
        package var removeCanceledMeetings = false
        /// Of a series' occurrences, so many may clash, by share and by number: they are declined, the others accepted.
        package var conflictPercentageAllowed = 0
        package var maximumConflictInstances = 0
        package var allowRecurringMeetings = true
        /// Series beyond the booking window are declined; otherwise they are shortened in the room's copy.
        package var enforceSchedulingHorizon = true
        /// 0 for any length.
        package var maximumDurationInMinutes = 1440
        package var allBookInPolicy = true
        package var bookInPolicy: [String] = []
        /// Requests that a delegate of the room has to approve: everybody's, or those of some people.
        package var allRequestInPolicy = false
        package var requestInPolicy: [String] = []
        /// People who approve. Here whoever may write in the room's calendar can, named or not.
        package var resourceDelegates: [String] = []
        /// Requests that wait for approval are shown as tentative, otherwise as free.
        package var tentativePendingApproval = true
        package init() {}
    }

    package struct EnterpriseApplication: Sendable, Codable {
        package var clientID: String
        package var isEnabled: Bool
        package var assignmentRequired: Bool
        /// Addresses of assigned users.
        package var assignedUsers: [String]
        /// Delegated scopes granted to the whole organization, such as `Calendars.ReadWrite.Shared`.
        package var grantedScopes: [String]
        /// Application permissions granted, such as `Calendars.ReadWrite`.
        package var grantedRoles: [String]
    }
}

extension Tenant {
    /// A tenant with an empty directory and no policies.
    package init(id: String, domain: String, displayName: String) {
        self.init(
            id: id, domain: domain, displayName: displayName, users: [], rooms: [], enterpriseApplications: [],
            securityDefaults: false, conditionalAccessBlocks: false, conditionalAccessExclusions: [],
            blocksDeviceCode: false)
    }
}

extension Tenant.User {
    /// An ordinary enabled account with a mailbox.
    package init(id: String, principalName: String, displayName: String, password: String?) {
        self.init(
            id: id, principalName: principalName, displayName: displayName, password: password, hasMailbox: true,
            isEnabled: true, passwordExpired: false, requiresMFA: false, isGlobalAdministrator: false,
            failedSignIns: 0, lockedUntilMicroseconds: nil, sessionsRevokedAtMicroseconds: nil)
    }
}

extension Tenant.PlaceRoom {
    /// A room with Exchange Online's default processing, listed in places, on UTC, to which nobody has a right.
    package init(id: String, objectID: String, address: String, displayName: String) {
        self.init(
            id: id, objectID: objectID, address: address, displayName: displayName, capacity: nil, building: nil,
            floorNumber: nil, fullAccess: [], calendarProcessing: Tenant.CalendarProcessing(), listedInPlaces: true,
            timeZone: "UTC")
    }
}

extension Tenant.EnterpriseApplication {
    /// An enabled application everybody may use, to which nothing is granted yet.
    package init(clientID: String) {
        self.init(
            clientID: clientID, isEnabled: true, assignmentRequired: false, assignedUsers: [], grantedScopes: [],
            grantedRoles: [])
    }
}

/// An application's registration in its home directory; any tenant can consent to it when it is multi-tenant.
package struct AppRegistration: Sendable, Codable {
    package var clientID: String
    package var displayName: String
    package var secrets: [Secret]
    /// DER certificates, base64, against which client assertions are verified.
    package var certificates: [String]
    package var redirectURIs: [String]
    package var allowsPublicClientFlows: Bool
    package var isMultiTenant: Bool
    /// `API permissions` of the registration: what `.default` asks for.
    package var requestedScopes: [String]
    package var requestedRoles: [String]

    package struct Secret: Sendable, Codable {
        package var value: String
        package var expiresAtMicroseconds: Int64?

        package init(value: String, expiresAtMicroseconds: Int64? = nil) {
            self.value = value
            self.expiresAtMicroseconds = expiresAtMicroseconds
        }
    }
}

extension AppRegistration {
    /// A multi-tenant registration that asks for nothing and has no credentials.
    package init(clientID: String, displayName: String) {
        self.init(
            clientID: clientID, displayName: displayName, secrets: [], certificates: [], redirectURIs: [],
            allowsPublicClientFlows: false, isMultiTenant: true, requestedScopes: [], requestedRoles: [])
    }

    /// Whether the application can prove who it is: such a client must, and a client that cannot must not try.
    package var isConfidential: Bool { !secrets.isEmpty || !certificates.isEmpty }
}

/// Who a valid access token speaks for.
package struct Caller: Sendable, Hashable {
    package var tenantID: String
    package var clientID: String
    /// The signed-in user's principal name; nil for an application's own token.
    package var userPrincipalName: String?
    package var scopes: Set<String>
    package var roles: Set<String>

    package init(
        tenantID: String, clientID: String, userPrincipalName: String?, scopes: Set<String>, roles: Set<String>
    ) {
        self.tenantID = tenantID
        self.clientID = clientID
        self.userPrincipalName = userPrincipalName
        self.scopes = scopes
        self.roles = roles
    }
}
