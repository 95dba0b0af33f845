import CalendarModel
import Foundation
import HTTPTypes
import Hummingbird
import SQLStore
import Vault

/// Signing in with an account elsewhere (OpenID Connect): away to the provider, and back with a code.
enum ProviderPages {
    static let all: [PageRoute] = [
        PageRoute(.post, "/sign-in/{provider}", .anybody, handler: leaveToSignIn),
        PageRoute(.get, "/sign-in/{provider}/callback", .anybody, handler: comeBack),
        PageRoute(.post, "/account/identities/{provider}", .signedIn, handler: leaveToLink),
        PageRoute(.post, "/account/identities/{provider}/remove", .signedIn, handler: unlink),
    ]

    /// How long somebody may take at the provider.
    private static let patience: Duration = .seconds(900)

    private static func provider(_ request: PageRequest) throws -> any SignInProvider {
        let id = try request.parameter("provider")
        guard let provider = request.services.signInProviders.first(where: { $0.id == id }) else {
            throw Problem.notFound("")
        }
        return provider
    }

    // MARK: Away

    @Sendable private static func leaveToSignIn(_ request: PageRequest) async throws -> Response {
        let kept = KeptForm(request.form)
        return try await leave(
            request,
            Journey(
                next: request.form.line("next"), keptAction: kept?.action, keptForm: kept?.form.encoded,
                invitation: request.form.has("invitation") ? request.form["invitation"] : nil, linking: nil))
    }

    @Sendable private static func leaveToLink(_ request: PageRequest) async throws -> Response {
        try await leave(
            request,
            Journey(
                next: "/account", keptAction: nil, keptForm: nil, invitation: nil, linking: try request.account().id))
    }

    private static func leave(_ request: PageRequest, _ journey: Journey) async throws -> Response {
        let provider = try provider(request)
        let services = request.services
        let state = services.random.text()
        let proof = ProofKey.generate(random: services.random)
        var journey = journey
        journey.provider = provider.id
        journey.nonce = services.random.text()
        journey.verifier = proof.verifier
        let now = services.now()
        // Bound to this browser: a link to the way back that somebody else sends leads nowhere.
        try await request.store.addErrand(
            Errand(
                digest: SecretDigest.sha256(state), kind: .signIn, session: request.browserMark,
                content: try journey.sealed(by: services.vault), createdAt: now,
                expiresAt: now.advanced(by: patience)))
        let address: String
        do {
            address = try await provider.address(
                state: state, nonce: journey.nonce, challenge: proof.challenge,
                redirectURI: services.callback(of: provider))
        } catch { return request.signInFailure(.unreachable, provider, error, journey: journey) }
        return request.leave(for: address, site: provider.name)
    }

    // MARK: And back

    @Sendable private static func comeBack(_ request: PageRequest) async throws -> Response {
        let provider = try provider(request)
        let errand: Errand
        do {
            errand = try await request.store.takeErrand(
                digest: SecretDigest.sha256(request.query("state") ?? ""), kind: .signIn, session: request.browserMark,
                now: request.services.now())
        } catch is ErrandError { return request.signInFailure(.stale, provider) }
        let journey = try Journey(sealed: errand.content, vault: request.services.vault)
        guard journey.provider == provider.id else { return request.signInFailure(.stale, provider) }
        guard let code = request.query("code") else {
            let isCancelled = ["access_denied", "consent_required", "interaction_required"].contains(
                request.query("error"))
            return request.signInFailure(isCancelled ? .cancelled : .refused, provider, journey: journey)
        }
        let person: OutsidePerson
        do {
            person = try await provider.person(
                code: code, verifier: journey.verifier, nonce: journey.nonce,
                redirectURI: request.services.callback(of: provider))
        } catch { return request.signInFailure(.refused, provider, error, journey: journey) }
        return try await Arrival(request: request, provider: provider, person: person, journey: journey).answer()
    }

    @Sendable private static func unlink(_ request: PageRequest) async throws -> Response {
        let account = try request.account()
        let provider = try request.parameter("provider")
        do { try await request.store.removeIdentities(of: account.id, at: provider) } catch AccountError.lastOne {
            return request.redirect("/account", notice: PageNotice(.error, request.words["account.identity.last"]))
        }
        try await request.audit("account.identity.remove", account.email, detail: provider)
        return request.redirect(
            "/account",
            notice: PageNotice(
                .success, request.words("account.identity.removed", ["name": request.signInName(provider)])))
    }
}

/// What is remembered while somebody is at the provider. It is sealed, because the verifier is secret.
struct Journey: Codable, Sendable {
    var provider = ""
    var nonce = ""
    var verifier = ""
    /// Where the person wanted to go.
    var next: String
    /// A form that was sent without a session.
    var keptAction: String?
    var keptForm: String?
    /// The secret of the invitation that is taken up.
    var invitation: String?
    /// The account that gets another way to sign in.
    var linking: String?

    private static let owner = "sign-in"

    init(next: String, keptAction: String?, keptForm: String?, invitation: String?, linking: String?) {
        self.next = next
        self.keptAction = keptAction
        self.keptForm = keptForm
        self.invitation = invitation
        self.linking = linking
    }

    init(sealed text: String, vault: Vault) throws {
        self = try StoredJSON.value(Journey.self, from: vault.open(text, for: Self.owner), column: "content")
    }

    func sealed(by vault: Vault) throws -> String { try vault.seal(StoredJSON.text(self), for: Self.owner) }

    var kept: KeptForm? {
        guard let keptAction, let keptForm else { return nil }
        return KeptForm(Form(encoded: keptForm), action: keptAction)
    }
}

extension PortalServices {
    /// Where a provider sends people back to; it is registered there.
    func callback(of provider: any SignInProvider) -> String { "\(publicURL)/sign-in/\(provider.id)/callback" }
}

extension PageRequest {
    /// What is the same for all requests of one browser: its session, else its visit.
    var browserMark: String {
        if let visitor { return visitor.session.digest }
        let visit = Cookie.value(FormGuard(services: services).cookieName, in: request) ?? ""
        return SecretDigest.sha256("visit \(visit)")
    }

    /// Sends the browser to another site. Not by a redirect: browsers hold the answer to a form against the page's policy.
    package func leave(for address: String, site: String) -> Response {
        var response = page(
            "leave", title: words("leave.title", ["site": site]),
            ["address": .string(address), "button": .string(words("leave.button", ["site": site]))])
        response.headers[.refresh] = "0; url=\(address)"
        return response
    }
}
