import CalendarModel
import HTTPTypes
import SQLStore
import Testing
import Vault

@testable import Portal

@Suite("Getting in")
struct SignInTests {
    @Test("The first operator makes an account by the printed link, once")
    func firstOperator() async throws {
        let portal = try await TestPortal()
        let services = portal.services
        let link = try #require(try await services.firstOperatorLink())
        try await portal.browse { browser in
            #expect(try await browser.get(link).heading == "The first operator")
            let short = try await browser.post(
                link, ["name": "Olav", "email": "olav@host.example", "password": "short"])
            #expect(short.status == .unprocessableContent)
            #expect(short.text.contains("at least 12 characters"))
            #expect(short.text.contains("value=\"olav@host.example\""))
            let made = try await browser.post(
                link, ["name": "Olav", "email": "olav@host.example", "password": TestPortal.password])
            #expect(made.heading == "Organizations")
            #expect(try await browser.get(link).status == .notFound)
        }
        #expect(try await services.firstOperatorLink() == nil)
        #expect(try await portal.store.account(email: "OLAV@host.example")?.isOperator == true)
        #expect(try await portal.store.auditLog(of: nil, limit: 9).map(\.action) == ["operator.first"])
    }

    @Test("A newer link makes the older one worthless")
    func newerLink() async throws {
        let portal = try await TestPortal()
        let first = try #require(try await portal.services.firstOperatorLink())
        let second = try #require(try await portal.services.firstOperatorLink())
        try await portal.browse { browser in
            let old = try await browser.get(first)
            #expect(old.status == .notFound)
            let new = try await browser.get(second)
            #expect(new.status == .ok)
        }
    }

    @Test("A wrong password and an unknown address get the same answer; the right one gets in, and out again")
    func password() async throws {
        let portal = try await TestPortal()
        try await portal.addPerson()
        try await portal.browse { browser in
            let wrong = try await browser.signIn(password: "nothing of the kind")
            let unknown = try await browser.signIn("nobody@acme.example")
            #expect(wrong.status == .unprocessableContent)
            #expect(unknown.status == .unprocessableContent)
            #expect(wrong.text.contains("Address or password is wrong"))
            #expect(unknown.text.contains("Address or password is wrong"))
            #expect(try await browser.get("/account").status == .unauthorized)
            try await browser.signIn("ADA@acme.example")
            #expect(try await browser.get("/account").heading == "Your account")
            try await browser.post("/sign-out")
            #expect(try await browser.get("/account").status == .unauthorized)
        }
    }

    @Test("Cookies are HttpOnly and SameSite, and a forged one is none")
    func cookies() async throws {
        let portal = try await TestPortal()
        try await portal.addPerson()
        try await portal.browse { browser in
            try await browser.get("/sign-in")
            let page = try await browser.post(
                "/sign-in", ["email": "ada@acme.example", "password": TestPortal.password], follow: false)
            let cookie = try #require(page.headers[values: .setCookie].first { $0.hasPrefix("loopsync_session=") })
            #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"))
            let good = try #require(await browser.cookie("loopsync_session"))
            await browser.set("loopsync_session", good + "x")
            #expect(try await browser.get("/account").status == .unauthorized)
            await browser.set("loopsync_session", String(good.reversed()))
            #expect(try await browser.get("/account").status == .unauthorized)
        }
    }

    @Test("Guessing is slowed down, also for addresses that nobody has")
    func throttling() async throws {
        let portal = try await TestPortal()
        try await portal.addPerson()
        try await portal.browse { browser in
            for email in ["ada@acme.example", "nobody@acme.example"] {
                for _ in 1...5 {
                    let page = try await browser.signIn(email, password: "guess")
                    #expect(page.status == .unprocessableContent)
                }
                let slowed = try await browser.signIn(email, password: TestPortal.password)
                #expect(slowed.status == .tooManyRequests)
                #expect(slowed.text.contains("Too many wrong passwords"))
            }
        }
    }

