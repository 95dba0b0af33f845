import CalendarModel
import SQLStore
import Vault

/// An invitation that nobody took up yet. Its secret is known to nobody but those who were given the link.
struct Invitation: Sendable, Hashable {
    static let lasts: Duration = .seconds(7 * 86_400)

    /// What is kept of it as an errand.
    private struct Content: Codable {
        var email: String
        var role: Role
        var by: String
    }

    /// The digest of the secret.
    let id: String
    let organization: OrganizationID
    let email: String
    let role: Role
    /// Who invited.
    let by: String
    let createdAt: Instant
    let expiresAt: Instant

    init(_ errand: Errand) throws {
        let content = try StoredJSON.value(Content.self, from: errand.content, column: "content")
        guard let organization = errand.organization else { throw ErrandError.unknown }
        id = errand.digest
        self.organization = organization
        email = content.email
        role = content.role
        by = content.by
        createdAt = errand.createdAt
        expiresAt = errand.expiresAt
    }

    static func content(email: String, role: Role, by: String) throws -> String {
        try StoredJSON.text(Content(email: email, role: role, by: by))
    }
}

extension AccessDesk {
    /// Newest first.
    func invitations() async throws -> [Invitation] {
        try await store.openErrands(.invitation, of: organization.id, now: services.now()).map(Invitation.init)
    }

    /// Invites somebody. An older invitation of the same person becomes worthless.
    /// - Returns: the invitation, and the address to give to the person; it is kept nowhere.
    func invite(_ email: String, as role: Role) async throws -> (invitation: Invitation, link: String) {
        let key = Account.key(email)
        if let account = try await store.account(email: email),
            try await store.member(account.id, of: organization.id) != nil
        {
            throw AccessError.alreadyMember(account.email)
        }
        for older in try await invitations() where Account.key(older.email) == key {
            try await store.dropErrands(.invitation, of: organization.id, digest: older.id)
        }
        let secret = services.random.text()
        let now = services.now()
        let errand = Errand(
            digest: SecretDigest.sha256(secret), kind: .invitation, organization: organization.id,
            content: try Invitation.content(email: email, role: role, by: actor), createdAt: now,
            expiresAt: now.advanced(by: Invitation.lasts))
        try await store.addErrand(errand)
        try await audit("member.invite", email, detail: role.rawValue)
        return (try Invitation(errand), "\(services.publicURL)/invitation/\(secret)")
    }

    func withdraw(_ id: String) async throws -> Invitation {
        guard let invitation = try await invitations().first(where: { $0.id == id }) else {
            throw AccessError.noSuchInvitation
        }
        try await store.dropErrands(.invitation, of: organization.id, digest: id)
        try await audit("member.uninvite", invitation.email)
        return invitation
    }
}

extension PortalServices {
    /// The open invitation with this secret.
    /// - Throws: ``ErrandError``.
    func invitation(secret: String) async throws -> Invitation {
        try Invitation(
            try await store.errand(digest: SecretDigest.sha256(secret), kind: .invitation, now: now()))
    }

    /// Takes an invitation up. - Throws: ``ErrandError``, ``AccountError/emailTaken(_:)``.
    func join(by invitation: Invitation, _ account: Account, isNew: Bool) async throws {
        try await store.join(
            invitation.organization, as: invitation.role, invitation: invitation.id, account: account, isNew: isNew,
            now: now())
        try await audit(
            "member.join", account.email, detail: invitation.role.rawValue, organization: invitation.organization,
            actor: account.email, kind: .account)
    }
}
