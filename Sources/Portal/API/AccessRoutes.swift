import CalendarModel
import CalendarTime
import HTTPTypes
import SQLStore

/// `/members`, `/invitations` and `/tokens`: who may do what in the organization.
enum AccessRoutes {
    static let all: [APIRoute] = members + invitations + tokens

    // MARK: Members

    private static let members: [APIRoute] = [
        APIRoute(.get, "/members", permission: .administer, .listMembers) { request in
            _ = try request.query()
            let members = try await request.store.members(of: request.organization)
            return APIReply(["members": .array(members.map(json))])
        },
        APIRoute(.get, "/members/{id}", permission: .administer, .getMember) { request in
            _ = try request.query()
            return APIReply(json(try await request.access().member(request.parameter("id"))))
        },
        APIRoute(.patch, "/members/{id}", permission: .administer, .changeMember) { request in
            _ = try request.query()
            let desk = try await request.access()
            let id = try request.parameter("id")
            _ = try await desk.member(id)
            let role = try request.read(try await request.body()) { reader -> Role? in
                reader.require("role")
                return reader.word("role", Role.self)
            }
            try await desk.setRole(role, of: id)
            return APIReply(json(try await desk.member(id)))
        },
        APIRoute(.delete, "/members/{id}", permission: .administer, .removeMember) { request in
            _ = try request.query()
            _ = try await request.access().remove(request.parameter("id"))
            return .noContent
        },
    ]

    private static func json(_ member: Member) -> JSONValue {
        [
            "id": .string(member.account.id), "email": .string(member.account.email),
            "name": .string(member.account.name), "role": .string(member.role.rawValue),
            "isClosed": .bool(member.account.disabledAt != nil), "signedInAt": .instant(member.account.signedInAt),
        ]
    }

    // MARK: Invitations

    private static let invitations: [APIRoute] = [
        APIRoute(.get, "/invitations", permission: .administer, .listInvitations) { request in
            _ = try request.query()
            return APIReply(["invitations": .array(try await request.access().invitations().map { json($0) })])
        },
        APIRoute(.post, "/invitations", permission: .administer, .invite) { request in
            _ = try request.query()
            let (email, role) = try request.read(try await request.body()) { reader -> (String, Role)? in
                reader.require("email")
                reader.require("role")
                let email = reader.string("email").map(canonicalLine)
                if let email, !AccountDraft.isAddress(email) {
                    reader.add("invalid-address", "email", "email must be an e-mail address.")
                }
                guard let email, let role = reader.word("role", Role.self) else { return nil }
                return (email, role)
            }
            let (invitation, link) = try await request.access().invite(email, as: role)
            return APIReply(json(invitation, link: link), status: .created)
        },
        APIRoute(.delete, "/invitations/{id}", permission: .administer, .withdrawInvitation) { request in
            _ = try request.query()
            _ = try await request.access().withdraw(request.parameter("id"))
            return .noContent
        },
    ]

    private static func json(_ invitation: Invitation, link: String? = nil) -> JSONValue {
        var fields: [String: JSONValue] = [
            "id": .string(invitation.id), "email": .string(invitation.email),
            "role": .string(invitation.role.rawValue), "by": .string(invitation.by),
            "createdAt": .instant(invitation.createdAt), "expiresAt": .instant(invitation.expiresAt),
        ]
        fields["link"] = link.map(JSONValue.string)
        return .object(fields)
    }

    // MARK: Tokens

    private static let tokens: [APIRoute] = [
        APIRoute(.get, "/tokens", permission: .administer, .listTokens) { request in
            _ = try request.query()
            let tokens = try await request.store.tokens(of: request.organization)
            return APIReply(["tokens": .array(tokens.map { json($0) })])
        },
        APIRoute(.post, "/tokens", permission: .administer, .makeToken) { request in
            _ = try request.query()
            let (name, scopes) = try request.read(try await request.body()) { reader -> (String, [String])? in
                reader.require("name")
                reader.require("scopes")
                let name = reader.string("name").map(canonicalLine)
                if let name, !(1...100).contains(name.count) {
                    reader.add("invalid-value", "name", "name must have 1 to 100 characters.")
                }
                let scopes = reader.strings("scopes")
                if let scopes, scopes.isEmpty || !scopes.allSatisfy(Self.scopeNames.contains) {
                    reader.add(
                        "invalid-value", "scopes",
                        "scopes must name some of: \(Set<Permission>.wholeOrganization.words).")
                }
                guard let name, let scopes else { return nil }
                return (name, scopes)
            }
            let wanted = Set(scopes.compactMap(Permission.init))
            // A token cannot give away what it has not.
            guard wanted.isSubset(of: request.caller.scopes) else {
                throw Problem(
                    .forbidden, code: "scope-too-wide", title: "The token may not do this",
                    detail:
                        "A token can only make tokens that may do no more than itself: \(request.caller.scopes.words).")
            }
            let (token, secret) = try await request.access().makeToken(name: name, scopes: wanted)
            return APIReply(json(token, secret: secret), status: .created)
        },
        APIRoute(.delete, "/tokens/{id}", permission: .administer, .revokeToken) { request in
            _ = try request.query()
            let id = try request.parameter("id")
            // Whoever tidies up with a script does not lock it out half-way.
            guard id != request.caller.id else {
                throw Problem(
                    .conflict, code: "token-in-use", title: "The token is in use",
                    detail: "This request is made with it. Revoke it with another token, or in the portal.")
            }
            _ = try await request.access().revokeToken(id)
            return .noContent
        },
    ]

    private static let scopeNames = Set(Set<Permission>.wholeOrganization.map(\.rawValue))

    private static func json(_ token: APIToken, secret: String? = nil) -> JSONValue {
        let scopes = Permission.allCases.filter(token.scopes.contains)
        var fields: [String: JSONValue] = [
            "id": .string(token.id), "name": .string(token.name),
            "scopes": .array(scopes.map { .string($0.rawValue) }), "createdAt": .instant(token.createdAt),
            "revokedAt": .instant(token.revokedAt),
        ]
        fields["token"] = secret.map(JSONValue.string)
        return .object(fields)
    }
}

extension JSONValue {
    /// As RFC 3339 has it; null for nil.
    static func instant(_ instant: Instant?) -> JSONValue { .optional(instant.map { Timestamps.rfc3339($0) }) }
}

extension APIRequest {
    func access() async throws -> AccessDesk {
        guard let organization = try await store.organization(organization) else {
            throw Problem.notFound("The organization is not there any more.")
        }
        return AccessDesk(services: services, organization: organization, actor: caller.name, actorKind: .token)
    }
}
