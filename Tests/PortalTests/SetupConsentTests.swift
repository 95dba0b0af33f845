import Foundation
import HTTPTypes
import SQLStore
import SyncEngine
import SyncService
import Testing
import Vault

@testable import Portal

@Suite("Set-up: consent and sign-in")
struct SetupConsentTests {
    @Test("Consent and sign-in lead to a connection that works")
    func happy() async throws {
        try await SetupWorld.run { world in
            let id = try await world.begin()
            try await world.connect(id)
            var page = await world.browser.page
            #expect(page.path == world.page(id, "rooms"))
            page = try await world.browser.get(world.page(id, "permissions"))
            #expect(page.text.contains("Calendars.ReadWrite.Shared"))
            #expect(page.text.contains("To find the rooms with their seats"))
            #expect(!page.text.contains("Missing"))
            let connections = try await world.portal.store.connections(of: "acme")
            #expect(connections.map(\.name) == ["Contoso"])
            #expect(connections.map(\.id.rawValue) == [id])
            page = try await world.browser.get("/o/acme/setup")
            #expect(page.text.contains(SetupWorld.account))
            page = try await world.browser.post("/o/acme/setup/\(id)/test")
            #expect(page.status == .ok)
            #expect(page.text.contains("Signing in"))
            let acts = try await world.audit()
            for act in ["setup.begin", "setup.prerequisites", "setup.consent.ask", "setup.consent", "setup.signIn"] {
                #expect(acts.contains(act))
            }
        }
    }

    @Test("The operator's secret proves the consented tenant at once")
    func provedConsent() async throws {
        try await SetupWorld.run(secret: true) { world in
            let id = try await world.begin(tenant: "")
            let link = try await world.leave(id, "consent")
            #expect(link.contains("/organizations/v2.0/adminconsent"))
            try await world.browser.get(world.atMicrosoft(link, as: SetupWorld.administrator, consent: "accept"))
            let page = try await world.browser.get(world.page(id, "connection"))
            #expect(page.text.contains("Microsoft has confirmed the tenant with a token."))
        }
    }

