import CalendarModel
import Foundation
import HTTPTransport
import StandIns
import TestSupport
import Testing
import Vault

@testable import OpenID

@Suite("Signing in with Microsoft")
struct MicrosoftTests {
    @Test("Whoever signs in is recognized by issuer and subject; the address is not trusted")
    func anybody() async throws {
        try await OpenIDWorld.run { world in
            let anna = try await world.signIn(world.microsoft(), OpenIDWorld.at("anna@contoso.example"))
            let tenant = try await world.tenantID("contoso.example")
            #expect(anna.provider == "microsoft")
            #expect(anna.tenant == tenant)
            #expect(anna.issuer == "\(world.url)/\(tenant)/v2.0")
            #expect(anna.objectID != nil && anna.name == "Anna Ås" && anna.accountName == "anna@contoso.example")
            #expect(anna.email == "anna@contoso.example" && !anna.emailIsTrusted)
            let again = try await world.signIn(world.microsoft(), OpenIDWorld.at("anna@contoso.example"))
            #expect(again.subject == anna.subject)
        }
    }

    @Test("An administrator elsewhere who writes Anna's address into a directory is not Anna")
    func foreignAddress() async throws {
        try await OpenIDWorld.run { world in
            let provider = world.microsoft(trusted: [try await world.tenantID("contoso.example").uppercased()])
            let anna = try await world.signIn(provider, OpenIDWorld.at("anna@contoso.example"))
            let eve = try await world.signIn(provider, OpenIDWorld.at("eve@evil.example"))
            #expect(anna.emailIsTrusted)
            #expect(eve.email == anna.email && !eve.emailIsTrusted && !eve.emailIsVerified)
            #expect(eve.subject != anna.subject && eve.issuer != anna.issuer)
        }
    }

    @Test("Other tenants can be kept out")
    func admitted() async throws {
        try await OpenIDWorld.run { world in
            let provider = world.microsoft(trusted: [try await world.tenantID("contoso.example")], admitsOthers: false)
            #expect(try await world.signIn(provider, OpenIDWorld.at("anna@contoso.example")).emailIsTrusted)
            let error = await #expect(throws: OpenIDError.self) {
                try await world.signIn(provider, OpenIDWorld.at("eve@evil.example"))
            }
            #expect(error?.kind == .tenantNotAdmitted && error?.isForThePerson == true)
        }
    }

    @Test("One tenant, by its domain or its GUID")
    func oneTenant() async throws {
        try await OpenIDWorld.run { world in
            let id = try await world.tenantID("contoso.example")
            for name in ["contoso.example", id] {
                let anna = try await world.signIn(world.microsoft(tenant: name), OpenIDWorld.at("anna@contoso.example"))
                #expect(anna.tenant == id)
            }
        }
    }

    @Test("The link holds what protects it, and a hint instead of the question")
    func link() async throws {
        try await OpenIDWorld.run { world in
            let link = try await world.microsoft().authorizationURL(
                state: "s +&", nonce: "n", challenge: "c", redirectURI: OpenIDWorld.back, loginHint: "a+b@c.example")
            let query = FormFields(parsing: link.split(separator: "?", maxSplits: 1).last ?? "")
            #expect(link.hasPrefix("\(world.url)/organizations/oauth2/v2.0/authorize?"))
            #expect(query["state"] == "s +&" && query["nonce"] == "n" && query["login_hint"] == "a+b@c.example")
            #expect(query["code_challenge"] == "c" && query["code_challenge_method"] == "S256")
            #expect(query["response_type"] == "code" && query["scope"] == "openid profile email")
            #expect(query["prompt"] == nil && query["redirect_uri"] == OpenIDWorld.back)
            #expect(!link.contains("secret"))
        }
    }

    @Test("A code is good once, with its own verifier, nonce and application secret")
    func codes() async throws {
        try await OpenIDWorld.run { world in
            let provider = world.microsoft()
            let attempt = OpenIDWorld.Attempt()
            func redeem(
                _ provider: OpenIDProvider, _ code: String, verifier: String? = nil, nonce: String? = nil
            ) async throws -> OpenIDIdentity {
                try await provider.identity(
                    code: code, verifier: verifier ?? attempt.proof.verifier, nonce: nonce ?? attempt.nonce,
                    redirectURI: OpenIDWorld.back)
            }
            func refused(_ kind: OpenIDError.Kind, _ code: String?, _ body: () async throws -> OpenIDIdentity) async {
                let error = await #expect(throws: OpenIDError.self) { try await body() }
                #expect(error?.kind == kind && error?.providerCode == code)
                #expect(error?.description.contains("application secret") == false)
            }
            let code = try await world.code(provider, attempt, OpenIDWorld.at("anna@contoso.example"))
            await refused(.codeRefused, "AADSTS501481") { try await redeem(provider, code, verifier: "x") }
            await refused(.clientRefused, "AADSTS7000215") { try await redeem(world.microsoft(secret: "wrong"), code) }
            #expect(try await redeem(provider, code).accountName == "anna@contoso.example")
            await refused(.codeRefused, "AADSTS54005") { try await redeem(provider, code) }
            await refused(.codeRefused, "AADSTS9002313") { try await redeem(provider, "nonsense") }
            let second = try await world.code(provider, attempt, OpenIDWorld.at("anna@contoso.example"))
            await refused(.tokenRefused, nil) { try await redeem(provider, second, nonce: "of another sign-in") }
        }
    }

    @Test("A clock that is far off is named")
    func clock() async throws {
        try await OpenIDWorld.run { world in
            var settings = world.microsoft().settings
            settings.allowsInternalAddresses = true
            let slow = OpenIDProvider(
                settings: settings, transport: world.transport, now: { world.clock.now.advanced(by: .seconds(-600)) },
                logger: OpenIDWorld.logger)
            let error = await #expect(throws: OpenIDError.self) {
                try await world.signIn(slow, OpenIDWorld.at("anna@contoso.example"))
            }
            #expect(error?.kind == .tokenRefused && error?.remedy.contains("clock") == true)
        }
    }

    @Test("What comes back instead of a code is put into words, and nothing of it is repeated that is no code")
    func sentBack() {
        let settings = OpenIDSettings.microsoft(clientID: "c", clientSecret: nil)
        let cancelled = OpenIDError.sentBack("access_denied", description: "the user canceled", settings: settings)
        #expect(cancelled.kind == .declined && cancelled.providerCode == "access_denied")
        let odd = OpenIDError.sentBack(
            "<script>alert(1)</script>", description: "AADSTS50105: Eve is blocked", settings: settings)
        #expect(odd.kind == .refused && odd.providerCode == "AADSTS50105" && !odd.description.contains("Eve"))
        #expect(OpenIDError.sentBack("<b>", description: nil, settings: settings).providerCode == "unknown")
    }
}

