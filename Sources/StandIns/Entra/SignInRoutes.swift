import Foundation
import HTTPTypes
import Hummingbird

/// The pages of Entra ID: authorize, admin consent, device login, and the forms behind them.
struct SignInRoutes: Sendable {
    private static let sessionCookie = "ESTSAUTH"

    let world: World

    /// `GET` shows the sign-in page; `POST` does so too, or answers at once when the form brought name, password and
    /// whatever else is asked.
    func authorize(_ request: Request, tenantPath: String) async throws -> Response {
        let form = try await parameters(request)
        do {
            let authority = try await world.authority(tenantPath)
            guard let clientID = form["client_id"] else { throw EntraError.missingParameter("client_id") }
            let application = try await world.application(clientID, at: authority, named: tenantPath)
            let redirect = try redirectURI(form, application: application)
            let authorize = AuthorizeRequest(
                redirectURI: redirect, responseMode: form["response_mode"] ?? "query", state: form["state"],
                scopes: form.words("scope"), challenge: form["code_challenge"],
                challengeMethod: form["code_challenge_method"] ?? "plain", prompt: form["prompt"],
                loginHint: form["login_hint"], nonce: form["nonce"], wantsClientInfo: form["client_info"] == "1")
            var interaction = await world.begin(
                .authorize(authorize), clientID: application.clientID, authority: tenantPath)
            if let refusal = refusal(authorize, form: form, application: application, tenantPath: tenantPath) {
                return try await answer(
                    .redirect(
                        to: redirect, mode: authorize.responseMode,
                        parameters: [
                            ("error", refusal.error), ("error_description", await world.described(refusal)),
                        ] + (authorize.state.map { [("state", $0)] } ?? []), session: nil),
                    tenantPath: tenantPath)
            }
            let asksAnew = ["login", "select_account"].contains(authorize.prompt)
            if !asksAnew, form["login"] == nil, let session = request.cookie(Self.sessionCookie) {
                interaction = await world.resume(interaction, session: session)
            }
            if authorize.prompt == "none", interaction.signedIn == nil {
                return try await answer(
                    .redirect(
                        to: redirect, mode: authorize.responseMode,
                        parameters: [
                            ("error", "login_required"),
                            ("error_description", await world.described(.signInNeeded)),
                        ] + (authorize.state.map { [("state", $0)] } ?? []), session: nil),
                    tenantPath: tenantPath)
            }
            let step = await world.advance(interaction.id, with: InteractionInput(form))
            return try await answer(step, tenantPath: tenantPath)
        } catch let error as EntraError {
            return .page(SignInPage.failure(await world.described(error)), status: .badRequest)
        }
    }

    /// The admin consent endpoint; `version2` requires the scope parameter.
    func adminConsent(_ request: Request, tenantPath: String, version2: Bool) async throws -> Response {
        let form = try await parameters(request)
        do {
            let authority = try await world.authority(tenantPath)
            if version2, case .common = authority { throw EntraError.needsConcreteTenant }
            guard let clientID = form["client_id"] else { throw EntraError.missingParameter("client_id") }
            let application = try await world.application(clientID, at: authority, named: tenantPath)
            let redirect = try redirectURI(form, application: application)
            let scopes = form.words("scope")
            if version2, scopes.isEmpty { throw EntraError.missingParameter("scope") }
            let consent = AdminConsentRequest(
                redirectURI: redirect, state: form["state"], scopes: version2 ? scopes : nil)
            let interaction = await world.begin(
                .adminConsent(consent), clientID: application.clientID, authority: tenantPath)
            let step = await world.advance(interaction.id, with: InteractionInput(form))
            return try await answer(step, tenantPath: tenantPath)
        } catch let error as EntraError {
            return .page(SignInPage.failure(await world.described(error)), status: .badRequest)
        }
    }

