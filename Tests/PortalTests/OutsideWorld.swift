import CalendarModel
import Foundation
import HTTPTransport
import HTTPTypes
import Logging
import OpenID
import StandIns
import Testing

@testable import Portal

/// A portal where people sign in with the stand-ins of Microsoft and Google, over real HTTP.
struct OutsideWorld: Sendable {
    let portal: TestPortal
    private let transport: HTTPTransport

    private static let client = "11111111-2222-4333-8444-555555555555"
    private static let googleClient = "42.apps.googleusercontent.com"
    private static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    /// - Parameter trustsContoso: whether the administrators of contoso.example are trusted with their people's addresses.
    static func run(
        trustsContoso: Bool = false, _ body: @escaping @Sendable (OutsideWorld, Browser) async throws -> Void
    ) async throws {
        let world = World(now: { TestPortal.now })
        try await world.seed(try JSONDocument(parsing: Data(document.utf8)))
        let sim = try LoopSim(world: world, options: LoopSim.Options(sleep: { _ in }), installers: LoopSim.vendors)
        try await sim.whileServing(logger: logger) { url in
            try await HTTPTransport.withTransport(logger: logger) { transport in
                let contoso = try #require(await world.tenant("contoso.example")?.id)
                func provider(_ settings: OpenIDSettings) -> any SignInProvider {
                    var settings = settings
                    settings.allowsInternalAddresses = true
                    return StandInSignIn(
                        provider: OpenIDProvider(
                            settings: settings, transport: transport, now: { TestPortal.now }, logger: logger))
                }
                var portal = try await TestPortal()
                portal.providers = [
                    provider(
                        .microsoft(
                            clientID: client, clientSecret: "application secret",
                            trustedTenants: trustsContoso ? [contoso] : [], loginURL: url)),
                    provider(
                        .google(clientID: googleClient, clientSecret: "google secret", issuer: url + "/google")),
                ]
                let outside = OutsideWorld(portal: portal, transport: transport)
                try await portal.browse { try await body(outside, $0) }
            }
        }
    }

    private static func back(_ provider: String) -> String { "http://127.0.0.1/sign-in/\(provider)/callback" }

    private static let document = """
        {"registrations":[{"clientID":"\(client)","displayName":"LoopBooking","isMultiTenant":true,
        "secrets":[{"value":"application secret"}],"redirectURIs":["\(back("microsoft"))"]}],
        "tenants":[{"domain":"contoso.example","displayName":"Contoso","users":[
        {"principalName":"anna@contoso.example","displayName":"Anna Ås","password":"right"}]},
        {"domain":"evil.example","displayName":"Evil","users":[
        {"principalName":"eve@evil.example","displayName":"Eve","password":"right","mail":"anna@contoso.example"}]}],
        "google":{"clients":[{"clientID":"\(googleClient)","displayName":"LoopBooking","secret":"google secret",
        "redirectURIs":["\(back("google"))"]}],
        "accounts":[{"email":"bo@gmail.com","name":"Bo Ek"},{"email":"di@contoso.example","name":"Di"}]}}
        """

    /// Follows the page that leads away, answers what is asked there, and returns the way back.
    func away(_ page: Browser.Page, _ answers: [String: String]) async throws -> String {
        #expect(page.status == .ok, "\(page.text)")
        #expect(page.headers[.refresh]?.hasPrefix("0; url=http://127.0.0.1:") == true)
        let found = try #require(page.text.firstMatch(of: /href="(http:\/\/127[^"]*)"/)?.output.1)
        let link = String(found).replacing("&amp;", with: "&").replacing("&#x3D;", with: "=")
        let reply = try await transport.send(
            HTTPCall(
                .post, link, headers: ["Content-Type": "application/x-www-form-urlencoded"],
                body: Data(Form(answers.map { (name: $0.key, value: $0.value) }).encoded.utf8)))
        let location = try #require(reply.headers["Location"], "\(String(decoding: reply.body, as: UTF8.self))")
        #expect(location.hasPrefix("http://127.0.0.1/sign-in/"))
        return String(location.dropFirst("http://127.0.0.1".count))
    }

    /// Signs in with a provider from the sign-in page, and comes back.
    @discardableResult
    func signIn(
        _ browser: Browser, _ provider: String, _ answers: [String: String], fields: [String: String] = [:],
        from path: String = "/sign-in"
    ) async throws -> Browser.Page {
        try await browser.get(path)
        let leaving = try await browser.post("/sign-in/\(provider)", fields, follow: false)
        return try await browser.get(try await away(leaving, answers))
    }

    static func microsoft(_ name: String) -> [String: String] {
        ["login": name, "passwd": "right", "consent": "accept"]
    }

    static func google(_ email: String) -> [String: String] { ["account": email] }
}

/// What loopsync does with a provider.
private struct StandInSignIn: SignInProvider {
    let provider: OpenIDProvider

    var id: String { provider.id }
    var name: String { provider.displayName }

    func address(state: String, nonce: String, challenge: String, redirectURI: String) async throws -> String {
        try await provider.authorizationURL(
            state: state, nonce: nonce, challenge: challenge, redirectURI: redirectURI)
    }

    func person(code: String, verifier: String, nonce: String, redirectURI: String) async throws -> OutsidePerson {
        let identity = try await provider.identity(
            code: code, verifier: verifier, nonce: nonce, redirectURI: redirectURI)
        return OutsidePerson(
            issuer: identity.issuer, subject: identity.subject, email: identity.email,
            emailIsProved: identity.emailIsTrusted, name: identity.name ?? "")
    }
}
