import Crypto
import Foundation
import HTTPTypes
import StandIns
import Testing

@Suite("Signing in with a code")
struct EntraCodeTests {
    private static let verifier = "a-verifier-of-forty-three-characters-at-least-0"
    private static var challenge: String {
        Data(SHA256.hash(data: Data(verifier.utf8))).base64EncodedString()
            .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }

    private static func address(_ changes: [String: String?] = [:]) -> String {
        var fields: [String: String?] = [
            "client_id": SimFixture.confidential, "response_type": "code",
            "redirect_uri": "https://sync.example/callback", "state": "s1", "nonce": "n1",
            "scope": "openid offline_access Calendars.ReadWrite.Shared", "code_challenge": challenge,
            "code_challenge_method": "S256",
        ]
        fields.merge(changes) { _, new in new }
        return "/contoso.example/oauth2/v2.0/authorize?"
            + FormFields.encode(fields.compactMapValues { $0 }.map { ($0.key, $0.value) })
    }

    private func code(_ client: SimClient) async throws -> String {
        let reply = try await client.form(
            Self.address(), ["login": SimFixture.account, "passwd": "right", "consent": "accept"])
        #expect(reply.redirected["state"] == "s1")
        return try #require(reply.redirected["code"])
    }

    private func redeem(
        _ code: String, _ client: SimClient, _ changes: [String: String?] = [:]
    ) async throws -> SimClient.Reply {
        try await client.token(
            [
                "grant_type": "authorization_code", "client_id": SimFixture.confidential,
                "client_secret": SimFixture.secret, "code": code, "redirect_uri": "https://sync.example/callback",
                "code_verifier": Self.verifier, "username": nil, "password": nil, "scope": nil,
            ].merging(changes) { _, new in new })
    }

    @Test("A code is good once, with its verifier and its redirect address")
    func once() async throws {
        try await SimFixture().run { client in
            let code = try await code(client)
            #expect(try await redeem(code, client, ["code_verifier": "wrong"]).aadsts == 501_481)
            #expect(try await redeem(code, client, ["redirect_uri": "http://localhost/callback"]).aadsts == 70000)
            let reply = try await redeem(code, client)
            #expect(reply.status == 200)
            #expect(reply.json["refresh_token"]?.string != nil)
            let claims = try #require(Self.claims(reply.json["id_token"]?.string))
            #expect(claims["nonce"]?.string == "n1")
            #expect(claims["preferred_username"]?.string == SimFixture.account)
            #expect(claims["aud"]?.string == SimFixture.confidential)
            #expect(try await redeem(code, client).aadsts == 54005)
        }
    }

    @Test("A code lives ten minutes")
    func expiry() async throws {
        let fixture = try await SimFixture()
        try await fixture.run { client in
            let code = try await code(client)
            fixture.clock.advance(by: .seconds(601))
            #expect(try await redeem(code, client).aadsts == 70008)
        }
    }

    @Test("A person consents for himself, but not to what needs an administrator")
    func consent() async throws {
        try await SimFixture().run { client in
            let question = try await client.form(
                Self.address(), ["login": SimFixture.account, "passwd": "right"])
            #expect(question.text.contains("Read and write user and shared calendars"))
            let refused = try await client.form(
                Self.address(["scope": "Place.Read.All"]),
                ["login": SimFixture.account, "passwd": "right", "consent": "accept"])
            #expect(refused.redirected["error"] == "access_denied")
            #expect(refused.redirected["error_description"]?.contains("AADSTS90094") == true)
        }
    }

    @Test("Cancelling leads back with access_denied")
    func cancelled() async throws {
        try await SimFixture().run { client in
            let reply = try await client.form(Self.address(), ["cancel": "1"])
            #expect(reply.redirected["error"] == "access_denied")
            #expect(reply.redirected["state"] == "s1")
        }
    }

    @Test("An account with MFA meets the wall and gets through with six digits")
    func strong() async throws {
        try await SimFixture().run { client in
            _ = try await client.json(.patch, SimFixture.accountPath, ["requiresMFA": true])
            let wall = try await client.form(Self.address(), ["login": SimFixture.account, "passwd": "right"])
            #expect(wall.text.contains("Verification code"))
            let context = try #require(EntraConsentTests.context(wall.text))
            let wrong = try await client.form("/contoso.example/login", ["ctx": context, "otc": "12"])
            #expect(wrong.text.contains("expected verification code"))
            let through = try await client.form(
                "/contoso.example/login", ["ctx": context, "otc": "123456", "consent": "accept"])
            let code = try #require(through.redirected["code"])
            #expect(try await redeem(code, client).status == 200)
        }
    }

    @Test("A browser that signed in needs no password again, unless the application asks for one")
    func session() async throws {
        try await SimFixture().run { client in
            let silent = try await client.get(Self.address(["prompt": "none"]))
            #expect(silent.redirected["error"] == "login_required")
            let first = try await client.form(
                Self.address(), ["login": SimFixture.account, "passwd": "right", "consent": "accept"])
            let cookie = String(try #require(first.headers[.setCookie]?.split(separator: ";").first))
            let again = try await client.get(Self.address(["prompt": "none"]), headers: [.cookie: cookie])
            #expect(again.redirected["code"] != nil)
            let anew = try await client.get(Self.address(["prompt": "login"]), headers: [.cookie: cookie])
            #expect(anew.status == 200)
            #expect(anew.text.contains("name=\"passwd\""))
        }
    }

    @Test("Unknown scopes and response types lead back with an error")
    func refused() async throws {
        try await SimFixture().run { client in
            let scope = try await client.get(Self.address(["scope": "openid Place.Read"]))
            #expect(scope.redirected["error_description"]?.contains("AADSTS650053") == true)
            let type = try await client.get(Self.address(["response_type": "token"]))
            #expect(type.redirected["error"] == "unsupported_response_type")
            let other = try await client.get(Self.address(["redirect_uri": "https://evil.example"]))
            #expect(other.text.contains("AADSTS50011"))
        }
    }

    private static func claims(_ token: String?) -> JSONDocument? {
        guard let part = token?.split(separator: ".").dropFirst().first else { return nil }
        var text = part.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        while text.utf8.count % 4 != 0 { text += "=" }
        return Data(base64Encoded: text).flatMap { try? JSONDocument(parsing: $0) }
    }
}