@Suite("Signing in with Google")
struct GoogleSignInTests {
    @Test("An address is trusted where Google vouches for it: its own, and of Workspace domains; verified in any case")
    func addresses() async throws {
        try await OpenIDWorld.run { world in
            let bo = try await world.signIn(world.google(), ["account": "bo@gmail.com"])
            #expect(bo.provider == "google" && bo.issuer == "\(world.url)/google" && bo.name == "Bo Ek")
            #expect(bo.email == "bo@gmail.com" && bo.emailIsTrusted && bo.tenant == nil)
            let cy = try await world.signIn(world.google(), ["account": "cy@fabrikam.example"])
            #expect(cy.emailIsTrusted && cy.tenant == "fabrikam.example")
            let di = try await world.signIn(world.google(), ["account": "di@contoso.example"])
            #expect(di.emailIsVerified && !di.emailIsTrusted)
            let ed = try await world.signIn(world.google(), ["account": "ed@fabrikam.example"])
            #expect(!ed.emailIsVerified && !ed.emailIsTrusted)
        }
    }

    @Test("Who gets an address that was another's is another person")
    func moved() async throws {
        try await OpenIDWorld.run { world in
            let before = try await world.signIn(world.google(), ["account": "bo@gmail.com"])
            try await world.world.removeGoogleAccount("bo@gmail.com")
            try await world.world.addGoogleAccount(["email": "bo@gmail.com", "name": "Another Bo"])
            let after = try await world.signIn(world.google(), ["account": "bo@gmail.com"])
            #expect(after.email == before.email && after.subject != before.subject)
        }
    }

    @Test("A Workspace domain can be demanded")
    func domains() async throws {
        try await OpenIDWorld.run { world in
            let provider = world.google(domains: ["Fabrikam.example"], admitsOthers: false)
            let cy = try await world.signIn(provider, ["account": "cy@fabrikam.example"])
            #expect(cy.tenant == "fabrikam.example")
            let error = await #expect(throws: OpenIDError.self) {
                try await world.signIn(provider, ["account": "bo@gmail.com"])
            }
            #expect(error?.kind == .tenantNotAdmitted)
        }
    }

    @Test("Keys are read once, and again when a token names a new one")
    func rotation() async throws {
        try await OpenIDWorld.run { world in
            let provider = world.google()
            func readings() async -> Int {
                await world.sim.requests.entries(path: "/google/oauth2/v3/certs").entries.count
            }
            let before = try await world.signIn(provider, ["account": "bo@gmail.com"])
            _ = try await world.signIn(provider, ["account": "bo@gmail.com"])
            #expect(await readings() == 1)
            _ = try await world.transport.send(HTTPCall(.post, "\(world.url)/control/v1/google/keys/renew"))
            let after = try await world.signIn(provider, ["account": "bo@gmail.com"])
            #expect(after.subject == before.subject)
            #expect(await readings() == 2)
            world.clock.pass(.seconds(86_401))
            _ = try await world.signIn(provider, ["account": "bo@gmail.com"])
            #expect(await readings() == 3)
        }
    }

    @Test("A wrong secret, and saying no")
    func refusals() async throws {
        try await OpenIDWorld.run { world in
            let error = await #expect(throws: OpenIDError.self) {
                try await world.signIn(world.google(secret: "wrong"), ["account": "bo@gmail.com"])
            }
            #expect(error?.kind == .clientRefused && error?.providerCode == "invalid_client")
            let link = try await world.google().authorizationURL(
                state: "s", nonce: "n", challenge: "c", redirectURI: OpenIDWorld.back)
            let back = try await world.browse(link, ["cancel": "1"])
            #expect(back["error"] == "access_denied" && back["state"] == "s")
        }
    }
}

