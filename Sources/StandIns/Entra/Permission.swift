/// The permissions of Microsoft Graph that the stand-in knows, with the names an administrator reads on consent pages
/// and the ids applications list in their registrations.
struct Permission: Sendable, Hashable {
    /// Microsoft Graph's own application id.
    static let graphResourceID = "00000003-0000-0000-c000-000000000000"
    /// The scopes of OpenID Connect itself: asked for like permissions, needing no grant of Graph's.
    static let openID: Set<String> = ["openid", "profile", "email", "offline_access"]

    var name: String
    var displayName: String
    var id: String
    /// Whether a person may consent for himself.
    var needsAdministrator: Bool

    static func delegated(_ name: String) -> Permission? { delegatedByName[name.lowercased()] }
    static func application(_ name: String) -> Permission? { applicationByName[name.lowercased()] }

    private static let delegatedByName = byName([
        Permission("Calendars.Read", "Read user calendars", "465a38f9-76ea-45b9-9f34-9e8b0d4b0b42"),
        Permission(
            "Calendars.ReadBasic", "Read basic details of user calendars", "662d75ba-a364-42ad-adee-f5f880ea4878"),
        Permission("Calendars.Read.Shared", "Read user and shared calendars", "2b9c4092-424d-4249-948d-b43879977640"),
        Permission("Calendars.ReadWrite", "Have full access to user calendars", "1ec239c2-d7c9-4623-a91a-a9775856bb36"),
        Permission(
            "Calendars.ReadWrite.Shared", "Read and write user and shared calendars",
            "12466101-c9b8-439a-8589-dd09ee67e8e9"),
        Permission(
            "Notifications.ReadWrite.CreatedByApp", "Deliver and manage user notifications for this app",
            "89497502-6e42-46a2-8cb2-427fd3df970a"),
        Permission(
            "UserNotification.ReadWrite.CreatedByApp", "Deliver and manage user's notifications",
            "26e2f3e8-b2a1-47fc-9620-89bb5b042024"),
        Permission("MailboxSettings.Read", "Read user mailbox settings", "87f447af-9fa4-4c32-9dfa-4a57a73d18ce"),
        Permission(
            "Place.Read.All", "Read all company places", "cb8f45a0-5c2e-4ea1-b803-84b870a7d7ec", administrator: true),
        Permission(
            "Place.ReadWrite.All", "Read and write organization places", "4c06a06a-098a-4063-868e-5dfee3827264",
            administrator: true),
        Permission("User.Read", "Sign in and read user profile", "e1fe6dd8-ba31-4d61-89e7-88639da4683d"),
        Permission("User.ReadBasic.All", "Read all users' basic profiles", "b340eb25-3456-403f-be2f-af7a0d370277"),
        Permission(
            "User.Read.All", "Read all users' full profiles", "a154be20-db9c-4678-8ab7-66f6cc099a59",
            administrator: true),
        Permission("openid", "Sign users in", "37f7f235-527c-4136-accd-4a02d197296e"),
        Permission("profile", "View users' basic profile", "14dad69e-099b-42c9-810b-d002981feec1"),
        Permission("email", "View users' email address", "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0"),
        Permission(
            "offline_access", "Maintain access to data you have given it access to",
            "7427e0e9-2fba-42fe-b0c0-848c9e6a8182"),
    ])

    private static let applicationByName = byName([
        Permission(
            "Calendars.Read", "Read calendars in all mailboxes", "798ee544-9d2d-430c-a058-570e29e34338",
            administrator: true),
        Permission(
            "Calendars.ReadWrite", "Read and write calendars in all mailboxes", "ef54d2bf-783f-4e0f-bca1-3210c0444d99",
            administrator: true),
        Permission(
            "Place.Read.All", "Read all company places", "913b9306-0ce1-42b8-9137-6a7df690a760", administrator: true),
        Permission(
            "User.ReadBasic.All", "Read all users' basic profiles", "97235f07-e226-4f63-ace3-39588e11d3a1",
            administrator: true),
        Permission(
            "User.Read.All", "Read all users' full profiles", "df021288-bdef-4463-88db-98f22de89214",
            administrator: true),
        Permission(
            "MailboxSettings.Read", "Read all user mailbox settings", "40f97065-369a-49f4-947c-6a255697ae91",
            administrator: true),
    ])

    private init(_ name: String, _ displayName: String, _ id: String, administrator: Bool = false) {
        self.name = name
        self.displayName = displayName
        self.id = id
        needsAdministrator = administrator
    }

    private static func byName(_ permissions: [Permission]) -> [String: Permission] {
        Dictionary(permissions.map { ($0.name.lowercased(), $0) }) { first, _ in first }
    }
}
