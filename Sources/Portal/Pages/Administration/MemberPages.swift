import CalendarModel
import HTTPTypes
import Hummingbird
import SQLStore

/// Who belongs to the organization, in which role, and who is invited.
enum MemberPages {
    static let all: [PageRoute] = [
        PageRoute.of(.get, "members", .administer) { try await page($0) },
        PageRoute.of(.post, "members", .administer, handler: invite),
        PageRoute.of(.get, "members/{member}", .administer) { try await memberPage($0) },
        PageRoute.of(.post, "members/{member}", .administer, handler: setRole),
        PageRoute.of(.get, "members/{member}/remove", .administer, handler: askToRemove),
        PageRoute.of(.post, "members/{member}/remove", .administer, handler: remove),
        PageRoute.of(.post, "invitations/{invitation}/withdraw", .administer, handler: withdraw),
    ]

    // MARK: The list

    private static func page(
        _ request: PageRequest, _ complaints: [String: String] = [:], status: HTTPResponse.Status? = nil
    ) async throws -> Response {
        let desk = try request.access()
        let moments = try await request.moments()
        let members = try await request.store.members(of: desk.organization.id)
        let invitations = try await desk.invitations()
        let base = try request.path("members")
        let withdrawals = try request.path("invitations")
        return request.page(
            "members", title: request.words["members.title"], section: "members",
            status: status ?? (complaints.isEmpty ? .ok : .unprocessableContent),
            [
                "lead": .string(request.words.counted("members.lead", members.count)), "base": .string(base),
                "members": .array(
                    members.map { member in
                        [
                            "path": .string("\(base)/\(Form.encoded(member.account.id))"),
                            "name": .string(member.account.name), "email": .string(member.account.email),
                            "role": .string(request.words["role.\(member.role.rawValue)"]),
                            "isDisabled": .bool(member.account.disabledAt != nil),
                            "isSelf": .bool(member.account.id == request.visitor?.account.id),
                            "signedIn": moments.values(member.account.signedInAt),
                        ]
                    }),
                "hasInvitations": .bool(!invitations.isEmpty),
                "invitations": .array(
                    invitations.map { invitation in
                        [
                            "email": .string(invitation.email), "by": .string(invitation.by),
                            "role": .string(request.words["role.\(invitation.role.rawValue)"]),
                            "expires": moments.values(invitation.expiresAt),
                            "withdraw": .string("\(withdrawals)/\(Form.encoded(invitation.id))/withdraw"),
                        ]
                    }),
                "email": .field(request.form.line("email"), error: complaints["email"]),
                "roles": roles(request, chosen: Role(rawValue: request.form["role"]) ?? .receptionist),
                "roleError": .optional(complaints["role"]), "errors": complaints.errorSummary,
            ])
    }

    /// The roles to choose from, with what each may do.
    static func roles(_ request: PageRequest, chosen: Role) -> JSONValue {
        .array(
            Role.allCases.map { role in
                [
                    "value": .string(role.rawValue), "name": .string(request.words["role.\(role.rawValue)"]),
                    "hint": .string(request.words["members.role.\(role.rawValue)"]), "isChosen": .bool(role == chosen),
                ]
            })
    }

    // MARK: Invitations

    /// The link is in the answer and nowhere else, so this does not lead on to another page.
    @Sendable private static func invite(_ request: PageRequest) async throws -> Response {
        let email = canonicalLine(request.form.line("email"))
        var complaints: [String: String] = [:]
        if !AccountDraft.isAddress(email) { complaints["email"] = request.words["account.emailWrong"] }
        let role = Role(rawValue: request.form["role"])
        if role == nil { complaints["role"] = request.words["members.roleMissing"] }
        guard complaints.isEmpty, let role else { return try await page(request, complaints) }
        do {
            let (invitation, link) = try await request.access().invite(email, as: role)
            let moments = try await request.moments()
            return request.page(
                "invited", title: request.words["members.invited"], section: "members",
                [
                    "email": .string(invitation.email), "link": .string(link),
                    "back": .string(try request.path("members")),
                    "role": .string(request.words["role.\(role.rawValue)"]),
                    "expires": moments.values(invitation.expiresAt),
                ])
        } catch AccessError.alreadyMember(let member) {
            return try await page(
                request, ["email": request.words("members.already.detail", ["email": member])], status: .conflict)
        }
    }