@Suite("Issuers that cannot be used")
struct IssuerTests {
    private func failure(
        _ script: @escaping @Sendable (ScriptedServer.Asked) async -> ScriptedServer.Answer,
        vendor: OpenIDSettings.Vendor = .other, path: String = "", allowsInternal: Bool = true
    ) async throws -> OpenIDError? {
        try await ScriptedServer.run(script) { server in
            try await HTTPTransport.withTransport(logger: OpenIDWorld.logger) { transport in
                let provider = OpenIDProvider(
                    settings: OpenIDSettings(
                        id: "x", displayName: "Example", vendor: vendor, issuer: server.url + path, clientID: "c",
                        clientSecret: "s", allowsInternalAddresses: allowsInternal), transport: transport,
                    now: { Instant(seconds: 1_772_438_400) }, logger: OpenIDWorld.logger)
                return await #expect(throws: OpenIDError.self) {
                    _ = try await provider.authorizationURL(
                        state: "s", nonce: "n", challenge: "c", redirectURI: OpenIDWorld.back)
                }
            }
        }
    }

    private static func discovery(issuer: String, tokens: String = "https://x.example/token") -> String {
        """
        {"issuer":"\(issuer)","authorization_endpoint":"https://x.example/authorize","token_endpoint":"\(tokens)",
        "jwks_uri":"https://x.example/keys"}
        """
    }

    @Test("No answer, no description, somebody else's description, and addresses inside")
    func discovery() async throws {
        #expect(try await failure { _ in .init(status: 500) }?.kind == .discoveryUnusable)
        #expect(try await failure { _ in .init(body: "<html>") }?.kind == .discoveryUnusable)
        #expect(try await failure { _ in .init(body: "{}") }?.kind == .discoveryUnusable)
        #expect(
            try await failure { _ in .init(body: Self.discovery(issuer: "https://evil.example")) }?.kind
                == .discoveryUnusable)
        #expect(try await failure({ _ in .init() }, allowsInternal: false)?.kind == .addressNotAllowed)
    }

    @Test(
        "At Microsoft the tenant's segment may differ, and nothing else",
        arguments: [
            ("organizations", "{tenantid}", true), ("organizations", "00000000-0000-4000-8000-000000000000", false),
            ("contoso.example", "00000000-0000-4000-8000-000000000000", true), ("contoso.example", "{tenantid}", false),
            ("contoso.example", "evil.example", false),
            ("11111111-0000-4000-8000-000000000000", "00000000-0000-4000-8000-000000000000", false),
        ])
    func tenants(asked: String, found: String, isGood: Bool) throws {
        func check(_ vendor: OpenIDSettings.Vendor, _ host: String) -> Bool {
            let settings = OpenIDSettings(
                id: "x", displayName: "X", vendor: vendor, issuer: "https://login.example/\(asked)/v2.0", clientID: "c",
                clientSecret: nil)
            let text = Self.discovery(issuer: "https://\(host)/\(found)/v2.0")
            do {
                try JSONDecoder().decode(OpenIDConfiguration.self, from: Data(text.utf8)).check(settings)
                return true
            } catch {
                return false
            }
        }
        #expect(check(.microsoft, "login.example") == isGood)
        #expect(!check(.microsoft, "evil.example"))
        #expect(!check(.other, "login.example"))
    }

    @Test(
        "An issuer may not send us inside",
        arguments: ["http://127.0.0.1/token", "https://169.254.169.254/", "file:///x"])
    func inside(address: String) throws {
        let settings = OpenIDSettings(
            id: "x", displayName: "X", vendor: .other, issuer: "https://login.example", clientID: "c", clientSecret: nil
        )
        let text = Self.discovery(issuer: "https://login.example", tokens: address)
        let found = try JSONDecoder().decode(OpenIDConfiguration.self, from: Data(text.utf8))
        let error = #expect(throws: OpenIDError.self) { try found.check(settings) }
        #expect(error?.kind == .addressNotAllowed)
    }

    @Test("Settings never show the secret")
    func hidden() {
        let settings = OpenIDSettings.google(clientID: "c", clientSecret: "secret-word")
        var text = "\(settings) \(String(reflecting: settings))"
        dump(settings, to: &text)
        #expect(!text.contains("secret-word"))
    }
}
