import CalendarModel
import Crypto
import CryptoExtras
import Foundation
import HTTPTypes
import StandIns
import Testing

@Suite("Google's accounts")
struct GoogleTests {
    private static let verifier = "a-verifier-of-forty-three-characters-at-least-0"
    private static let back = "https://sync.example/back"
    private static var challenge: String {
        Data(SHA256.hash(data: Data(verifier.utf8))).base64EncodedString()
            .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }

    private func run(_ body: @escaping @Sendable (SimClient, SimFixture) async throws -> Void) async throws {
        let fixture = try await SimFixture()
        try await fixture.run { client in
            let made = try await client.json(
                .post, "/control/v1/google/clients",
                ["clientID": "c1", "displayName": "Room <sync>", "secret": "s1", "redirectURIs": [.string(Self.back)]])
            #expect(made.status == 201)
            for account: JSONDocument in [
                ["email": "bo@gmail.com", "name": "Bo Ek"],
                ["email": "cy@fabrikam.example", "name": "Cy", "hostedDomain": "fabrikam.example"],
            ] {
                #expect(try await client.json(.post, "/control/v1/google/accounts", account).status == 201)
            }
            try await body(client, fixture)
        }
    }

    private static func address(_ changes: [String: String?] = [:]) -> String {
        var fields: [String: String?] = [
            "client_id": "c1", "response_type": "code", "redirect_uri": back, "state": "s&1", "nonce": "n1",
            "scope": "openid email profile", "code_challenge": challenge, "code_challenge_method": "S256",
        ]
        fields.merge(changes) { _, new in new }
        return "/google/o/oauth2/v2/auth?"
            + FormFields.encode(fields.compactMapValues { $0 }.map { ($0.key, $0.value) })
    }

    private func code(
        _ client: SimClient, account: String = "bo@gmail.com", _ changes: [String: String?] = [:]
    ) async throws -> String {
        let reply = try await client.form(Self.address(changes), ["account": account])
        #expect(reply.status == 302 && reply.location.hasPrefix(Self.back))
        #expect(reply.redirected["state"] == "s&1")
        return try #require(reply.redirected["code"])
    }

    private func redeem(
        _ code: String, _ client: SimClient, _ changes: [String: String?] = [:]
    ) async throws -> SimClient.Reply {
        let fields: [String: String?] = [
            "grant_type": "authorization_code", "client_id": "c1", "client_secret": "s1", "code": code,
            "redirect_uri": Self.back, "code_verifier": Self.verifier,
        ]
        return try await client.form(
            "/google/token", fields.merging(changes) { _, new in new }.compactMapValues { $0 })
    }

