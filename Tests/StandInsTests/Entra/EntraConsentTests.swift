import Foundation
import HTTPTypes
import StandIns
import Testing

@Suite("Consenting for an organization")
struct EntraConsentTests {
    @Test("The administrator walks through sign-in and consent, and the application exists in the tenant")
    func pages() async throws {
        let fixture = try await SimFixture()
        try await fixture.run { client in
            #expect(try await client.applicationToken().aadsts == 700_016)
            let start = try await client.get(
                "/contoso.example/v2.0/adminconsent?client_id=\(SimFixture.confidential)"
                    + "&scope=https%3A%2F%2Fgraph.microsoft.com%2FCalendars.ReadWrite.Shared+offline_access"
                    + "&redirect_uri=https%3A%2F%2Fsync.example%2Fcallback&state=s%261")
            #expect(start.status == 200)
            let context = try #require(Self.context(start.text))
            let wrong = try await client.form(
                "/contoso.example/login", ["ctx": context, "login": "admin@contoso.example", "passwd": "no"])
            #expect(wrong.text.contains("AADSTS50126"))
            let question = try await client.form(
                "/contoso.example/login",
                ["ctx": context, "login": "admin@contoso.example", "passwd": "admin-password"])
            #expect(question.text.contains("Read and write user and shared calendars"))
            #expect(question.text.contains("Maintain access to data you have given it access to"))
            let done = try await client.form("/contoso.example/login", ["ctx": context, "consent": "accept"])
            #expect(done.status == 302)
            #expect(done.location.hasPrefix("https://sync.example/callback?"))
            #expect(done.redirected["admin_consent"] == "True")
            #expect(done.redirected["state"] == "s&1")
            let tenant = await fixture.sim.world.tenant("contoso.example")
            #expect(done.redirected["tenant"] == tenant?.id)
            #expect(
                tenant?.enterpriseApplication(SimFixture.confidential)?.grantedScopes
                    == ["Calendars.ReadWrite.Shared"])
        }
    }

    @Test("With .default everything registered is granted, application permissions too")
    func everything() async throws {
        let fixture = try await SimFixture()
        try await fixture.run { client in
            #expect(try await client.consent().redirected["admin_consent"] == "True")
            let token = try #require(try await client.applicationToken().json["access_token"]?.string)
            guard case .valid(let caller) = await fixture.sim.world.caller(bearer: token) else {
                Issue.record("the token is not valid")
                return
            }
            #expect(caller.roles == ["Calendars.ReadWrite"])
            #expect(caller.userPrincipalName == nil)
        }
    }

    @Test("Cancelling and being no administrator lead back with an error, and grant nothing")
    func refused() async throws {
        let fixture = try await SimFixture()
        try await fixture.run { client in
            let colleague = try await client.consent(as: SimFixture.account, password: "right")
            #expect(colleague.redirected["error_description"]?.contains("AADSTS90094") == true)
            let cancelled = try await client.form(
                "/contoso.example/v2.0/adminconsent?client_id=\(SimFixture.confidential)&scope=User.Read&state=1",
                ["login": "admin@contoso.example", "passwd": "admin-password", "consent": "cancel"])
            #expect(cancelled.redirected["error"] == "consent_required")
            #expect(cancelled.redirected["admin_consent"] == "True")
            let old = try await client.form(
                "/contoso.example/adminconsent?client_id=\(SimFixture.confidential)&state=1", ["cancel": "1"])
            #expect(old.redirected["error"] == "permission_denied")
            let tenant = await fixture.sim.world.tenant("contoso.example")
            #expect(tenant?.enterpriseApplication(SimFixture.confidential) == nil)
        }
    }

    @Test("Requests that cannot lead back are answered with a page")
    func pagesOfErrors() async throws {
        try await SimFixture().run { client in
            let base = "/contoso.example/v2.0/adminconsent?client_id=\(SimFixture.confidential)"
            let noScope = try await client.get(base)
            #expect(noScope.status == 400)
            #expect(noScope.text.contains("AADSTS900144"))
            let address = try await client.get("\(base)&scope=User.Read&redirect_uri=https%3A%2F%2Fevil.example")
            #expect(address.text.contains("AADSTS50011"))
            let common = try await client.get(
                "/common/v2.0/adminconsent?client_id=\(SimFixture.confidential)&scope=User.Read")
            #expect(common.text.contains("AADSTS90130"))
        }
    }

    @Test("What a person typed is shown escaped")
    func escaping() async throws {
        try await SimFixture().run { client in
            let start = try await client.get(
                "/contoso.example/v2.0/adminconsent?client_id=\(SimFixture.confidential)&scope=User.Read")
            let context = try #require(Self.context(start.text))
            let page = try await client.form(
                "/contoso.example/login", ["ctx": context, "login": "\"><script>alert(1)</script>", "passwd": "x"])
            #expect(!page.text.contains("<script>alert"))
            #expect(page.text.contains("&lt;script&gt;"))
        }
    }

    /// The id of the interaction in a page's form.
    static func context(_ page: String) -> String? {
        page.firstMatch(of: /name="ctx" value="([^"]+)"/).map { String($0.1) }
    }
}