    /// The forms of all pages post here.
    func login(_ request: Request, tenantPath: String) async throws -> Response {
        let form = try await request.formFields()
        return try await answer(
            await world.advance(form["ctx"] ?? "", with: InteractionInput(form)), tenantPath: tenantPath)
    }

    /// The page where a device's code is typed in.
    func deviceLogin(_ request: Request) async throws -> Response {
        guard request.method == .post else {
            return .page(SignInPage.deviceCode(action: "/common/oauth2/deviceauth", error: nil))
        }
        let form = try await request.formFields()
        guard let code = form["otc_device"], let interaction = await world.beginDeviceSignIn(userCode: code) else {
            return .page(
                SignInPage.deviceCode(
                    action: "/common/oauth2/deviceauth", error: "That code didn't work. Check the code and try again."))
        }
        let step = await world.advance(interaction.id, with: InteractionInput(form))
        return try await answer(step, tenantPath: interaction.authority)
    }

    private func parameters(_ request: Request) async throws -> FormFields {
        guard request.method == .post else { return request.queryFields }
        return try await request.formFields().completed(by: request.queryFields)
    }

    private func redirectURI(_ form: FormFields, application: AppRegistration) throws(EntraError) -> String {
        guard let first = application.redirectURIs.first else { throw .noReplyAddress(application) }
        guard let asked = form["redirect_uri"] else { return first }
        let known = application.redirectURIs.contains { Self.matches(asked, registered: $0) }
        guard known else { throw .redirectMismatch(asked, application: application) }
        return asked
    }

    /// Registered addresses match exactly, but for the port of `http://localhost`, which may be any.
    private static func matches(_ asked: String, registered: String) -> Bool {
        if asked == registered { return true }
        guard var left = URLComponents(string: asked), var right = URLComponents(string: registered),
            left.host == "localhost", right.host == "localhost"
        else { return false }
        left.port = nil
        right.port = nil
        if left.path == "/" { left.path = "" }
        if right.path == "/" { right.path = "" }
        return left == right
    }

    private func refusal(
        _ request: AuthorizeRequest, form: FormFields, application: AppRegistration, tenantPath: String
    ) -> EntraError? {
        let type = form["response_type"] ?? ""
        guard type == "code" else {
            return type.isEmpty ? .missingParameter("response_type") : .unsupportedResponseType(type)
        }
        guard !request.scopes.isEmpty else { return .missingParameter("scope") }
        do {
            _ = try ScopeRequest(parsing: request.scopes, application: application, tenant: tenantPath)
            return nil
        } catch {
            var error = error
            if error.error == "invalid_client" { error.error = "access_denied" }
            return error
        }
    }

    private func answer(_ step: InteractionStep, tenantPath: String) async throws -> Response {
        let action = "/\(tenantPath)/login"
        switch step {
        case .signIn(let interaction, let hint, let error):
            var description: String?
            if let error { description = await world.described(error) }
            return .page(SignInPage.signIn(interaction, action: action, hint: hint, error: description))
        case .strongAuthentication(let interaction, let user, let wrongCode):
            return .page(
                SignInPage.strongAuthentication(interaction, action: action, user: user, wrongCode: wrongCode))
        case .consent(let interaction, let question):
            return .page(SignInPage.consent(interaction, action: action, question: question))
        case .redirect(let address, let mode, let parameters, let session):
            let cookie = session.map { "\(Self.sessionCookie)=\($0); Path=/; HttpOnly; SameSite=Lax" }
            if mode == "form_post" {
                var response = Response.page(SignInPage.formPost(to: address, parameters: parameters))
                if let cookie { response.headers[.setCookie] = cookie }
                return response
            }
            let separator = mode == "fragment" ? "#" : address.contains("?") ? "&" : "?"
            return .seeOther(address + separator + FormFields.encode(parameters), cookie: cookie)
        case .finished(let message):
            return .page(SignInPage.message(message))
        case .failed(let error):
            return .page(SignInPage.failure(await world.described(error)), status: .badRequest)
        }
    }
}
