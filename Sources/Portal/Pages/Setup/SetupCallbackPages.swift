import CalendarModel
import Foundation
import HTTPTypes
import Hummingbird
import LoopBooking
import SQLStore
import SyncEngine
import SyncService
import Vault

/// To the calendar system's own pages and back: an administrator's consent, and the service account's sign-in. Whoever left has
/// to be the one who comes back: the state is random, good once, and bound to the session.
enum SetupCallbackPages {
    static let all: [PageRoute] = [
        PageRoute.of(.post, "setup/{setup}/consent", .administer) { try await askConsent($0) },
        PageRoute.of(.post, "setup/{setup}/sign-in", .administer, handler: askSignIn),
        PageRoute(.get, "/setup/{kind}/callback", .anybody, handler: callback),
    ]

    private static let lifetime: Duration = .seconds(1800)

    /// What an errand carries.
    struct Content: Codable {
        var setup: String
        var organization: String
        /// Of a sign-in, sealed.
        var verifier: String?
    }

    static func redirectURI(_ kind: String, _ services: PortalServices) -> String {
        "\(services.publicURL)/setup/\(kind)/callback"
    }

    // MARK: Leaving

    static func askConsent(_ request: PageRequest) async throws -> Response {
        let page = try await SetupPage(request)
        let state = request.services.random.text()
        let link: String
        do {
            link = try await request.setupDesk().consentLink(
                page.id, redirectURI: redirectURI(page.port.kind, request.services), state: state)
        } catch let error as any DiagnosedError { throw error }
        try await begin(.consent, page, state: state)
        try await request.audit("setup.consent.ask", page.draft.name)
        return try away(page, to: link, key: "setup.away.consent")
    }

    @Sendable private static func askSignIn(_ request: PageRequest) async throws -> Response {
        let page = try await SetupPage(request)
        let desk = try request.setupDesk()
        let account = request.form.line("account")
        do {
            if request.form.has("account") {
                try await desk.enter(
                    SetupDesk.Entries(account: account, signIn: .browser), into: page.id, by: request.setupAuthor())
            }
            let proof = ProofKey.generate(random: request.services.random)
            let state = request.services.random.text()
            let link = try await desk.signInLink(
                page.id, redirectURI: redirectURI(page.port.kind, request.services), state: state,
                challenge: proof.challenge)
            try await begin(
                .serviceAccount, page, state: state,
                verifier: try request.services.vault.seal(proof.verifier, for: page.id.rawValue))
            try await request.audit("setup.signIn.ask", page.draft.name, detail: account)
            return try away(page, to: link, key: "setup.away.signIn")
        } catch SetupError.fields(let complaints) {
            let page = try await SetupPage(request)
            return try await SetupAccountPages.show(
                page, SetupAccountForm(request.form, page.draft), complaints: page.texts(complaints))
        } catch SetupError.stepMissing(let step) {
            return try page.go(step, PageNotice(.warning, request.words["setup.missing.\(step.rawValue)"]))
        }
    }

    private static func begin(
        _ kind: Errand.Kind, _ page: SetupPage, state: String, verifier: String? = nil
    ) async throws {
        let services = page.request.services
        let organization = try page.request.organization().id
        let content = Content(setup: page.id.rawValue, organization: organization.rawValue, verifier: verifier)
        try await page.request.store.addErrand(
            Errand(
                digest: SecretDigest.sha256(state), kind: kind, organization: organization,
                session: page.request.visitor?.session.digest, content: try StoredJSON.text(content),
                createdAt: services.now(), expiresAt: services.now().advanced(by: lifetime)))
    }

    /// A page that leads on by itself. A redirect would be an answer to a form, which the content security policy keeps here.
    private static func away(_ page: SetupPage, to link: String, key: String) throws -> Response {
        var response = page.request.page(
            "setup-away", title: page.words[key], section: "setup",
            [
                "heading": .string(page.words[key]), "link": .string(link), "kind": .string(page.port.name),
                "back": .string(try page.path(page.setup.next)),
            ])
        if let refresh = HTTPField.Name("Refresh") { response.headers[refresh] = "0; url=\(link)" }
        return response
    }

    // MARK: Coming back