    @Test("A form without the session's mark, or sent by another site, changes nothing")
    func forgery() async throws {
        let portal = try await TestPortal()
        try await portal.addPerson()
        try await portal.browse { browser in
            try await browser.signIn()
            try await browser.get("/account")
            #expect(try await browser.post("/account/name", ["name": "Eve"], token: "wrong").status == .forbidden)
            try await browser.get("/account")
            let elsewhere = try await browser.post(
                "/account/name", ["name": "Eve"], headers: ["Sec-Fetch-Site": "cross-site"])
            #expect(elsewhere.status == .forbidden)
        }
        #expect(try await portal.store.account(email: "ada@acme.example")?.name == "Ada Berg")
    }

    @Test("Nothing typed is lost when the session ends while a form is filled in")
    func expiredMidForm() async throws {
        let portal = try await TestPortal()
        try await portal.addPerson()
        try await portal.browse { browser in
            try await browser.signIn()
            try await browser.get("/account")
            await browser.forgetSession()
            let asked = try await browser.post("/account/name", ["name": "Ada <b>Lovelace</b>"])
            #expect(asked.status == .unauthorized)
            #expect(asked.text.contains("Nothing you typed is lost"))
            let kept = try #require(asked.text.firstMatch(of: /name="kept-form" value="([^"]*)"/)?.output.1)
            let again = try await browser.post(
                "/sign-in",
                [
                    "email": "ada@acme.example", "password": TestPortal.password, "kept-action": "/account/name",
                    "kept-form": String(kept).replacing("&amp;", with: "&"),
                ])
            #expect(again.heading == "Go on where you were")
            #expect(again.text.contains("Ada &lt;b&gt;Lovelace&lt;/b&gt;"))
            try await browser.post("/account/name", ["name": "Ada <b>Lovelace</b>"])
        }
        #expect(try await portal.store.account(email: "ada@acme.example")?.name == "Ada <b>Lovelace</b>")
    }

    @Test("A new password ends the sessions elsewhere")
    func newPassword() async throws {
        let portal = try await TestPortal()
        try await portal.addPerson()
        try await portal.browse { browser in
            let other = Browser(browser.client)
            try await other.signIn()
            try await browser.signIn()
            try await browser.get("/account")
            let wrong = try await browser.post(
                "/account/password", ["password": "not it at all", "newPassword": "completely other words"])
            #expect(wrong.text.contains("not your present password"))
            try await browser.post(
                "/account/password", ["password": TestPortal.password, "newPassword": "completely other words"])
            #expect(try await browser.get("/account").status == .ok)
            #expect(try await other.get("/account").status == .unauthorized)
            try await other.signIn(password: "completely other words")
            #expect(try await other.get("/account").status == .ok)
        }
    }

    @Test("Language and theme are chosen at the foot of every page")
    func preferences() async throws {
        let portal = try await TestPortal()
        try await portal.browse { browser in
            #expect(try await browser.get("/sign-in", accept: "nb").heading == "Logg inn")
            try await browser.get("/sign-in")
            #expect(
                try await browser.post("/preferences", ["language": "nb", "next": "/sign-in"]).heading == "Logg inn")
            let dark = try await browser.post("/preferences", ["theme": "dark", "next": "/sign-in"])
            #expect(dark.text.contains("data-theme=\"dark\""))
            let away = try await browser.post(
                "/preferences", ["theme": "auto", "next": "//evil.example"], follow: false)
            #expect(away.headers[.location] == "/")
        }
    }

    @Test("Pages keep others out of their frame, and are not kept by browsers")
    func headers() async throws {
        let portal = try await TestPortal()
        try await portal.browse { browser in
            for path in ["/sign-in", "/nothing/here", "/account"] {
                let page = try await browser.get(path)
                let policy = try #require(page.headers[.contentSecurityPolicy])
                #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
                #expect(!policy.contains("unsafe"))
                #expect(page.headers[.cacheControl] == "private, no-store")
            }
            #expect(try await browser.get("/nothing/here").heading == "There is nothing here")
        }
    }
}