    private static func claims(_ token: String?) throws -> JSONDocument {
        let parts = try #require(token).split(separator: ".").map(String.init)
        return try JSONDocument(parsing: try #require(decoded(parts[1])))
    }

    private static func decoded(_ text: String) -> Data? {
        let plain = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        return Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4))
    }

    @Test("Discovery leads to everything, below one address")
    func discovery() async throws {
        try await run { client, _ in
            let found = try await client.get(
                "/google/.well-known/openid-configuration",
                headers: [try #require(HTTPField.Name("x-forwarded-host")): "sim.example"]
            ).json
            #expect(found["issuer"]?.string == "http://sim.example/google")
            #expect(found["token_endpoint"]?.string == "http://sim.example/google/token")
            #expect(found["jwks_uri"]?.string == "http://sim.example/google/oauth2/v3/certs")
        }
    }

    @Test("The chooser shows everybody, the hinted one first, and nothing of it is markup")
    func chooser() async throws {
        try await run { client, _ in
            let page = try await client.get(Self.address(["login_hint": "CY@fabrikam.example"])).text
            #expect(page.contains("Room &lt;sync&gt;") && page.contains("<html lang=\"en\">"))
            let (bo, cy) = (page.range(of: "bo@gmail.com"), page.range(of: "cy@fabrikam.example"))
            #expect(try #require(cy).lowerBound < #require(bo).lowerBound)
            let unknown = try await client.form(Self.address(), ["account": "<b>@nobody"])
            #expect(
                unknown.status == 200 && unknown.text.contains("role=\"alert\"") && unknown.text.contains("&lt;b&gt;"))
        }
    }

    @Test("The token says what Google's says, by the scopes that were asked")
    func token() async throws {
        try await run { client, fixture in
            let reply = try await redeem(try await code(client, account: "cy@fabrikam.example"), client).json
            let claims = try Self.claims(reply["id_token"]?.string)
            let now = fixture.clock.now.microseconds / 1_000_000
            #expect(claims["iss"]?.string?.hasSuffix("/google") == true)
            #expect(claims["aud"] == "c1" && claims["azp"] == "c1" && claims["nonce"] == "n1")
            #expect(claims["iat"] == .integer(now) && claims["exp"] == .integer(now + 3599))
            #expect(claims["email"] == "cy@fabrikam.example" && claims["email_verified"] == true)
            #expect(claims["hd"] == "fabrikam.example" && claims["name"] == "Cy" && claims["picture"] == nil)
            #expect(claims["sub"]?.string?.count == 21)
            let access = try #require(reply["access_token"]?.string)
            let hash = Data(SHA256.hash(data: Data(access.utf8)).prefix(16))
            #expect(Self.decoded(try #require(claims["at_hash"]?.string)) == hash)
            let info = try await client.get("/google/v1/userinfo", bearer: access).json
            #expect(info["sub"] == claims["sub"] && info["email"] == "cy@fabrikam.example")
            #expect(try await client.get("/google/v1/userinfo", bearer: "x").status == 401)

            let bare = try await redeem(try await code(client, ["scope": "openid"]), client).json
            let few = try Self.claims(bare["id_token"]?.string)
            #expect(few["email"] == nil && few["name"] == nil && few["hd"] == nil && few["sub"] != nil)
        }
    }

    @Test("A code is good once, for ten minutes, with its secret, verifier and address")
    func codes() async throws {
        try await run { client, fixture in
            func refused(_ error: String, _ status: Int, _ code: String, _ changes: [String: String?] = [:])
                async throws
            {
                let reply = try await redeem(code, client, changes)
                #expect(reply.json["error"]?.string == error && reply.status == status)
            }
            let code = try await code(client)
            try await refused("invalid_client", 401, code, ["client_id": "c2"])
            try await refused("invalid_client", 401, code, ["client_secret": "wrong"])
            try await refused("invalid_request", 400, code, ["client_secret": nil])
            try await refused("invalid_grant", 400, code, ["code_verifier": "wrong"])
            try await refused("invalid_grant", 400, code, ["code_verifier": nil])
            try await refused("redirect_uri_mismatch", 400, code, ["redirect_uri": "https://evil.example"])
            try await refused("unsupported_grant_type", 400, code, ["grant_type": "password"])
            try await refused("invalid_grant", 400, "4/0nonsense")
            #expect(try await redeem(code, client).status == 200)
            try await refused("invalid_grant", 400, code)
            let late = try await self.code(client)
            fixture.clock.advance(by: .seconds(601))
            try await refused("invalid_grant", 400, late)
        }
    }

    @Test("What makes no sense is shown to the person and never sent to an address nobody registered")
    func refusals() async throws {
        try await run { client, _ in
            let wrong: [([String: String?], Int, String)] = [
                (["client_id": "c2"], 401, "invalid_client"), (["client_id": nil], 400, "invalid_request"),
                (["redirect_uri": "https://evil.example"], 400, "redirect_uri_mismatch"),
                (["redirect_uri": "\(Self.back)/"], 400, "redirect_uri_mismatch"),
                (["response_type": "token"], 400, "unsupported_response_type"),
                (["scope": nil], 400, "invalid_request"),
                (["scope": "openid drive"], 400, "invalid_scope"),
            ]
            for (changes, status, error) in wrong {
                let reply = try await client.form(Self.address(changes), ["account": "bo@gmail.com"])
                #expect(reply.status == status && reply.text.contains(error) && reply.location.isEmpty)
            }
            #expect(try await client.form(Self.address(), ["cancel": "1"]).redirected["error"] == "access_denied")
            let silent = try await client.get(Self.address(["prompt": "none"]))
            #expect(silent.redirected["error"] == "interaction_required")
        }
    }

    @Test("A renewed key signs, and the former one stays published")
    func keys() async throws {
        try await run { client, _ in
            func published() async throws -> [String] {
                try await client.get("/google/oauth2/v3/certs").json["keys"]?.array?.compactMap { $0["kid"]?.string }
                    ?? []
            }
            let before = try await published()
            let renewed = try await client.json(.post, "/control/v1/google/keys/renew").json["keyID"]?.string
            #expect(try await published() == before + [try #require(renewed)])
            let reply = try await redeem(try await code(client), client).json
            let header = try #require(reply["id_token"]?.string).split(separator: ".")[0]
            let read = try JSONDocument(parsing: try #require(Self.decoded(String(header))))
            #expect(read["kid"]?.string == renewed && read["alg"] == "RS256")
        }
    }

    @Test("Accounts change; their subjects do not")
    func accounts() async throws {
        try await run { client, _ in
            let path = "/control/v1/google/accounts"
            let old = try await client.get(path).json["accounts"]?.array?.first
            let moved = try await client.json(.patch, "\(path)/BO@gmail.com", ["email": "bob@gmail.com"]).json
            #expect(moved["subject"] == old?["subject"] && moved["email"] == "bob@gmail.com")
            #expect(
                try await client.json(.patch, "\(path)/bob@gmail.com", ["email": "cy@fabrikam.example"]).status == 409)
            #expect(try await client.json(.patch, "\(path)/bob@gmail.com", ["subject": "1"]).status == 400)
            #expect(try await client.json(.post, path, ["email": "bob@gmail.com"]).status == 409)
            #expect(try await client.json(.post, path, ["name": "Nobody"]).status == 400)
            #expect(try await client.json(.delete, "\(path)/bob@gmail.com").status == 200)
            #expect(try await client.json(.delete, "\(path)/bob@gmail.com").status == 404)
        }
    }
}
