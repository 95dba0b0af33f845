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
    /// "Security defaults": every interactive-less password sign-in is asked for MFA.
    package var securityDefaults: Bool

    package struct User: Sendable, Codable {
        /// The object id, a GUID.
        package var id: String
        /// The user principal name, also the SMTP address.
        package var principalName: String
        package var displayName: String
        package var password: String?
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
    }
}

/// Who a valid access token speaks for.
package struct Caller: Sendable, Hashable {
    package var tenantID: String
    package var clientID: String
    /// The signed-in user's principal name; nil for an application's own token.
    package var userPrincipalName: String?
    package var scopes: Set<String>
    package var roles: Set<String>
}