    @Sendable private static func callback(_ request: PageRequest) async throws -> Response {
        let kind = try request.parameter("kind")
        guard let port = request.services.setups.first(where: { $0.kind == kind }) else { throw Problem.notFound("") }
        let answer = port.callback(query: request.request.uri.query ?? "")
        guard let state = answer.state, state.utf8.count <= 256 else {
            return problem(request, "unreadable", .badRequest)
        }
        guard let visitor = request.visitor else { return problem(request, "noSession", .unauthorized) }
        let (errand, content): (Errand, Content)
        do { (errand, content) = try await take(state, request) } catch let error as ErrandError {
            switch error {
            case .unknown: return problem(request, "forged", .badRequest)
            case .used: return problem(request, "replayed", .conflict)
            case .expired: return problem(request, "expired", .gone)
            case .otherSession: return problem(request, "otherSession", .forbidden)
            }
        }
        let organization = OrganizationID(content.organization)
        // The role may have been taken away in between.
        let membership = visitor.memberships.first { $0.organization.id == organization }
        guard let membership, membership.role.permissions.contains(.administer) else {
            return problem(request, "noRole", .forbidden)
        }
        return try await finish(answer, errand, content, request, name: visitor.account.name)
    }

    /// The errand of a state, whichever of the two it is.
    private static func take(_ state: String, _ request: PageRequest) async throws -> (Errand, Content) {
        let digest = SecretDigest.sha256(state)
        let session = request.visitor?.session.digest
        let errand: Errand
        do {
            errand = try await request.store.takeErrand(
                digest: digest, kind: .consent, session: session, now: request.services.now())
        } catch ErrandError.unknown {
            errand = try await request.store.takeErrand(
                digest: digest, kind: .serviceAccount, session: session, now: request.services.now())
        }
        return (errand, try StoredJSON.value(Content.self, from: errand.content, column: "content"))
    }

    private static func finish(
        _ answer: SetupCallback, _ errand: Errand, _ content: Content, _ request: PageRequest, name: String
    ) async throws -> Response {
        let id = ConnectionID(content.setup)
        let organization = OrganizationID(content.organization)
        let desk = request.services.setupDesk(of: organization)
        let isConsent = errand.kind == .consent
        let step: SetupStep = isConsent ? .connection : .account
        func go(_ step: SetupStep, _ notice: PageNotice) -> Response {
            let path = "/o/\(Form.encoded(content.organization))/\(SetupPage.path(id, step))"
            return request.redirect(path, notice: notice)
        }
        func audit(_ action: String, _ detail: String) async throws {
            let setup = try await desk.setup(id)
            try await request.services.audit(
                action, setup.draft.name, detail: detail, organization: organization,
                actor: try request.account().email, kind: .account)
        }
        do {
            switch answer {
            case .consented(let tenant, let permissions, _) where isConsent:
                try await desk.consented(id, tenant: tenant, permissions: permissions, by: name)
                try await audit("setup.consent", tenant)
                return go(.permissions, PageNotice(.success, request.words["setup.consented"]))
            case .signedIn(let code, _) where !isConsent:
                let verifier = try content.verifier.map { try request.services.vault.open($0, for: content.setup) }
                try await desk.signedIn(
                    id, code: code, verifier: verifier ?? "",
                    redirectURI: redirectURI(try request.parameter("kind"), request.services), by: name)
                try await audit("setup.signIn", "")
                return go(.rooms, PageNotice(.success, request.words["setup.signedIn"]))
            case .refused(let diagnosis, _):
                try await desk.refused(diagnosis, at: step, of: id, by: name)
                try await audit("setup.\(isConsent ? "consent" : "signIn").refused", diagnosis.vendorCode ?? "")
                return go(
                    step,
                    PageNotice(.warning, request.words[isConsent ? "setup.consentRefused" : "setup.signInRefused"]))
            case .consented, .signedIn, .unreadable: return problem(request, "unreadable", .badRequest)
            }
        } catch SetupError.refused(let diagnosis) {
            try await audit("setup.\(isConsent ? "consent" : "signIn").refused", diagnosis.code)
            return go(step, PageNotice(.error, request.words["setup.refused"]))
        } catch SetupError.noSuchSetup { throw Problem.notFound("") } catch SetupError.nameTaken {
            return go(.connection, PageNotice(.error, request.words["setup.bad.nameTaken"]))
        } catch SetupError.changed {
            return go(step, PageNotice(.error, request.words["setup.changedMeanwhile"]))
        }
    }

    private static func problem(_ request: PageRequest, _ name: String, _ status: HTTPResponse.Status) -> Response {
        let words = request.words
        return request.problemPage(
            PageProblem(
                status, title: words["setup.callback.\(name)"], detail: words["setup.callback.\(name).detail"],
                remedy: words["setup.callback.remedy"]))
    }
}
