import HTTPTypes
import StandIns
import Testing

@Suite("Living on refresh tokens")
struct EntraRefreshTests {
    private func refresh(_ token: String, _ client: SimClient) async throws -> SimClient.Reply {
        try await client.token(["grant_type": "refresh_token", "refresh_token": token, "password": nil])
    }

    @Test("A refresh token rolls, and the old one stays good")
    func rolling() async throws {
        try await SimFixture().run { client in
            let first = try #require(try await client.token().json["refresh_token"]?.string)
            let reply = try await refresh(first, client)
            let second = try #require(reply.json["refresh_token"]?.string)
            #expect(second != first)
            #expect(try await refresh(second, client).status == 200)
            #expect(try await refresh(first, client).status == 200)
        }
    }

    @Test("A refresh token unused for ninety days has ended; one in use has not")
    func inactivity() async throws {
        let fixture = try await SimFixture()
        try await fixture.run { client in
            let first = try #require(try await client.token().json["refresh_token"]?.string)
            fixture.clock.advance(by: .seconds(60 * 86_400))
            let second = try #require(try await refresh(first, client).json["refresh_token"]?.string)
            fixture.clock.advance(by: .seconds(60 * 86_400))
            #expect(try await refresh(first, client).aadsts == 700_082)
            #expect(try await refresh(second, client).status == 200)
        }
    }

    @Test("Revoked sessions and changed passwords end refresh tokens; a new sign-in works")
    func revocation() async throws {
        let fixture = try await SimFixture()
        try await fixture.run { client in
            let first = try #require(try await client.token().json["refresh_token"]?.string)
            fixture.clock.advance(by: .seconds(1))
            #expect(try await client.json(.post, "\(SimFixture.accountPath)/revoke-sessions").status == 200)
            #expect(try await refresh(first, client).aadsts == 50173)
            let second = try #require(try await client.token().json["refresh_token"]?.string)
            #expect(try await refresh(second, client).status == 200)
            fixture.clock.advance(by: .seconds(1))
            #expect(try await client.json(.patch, SimFixture.accountPath, ["password": "new"]).status == 200)
            #expect(try await refresh(second, client).aadsts == 50173)
        }
    }

    @Test("Consent withdrawn, account disabled and MFA demanded show at the next refresh")
    func laterPolicies() async throws {
        try await SimFixture().run { client in
            let token = try #require(try await client.token().json["refresh_token"]?.string)
            _ = try await client.json(.patch, SimFixture.accountPath, ["requiresMFA": true])
            #expect(try await refresh(token, client).aadsts == 50076)
            _ = try await client.json(.patch, SimFixture.accountPath, ["requiresMFA": false, "isEnabled": false])
            #expect(try await refresh(token, client).aadsts == 50057)
            _ = try await client.json(.patch, SimFixture.accountPath, ["isEnabled": true])
            #expect(try await refresh(token, client).status == 200)
            let path = "\(SimFixture.tenantPath)/applications/\(SimFixture.publicClient)"
            #expect(try await client.json(.delete, path).status == 200)
            #expect(try await refresh(token, client).aadsts == 65001)
        }
    }

    @Test("A made-up refresh token is a bad token")
    func unknown() async throws {
        try await SimFixture().run { client in
            let reply = try await refresh("1.made-up", client)
            #expect(reply.json["error"]?.string == "invalid_grant")
            #expect(reply.json["suberror"]?.string == "bad_token")
        }
    }
}
