import CalendarModel
import Foundation
import HTTPTransport
import Logging
import StandIns
import Synchronization
import Testing
import Vault

@testable import OpenID

/// People, the stand-ins they have accounts at, and us: real HTTP, real tokens.
struct OpenIDWorld: Sendable {
    let world: World
    let sim: LoopSim
    let url: String
    let transport: HTTPTransport
    let clock: Clock

    static let client = "11111111-2222-4333-8444-555555555555"
    static let googleClient = "42.apps.googleusercontent.com"
    static let back = "https://sync.example/sign-in/back"
    static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    final class Clock: Sendable {
        private let moment = Mutex(Instant(seconds: 1_772_438_400))
        var now: Instant { moment.withLock { $0 } }
        func pass(_ duration: Duration) { moment.withLock { $0 = $0.advanced(by: duration) } }
    }

    static func run(_ body: @escaping @Sendable (OpenIDWorld) async throws -> Void) async throws {
        let clock = Clock()
        let world = World(now: { clock.now })
        try await world.seed(try JSONDocument(parsing: Data(document.utf8)))
        let sim = try LoopSim(
            world: world, options: LoopSim.Options(sleep: { clock.pass($0) }), installers: LoopSim.vendors)
        try await sim.whileServing(logger: logger) { url in
            try await HTTPTransport.withTransport(logger: logger) { transport in
                try await body(OpenIDWorld(world: world, sim: sim, url: url, transport: transport, clock: clock))
            }
        }
    }

    private static let document = """
        {"registrations":[{"clientID":"\(client)","displayName":"LoopBooking","isMultiTenant":true,
        "secrets":[{"value":"application secret"}],"redirectURIs":["\(back)"]}],
        "tenants":[{"domain":"contoso.example","displayName":"Contoso","users":[
        {"principalName":"anna@contoso.example","displayName":"Anna Ås","password":"right"}]},
        {"domain":"evil.example","displayName":"Evil","users":[
        {"principalName":"eve@evil.example","displayName":"Eve","password":"right","mail":"anna@contoso.example"}]}],
        "google":{"clients":[{"clientID":"\(googleClient)","displayName":"LoopBooking","secret":"google secret",
        "redirectURIs":["\(back)"]}],
        "accounts":[{"email":"bo@gmail.com","name":"Bo Ek"},{"email":"cy@fabrikam.example","name":"Cy",
        "hostedDomain":"fabrikam.example"},{"email":"di@contoso.example","name":"Di"},
        {"email":"ed@fabrikam.example","name":"Ed","hostedDomain":"fabrikam.example","emailIsVerified":false}]}}
        """

    // MARK: Us

    func provider(_ settings: OpenIDSettings) -> OpenIDProvider {
        var settings = settings
        settings.allowsInternalAddresses = true
        return OpenIDProvider(settings: settings, transport: transport, now: { clock.now }, logger: Self.logger)
    }

    func microsoft(
        tenant: String = "organizations", secret: String = "application secret", trusted: Set<String> = [],
        admitsOthers: Bool = true
    ) -> OpenIDProvider {
        provider(
            .microsoft(
                tenant: tenant, clientID: Self.client, clientSecret: secret, trustedTenants: trusted,
                admitsOtherTenants: admitsOthers, loginURL: url))
    }

    func google(
        secret: String = "google secret", domains: Set<String> = [], admitsOthers: Bool = true
    ) -> OpenIDProvider {
        provider(
            .google(
                clientID: Self.googleClient, clientSecret: secret, domains: domains, admitsOtherTenants: admitsOthers,
                issuer: url + "/google"))
    }

    func tenantID(_ domain: String) async throws -> String { try #require(await world.tenant(domain)?.id) }

    // MARK: The browser

    /// What one sign-in keeps between its halves.
    struct Attempt: Sendable {
        var state = "state-1"
        var nonce = "nonce-1"
        var proof = ProofKey.generate()
    }

    /// Opens the link and answers what is asked; returns the parameters that come back.
    func browse(_ link: String, _ answers: [String: String]) async throws -> FormFields {
        let reply = try await transport.send(
            HTTPCall(
                .post, link, headers: ["Content-Type": "application/x-www-form-urlencoded"],
                body: Data(FormFields.encode(answers.map { ($0.key, $0.value) }).utf8)))
        let location = try #require(reply.headers["Location"], "\(String(decoding: reply.body, as: UTF8.self))")
        #expect(location.hasPrefix(Self.back))
        return FormFields(parsing: location.split(separator: "?", maxSplits: 1).last ?? "")
    }

    func code(_ provider: OpenIDProvider, _ attempt: Attempt, _ answers: [String: String]) async throws -> String {
        let link = try await provider.authorizationURL(
            state: attempt.state, nonce: attempt.nonce, challenge: attempt.proof.challenge, redirectURI: Self.back)
        let back = try await browse(link, answers)
        #expect(back["state"] == attempt.state)
        return try #require(back["code"])
    }

    func signIn(_ provider: OpenIDProvider, _ answers: [String: String]) async throws -> OpenIDIdentity {
        let attempt = Attempt()
        let code = try await code(provider, attempt, answers)
        return try await provider.identity(
            code: code, verifier: attempt.proof.verifier, nonce: attempt.nonce, redirectURI: Self.back)
    }

    static func at(_ name: String) -> [String: String] { ["login": name, "passwd": "right", "consent": "accept"] }
}
