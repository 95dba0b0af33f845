import CalendarModel
import HTTPTypes
import Hummingbird
import SQLStore
import Vault

/// Signing in with address and password, and out again. Where a form was sent with a session that had ended, what it held is
/// kept through the sign-in and can be sent again.
enum SignInPages {
    static let all: [PageRoute] = [
        PageRoute(.get, "/sign-in", .anybody) { $0.signInPage(next: $0.query("next")) },
        PageRoute(.post, "/sign-in", .anybody, handler: signIn),
        PageRoute(.post, "/sign-out", .signedIn, handler: signOut),
    ]

    @Sendable private static func signIn(_ request: PageRequest) async throws -> Response {
        let email = request.form.line("email")
        let throttle = SignInThrottle(services: request.services)
        if let wait = try await throttle.wait(email: email) {
            return request.signInPage(
                next: request.form.line("next"), keeping: KeptForm(request.form), email: email,
                error: request.words("signIn.throttled", ["minutes": String(Int((wait.inSeconds / 60).rounded(.up)))]),
                status: .tooManyRequests)
        }
        guard let account = try await account(request, email: email) else {
            try await throttle.failed(email: email)
            return request.signInPage(
                next: request.form.line("next"), keeping: KeptForm(request.form), email: email,
                error: request.words["signIn.wrong"], status: .unprocessableContent)
        }
        try await throttle.succeeded(email: email)
        return try await request.signedIn(account, next: request.form.line("next"), kept: KeptForm(request.form))
    }

    /// The account, when the password is its own. Takes as long for an address that nobody has.
    private static func account(_ request: PageRequest, email: String) async throws -> Account? {
        let account = try await request.store.account(email: email)
        let hash = account?.password ?? Self.nobodysHash
        let isRight = try await request.services.verify(request.form["password"], against: hash)
        guard isRight, let account, account.password != nil, account.disabledAt == nil else { return nil }
        if request.services.hasher.isOutdated(hash) {
            var renewed = account
            renewed.password = try await request.services.hash(request.form["password"])
            try await request.store.update(renewed)
        }
        return account
    }

    /// Of a password that nobody knows.
    private static let nobodysHash =
        "scrypt$15$8$1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

    @Sendable private static func signOut(_ request: PageRequest) async throws -> Response {
        if let visitor = request.visitor { try await request.store.endSession(digest: visitor.session.digest) }
        var response = request.redirect("/sign-in", notice: PageNotice(.info, request.words["signIn.out"]))
        response.headers.append(
            HTTPField(name: .setCookie, value: SessionKeeper(services: request.services).endingCookie()))
        return response
    }
}

extension PageRequest {
    /// Begins a session, and leads to where the person wanted to go; with a form that was kept, to its confirmation.
    func signedIn(
        _ account: Account, next: String, kept: KeptForm?, method: String = Session.password
    ) async throws -> Response {
        let begun = try await SessionKeeper(services: services).begin(account, method: method)
        var response: Response
        if let kept {
            let asked = PageRequest(
                request: request, context: context, services: services,
                visitor: Visitor(
                    account: account, session: begun.session,
                    memberships: try await store.memberships(of: account)),
                membership: nil, words: words, theme: theme, form: Form(), formToken: begun.session.formToken,
                notice: nil)
            response = asked.page("kept-form", title: words["keptForm.title"], ["kept": kept.values])
        } else {
            response = redirect(Self.safe(next) ?? "/")
        }
        response.headers.append(HTTPField(name: .setCookie, value: begun.cookie))
        return response
    }

    /// - Parameters:
    ///   - keeping: the form that was sent without a session.
    func signInPage(keeping form: Form) -> Response {
        signInPage(next: nil, keeping: KeptForm(form, action: request.uri.path), status: .unauthorized)
    }

    func signInPage(
        next: String? = nil, keeping kept: KeptForm? = nil, email: String = "", error: String? = nil,
        status: HTTPResponse.Status = .ok
    ) -> Response {
        let isElsewhere = request.method == .get && request.uri.path != "/sign-in"
        let address = request.uri.query.map { "\(request.uri.path)?\($0)" } ?? request.uri.path
        return page(
            "sign-in", title: words["signIn.title"],
            status: status == .ok && isElsewhere ? .unauthorized : status,
            [
                "next": .string(next ?? (isElsewhere ? address : "")), "email": .string(email),
                "error": .optional(error), "kept": kept?.values ?? .null,
                "hasProviders": .bool(!services.signInProviders.isEmpty),
                "providers": providerChoices(),
            ])
    }

    /// The organization asks for another way of signing in than the one that the visitor took.
    func otherSignInPage(_ organization: Organization) -> Response {
        let allowed = organization.settings.signInMethods ?? []
        return page(
            "other-sign-in", title: words["signIn.other"], status: .forbidden,
            [
                "text": .string(
                    words(
                        "signIn.other.text",
                        [
                            "organization": organization.name, "method": signInName(visitor?.session.method ?? ""),
                            "methods": allowed.map { signInName($0) }.joined(separator: ", "),
                        ])),
                "next": .string(request.method == .get ? request.uri.path : "/"),
                "providers": providerChoices(of: organization),
            ])
    }

    /// Only addresses of this portal are gone to.
    static func safe(_ next: String) -> String? {
        guard next.hasPrefix("/"), !next.hasPrefix("//"), !next.contains("\\"), !next.contains("\n"),
            !next.contains("\r")
        else { return nil }
        return next
    }
}
