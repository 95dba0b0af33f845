import HTTPTypes
import StandIns
import Testing

@Suite("Signing in on another device")
struct EntraDeviceTests {
    private func start(_ client: SimClient) async throws -> (device: String, user: String) {
        let reply = try await client.form(
            "/contoso.example/oauth2/v2.0/devicecode",
            ["client_id": SimFixture.publicClient, "scope": "openid offline_access Calendars.ReadWrite.Shared"])
        #expect(reply.status == 200)
        #expect(reply.json["message"]?.string?.contains(reply.json["user_code"]?.string ?? "?") == true)
        return (
            try #require(reply.json["device_code"]?.string), try #require(reply.json["user_code"]?.string)
        )
    }

    private func poll(_ code: String, _ client: SimClient) async throws -> SimClient.Reply {
        try await client.token([
            "grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": code, "username": nil,
            "password": nil, "scope": nil,
        ])
    }

    @Test("The device waits until the person has signed in")
    func waiting() async throws {
        try await SimFixture().run { client in
            let (device, user) = try await start(client)
            #expect(try await poll(device, client).json["error"]?.string == "authorization_pending")
            let done = try await client.form(
                "/common/oauth2/deviceauth",
                ["otc_device": user.lowercased(), "login": SimFixture.account, "passwd": "right"])
            #expect(done.text.contains("You have signed in"))
            let reply = try await poll(device, client)
            #expect(reply.status == 200)
            #expect(reply.json["refresh_token"]?.string != nil)
            #expect(try await poll(device, client).json["error"]?.string == "bad_verification_code")
        }
    }

    @Test("The device learns of a refusal, of an expired code and of a wrong one")
    func refusals() async throws {
        let fixture = try await SimFixture()
        try await fixture.run { client in
            let (device, user) = try await start(client)
            let wrong = try await client.form("/common/oauth2/deviceauth", ["otc_device": "NONSENSE"])
            #expect(wrong.text.contains("That code didn&#39;t work"))
            _ = try await client.form("/common/oauth2/deviceauth", ["otc_device": user, "cancel": "1"])
            #expect(try await poll(device, client).json["error"]?.string == "authorization_declined")
            let (other, _) = try await start(client)
            fixture.clock.advance(by: .seconds(901))
            #expect(try await poll(other, client).json["error"]?.string == "expired_token")
        }
    }

    @Test("A tenant can forbid device codes")
    func blocked() async throws {
        try await SimFixture().run { client in
            _ = try await client.json(.patch, SimFixture.tenantPath, ["blocksDeviceCode": true])
            let (_, user) = try await start(client)
            let page = try await client.form(
                "/common/oauth2/deviceauth", ["otc_device": user, "login": SimFixture.account, "passwd": "right"])
            #expect(page.text.contains("AADSTS53003"))
        }
    }
}
