import CalendarModel
import HTTPTypes
import SQLStore
import Testing
import Vault

@testable import Portal

@Suite("Tokens, settings and the audit log in the portal")
struct AdministrationTests {
    @Test("A token is shown once, works within its scopes, and no more after it was revoked")
    func tokens() async throws {
        let portal = try await TestPortal()
        try await portal.addPerson()
        try await portal.browse { browser in
            try await browser.signIn()
            try await browser.get("/o/acme/tokens")
            let empty = try await browser.post("/o/acme/tokens", ["name": ""])
            #expect(empty.status == .unprocessableContent)
            #expect(empty.text.contains("Choose at least one thing"))
            let made = try await browser.post(
                "/o/acme/tokens", ["name": "Door <panel>"], several: ["scope": ["read", "operate"]], follow: false)
            #expect(made.status == .ok)
            #expect(made.headers[.cacheControl] == "private, no-store")
            #expect(made.text.contains("Door &lt;panel&gt;"))
            let secret = String(try #require(made.text.firstMatch(of: />(lbs_[^<]+)</)?.output.1))
            let client = Client(client: browser.client, secret: secret)
            #expect(try await client.send(.get, "/api/v1/rooms").status == .ok)
            #expect(try await client.send(.post, "/api/v1/rooms", [:]).code == "missing-scope")
            let list = try await browser.get("/o/acme/tokens")
            #expect(!list.text.contains(secret))
            let taken = try await browser.post(
                "/o/acme/tokens", ["name": "Door <panel>"], several: ["scope": ["read"]])
            #expect(taken.status == .unprocessableContent)
            let links = list.text.matches(of: /href="([^"]*\/revoke)"/).map { String($0.output.1) }
            #expect(links.count == 2)
            for link in links {
                #expect(try await browser.get(link).heading.hasPrefix("Revoke the token"))
                try await browser.post(link)
            }
            #expect(try await client.send(.get, "/api/v1/rooms").status == .unauthorized)
            #expect(await browser.page.text.contains("Revoked tokens"))
        }
        let log = try await portal.store.auditLog(of: "acme", limit: 9)
        #expect(log.map(\.action) == ["token.revoke", "token.revoke", "token.make"])
        #expect(log.last?.detail == "read")
    }

    @Test("Settings are kept when they make sense, and nothing typed is lost when not")
    func settings() async throws {
        let portal = try await TestPortal()
        let ada = try await portal.addPerson()
        let stranger = try await portal.addPerson("eve@other.example", role: .viewer, in: "other")
        try await portal.browse { browser in
            try await browser.signIn()
            try await browser.get("/o/acme/settings")
            let wrong = try await browser.post(
                "/o/acme/settings",
                [
                    "name": "", "language": "nb", "timeZone": "Mars/Olympus", "doctorMail": "chosen",
                    "reader": stranger.id,
                ])
            #expect(wrong.status == .unprocessableContent)
            #expect(wrong.text.contains("value=\"Mars/Olympus\""))
            for field in ["name", "timeZone", "doctorReaders", "method"] {
                #expect(wrong.text.contains("href=\"#\(field)\""), "\(field)")
            }
            let saved = try await browser.post(
                "/o/acme/settings",
                [
                    "name": "Acme & Sons", "language": "nb", "timeZone": "Europe/Oslo", "doctorMail": "chosen",
                    "reader": ada.id, "method": "password",
                ])
            #expect(saved.text.contains("The settings are saved."))
            #expect(saved.text.contains("value=\"Acme &amp; Sons\""))
        }
        let organization = try await portal.store.organization("acme")
        #expect(organization?.name == "Acme & Sons")
        #expect(
            organization?.settings
                == OrganizationSettings(language: "nb", timeZone: ZoneID("Europe/Oslo"), doctorReaders: [ada.id]))
        #expect(try await portal.store.auditLog(of: "acme", limit: 1).first?.action == "settings.change")
    }

    @Test("Members who sign in another way than their organization allows are asked to; nobody locks himself out")
    func signInMethods() async throws {
        var portal = try await TestPortal()
        portal.providers = [NoProvider()]
        try await portal.addPerson()
        try await portal.addPerson("op@host.example", role: nil, isOperator: true)
        let fields = [
            "name": "acme", "language": "en", "timeZone": "", "doctorMail": "administrators", "method": "nowhere",
        ]
        try await portal.browse { browser in
            try await browser.signIn()
            try await browser.get("/o/acme/settings")
            let locked = try await browser.post("/o/acme/settings", fields)
            #expect(locked.text.contains("You would lock yourself out"))
            let helper = Browser(browser.client)
            try await helper.signIn("op@host.example")
            try await helper.get("/o/acme/settings")
            #expect(try await helper.post("/o/acme/settings", fields).text.contains("The settings are saved."))
            #expect(try await helper.get("/o/acme/settings").status == .ok)
            let kept = try await browser.get("/o/acme/settings")
            #expect(kept.status == .forbidden)
            #expect(kept.heading == "Sign in another way")
            #expect(kept.text.contains("Sign in with Nowhere"))
            #expect(try await browser.get("/account").status == .ok)
        }
    }

    @Test("The audit log is paged, in words, and a change from outside is found")
    func audit() async throws {
        let portal = try await TestPortal()
        try await portal.addPerson()
        for number in 1...60 {
            try await portal.services.audit(
                number == 60 ? "thing.unheard" : "token.make", "Token \(number)",
                organization: number == 1 ? "other" : "acme",
                actor: "ada@acme.example", kind: .account)
        }
        try await portal.browse { browser in
            try await browser.signIn()
            let newest = try await browser.get("/o/acme/audit")
            #expect(newest.text.contains("Made the API token: Token 59"))
            #expect(newest.text.contains("<code>thing.unheard</code>: Token 60"))
            #expect(!newest.text.contains("Token 10<"))
            let older = try #require(newest.text.firstMatch(of: /href="([^"]*before=[^"]*)" rel="next"/)?.output.1)
            let page = try await browser.get(String(older).replacing("&amp;", with: "&"))
            #expect(page.text.contains("Token 10<"))
            #expect(!page.text.contains("Token 1<"))
            #expect(!page.text.contains("rel=\"next\""))
            #expect(try await browser.post("/o/acme/audit").text.contains("unbroken up to line 60"))

            try await portal.store.driver.write { connection in
                try connection.execute("DROP TRIGGER audit_log_no_update", [])
                try connection.execute("UPDATE audit_log SET subject = 'Nothing' WHERE position = 30", [])
            }
            let found = try await browser.post("/o/acme/audit")
            #expect(found.text.contains("Line 30 is not as it was written"))
        }
    }
}

/// A site where nobody can sign in.
struct NoProvider: SignInProvider {
    let id = "nowhere"
    let name = "Nowhere"

    func address(state: String, nonce: String, challenge: String, redirectURI: String) async throws -> String {
        throw CancellationError()
    }

    func person(code: String, verifier: String, nonce: String, redirectURI: String) async throws -> OutsidePerson {
        throw CancellationError()
    }
}
