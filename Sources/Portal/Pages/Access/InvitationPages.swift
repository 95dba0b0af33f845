import CalendarModel
import HTTPTypes
import Hummingbird
import SQLStore

/// What an invited person sees who opens the link: a new account is made, or the one that there is becomes a member.
enum InvitationPages {
    static let all: [PageRoute] = [
        PageRoute(.get, "/invitation/{secret}", .anybody) { try await opened($0) },
        PageRoute(.post, "/invitation/{secret}", .anybody) { try await opened($0) },
    ]

    /// How the invitation and the visitor fit together.
    private enum Situation {
        /// The address has no account: one is made.
        case makes
        /// It has one: its owner signs in first.
        case signsIn
        /// Its owner is signed in.
        case joins(Account)
        /// Somebody else is.
        case isOther(Account)
        /// It has one, which is closed.
        case isClosed
    }

    private static func opened(_ request: PageRequest) async throws -> Response {
        let invitation: Invitation
        do {
            invitation = try await request.services.invitation(secret: request.parameter("secret"))
        } catch is ErrandError {
            return over(request)
        }
        guard let organization = try await request.store.organization(invitation.organization) else {
            return over(request)
        }
        let situation = try await situation(invitation, request)
        guard request.request.method == .post else { return try page(request, invitation, organization, situation) }
        switch situation {
        case .joins(let account): return try await join(request, invitation, organization, account)
        case .makes: return try await make(request, invitation, organization)
        case .signsIn, .isOther, .isClosed:
            return try page(request, invitation, organization, situation, status: .conflict)
        }
    }

    private static func situation(_ invitation: Invitation, _ request: PageRequest) async throws -> Situation {
        if let account = request.visitor?.account {
            return Account.key(account.email) == Account.key(invitation.email) ? .joins(account) : .isOther(account)
        }
        guard let account = try await request.store.account(email: invitation.email) else { return .makes }
        return account.disabledAt == nil ? .signsIn : .isClosed
    }

    private static func join(
        _ request: PageRequest, _ invitation: Invitation, _ organization: Organization, _ account: Account
    ) async throws -> Response {
        do { try await request.services.join(by: invitation, account, isNew: false) } catch is ErrandError {
            return over(request)
        }
        return request.redirect(
            "/o/\(Form.encoded(organization.id.rawValue))",
            notice: PageNotice(.success, request.words("invitation.joined", ["organization": organization.name])))
    }

    private static func make(
        _ request: PageRequest, _ invitation: Invitation, _ organization: Organization
    ) async throws -> Response {
        var draft = AccountDraft(request.form)
        draft.email = invitation.email
        let complaints = draft.complaints(request.words, asksEmail: false)
        guard complaints.isEmpty else {
            return try page(request, invitation, organization, .makes, draft, complaints, status: .unprocessableContent)
        }
        let account = try await request.services.makeAccount(draft)
        do { try await request.services.join(by: invitation, account, isNew: true) } catch is ErrandError {
            return over(request)
        } catch AccountError.emailTaken {
            return try page(request, invitation, organization, .signsIn, status: .conflict)
        }
        return try await request.signedIn(account, next: "/o/\(Form.encoded(organization.id.rawValue))", kept: nil)
    }

    /// Used, withdrawn, too old, or never given: it looks the same.
    private static func over(_ request: PageRequest) -> Response {
        request.page("invitation-over", title: request.words["invitation.over"], status: .notFound)
    }

    private static func page(
        _ request: PageRequest, _ invitation: Invitation, _ organization: Organization, _ situation: Situation,
        _ draft: AccountDraft = AccountDraft(), _ complaints: [String: String] = [:],
        status: HTTPResponse.Status = .ok
    ) throws -> Response {
        var values: [String: JSONValue] = [
            "email": .string(invitation.email), "by": .string(invitation.by),
            "text": .string(
                request.words(
                    "invitation.text",
                    [
                        "organization": organization.name, "by": invitation.by,
                        "role": request.words["role.\(invitation.role.rawValue)"],
                    ])),
            "path": .string(request.request.uri.path), "secret": .string(try request.parameter("secret")),
            "form": draft.values(complaints), "errors": complaints.errorSummary,
            "makes": false, "signsIn": false, "joins": false, "other": .null, "isClosed": false,
            "providers": request.providerChoices(of: organization),
        ]
        switch situation {
        case .makes: values["makes"] = .bool(true)
        case .signsIn: values["signsIn"] = .bool(true)
        case .joins: values["joins"] = .bool(true)
        case .isOther(let account): values["other"] = .string(account.email)
        case .isClosed: values["isClosed"] = .bool(true)
        }
        values["hasProviders"] = .bool(
            (values["makes"] == true || values["signsIn"] == true) && !request.services.signInProviders.isEmpty)
        return request.page(
            "invitation", title: request.words("invitation.title", ["organization": organization.name]),
            status: status, values)
    }
}

extension PageRequest {
    /// The sites at which people may sign in; those that the organization allows, when it is about one.
    func providerChoices(of organization: Organization? = nil) -> JSONValue {
        .array(
            services.signInProviders.filter { organization?.settings.allows(signIn: $0.id) ?? true }.map { provider in
                [
                    "id": .string(provider.id), "name": .string(provider.name),
                    "label": .string(words("signIn.with", ["name": provider.name])),
                ]
            })
    }
}
