import CalendarModel
import SQLStore
import Vault

/// Who may do what in one organization: members, invitations, tokens, settings. Pages and the REST API work through it; every
/// act is written into the audit log.
struct AccessDesk: Sendable {
    let services: PortalServices
    let organization: Organization
    /// Who acts.
    let actor: String
    let actorKind: AuditEntry.ActorKind

    var store: Store { services.store }

    func audit(_ action: String, _ subject: String, detail: String = "") async throws {
        try await services.audit(
            action, subject, detail: detail, organization: organization.id, actor: actor, kind: actorKind)
    }

    // MARK: Members

    func member(_ id: String) async throws -> Member {
        guard let member = try await store.member(id, of: organization.id) else { throw AccessError.noSuchMember }
        return member
    }

    func setRole(_ role: Role, of id: String) async throws {
        let member = try await member(id)
        guard role != member.role else { return }
        do {
            try await store.setRole(role, of: id, in: organization.id, now: services.now())
        } catch AccountError.lastOne { throw AccessError.lastAdministrator(member.account.email) }
        try await audit(
            "member.role", member.account.email, detail: "\(member.role.rawValue) → \(role.rawValue)")
    }

    func remove(_ id: String) async throws -> Member {
        let member = try await member(id)
        do { try await store.removeMember(id, of: organization.id) } catch AccountError.lastOne {
            throw AccessError.lastAdministrator(member.account.email)
        }
        try await audit("member.remove", member.account.email, detail: member.role.rawValue)
        return member
    }

    // MARK: Tokens

    /// - Returns: the token, and its secret, which is kept nowhere.
    func makeToken(name: String, scopes: Set<Permission>) async throws -> (token: APIToken, secret: String) {
        let secret = APITokenSecret.generate(random: services.random)
        let token = APIToken(
            id: services.newID(), organization: organization.id, name: name, scopes: scopes,
            createdAt: services.now())
        do { try await store.addToken(token, digest: secret.digest) } catch TokenError.nameTaken {
            throw AccessError.tokenNameTaken(name)
        }
        try await audit("token.make", name, detail: scopes.words)
        return (token, secret.token)
    }

    func token(_ id: String) async throws -> APIToken {
        do { return try await store.token(id, of: organization.id) } catch is TokenError {
            throw AccessError.noSuchToken
        }
    }

    func revokeToken(_ id: String) async throws -> APIToken {
        let token = try await token(id)
        guard token.revokedAt == nil else { return token }
        do {
            try await store.revokeToken(named: token.name, of: organization.id, now: services.now())
        } catch is TokenError { throw AccessError.noSuchToken }
        try await audit("token.revoke", token.name)
        return token
    }
}

/// Why something about people or tokens was not done.
enum AccessError: Error, Hashable, Sendable {
    case noSuchMember, noSuchInvitation, noSuchToken
    case alreadyMember(String)
    case lastAdministrator(String)
    case tokenNameTaken(String)
}

extension PageRequest {
    func access() throws -> AccessDesk {
        AccessDesk(
            services: services, organization: try organization(), actor: try account().email, actorKind: .account)
    }
}