    @Sendable private static func withdraw(_ request: PageRequest) async throws -> Response {
        let invitation = try await request.access().withdraw(request.parameter("invitation"))
        return request.redirect(
            try request.path("members"),
            notice: PageNotice(.success, request.words("members.withdrawn", ["email": invitation.email])))
    }

    // MARK: One member

    private static func memberPage(
        _ request: PageRequest, _ complaints: [String: String] = [:]
    ) async throws -> Response {
        let member = try await request.access().member(request.parameter("member"))
        let moments = try await request.moments()
        let base = try request.path("members")
        return request.page(
            "member", title: member.account.name, section: "members",
            status: complaints.isEmpty ? .ok : .conflict,
            [
                "name": .string(member.account.name), "email": .string(member.account.email),
                "back": .string(base), "path": .string("\(base)/\(Form.encoded(member.account.id))"),
                "role": .string(request.words["role.\(member.role.rawValue)"]),
                "isDisabled": .bool(member.account.disabledAt != nil),
                "since": moments.values(member.account.createdAt),
                "signedIn": moments.values(member.account.signedInAt),
                "roles": roles(request, chosen: Role(rawValue: request.form["role"]) ?? member.role),
                "roleError": .optional(complaints["role"]), "errors": complaints.errorSummary,
            ])
    }

    @Sendable private static func setRole(_ request: PageRequest) async throws -> Response {
        let id = try request.parameter("member")
        let member = try await request.access().member(id)
        guard let role = Role(rawValue: request.form["role"]) else {
            return try await memberPage(request, ["role": request.words["members.roleMissing"]])
        }
        do { try await request.access().setRole(role, of: id) } catch AccessError.lastAdministrator(let email) {
            return try await memberPage(
                request,
                [
                    "role": request.words("members.last.detail", ["email": email]) + " "
                        + request.words["members.last.remedy"]
                ])
        }
        return request.redirect(
            try request.path("members"),
            notice: PageNotice(
                .success,
                request.words(
                    "members.roleSet",
                    ["name": member.account.name, "role": request.words["role.\(role.rawValue)"]])))
    }

    @Sendable private static func askToRemove(_ request: PageRequest) async throws -> Response {
        let member = try await request.access().member(request.parameter("member"))
        let path = try request.path("members") + "/" + Form.encoded(member.account.id)
        return request.confirmation(
            title: request.words("members.remove.title", ["name": member.account.name]), section: "members",
            text: request.words("members.remove.text", ["email": member.account.email]),
            action: path + "/remove", button: request.words["members.remove.button"], back: path)
    }

    @Sendable private static func remove(_ request: PageRequest) async throws -> Response {
        let member = try await request.access().remove(request.parameter("member"))
        let isSelf = member.account.id == request.visitor?.account.id
        return request.redirect(
            isSelf ? "/" : try request.path("members"),
            notice: PageNotice(.success, request.words("members.removed", ["name": member.account.name])))
    }
}

extension JSONValue {
    /// A field of a form: what was typed, and what is wrong with it.
    package static func field(_ value: String, error: String? = nil) -> JSONValue {
        ["value": .string(value), "error": .optional(error)]
    }
}

extension PageRequest {
    /// Asks whether somebody is sure, before something that cannot be undone here.
    /// - Parameters:
    ///   - action: where the form is sent.
    ///   - fields: what the form carries along.
    package func confirmation(
        title: String, section: String = "", text: String, action: String, button: String, back: String,
        fields: [(name: String, value: String)] = []
    ) -> Response {
        page(
            "confirmation", title: title, section: section,
            [
                "text": .string(text), "action": .string(action), "button": .string(button), "back": .string(back),
                "fields": .array(fields.map { ["name": .string($0.name), "value": .string($0.value)] }),
            ])
    }
}
