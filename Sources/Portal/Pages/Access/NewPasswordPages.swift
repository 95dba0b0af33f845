import CalendarModel
import HTTPTypes
import Hummingbird
import SQLStore
import Vault

/// A new password for somebody who forgot it, by a link that the operator made (`loopsync account reset`).
enum NewPasswordPages {
    static let all: [PageRoute] = [
        PageRoute(.get, "/new-password/{secret}", .anybody) { request in
            page(request, email: try await account(request).email)
        },
        PageRoute(.post, "/new-password/{secret}", .anybody, handler: set),
    ]

    private struct Content: Codable {
        var account: String
    }

    /// The errand's content for an account.
    static func content(for account: Account) throws -> String {
        try StoredJSON.text(Content(account: account.id))
    }

    private static func account(_ request: PageRequest) async throws -> Account {
        do {
            let errand = try await request.store.errand(
                digest: SecretDigest.sha256(request.parameter("secret")), kind: .newPassword,
                now: request.services.now())
            let content = try StoredJSON.value(Content.self, from: errand.content, column: "content")
            guard let account = try await request.store.account(content.account), account.disabledAt == nil else {
                throw ErrandError.unknown
            }
            return account
        } catch is ErrandError { throw Problem.notFound("") }
    }

    @Sendable private static func set(_ request: PageRequest) async throws -> Response {
        var account = try await account(request)
        let new = request.form["newPassword"]
        if let complaint = PasswordRule.complaint(new, email: account.email) {
            let text = request.words(complaint, ["count": String(PasswordRule.shortest)])
            return page(request, email: account.email, ["newPassword": text])
        }
        account.password = try await request.services.hash(new)
        do {
            _ = try await request.store.takeErrand(
                digest: SecretDigest.sha256(request.parameter("secret")), kind: .newPassword, session: nil,
                now: request.services.now())
        } catch is ErrandError { throw Problem.notFound("") }
        try await request.store.update(account)
        try await request.store.endSessions(of: account.id, exceptDigest: nil)
        try await request.services.audit(
            "account.password", account.email, organization: nil, actor: account.email, kind: .account)
        return try await request.signedIn(account, next: "/", kept: nil)
    }

    private static func page(
        _ request: PageRequest, email: String, _ complaints: [String: String] = [:]
    ) -> Response {
        request.page(
            "new-password", title: request.words["newPassword.title"],
            status: complaints.isEmpty ? .ok : .unprocessableContent,
            [
                "email": .string(email), "newPasswordError": .optional(complaints["newPassword"]),
                "errors": complaints.errorSummary,
            ])
    }
}

extension PortalServices {
    /// The path at which the person sets a new password, once, within a day.
    /// - Throws: ``AccountError/noSuchAccount``.
    package func newPasswordLink(for email: String) async throws -> String {
        guard let account = try await store.account(email: email) else { throw AccountError.noSuchAccount }
        let secret = random.text()
        let now = now()
        try await store.addErrand(
            Errand(
                digest: SecretDigest.sha256(secret), kind: .newPassword,
                content: try NewPasswordPages.content(for: account), createdAt: now,
                expiresAt: now.advanced(by: .seconds(86_400))))
        return "/new-password/\(secret)"
    }
}
