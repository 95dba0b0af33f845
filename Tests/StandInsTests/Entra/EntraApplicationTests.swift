import CalendarModel
import Foundation
import HTTPTypes
import StandIns
import Testing

@Suite("Signing in as an application")
struct EntraApplicationTests {
    private static let audience = "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token"

    /// The registration with the certificate, consented.
    private func prepare(_ client: SimClient, _ certificate: TestCertificate) async throws {
        let path = "/control/v1/registrations/\(SimFixture.confidential)"
        let patch: JSONDocument = ["certificates": [.string(certificate.der.base64EncodedString())]]
        #expect(try await client.json(.patch, path, patch).status == 200)
        #expect(try await client.consent().status == 302)
    }

    private func signIn(_ assertion: String, _ client: SimClient) async throws -> SimClient.Reply {
        try await client.applicationToken([
            "client_secret": nil, "client_assertion": assertion,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ])
    }

    @Test("A certificate signs in with either algorithm", arguments: TestCertificate.Algorithm.allCases)
    func certificate(_ algorithm: TestCertificate.Algorithm) async throws {
        let fixture = try await SimFixture()
        let certificate = try TestCertificate()
        try await fixture.run { client in
            try await prepare(client, certificate)
            let assertion = try certificate.assertion(
                algorithm, clientID: SimFixture.confidential, audience: Self.audience,
                issuedAt: fixture.clock.now.microseconds / 1_000_000)
            let reply = try await signIn(assertion, client)
            #expect(reply.status == 200)
            #expect(reply.json["refresh_token"] == nil)
        }
    }

    @Test("A wrong key, audience, issuer or time is refused by its own number")
    func refusals() async throws {
        let fixture = try await SimFixture()
        let certificate = try TestCertificate()
        let stranger = try TestCertificate()
        try await fixture.run { client in
            try await prepare(client, certificate)
            let now = fixture.clock.now.microseconds / 1_000_000
            let unknown = try stranger.assertion(
                .ps256, clientID: SimFixture.confidential, audience: Self.audience, issuedAt: now)
            #expect(try await signIn(unknown, client).aadsts == 700_027)
            let good = try certificate.assertion(
                .ps256, clientID: SimFixture.confidential, audience: Self.audience, issuedAt: now)
            let parts = good.split(separator: ".").map(String.init)
            let other = try certificate.assertion(
                .ps256, clientID: SimFixture.confidential, audience: Self.audience, issuedAt: now + 1)
            let swapped = parts[0] + "." + parts[1] + "." + (other.split(separator: ".").last.map(String.init) ?? "")
            let forged = try await signIn(swapped, client)
            #expect(forged.aadsts == 700_027)
            #expect(forged.status == 401)
            let elsewhere = try certificate.assertion(
                .ps256, clientID: SimFixture.confidential, audience: "https://graph.microsoft.com", issuedAt: now)
            #expect(try await signIn(elsewhere, client).aadsts == 700_023)
            let someone = try certificate.assertion(
                .ps256, clientID: SimFixture.publicClient, audience: Self.audience, issuedAt: now)
            #expect(try await signIn(someone, client).aadsts == 700_021)
            let old = try certificate.assertion(
                .ps256, clientID: SimFixture.confidential, audience: Self.audience, issuedAt: now - 3600)
            #expect(try await signIn(old, client).aadsts == 700_024)
            #expect(try await signIn("nonsense", client).aadsts == 50027)
            #expect(try await signIn(good, client).status == 200)
        }
    }

    @Test("Wrong, expired and missing secrets are told apart")
    func secrets() async throws {
        let fixture = try await SimFixture()
        try await fixture.run { client in
            #expect(try await client.consent().status == 302)
            #expect(try await client.applicationToken().status == 200)
            #expect(try await client.applicationToken(["client_secret": "wrong"]).aadsts == 7_000_215)
            #expect(try await client.applicationToken(["client_secret": nil]).aadsts == 7_000_218)
            let expiry = fixture.clock.now.microseconds - 1
            let patch: JSONDocument = [
                "secrets": [["value": .string(SimFixture.secret), "expiresAtMicroseconds": .integer(expiry)]]
            ]
            _ = try await client.json(.patch, "/control/v1/registrations/\(SimFixture.confidential)", patch)
            let expired = try await client.applicationToken()
            #expect(expired.aadsts == 7_000_222)
            #expect(expired.status == 401)
        }
    }

    @Test("The grant needs a concrete tenant, the default scope and an enabled application")
    func conditions() async throws {
        try await SimFixture().run { client in
            #expect(try await client.consent().status == 302)
            #expect(try await client.applicationToken(["scope": "Calendars.ReadWrite"]).aadsts == 1_002_012)
            let organizations = try await client.form(
                "/organizations/oauth2/v2.0/token",
                [
                    "grant_type": "client_credentials", "client_id": SimFixture.confidential,
                    "client_secret": SimFixture.secret, "scope": "https://graph.microsoft.com/.default",
                ])
            #expect(organizations.aadsts == 90130)
            let path = "\(SimFixture.tenantPath)/applications/\(SimFixture.confidential)"
            _ = try await client.json(.put, path, ["isEnabled": false])
            #expect(try await client.applicationToken().aadsts == 7_000_112)
        }
    }

    @Test("A single-tenant application is not for other tenants")
    func singleTenant() async throws {
        try await SimFixture().run { client in
            _ = try await client.json(
                .patch, "/control/v1/registrations/\(SimFixture.publicClient)", ["isMultiTenant": false])
            #expect(try await client.token().status == 200)
            #expect(try await client.token(tenant: "organizations").aadsts == 50194)
            _ = try await client.json(.post, "/control/v1/tenants", ["domain": "fabrikam.example"])
            #expect(try await client.token(tenant: "fabrikam.example").aadsts == 700_016)
        }
    }

    @Test("Discovery leads to the endpoints, and the key set has the key of the tokens")
    func discovery() async throws {
        try await SimFixture().run { client in
            let headers = try await client.get("/contoso.example/v2.0/.well-known/openid-configuration")
            let issuer = try #require(headers.json["issuer"]?.string)
            #expect(issuer.hasSuffix("/v2.0"))
            #expect(headers.json["token_endpoint"]?.string?.hasSuffix("/oauth2/v2.0/token") == true)
            let keys = try await client.get("/common/discovery/v2.0/keys")
            let key = try #require(keys.json["keys"]?.array?.first)
            #expect(key["kty"]?.string == "RSA")
            let token = try #require(try await client.token().json["id_token"]?.string)
            let header = try #require(token.split(separator: ".").first)
            var text = header.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
            while text.utf8.count % 4 != 0 { text += "=" }
            let decoded = try JSONDocument(parsing: try #require(Data(base64Encoded: text)))
            #expect(decoded["kid"] == key["kid"])
            #expect(try await client.get("/nowhere.example/v2.0/.well-known/openid-configuration").aadsts == 90002)
        }
    }
}
