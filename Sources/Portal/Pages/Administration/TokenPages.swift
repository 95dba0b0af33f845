import CalendarModel
import HTTPTypes
import Hummingbird
import SQLStore

/// Tokens for programs: made with a name and scopes, shown once, revoked.
enum TokenPages {
    static let all: [PageRoute] = [
        PageRoute.of(.get, "tokens", .administer) { try await page($0) },
        PageRoute.of(.post, "tokens", .administer, handler: make),
        PageRoute.of(.get, "tokens/{token}/revoke", .administer, handler: askToRevoke),
        PageRoute.of(.post, "tokens/{token}/revoke", .administer, handler: revoke),
    ]

    /// What can be given to a token, least first.
    static let scopes: [Permission] = Permission.allCases.filter(Set<Permission>.wholeOrganization.contains)

    private static func page(
        _ request: PageRequest, _ complaints: [String: String] = [:]
    ) async throws -> Response {
        let moments = try await request.moments()
        let tokens = try await request.store.tokens(of: request.organization().id)
        let base = try request.path("tokens")
        func row(_ token: APIToken) -> JSONValue {
            [
                "name": .string(token.name), "scopes": .string(scopeWords(token.scopes, request)),
                "made": moments.values(token.createdAt), "revoked": moments.values(token.revokedAt),
                "revoke": .string("\(base)/\(Form.encoded(token.id))/revoke"),
            ]
        }
        let active = tokens.filter { $0.revokedAt == nil }
        let revoked = tokens.filter { $0.revokedAt != nil }
        let chosen = Set(request.form.all("scope"))
        return request.page(
            "tokens", title: request.words["tokens.title"], section: "tokens",
            status: complaints.isEmpty ? .ok : .unprocessableContent,
            [
                "base": .string(base), "hasTokens": .bool(!active.isEmpty), "tokens": .array(active.map(row)),
                "hasRevoked": .bool(!revoked.isEmpty), "revoked": .array(revoked.map(row)),
                "name": .field(request.form.line("name"), error: complaints["name"]),
                "scopeError": .optional(complaints["scope"]), "errors": complaints.errorSummary,
                "scopes": .array(
                    scopes.map { scope in
                        [
                            "value": .string(scope.rawValue), "name": .string(request.words["scope.\(scope.rawValue)"]),
                            "hint": .string(request.words["scope.\(scope.rawValue).hint"]),
                            "isChosen": .bool(chosen.contains(scope.rawValue)),
                        ]
                    }),
            ])
    }

    private static func scopeWords(_ scopes: Set<Permission>, _ request: PageRequest) -> String {
        Self.scopes.filter(scopes.contains).map { request.words["scope.\($0.rawValue)"] }.joined(separator: ", ")
    }

    /// The secret is in the answer and nowhere else, so this does not lead on to another page.
    @Sendable private static func make(_ request: PageRequest) async throws -> Response {
        let name = canonicalLine(request.form.line("name"))
        let scopes = Set(request.form.all("scope").compactMap(Permission.init)).intersection(.wholeOrganization)
        var complaints: [String: String] = [:]
        if !(1...100).contains(name.count) { complaints["name"] = request.words["tokens.nameMissing"] }
        if scopes.isEmpty { complaints["scope"] = request.words["tokens.scopeMissing"] }
        guard complaints.isEmpty else { return try await page(request, complaints) }
        do {
            let (token, secret) = try await request.access().makeToken(name: name, scopes: scopes)
            return request.page(
                "token-made", title: request.words["tokens.made"], section: "tokens",
                [
                    "name": .string(token.name), "secret": .string(secret), "back": .string(try request.path("tokens")),
                    "scopes": .string(scopeWords(scopes, request)),
                ])
        } catch AccessError.tokenNameTaken {
            return try await page(request, ["name": request.words("tokens.taken.detail", ["name": name])])
        }
    }

    @Sendable private static func askToRevoke(_ request: PageRequest) async throws -> Response {
        let token = try await request.access().token(request.parameter("token"))
        let back = try request.path("tokens")
        return request.confirmation(
            title: request.words("tokens.revoke.title", ["name": token.name]), section: "tokens",
            text: request.words["tokens.revoke.text"], action: "\(back)/\(Form.encoded(token.id))/revoke",
            button: request.words["tokens.revoke.button"], back: back)
    }

    @Sendable private static func revoke(_ request: PageRequest) async throws -> Response {
        let token = try await request.access().revokeToken(request.parameter("token"))
        return request.redirect(
            try request.path("tokens"),
            notice: PageNotice(.success, request.words("tokens.revoked", ["name": token.name])))
    }
}
