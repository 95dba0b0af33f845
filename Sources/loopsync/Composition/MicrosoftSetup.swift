import CalendarModel
import Foundation
import GraphConnector
import HTTPTransport
import SQLStore
import SyncEngine
import SyncService

/// Setting up a connection to Microsoft 365: the manual's steps in Microsoft's terms.
struct MicrosoftSetup: ConnectionSetup {
    let microsoft: OperatorMicrosoft
    let registry: ConnectorRegistry
    let transport: HTTPTransport
    let now: @Sendable () -> Instant
    let sleep: @Sendable (Duration) async throws -> Void

    let kind = MicrosoftSettings.kind
    let name = "Microsoft 365"

    var features: SetupFeatures {
        SetupFeatures(
            ways: [.browser, .password, .secret, .certificate], asksConsent: true,
            hasOperatorApplication: microsoft.clientID != nil,
            scripts: [.mirrors, .processing, .fullAccess, .roles])
    }

    private var surroundings: Surroundings { Surroundings(now: now, sleep: sleep) }

    // MARK: What is kept

    private enum More {
        static let login = "loginURL"
        static let graph = "graphURL"
        static let internalAddresses = "allowsInternal"
    }

    func draft(of connection: ConnectionRecord) throws -> SetupDraft {
        let settings = try MicrosoftSettings(stored: connection.settings)
        var draft = SetupDraft(name: connection.name)
        draft.tenant = settings.tenant
        draft.clientID = settings.clientID
        draft.usesOwnApplication = settings.clientID.lowercased() != microsoft.clientID?.lowercased()
        draft.account = settings.account ?? ""
        draft.signIn = SetupSignIn(rawValue: settings.signIn.rawValue) ?? .browser
        // An earlier connection stays where it is, whatever the operator's settings say by now.
        draft.more = [
            More.login: settings.loginURL, More.graph: settings.graphURL,
            More.internalAddresses: settings.allowsInternalAddresses ? "yes" : "no",
        ]
        return draft
    }

    func settings(of draft: SetupDraft) throws -> String { try StoredJSON.text(microsoftSettings(draft)) }

    private func microsoftSettings(_ draft: SetupDraft) -> MicrosoftSettings {
        MicrosoftSettings(
            tenant: draft.tenant.isEmpty ? "organizations" : draft.tenant,
            clientID: draft.usesOwnApplication ? draft.clientID : microsoft.clientID ?? draft.clientID,
            account: draft.signIn.usesAccount && !draft.account.isEmpty ? draft.account : nil,
            signIn: MicrosoftSettings.SignIn(rawValue: draft.signIn.rawValue) ?? .browser,
            loginURL: draft.more[More.login] ?? microsoft.loginURL,
            graphURL: draft.more[More.graph] ?? microsoft.graphURL,
            allowsInternalAddresses: draft.more[More.internalAddresses].map { $0 == "yes" }
                ?? microsoft.allowsInternalAddresses)
    }

    func secretNames(of draft: SetupDraft) -> Set<String> {
        let client: Set<String> = draft.usesOwnApplication ? ["clientSecret"] : []
        switch draft.signIn {
        case .browser: return client.union([SealedRefreshTokens.name])
        case .password: return client.union(["password", SealedRefreshTokens.name])
        case .secret: return client
        case .certificate: return ["certificate", "privateKey"]
        }
    }

    func requiredSecrets(of draft: SetupDraft) -> Set<String> {
        switch draft.signIn {
        case .browser: []
        case .password: ["password"]
        case .secret: draft.usesOwnApplication || microsoft.clientSecret == nil ? ["clientSecret"] : []
        case .certificate: ["certificate", "privateKey"]
        }
    }

    /// The settings to work with, their addresses checked.
    private func checked(_ draft: SetupDraft) throws -> MicrosoftSettings {
        let settings = microsoftSettings(draft)
        try settings.checkAddresses()
        return settings
    }

    private func secret(_ secrets: [String: String], _ settings: MicrosoftSettings) -> @Sendable (String) -> String? {
        { [microsoft] name in secrets[name] ?? microsoft.secret(name, of: settings.clientID) }
    }

    // MARK: Consent