    @Test("Consent cancelled: back at the step with what happened")
    func cancelled() async throws {
        try await SetupWorld.run { world in
            let id = try await world.begin()
            let link = try await world.leave(id, "consent")
            let page = try await world.browser.get(
                world.atMicrosoft(link, as: SetupWorld.administrator, consent: "cancel"))
            #expect(page.path == world.page(id, "connection"))
            #expect(page.text.contains("The consent was declined"))
            // It is still there after a reload, and gone after a consent.
            #expect(try await world.browser.get(world.page(id, "connection")).text.contains("The consent was declined"))
            let again = try await world.leave(id, "consent")
            try await world.browser.get(world.atMicrosoft(again, as: SetupWorld.administrator, consent: "accept"))
            #expect(
                try await !world.browser.get(world.page(id, "connection")).text.contains("The consent was declined"))
        }
    }

    @Test("Wrong tenant: what an administrator of another organization consents to is refused")
    func wrongTenant() async throws {
        try await SetupWorld.run { world in
            let id = try await world.begin()
            let link = try await world.leave(id, "consent")
                .replacing("/contoso.example/", with: "/organizations/")
            let page = try await world.browser.get(
                world.atMicrosoft(link, as: SetupWorld.foreigner, consent: "accept"))
            #expect(page.path == world.page(id, "connection"))
            #expect(page.text.contains("This connection is for contoso.example"))
            #expect(try await world.services.setupDesk(of: "acme").setup(.init(id)).draft.consent == nil)
        }
    }

    @Test("A tenant typed into the address is refused when a token can prove it")
    func forgedTenant() async throws {
        try await SetupWorld.run(secret: true) { world in
            let id = try await world.begin(tenant: "")
            let link = try await world.leave(id, "consent")
            let state = try #require(URLComponents(string: link)?.queryItems?.first { $0.name == "state" }?.value)
            let page = try await world.browser.get(
                "/setup/microsoft/callback?admin_consent=True&tenant=99999999-2222-4333-8444-555555555555&state=\(state)"
            )
            #expect(page.path == world.page(id, "connection"))
            #expect(page.text.contains("notice is-error"))
            #expect(try await world.services.setupDesk(of: "acme").setup(.init(id)).draft.consent == nil)
        }
    }

    @Test("Replayed state")
    func replayed() async throws {
        try await SetupWorld.run { world in
            let id = try await world.begin()
            let link = try await world.leave(id, "consent")
            let back = try await world.atMicrosoft(link, as: SetupWorld.administrator, consent: "accept")
            try await world.browser.get(back)
            let page = try await world.browser.get(back)
            #expect(page.status == .conflict)
            #expect(page.text.contains("This answer was used already"))
        }
    }

    @Test("Forged state")
    func forged() async throws {
        try await SetupWorld.run { world in
            _ = try await world.begin()
            let page = try await world.browser.get(
                "/setup/microsoft/callback?admin_consent=True&tenant=\(SetupWorld.clientID)&state=invented")
            #expect(page.status == .badRequest)
            #expect(page.text.contains("Nobody here asked for this"))
            let none = try await world.browser.get("/setup/microsoft/callback")
            #expect(none.status == .badRequest)
            #expect(try await world.browser.get("/setup/notes/callback?state=x").status == .notFound)
        }
    }

    @Test("A state of another session, and of nobody")
    func otherSession() async throws {
        try await SetupWorld.run { world in
            let id = try await world.begin()
            let link = try await world.leave(id, "consent")
            let back = try await world.atMicrosoft(link, as: SetupWorld.administrator, consent: "accept")
            let other = Browser(world.client)
            #expect(try await other.get(back).status == .unauthorized)
            try await other.signIn("bo@acme.example")
            let page = try await other.get(back)
            #expect(page.status == .forbidden)
            #expect(page.text.contains("Somebody else began this"))
            // It is still good for the one who began.
            #expect(try await world.browser.get(back).path == world.page(id, "permissions"))
        }
    }

    @Test("Somebody else signs in than the account named")
    func otherAccount() async throws {
        try await SetupWorld.run { world in
            let id = try await world.begin()
            let link = try await world.leave(id, "consent")
            try await world.browser.get(world.atMicrosoft(link, as: SetupWorld.administrator, consent: "accept"))
            try await world.browser.get(world.page(id, "account"))
            let signIn = try await world.leave(id, "sign-in", ["account": SetupWorld.account])
            let page = try await world.browser.get(world.atMicrosoft(signIn, as: SetupWorld.administrator))
            #expect(page.path == world.page(id, "account"))
            #expect(page.text.contains("admin@contoso.example signed in, not svc@contoso.example"))
            #expect(try await world.portal.store.connections(of: "acme").isEmpty)
            #expect(try await world.portal.store.setupSecrets(of: .init(id)).isEmpty)
        }
    }

    @Test("A password that is wrong is the doctor's diagnosis and is never shown; a right one connects")
    func password() async throws {
        try await SetupWorld.run { world in
            let id = try await world.begin()
            let link = try await world.leave(id, "consent")
            try await world.browser.get(world.atMicrosoft(link, as: SetupWorld.administrator, consent: "accept"))
            try await world.browser.get(world.page(id, "account"))
            var page = try await world.browser.post(
                world.page(id, "account"),
                ["way": "password", "account": SetupWorld.account, "password": "secret-and-wrong"])
            #expect(page.status == .unprocessableContent)
            #expect(page.text.contains("AADSTS50126"))
            #expect(!page.text.contains("secret-and-wrong"))
            #expect(page.text.contains(#"value="svc@contoso.example""#))
            page = try await world.browser.post(
                world.page(id, "account"),
                ["way": "password", "account": SetupWorld.account, "password": SetupWorld.password])
            #expect(page.path == world.page(id, "rooms"))
            let sealed = try await world.portal.store.sealedSecret("password", of: .init(id))
            #expect(sealed?.contains(SetupWorld.password) == false)
        }
    }

    @Test("Session expired mid-form: nothing typed is lost, but for secrets")
    func expiredSession() async throws {
        try await SetupWorld.run { world in
            let id = try await world.begin()
            try await world.browser.get(world.page(id, "connection"))
            let token = await world.browser.page.token
            await world.browser.forgetSession()
            var page = try await world.browser.post(
                world.page(id, "connection"),
                [
                    "name": "Contoso Nord", "tenant": "contoso.example", "application": "own",
                    "clientID": SetupWorld.clientID, "clientSecret": "very secret", "rights": "account",
                ], token: token)
            #expect(page.status == .unauthorized)
            #expect(!page.text.contains("very secret") && !page.text.contains("very%20secret"))
            let kept = try #require(page.text.firstMatch(of: /name="kept-form" value="([^"]*)"/)).output.1
            page = try await world.browser.post(
                "/sign-in",
                [
                    "email": "ada@acme.example", "password": TestPortal.password,
                    "kept-action": world.page(id, "connection"),
                    "kept-form": String(kept).replacing("&amp;", with: "&"),
                ])
            #expect(page.text.contains("Contoso Nord"))
            let again = Form(encoded: String(kept).replacing("&amp;", with: "&"))
            page = try await world.browser.post(
                world.page(id, "connection"),
                Dictionary(again.fields.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }))
            #expect(page.text.contains("Contoso Nord"))
            #expect(page.text.contains("Saved."))
        }
    }

    @Test("Another organization's set-up does not exist here")
    func otherOrganization() async throws {
        try await SetupWorld.run { world in
            let id = try await world.services.setupDesk(of: "other").begin(
                kind: "microsoft", name: "Theirs", by: "Eve")
            for step in SetupStep.allCases {
                #expect(try await world.browser.get(world.page(id.rawValue, step.rawValue)).status == .notFound)
            }
            #expect(try await !world.browser.get("/o/acme/setup").text.contains("Theirs"))
        }
    }

    @Test("Script in every text field is text")
    func script() async throws {
        try await SetupWorld.run { world in
            let evil = "<script>alert('x')</script>\"'`$(calc)"
            let id = try await world.begin()
            try await world.browser.get("/o/acme/setup")
            _ = try await world.browser.post("/o/acme/setup", ["kind": "microsoft", "name": evil])
            var page = try await world.browser.get("/o/acme/setup")
            #expect(!page.text.contains("<script>alert"))
            try await world.browser.get(world.page(id, "connection"))
            page = try await world.browser.post(
                world.page(id, "connection"),
                ["name": evil, "tenant": evil, "application": "own", "clientID": evil, "rights": "account"])
            #expect(page.status == .unprocessableContent)
            #expect(!page.text.contains("<script>alert"))
            #expect(page.text.contains("&lt;script&gt;alert"))
            page = try await world.browser.post(world.page(id, "sign-in"), ["account": evil])
            #expect(!page.text.contains("<script>alert"))
            page = try await world.browser.post(
                world.page(id, "account"), ["way": "password", "account": evil, "password": evil])
            #expect(!page.text.contains("<script>alert"))
            try await world.connect(id)
            _ = try await world.addRoom("<script>alert('room')</script>")
            _ = try await world.addRoom("O'Hara")
            try await world.find(id)
            for (step, fields) in [("rooms/add", ["address": evil]), ("mapping/csv", ["csv": evil, "revision": "0"])] {
                page = try await world.browser.post("/o/acme/setup/\(id)/\(step)", fields)
                #expect(page.status == .unprocessableContent)
                #expect(!page.text.contains("<script>alert"))
            }
            for step in SetupStep.allCases {
                page = try await world.browser.get(world.page(id, step.rawValue))
                #expect(!page.text.contains("<script>alert"))
            }
            page = try await world.browser.get(world.page(id, "prerequisites"))
            // PowerShell reads what stands in single quotes as text; a quote in it is doubled.
            #expect(page.text.contains("O&#39;&#39;Hara-ext") || page.text.contains("O''Hara-ext"))
        }
    }
}
