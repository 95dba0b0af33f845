import CalendarModel
import HTTPTypes
import SQLStore
import Testing

@testable import Portal

@Suite("Signing in with Microsoft and Google")
struct OutsideSignInTests {
    @Test("Whoever is known by no account is told to ask for an invitation; a claimed address opens nothing")
    func unknown() async throws {
        try await OutsideWorld.run { world, browser in
            // Has the very address that Microsoft's token will hold, but Microsoft does not prove it.
            try await world.portal.addPerson("anna@contoso.example")
            for name in ["anna@contoso.example", "eve@evil.example"] {
                let page = try await world.signIn(browser, "microsoft", OutsideWorld.microsoft(name))
                #expect(page.status == .forbidden, "\(name)")
                #expect(page.heading == "Nobody here is known by this account")
                #expect(page.text.contains("ask an administrator of your organization for an invitation"))
            }
            let google = try await world.signIn(browser, "google", OutsideWorld.google("bo@gmail.com"))
            #expect(google.status == .forbidden)
            #expect(try await browser.get("/account").status == .unauthorized)
        }
    }

    @Test("A proved address opens the account with the same address, and is recognized from then on")
    func proved() async throws {
        try await OutsideWorld.run(trustsContoso: true) { world, browser in
            let anna = try await world.portal.addPerson("Anna@Contoso.example")
            let page = try await world.signIn(
                browser, "microsoft", OutsideWorld.microsoft("anna@contoso.example"), fields: ["next": "/account"])
            #expect(page.heading == "Your account")
            #expect(page.text.contains("Microsoft: anna@contoso.example"))
            let identities = try await world.portal.store.identities(of: anna.id)
            #expect(identities.map(\.provider) == ["microsoft"])
            // Eve's administrator wrote Anna's address into Eve's directory.
            let eve = Browser(browser.client)
            #expect(
                try await world.signIn(eve, "microsoft", OutsideWorld.microsoft("eve@evil.example")).status
                    == .forbidden)
            try await world.portal.addPerson("bo@gmail.com", role: .viewer, named: "Bo")
            let bo = Browser(browser.client)
            try await world.signIn(bo, "google", OutsideWorld.google("bo@gmail.com"))
            #expect(try await bo.get("/account").text.contains("Google: bo@gmail.com"))
        }
    }

    @Test("From the account page another way to sign in is added and removed, never somebody else's")
    func linking() async throws {
        try await OutsideWorld.run { world, browser in
            let ada = try await world.portal.addPerson()
            try await world.portal.addPerson("cy@acme.example", role: .viewer, named: "Cy")
            try await browser.signIn()
            try await browser.get("/account")
            #expect(await browser.page.text.contains("Also sign in with Microsoft"))
            let leaving = try await browser.post("/account/identities/microsoft", follow: false)
            let way = try await world.away(leaving, OutsideWorld.microsoft("anna@contoso.example"))
            #expect(try await browser.get(way).text.contains("From now on you can sign in with Microsoft."))

            let fresh = Browser(browser.client)
            try await world.signIn(fresh, "microsoft", OutsideWorld.microsoft("anna@contoso.example"))
            #expect(try await fresh.get("/account").text.contains("ada@acme.example"))

            let other = Browser(browser.client)
            try await other.signIn("cy@acme.example")
            try await other.get("/account")
            let second = try await other.post("/account/identities/microsoft", follow: false)
            let back = try await world.away(second, OutsideWorld.microsoft("anna@contoso.example"))
            #expect(try await other.get(back).text.contains("signs in as somebody else here"))

            try await browser.get("/account")
            let removed = try await browser.post("/account/identities/microsoft/remove")
            #expect(removed.text.contains("no longer sign in with Microsoft"))
            #expect(
                try await world.signIn(
                    Browser(browser.client), "microsoft", OutsideWorld.microsoft("anna@contoso.example")
                ).status == .forbidden)
            let log = try await world.portal.store.auditLog(of: nil, limit: 9).map(\.action)
            #expect(log == ["account.identity.remove", "account.identity.add"])
            #expect(try await world.portal.store.identities(of: ada.id).isEmpty)
        }
    }

    @Test("An invitation is taken up with an account elsewhere; one that is there already is not taken over")
    func invitation() async throws {
        try await OutsideWorld.run { world, browser in
            let portal = world.portal
            let desk = AccessDesk(
                services: portal.services, organization: Organization(id: "acme", name: "acme"), actor: "ada",
                actorKind: .account)
            func secret(_ link: String) -> String { String(link.split(separator: "/").last ?? "") }
            let first = secret(try await desk.invite("anna@acme.example", as: .receptionist).link)
            let joined = try await world.signIn(
                browser, "microsoft", OutsideWorld.microsoft("anna@contoso.example"),
                fields: ["invitation": first], from: "/invitation/\(first)")
            #expect(joined.status != .forbidden)
            #expect(try await browser.get("/account").text.contains("anna@acme.example"))
            let anna = try #require(try await portal.store.account(email: "anna@acme.example"))
            #expect(anna.password == nil && anna.name == "Anna Ås")
            #expect(try await portal.store.member(anna.id, of: "acme")?.role == .receptionist)
            // It is the only way in: it stays.
            try await browser.get("/account")
            #expect(try await browser.post("/account/identities/microsoft/remove").text.contains("only way to sign in"))

            try await portal.addPerson("di@acme.example", role: .administrator, in: "other")
            let second = secret(try await desk.invite("di@acme.example", as: .administrator).link)
            let thief = Browser(browser.client)
            let refused = try await world.signIn(
                thief, "google", OutsideWorld.google("bo@gmail.com"), fields: ["invitation": second],
                from: "/invitation/\(second)")
            #expect(refused.heading == "The invitation is for somebody else")
            #expect(try await thief.get("/account").status == .unauthorized)
        }
    }

    @Test("Cancelling changes nothing, and nothing typed is lost")
    func cancelled() async throws {
        try await OutsideWorld.run { world, browser in
            let cancel = ["login": "anna@contoso.example", "passwd": "right", "consent": "cancel"]
            let page = try await world.signIn(browser, "microsoft", cancel)
            #expect(page.heading == "You did not sign in with Microsoft")
            let kept = try await world.signIn(
                browser, "microsoft", cancel,
                fields: ["kept-action": "/account/name", "kept-form": "name=Ada+%3Cb%3E"])
            #expect(kept.text.contains("name=Ada%20%3Cb%3E"))
            #expect(kept.text.contains("You did not sign in with Microsoft"))
        }
    }

    @Test("A state that is replayed, forged, too old or another browser's is not accepted")
    func states() async throws {
        try await OutsideWorld.run(trustsContoso: true) { world, browser in
            try await world.portal.addPerson("anna@contoso.example")
            try await browser.get("/sign-in")
            let leaving = try await browser.post("/sign-in/microsoft", follow: false)
            let way = try await world.away(leaving, OutsideWorld.microsoft("anna@contoso.example"))
            // Somebody sends the way back to another person, to sign them in as himself.
            let other = Browser(browser.client)
            try await other.get("/sign-in")
            #expect(try await other.get(way).heading == "This sign-in cannot be finished")
            let elsewhere = way.replacing("/sign-in/microsoft/", with: "/sign-in/google/")
            #expect(try await Browser(browser.client).get(elsewhere).status == .conflict)
            #expect(try await browser.get(way, follow: false).status == .seeOther)
            #expect(try await browser.get(way).status == .conflict)
            #expect(try await other.get(way).status == .conflict)
            for forged in ["", "?code=x", "?state=forged&code=x", "?error=access_denied"] {
                #expect(try await other.get("/sign-in/microsoft/callback\(forged)").status == .conflict, "\(forged)")
            }
            #expect(try await other.get("/sign-in/nowhere/callback?state=x").status == .notFound)
        }
    }

    @Test("A closed account stays closed")
    func closed() async throws {
        try await OutsideWorld.run(trustsContoso: true) { world, browser in
            let anna = try await world.portal.addPerson("anna@contoso.example")
            try await world.portal.store.setDisabled(true, account: anna.id, now: TestPortal.now)
            let page = try await world.signIn(browser, "microsoft", OutsideWorld.microsoft("anna@contoso.example"))
            #expect(page.heading == "This account is closed")
            #expect(page.status == .forbidden)
        }
    }
}
