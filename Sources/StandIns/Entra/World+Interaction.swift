import CalendarModel
import Foundation

// The walk through the pages: sign in, pass MFA, consent, go back to the application.
extension World {
    private static let interactionLifetime = Duration.seconds(15 * 60)

    func begin(_ purpose: Interaction.Purpose, clientID: String, authority: String) -> Interaction {
        let moment = now()
        entra.interactions = entra.interactions.filter {
            $0.value.startedAt.advanced(by: Self.interactionLifetime) > moment
        }
        let interaction = Interaction(
            id: newOpaqueText(bytes: 24), purpose: purpose, clientID: clientID, authority: authority,
            startedAt: moment)
        entra.interactions[interaction.id] = interaction
        return interaction
    }

    func interaction(_ id: String) -> Interaction? { entra.interactions[id] }

    /// Whom a browser session belongs to.
    func resume(_ interaction: Interaction, session: String) -> Interaction {
        guard let found = entra.sessions[session] else { return interaction }
        var interaction = interaction
        interaction.signedIn = Interaction.SignedIn(
            tenantID: found.tenantID, userID: found.userID, strong: found.strong)
        entra.interactions[interaction.id] = interaction
        return interaction
    }

    /// Takes the next step, or several when the form brought enough for them.
    func advance(_ id: String, with input: InteractionInput) -> InteractionStep {
        guard var interaction = entra.interactions[id] else {
            return .failed(
                EntraError(
                    165_900, "invalid_request", "This sign-in page is too old. Start again from the application."))
        }
        do {
            if input.isCancelled || input.consent == "cancel" { return decline(interaction) }
            let authority = try authority(interaction.authority)
            let application = try application(
                interaction.clientID, at: authority, named: interaction.authority)
            if let name = input.login {
                let hint = interaction.signedIn == nil ? name : nil
                do {
                    let (tenant, user) = try checkPassword(
                        name: name, password: input.password ?? "", authority: authority)
                    interaction.signedIn = Interaction.SignedIn(
                        tenantID: tenant.id, userID: user.id, strong: false)
                    entra.interactions[id] = interaction
                } catch {
                    return .signIn(interaction, hint: hint, error: error)
                }
            }
            return try goOn(interaction, input: input, application: application)
        } catch {
            return refuse(interaction, error: error)
        }
    }

    private func goOn(
        _ started: Interaction, input: InteractionInput, application: AppRegistration
    ) throws(EntraError) -> InteractionStep {
        var interaction = started
        guard var signedIn = interaction.signedIn, let tenant = tenants[signedIn.tenantID],
            let user = tenant.user(signedIn.userID)
        else { return .signIn(interaction, hint: loginHint(interaction), error: nil) }
        let mustBeStrong = user.requiresMFA || tenant.securityDefaults
        if mustBeStrong, !signedIn.strong {
            guard let code = input.oneTimeCode else {
                return .strongAuthentication(interaction, user: user, wrongCode: false)
            }
            guard code.count == 6, code.allSatisfy(\.isNumber) else {
                return .strongAuthentication(interaction, user: user, wrongCode: true)
            }
            signedIn.strong = true
            interaction.signedIn = signedIn
            entra.interactions[interaction.id] = interaction
        }
        try checkPolicies(user, tenant: tenant, application: application, strong: signedIn.strong)
        switch interaction.purpose {
        case .adminConsent(let request):
            return try answerAdminConsent(
                interaction, request: request, input: input, application: application, tenant: tenant, user: user)
        case .authorize, .device:
            return try answerSignIn(interaction, input: input, application: application, tenant: tenant, user: user)
        }
    }

    private func answerSignIn(
        _ interaction: Interaction, input: InteractionInput, application: AppRegistration, tenant: Tenant,
        user: Tenant.User
    ) throws(EntraError) -> InteractionStep {
        let words = requestedScopes(interaction)
        let scopes = try ScopeRequest(parsing: words, application: application, tenant: tenant.displayName)
        var missing = missingConsent(scopes, user: user, tenant: tenant, application: application)
        if case .authorize(let request) = interaction.purpose, request.prompt == "consent", missing.isEmpty {
            missing = scopes.permissions
        }
        if !missing.isEmpty {
            let needsAdministrator = missing.contains { Permission.delegated($0)?.needsAdministrator ?? false }
            if needsAdministrator, !user.isGlobalAdministrator { throw .adminConsentNeeded }
            guard input.consent == "accept" else {
                return .consent(
                    interaction,
                    ConsentQuestion(
                        application: application, user: user,
                        delegated: missing + scopes.openID.sorted().filter { !missing.contains($0) }, roles: [],
                        forOrganization: false, mayConsentForOrganization: user.isGlobalAdministrator))
            }
            consent(
                to: missing, user: user, tenant: tenant, application: application,
                forOrganization: input.forOrganization || needsAdministrator)
        }
        return finish(interaction, application: application, tenant: tenant, user: user, words: words)
    }

