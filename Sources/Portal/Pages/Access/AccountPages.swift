import HTTPTypes
import Hummingbird
import SQLStore

/// What people set for themselves: name, password, language and theme, and where they are signed in.
enum AccountPages {
    static let all: [PageRoute] = [
        PageRoute(.get, "/account", .signedIn) { try await page($0) },
        PageRoute(.post, "/account/name", .signedIn, handler: rename),
        PageRoute(.post, "/account/password", .signedIn, handler: changePassword),
        PageRoute(.post, "/account/sessions", .signedIn, handler: endSessions),
        PageRoute(.post, "/preferences", .anybody, handler: prefer),
    ]

    @Sendable private static func rename(_ request: PageRequest) async throws -> Response {
        var account = try request.account()
        let name = AccountDraft(request.form).name
        guard (1...100).contains(name.count) else {
            return try await page(request, ["name": request.words["account.nameMissing"]])
        }
        account.name = name
        try await request.store.update(account)
        return request.redirect("/account", notice: PageNotice(.success, request.words["account.saved"]))
    }

    @Sendable private static func changePassword(_ request: PageRequest) async throws -> Response {
        var account = try request.account()
        let new = request.form["newPassword"]
        var complaints: [String: String] = [:]
        if let present = account.password,
            try await !request.services.verify(request.form["password"], against: present)
        {
            complaints["password"] = request.words["account.passwordWrong"]
        }
        if let complaint = PasswordRule.complaint(new, email: account.email) {
            complaints["newPassword"] = request.words(complaint, ["count": String(PasswordRule.shortest)])
        }
        guard complaints.isEmpty else { return try await page(request, complaints) }
        account.password = try await request.services.hash(new)
        try await request.store.update(account)
        // Whoever knew the old one is out.
        try await request.store.endSessions(of: account.id, exceptDigest: request.visitor?.session.digest)
        try await request.audit("account.password", account.email)
        return request.redirect("/account", notice: PageNotice(.success, request.words["account.passwordChanged"]))
    }

    @Sendable private static func endSessions(_ request: PageRequest) async throws -> Response {
        let account = try request.account()
        try await request.store.endSessions(of: account.id, exceptDigest: request.visitor?.session.digest)
        return request.redirect("/account", notice: PageNotice(.success, request.words["account.sessionsEnded"]))
    }

    /// Language and theme, from the foot of every page.
    @Sendable private static func prefer(_ request: PageRequest) async throws -> Response {
        let language = Language(rawValue: request.form["language"])
        let theme = request.form["theme"]
        var response = request.redirect(PageRequest.safe(request.form["next"]) ?? "/")
        func keep(_ name: String, _ value: String) {
            let header = Cookie.header(
                name, value, seconds: value.isEmpty ? 0 : 31_536_000, isSecure: request.services.isSecure)
            response.headers.append(HTTPField(name: .setCookie, value: header))
        }
        if let language { keep(Preferences.languageCookie, language.rawValue) }
        if request.form.has("theme") { keep(Preferences.themeCookie, Preferences.themes.contains(theme) ? theme : "") }
        if var account = request.visitor?.account {
            if let language { account.language = language.rawValue }
            if request.form.has("theme") { account.theme = Preferences.themes.contains(theme) ? theme : nil }
            try await request.store.update(account)
        }
        return response
    }

    private static func page(_ request: PageRequest, _ complaints: [String: String] = [:]) async throws -> Response {
        let account = try request.account()
        let sessions = try await request.store.countSessions(of: account.id, now: request.services.now())
        let identities = try await request.store.identities(of: account.id)
        return request.page(
            "account", title: request.words["account.title"],
            status: complaints.isEmpty ? .ok : .unprocessableContent,
            [
                "name": .string(account.name), "email": .string(account.email),
                "hasPassword": .bool(account.password != nil),
                "hasProviders": .bool(!request.services.signInProviders.isEmpty || !identities.isEmpty),
                "identities": .array(
                    identities.map { identity in
                        [
                            "id": .string(identity.provider), "name": .string(request.signInName(identity.provider)),
                            "label": .string(identity.label),
                        ]
                    }),
                "others": .array(
                    request.services.signInProviders.filter { provider in
                        !identities.contains { $0.provider == provider.id }
                    }.map { provider in
                        [
                            "id": .string(provider.id),
                            "label": .string(request.words("account.identity.link", ["name": provider.name])),
                        ]
                    }),
                "otherSessions": sessions > 1
                    ? .string(request.words.counted("account.otherSessions", sessions - 1)) : .null,
                "nameError": .optional(complaints["name"]), "passwordError": .optional(complaints["password"]),
                "newPasswordError": .optional(complaints["newPassword"]), "errors": complaints.errorSummary,
            ])
    }
}