    func tenantID(of draft: SetupDraft) async throws -> String {
        let settings = try checked(draft)
        if UUID(uuidString: draft.tenant) != nil { return draft.tenant.lowercased() }
        return try await TenantLookup(configuration: settings.configuration, transport: transport).id()
    }

    func consentLink(_ draft: SetupDraft, redirectURI: String, state: String) throws -> String {
        let settings = try checked(draft)
        return SignInLinks(settings.configuration).adminConsent(
            redirectURI: redirectURI, state: state, tenant: draft.tenant.isEmpty ? "organizations" : nil,
            applicationRights: !draft.signIn.usesAccount)
    }

    func signInLink(_ draft: SetupDraft, redirectURI: String, state: String, challenge: String) throws -> String {
        let settings = try checked(draft)
        return SignInLinks(settings.configuration).authorize(
            redirectURI: redirectURI, state: state, challenge: challenge)
    }

    func callback(query: String) -> SetupCallback {
        switch SignInCallback(query: query) {
        case .consented(let tenant, let scopes, let state):
            .consented(tenant: tenant, permissions: scopes, state: state)
        case .signedIn(let code, let state): .signedIn(code: code, state: state)
        case .refused(let diagnosis, let state): .refused(diagnosis, state: state)
        case .unreadable: .unreadable
        }
    }

    func proveConsent(_ draft: SetupDraft, secrets: [String: String]) async throws -> Bool {
        let settings = try checked(draft)
        // Entra ID gives an application a token in those tenants only that have it.
        guard let client = secret(secrets, settings)("clientSecret") else { return false }
        _ = try await trial(settings, .application(client: .secret(client)))
        return true
    }

    private func trial(_ settings: MicrosoftSettings, _ method: SignInMethod) async throws -> SignInProof {
        try await SignInTrial(
            configuration: settings.configuration, method: method, transport: transport, surroundings: surroundings
        ).prove()
    }

    // MARK: Signing in

    func redeem(
        _ draft: SetupDraft, secrets: [String: String], code: String, verifier: String, redirectURI: String
    ) async throws -> (proof: SetupProof, secrets: [String: String]) {
        let settings = try checked(draft)
        let client = secret(secrets, settings)("clientSecret")
        let kept = TransientRefreshTokenStore()
        let proof = try await BrowserSignIn(
            configuration: settings.configuration, client: client.map { .secret($0) } ?? .publicClient,
            transport: transport, surroundings: surroundings
        ).redeem(code: code, verifier: verifier, redirectURI: redirectURI, into: kept)
        let token = await kept.load() ?? ""
        return (try await self.proof(proof, draft), [SealedRefreshTokens.name: token])
    }

    func prove(_ draft: SetupDraft, secrets: [String: String]) async throws -> SetupProof {
        let settings = try checked(draft)
        let secret = secret(secrets, settings)
        let proof = try await trial(settings, try await settings.method { secret($0) })
        return try await self.proof(proof, draft)
    }

    private func proof(_ proof: SignInProof, _ draft: SetupDraft) async throws -> SetupProof {
        // An application's token says nothing to us; but the tenant's own endpoint gave it.
        let tenant: String =
            if let named = proof.tenant { named } else { try await tenantID(of: draft) }
        guard draft.signIn.usesAccount else { return SetupProof(tenant: tenant, account: nil, permissions: nil) }
        return SetupProof(tenant: tenant, account: proof.account ?? draft.account, permissions: proof.scopes)
    }

    func connector(_ draft: SetupDraft, secrets: [String: String]) async throws -> any CalendarConnector {
        try await registry.trial(try checked(draft), secrets: secrets)
    }

    func connectionChanged(_ id: ConnectionID) async { await registry.forget(id) }

    func permissions(_ draft: SetupDraft) -> [String] {
        draft.signIn.usesAccount ? GraphConfiguration.defaultScopes : ["Calendars.ReadWrite", "Place.Read.All"]
    }

    func script(_ script: SetupScript, _ draft: SetupDraft, rooms: [SetupScriptRoom]) -> String {
        ExchangeScripts(
            account: draft.account.isEmpty ? "svc-loopbooking@\(domain(draft))" : draft.account,
            clientID: microsoftSettings(draft).clientID, rooms: rooms
        ).text(script)
    }

    private func domain(_ draft: SetupDraft) -> String {
        draft.tenant.contains(".") ? draft.tenant : "contoso.com"
    }
}