    private func finish(
        _ interaction: Interaction, application: AppRegistration, tenant: Tenant, user: Tenant.User, words: [String]
    ) -> InteractionStep {
        entra.interactions[interaction.id] = nil
        let strong = interaction.signedIn?.strong ?? false
        var grant = SignInGrant(
            tenantID: tenant.id, userID: user.id, clientID: application.clientID, scopes: words, strong: strong)
        switch interaction.purpose {
        case .authorize(let request):
            grant.nonce = request.nonce
            let code = "1.\(newOpaqueText(bytes: 64))"
            entra.codes[code] = AuthorizationCode(
                grant: grant, redirectURI: request.redirectURI, challenge: request.challenge,
                challengeMethod: request.challengeMethod, expiresAt: now().advanced(by: .seconds(600)))
            let session = newOpaqueText(bytes: 24)
            entra.sessions[session] = BrowserSession(tenantID: tenant.id, userID: user.id, strong: strong)
            var parameters = [("code", code)]
            if request.wantsClientInfo {
                let info = #"{"uid":"\#(user.id)","utid":"\#(tenant.id)"}"#
                parameters.append(("client_info", Base64URL.encode(Data(info.utf8))))
            }
            if let state = request.state { parameters.append(("state", state)) }
            parameters.append(("session_state", newGUID()))
            return .redirect(
                to: request.redirectURI, mode: request.responseMode, parameters: parameters, session: session)
        case .device(let code):
            if tenant.blocksDeviceCode { return .failed(.blockedByPolicy) }
            entra.deviceCodes[code]?.outcome = .signedIn(grant)
            return .finished(
                message: "You have signed in to the \(application.displayName) application on your device. "
                    + "You may now close this window.")
        case .adminConsent:
            return .finished(message: "Consent was given.")
        }
    }

    private func decline(_ interaction: Interaction) -> InteractionStep {
        entra.interactions[interaction.id] = nil
        switch interaction.purpose {
        case .device(let code):
            entra.deviceCodes[code]?.outcome = .declined
            return .finished(message: "The sign-in was declined. You may now close this window.")
        case .authorize:
            return refuse(interaction, error: interaction.signedIn == nil ? .cancelled : .consentDeclined)
        case .adminConsent:
            return refuse(interaction, error: .consentDeclined)
        }
    }

    /// Ends an interaction with an error: at the application, where there is one to go back to.
    private func refuse(_ interaction: Interaction, error: EntraError) -> InteractionStep {
        entra.interactions[interaction.id] = nil
        switch interaction.purpose {
        case .device: return .failed(error)
        case .adminConsent(let request):
            return .redirect(
                to: request.redirectURI, mode: "query",
                parameters: consentErrorParameters(error, request: request), session: nil)
        case .authorize(let request):
            // Conditional Access, assignment and MFA walls are shown to the person; only answers to questions the
            // application asked go back to it.
            guard
                ["access_denied", "login_required", "invalid_scope", "invalid_resource"].contains(error.error)
                    || [650_053, 53003, 50105].contains(error.code)
            else { return .failed(error) }
            let name = ["invalid_client", "invalid_grant"].contains(error.error) ? "access_denied" : error.error
            var parameters = [("error", name), ("error_description", described(error))]
            if let suberror = error.suberror { parameters.append(("error_subcode", suberror)) }
            if let state = request.state { parameters.append(("state", state)) }
            return .redirect(
                to: request.redirectURI, mode: request.responseMode, parameters: parameters, session: nil)
        }
    }

    func described(_ error: EntraError) -> String {
        error.description(TraceStamp(traceID: newGUID(), correlationID: newGUID(), at: now()))
    }

    private func requestedScopes(_ interaction: Interaction) -> [String] {
        if case .device(let code) = interaction.purpose { return entra.deviceCodes[code]?.scopes ?? [] }
        return interaction.scopes
    }

    private func loginHint(_ interaction: Interaction) -> String? {
        if case .authorize(let request) = interaction.purpose { request.loginHint } else { nil }
    }
}
