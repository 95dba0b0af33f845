import CalendarModel
import HTTPTypes
import Hummingbird
import SQLStore
import Vault

/// The first operator's account, made by the one who has the link that the service printed when it started.
enum WelcomePages {
    static let all: [PageRoute] = [
        PageRoute(.get, "/welcome/{secret}", .anybody) { request in
            _ = try await errand(request)
            return page(request)
        },
        PageRoute(.post, "/welcome/{secret}", .anybody, handler: welcome),
    ]

    private static func errand(_ request: PageRequest) async throws -> Errand {
        do {
            return try await request.store.errand(
                digest: SecretDigest.sha256(request.parameter("secret")), kind: .firstOperator,
                now: request.services.now())
        } catch is ErrandError { throw Problem.notFound("") }
    }

    @Sendable private static func welcome(_ request: PageRequest) async throws -> Response {
        let errand = try await errand(request)
        let draft = AccountDraft(request.form)
        let complaints = draft.complaints(request.words)
        guard complaints.isEmpty else { return page(request, draft, complaints) }
        let account = try await request.services.makeAccount(draft, isOperator: true)
        do {
            _ = try await request.store.takeErrand(
                digest: errand.digest, kind: .firstOperator, session: nil, now: request.services.now())
        } catch is ErrandError { throw Problem.notFound("") }
        do { try await request.store.addAccount(account) } catch AccountError.emailTaken {
            return page(request, draft, ["email": request.words["account.emailTaken"]])
        }
        try await request.services.audit(
            "operator.first", account.email, organization: nil, actor: account.email, kind: .account)
        return try await request.signedIn(account, next: "/", kept: nil)
    }

    private static func page(
        _ request: PageRequest, _ draft: AccountDraft = AccountDraft(), _ complaints: [String: String] = [:]
    ) -> Response {
        request.page(
            "welcome", title: request.words["welcome.title"], status: complaints.isEmpty ? .ok : .unprocessableContent,
            ["form": draft.values(complaints), "errors": complaints.errorSummary])
    }
}

/// What a new account is made of.
struct AccountDraft: Sendable {
    var name = ""
    var email = ""
    var password = ""

    init() {}

    init(_ form: Form) {
        name = canonicalLine(form.line("name"))
        email = form.line("email")
        password = form["password"]
    }

    /// What is wrong, by field, in words.
    func complaints(_ words: Words, asksEmail: Bool = true) -> [String: String] {
        var complaints: [String: String] = [:]
        if !(1...100).contains(name.count) { complaints["name"] = words["account.nameMissing"] }
        if asksEmail, !Self.isAddress(email) { complaints["email"] = words["account.emailWrong"] }
        if let complaint = PasswordRule.complaint(password, email: email) {
            complaints["password"] = words(complaint, ["count": String(PasswordRule.shortest)])
        }
        return complaints
    }

    static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".") && text.utf8.count <= 254
            && !text.contains(where: { $0.isWhitespace || $0 == "<" || $0 == ">" || $0 == "," })
    }

    func values(_ complaints: [String: String]) -> JSONValue {
        [
            "name": field(name, complaints["name"]), "email": field(email, complaints["email"]),
            "password": field("", complaints["password"]),
        ]
    }

    private func field(_ value: String, _ error: String?) -> JSONValue {
        ["value": .string(value), "error": .optional(error)]
    }
}

extension [String: String] {
    /// What is wrong with a form, for the summary on top: each with the field it leads to. Null when nothing is.
    package var errorSummary: JSONValue {
        guard !isEmpty else { return .null }
        let items: [JSONValue] = sorted { $0.key < $1.key }.map {
            ["field": .string($0.key), "text": .string($0.value)]
        }
        return ["items": .array(items)]
    }
}

extension PortalServices {
    func makeAccount(_ draft: AccountDraft, isOperator: Bool = false) async throws -> Account {
        Account(
            id: newID(), email: draft.email, name: draft.name, password: try await hash(draft.password),
            isOperator: isOperator, createdAt: now())
    }

    /// The path at which the first operator makes an account; nil when there is an operator already. A new one each
    /// time: an older one no longer works.
    package func firstOperatorLink() async throws -> String? {
        guard try await !store.hasOperator() else { return nil }
        try await store.dropErrands(.firstOperator, of: nil, digest: nil)
        let secret = random.text()
        let now = now()
        try await store.addErrand(
            Errand(
                digest: SecretDigest.sha256(secret), kind: .firstOperator, createdAt: now,
                expiresAt: now.advanced(by: .seconds(86_400))))
        return "/welcome/\(secret)"
    }
}
