import CalendarModel
import HTTPTypes
import Hummingbird
import SQLStore

/// Everybody's accounts, for operators: closed and opened, made operators, helped to a new password.
enum OperatorAccountPages {
    static let all: [PageRoute] = [
        PageRoute(.get, "/operator/accounts", .operators, handler: list),
        PageRoute(.get, "/operator/accounts/{account}", .operators) { try await page($0) },
        PageRoute(.get, "/operator/accounts/{account}/close", .operators, handler: askToClose),
        PageRoute(.post, "/operator/accounts/{account}/close", .operators) { try await setClosed($0, true) },
        PageRoute(.post, "/operator/accounts/{account}/open", .operators) { try await setClosed($0, false) },
        PageRoute(.get, "/operator/accounts/{account}/promote", .operators, handler: askToPromote),
        PageRoute(.post, "/operator/accounts/{account}/promote", .operators) { try await setOperator($0, true) },
        PageRoute(.post, "/operator/accounts/{account}/demote", .operators) { try await setOperator($0, false) },
        PageRoute(.post, "/operator/accounts/{account}/password", .operators, handler: newPassword),
    ]

    private static let base = "/operator/accounts"

    @Sendable private static func list(_ request: PageRequest) async throws -> Response {
        let sought = (request.query("q") ?? "").lowercased()
        let accounts = try await request.store.accounts().filter { account in
            sought.isEmpty || account.email.lowercased().contains(sought) || account.name.lowercased().contains(sought)
        }
        let moments = try await request.moments()
        return request.page(
            "operator-accounts", title: request.words["operator.accounts"], section: "operator.accounts",
            [
                "q": .string(request.query("q") ?? ""), "hasAccounts": .bool(!accounts.isEmpty),
                "accounts": .array(
                    accounts.map { account in
                        [
                            "path": .string("\(base)/\(Form.encoded(account.id))"), "name": .string(account.name),
                            "email": .string(account.email), "isOperator": .bool(account.isOperator),
                            "isClosed": .bool(account.disabledAt != nil),
                            "signedIn": moments.values(account.signedInAt),
                        ]
                    }),
            ])
    }

    private static func account(_ request: PageRequest) async throws -> Account {
        guard let account = try await request.store.account(request.parameter("account")) else {
            throw Problem.notFound("")
        }
        return account
    }

    private static func page(_ request: PageRequest, problem: String? = nil) async throws -> Response {
        let account = try await account(request)
        let moments = try await request.moments()
        let memberships = account.isOperator ? [] : try await request.store.memberships(of: account)
        let identities = try await request.store.identities(of: account.id)
        return request.page(
            "operator-account", title: account.name, section: "operator.accounts",
            status: problem == nil ? .ok : .conflict,
            [
                "path": .string("\(base)/\(Form.encoded(account.id))"), "name": .string(account.name),
                "email": .string(account.email), "isOperator": .bool(account.isOperator),
                "isClosed": .bool(account.disabledAt != nil), "closed": moments.values(account.disabledAt),
                "isSelf": .bool(account.id == request.visitor?.account.id), "made": moments.values(account.createdAt),
                "signedIn": moments.values(account.signedInAt), "hasPassword": .bool(account.password != nil),
                "identities": .array(
                    identities.map { .string("\(request.signInName($0.provider)): \($0.label)") }),
                "memberships": .array(
                    memberships.map { membership in
                        [
                            "name": .string(membership.organization.name),
                            "path": .string("/o/\(Form.encoded(membership.organization.id.rawValue))/members"),
                            "role": .string(request.words["role.\(membership.role.rawValue)"]),
                        ]
                    }),
                "hasMemberships": .bool(!memberships.isEmpty), "problem": .optional(problem),
            ])
    }

    // MARK: Closing and opening

    @Sendable private static func askToClose(_ request: PageRequest) async throws -> Response {
        let account = try await account(request)
        let path = "\(base)/\(Form.encoded(account.id))"
        return request.confirmation(
            title: request.words("operator.close.title", ["name": account.name]), section: "operator.accounts",
            text: request.words("operator.close.text", ["email": account.email]), action: path + "/close",
            button: request.words["operator.close.button"], back: path)
    }

    private static func setClosed(_ request: PageRequest, _ isClosed: Bool) async throws -> Response {
        let account = try await account(request)
        do {
            try await request.store.setDisabled(isClosed, account: account.id, now: request.services.now())
        } catch AccountError.lastOne {
            return try await page(request, problem: request.words["operator.lastOne"])
        }
        try await request.audit(isClosed ? "account.close" : "account.open", account.email)
        let text = isClosed ? "operator.closed" : "operator.opened"
        return done(request, account, request.words(text, ["name": account.name]))
    }

    // MARK: Operators

    @Sendable private static func askToPromote(_ request: PageRequest) async throws -> Response {
        let account = try await account(request)
        let path = "\(base)/\(Form.encoded(account.id))"
        return request.confirmation(
            title: request.words("operator.promote.title", ["name": account.name]), section: "operator.accounts",
            text: request.words["operator.promote.text"], action: path + "/promote",
            button: request.words["operator.promote.button"], back: path)
    }

    private static func setOperator(_ request: PageRequest, _ isOperator: Bool) async throws -> Response {
        let account = try await account(request)
        do { try await request.store.setOperator(isOperator, account: account.id) } catch AccountError.lastOne {
            return try await page(request, problem: request.words["operator.lastOne"])
        }
        try await request.audit(isOperator ? "operator.add" : "operator.remove", account.email)
        let text = isOperator ? "operator.promoted" : "operator.demoted"
        return done(request, account, request.words(text, ["name": account.name]))
    }

    private static func done(_ request: PageRequest, _ account: Account, _ text: String) -> Response {
        // Who is no operator any more cannot come back here.
        let isSelf = account.id == request.visitor?.account.id
        return request.redirect(
            isSelf ? "/" : "\(base)/\(Form.encoded(account.id))", notice: PageNotice(.success, text))
    }

    // MARK: Passwords

    /// The link is in the answer and nowhere else, so this does not lead on to another page.
    @Sendable private static func newPassword(_ request: PageRequest) async throws -> Response {
        let account = try await account(request)
        let link = try await request.services.newPasswordLink(for: account.email)
        try await request.audit("account.reset", account.email)
        return request.page(
            "operator-password", title: request.words["operator.password.made"], section: "operator.accounts",
            [
                "email": .string(account.email), "link": .string(request.services.publicURL + link),
                "back": .string("\(base)/\(Form.encoded(account.id))"),
            ])
    }
}
