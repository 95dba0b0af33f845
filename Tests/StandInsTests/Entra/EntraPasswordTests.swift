import HTTPTypes
import StandIns
import Testing

@Suite("Signing in with a password")
struct EntraPasswordTests {
    /// What an administrator forgot, and the number he is told.
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var path: String?
        var patch: JSONDocument = [:]
        var changes: [String: String?] = [:]
        var tenant = SimFixture.tenant
        var code: Int
        var error: String
        var status = 400
        var suberror: String?
    }

    static let cases: [Case] = [
        Case(testDescription: "wrong password", changes: ["password": "wrong"], code: 50126, error: "invalid_grant"),
        Case(
            testDescription: "no such account", changes: ["username": "nobody@contoso.example"], code: 50034,
            error: "invalid_grant"),
        Case(
            testDescription: "a room's own account", changes: ["username": "oslo@contoso.example"], code: 50057,
            error: "invalid_grant"),
        Case(
            testDescription: "disabled account", path: SimFixture.accountPath, patch: ["isEnabled": false],
            code: 50057, error: "invalid_grant"),
        Case(
            testDescription: "expired password", path: SimFixture.accountPath, patch: ["passwordExpired": true],
            code: 50055, error: "invalid_grant", suberror: "user_password_expired"),
        Case(
            testDescription: "no password at all", path: SimFixture.accountPath, patch: ["password": .null],
            code: 50056, error: "invalid_grant"),
        Case(
            testDescription: "MFA for the account", path: SimFixture.accountPath, patch: ["requiresMFA": true],
            code: 50076, error: "invalid_grant", suberror: "basic_action"),
        Case(
            testDescription: "security defaults", path: SimFixture.tenantPath, patch: ["securityDefaults": true],
            code: 50079, error: "interaction_required", suberror: "basic_action"),
        Case(
            testDescription: "Conditional Access", path: SimFixture.tenantPath,
            patch: ["conditionalAccessBlocks": true], code: 53003, error: "invalid_grant", suberror: "message_only"),
        Case(
            testDescription: "scope nobody consented to", changes: ["scope": "Place.Read.All"], code: 65001,
            error: "invalid_grant", suberror: "consent_required"),
        Case(
            testDescription: "application without consent",
            changes: [
                "client_id": SimFixture.confidential, "client_secret": SimFixture.secret,
            ], code: 65001, error: "invalid_grant", suberror: "consent_required"),
        Case(
            testDescription: "obsolete scope", changes: ["scope": "https://graph.microsoft.com/Place.Read"],
            code: 650_053, error: "invalid_client"),
        Case(
            testDescription: "malformed scope", changes: ["scope": "Calendars*Read"], code: 70011,
            error: "invalid_scope"),
        Case(
            testDescription: "unknown resource", changes: ["scope": "https://outlook.example/Calendars.Read"],
            code: 500_011, error: "invalid_resource"),
        Case(testDescription: "no scope", changes: ["scope": nil], code: 900_144, error: "invalid_request"),
        Case(
            testDescription: "unknown application", changes: ["client_id": "99999999-9999-4999-8999-999999999999"],
            code: 700_016, error: "unauthorized_client"),
        Case(
            testDescription: "secret of a public client", changes: ["client_secret": "x"], code: 700_025,
            error: "invalid_client", status: 401),
        Case(
            testDescription: "no secret of a confidential client", changes: ["client_id": SimFixture.confidential],
            code: 7_000_218, error: "invalid_client", status: 401),
        Case(testDescription: "over common", tenant: "common", code: 9_001_023, error: "invalid_request"),
        Case(testDescription: "unknown tenant", tenant: "fabrikam.example", code: 90002, error: "invalid_request"),
        Case(
            testDescription: "unknown grant", changes: ["grant_type": "magic"], code: 70003,
            error: "unsupported_grant_type"),
    ]

    @Test("Each skipped step of the set-up is refused with its own AADSTS body", arguments: cases)
    func refusal(_ example: Case) async throws {
        let fixture = try await SimFixture()
        try await fixture.run { client in
            if let path = example.path {
                #expect(try await client.json(.patch, path, example.patch).status == 200)
            }
            let reply = try await client.token(example.changes, tenant: example.tenant)
            #expect(reply.aadsts == example.code)
            #expect(reply.status == example.status)
            #expect(reply.json["error"]?.string == example.error)
            #expect(reply.json["suberror"]?.string == example.suberror)
            let text = reply.json["error_description"]?.string ?? ""
            #expect(text.hasPrefix("AADSTS\(example.code): "))
            for part in ["Trace ID: ", "Correlation ID: ", "Timestamp: "] { #expect(text.contains(part)) }
            for name in ["timestamp", "trace_id", "correlation_id", "error_uri"] {
                #expect(reply.json[name]?.string?.isEmpty == false)
            }
        }
    }

    @Test("The right password brings tokens that Graph accepts, and says whose they are")
    func success() async throws {
        let fixture = try await SimFixture()
        try await fixture.run { client in
            let reply = try await client.token()
            #expect(reply.status == 200)
            #expect(reply.json["token_type"]?.string == "Bearer")
            #expect(reply.json["refresh_token"]?.string != nil)
            #expect(reply.json["id_token"]?.string?.split(separator: ".").count == 3)
            let token = try #require(reply.json["access_token"]?.string)
            let me = try await client.get("/v1.0/me", bearer: token)
            #expect(me.json["userPrincipalName"]?.string == SimFixture.account)
            guard case .valid(let caller) = await fixture.sim.world.caller(bearer: token) else {
                Issue.record("the token is not valid")
                return
            }
            #expect(caller.clientID == SimFixture.publicClient)
            #expect(caller.scopes == ["Calendars.ReadWrite.Shared", "User.Read"])
        }
    }

    @Test("Neither refresh token nor id token comes without being asked for")
    func onlyWhatIsAsked() async throws {
        try await SimFixture().run { client in
            let reply = try await client.token(["scope": "https://graph.microsoft.com/.default"])
            #expect(reply.status == 200)
            #expect(reply.json["refresh_token"] == nil)
            #expect(reply.json["id_token"] == nil)
        }
    }

    @Test("Ten wrong passwords lock the account for a minute, for the right one too")
    func lockout() async throws {
        let fixture = try await SimFixture()
        try await fixture.run { client in
            for _ in 1...9 {
                let reply = try await client.token(["password": "wrong"])
                #expect(reply.aadsts == 50126)
            }
            #expect(try await client.token(["password": "wrong"]).aadsts == 50053)
            #expect(try await client.token().aadsts == 50053)
            fixture.clock.advance(by: .seconds(61))
            #expect(try await client.token().status == 200)
        }
    }

    @Test("An application that demands assignment lets in the assigned account only")
    func assignment() async throws {
        try await SimFixture().run { client in
            let path = "\(SimFixture.tenantPath)/applications/\(SimFixture.publicClient)"
            let closed: JSONDocument = ["assignmentRequired": true, "grantedScopes": ["User.Read"]]
            #expect(try await client.json(.put, path, closed).status == 200)
            let refused = try await client.token()
            #expect(refused.aadsts == 50105)
            #expect(refused.json["error_description"]?.string?.contains(SimFixture.account) == true)
            let open: JSONDocument = [
                "assignmentRequired": true, "grantedScopes": ["User.Read"],
                "assignedUsers": [.string(SimFixture.account)],
            ]
            #expect(try await client.json(.put, path, open).status == 200)
            #expect(try await client.token().status == 200)
        }
    }

    @Test("Access tokens end after their lifetime, or all at once when told")
    func expiry() async throws {
        let fixture = try await SimFixture()
        try await fixture.run { client in
            let first = try #require(try await client.token().json["access_token"]?.string)
            #expect(try await client.get("/v1.0/me", bearer: first).status == 200)
            fixture.clock.advance(by: .seconds(3600))
            let late = try await client.get("/v1.0/me", bearer: first)
            #expect(late.status == 401)
            #expect(late.json["error"]?["code"]?.string == "InvalidAuthenticationToken")
            let second = try #require(try await client.token().json["access_token"]?.string)
            #expect(try await client.json(.post, "/control/v1/tokens/expire").status == 200)
            #expect(try await client.get("/v1.0/me", bearer: second).status == 401)
        }
    }
}
