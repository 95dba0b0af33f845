import CalendarModel
import HTTPTypes
import SQLStore
import Testing

@testable import Portal

@Suite("A forgotten password")
struct NewPasswordTests {
    @Test("The operator's link sets a new password, once, and ends all sessions")
    func link() async throws {
        let portal = try await TestPortal()
        try await portal.addPerson()
        let services = portal.services
        let link = try await services.newPasswordLink(for: "Ada@acme.example")
        await #expect(throws: AccountError.noSuchAccount) { try await services.newPasswordLink(for: "no@acme.example") }
        try await portal.browse { browser in
            let old = Browser(browser.client)
            try await old.signIn()
            #expect(try await browser.get(link).text.contains("ada@acme.example"))
            #expect(try await browser.post(link, ["newPassword": "aaaaaaaaaaaaaaa"]).text.contains("too easy to guess"))
            try await browser.post(link, ["newPassword": "completely other words"])
            #expect(try await browser.get("/account").status == .ok)
            #expect(try await old.get("/account").status == .unauthorized)
            #expect(try await browser.get(link).status == .notFound)
            #expect(try await old.signIn().status == .unprocessableContent)
            try await old.signIn(password: "completely other words")
            #expect(try await old.get("/account").status == .ok)
        }
    }
}
