import CalendarModel
import HTTPTypes
import SQLStore
import Testing
import Vault

@testable import Portal

@Suite("Members and invitations")
struct MemberTests {
    /// The link that a page shows once.
    private func link(_ page: Browser.Page) throws -> String {
        let link = try #require(page.text.firstMatch(of: /http:\/\/127.0.0.1(\/invitation\/[^<\s]+)</)?.output.1)
        return String(link)
    }

    @Test("Somebody is invited, makes an account by the link, once, and has the role and address of the invitation")
    func invitation() async throws {
        let portal = try await TestPortal()
        try await portal.addPerson()
        try await portal.browse { browser in
            try await browser.signIn()
            #expect(try await browser.get("/o/acme/members").text.contains("ada@acme.example"))
            let wrong = try await browser.post("/o/acme/members", ["email": "bo <b>", "role": "viewer"])
            #expect(wrong.status == .unprocessableContent)
            #expect(wrong.text.contains("value=\"bo &lt;b&gt;\""))
            let made = try await browser.post("/o/acme/members", ["email": "bo@acme.example", "role": "receptionist"])
            #expect(made.heading == "The invitation is made")
            let link = try link(made)
            #expect(try await browser.get("/o/acme/members").text.contains("bo@acme.example"))
            #expect(await !browser.page.text.contains(link))

            let guest = Browser(browser.client)
            #expect(try await guest.get(link).heading == "Join acme")
            let short = try await guest.post(link, ["name": "Bo", "password": "short"])
            #expect(short.status == .unprocessableContent)
            // The address is the invitation's, whatever is sent.
            let joined = try await guest.post(
                link, ["name": "Bo <i>", "password": TestPortal.password, "email": "eve@acme.example"], follow: false)
            #expect(joined.headers[.location] == "/o/acme")
            #expect(try await guest.get("/account").text.contains("bo@acme.example"))
            #expect(try await guest.get("/o/acme/members").status == .forbidden)
            let again = try await Browser(browser.client).get(link)
            #expect(again.status == .notFound)
            #expect(again.heading == "This invitation does not work")
        }
        let members = try await portal.store.members(of: "acme")
        #expect(members.map(\.account.email) == ["ada@acme.example", "bo@acme.example"])
        #expect(members.map(\.role) == [.administrator, .receptionist])
        #expect(try await portal.store.account(email: "eve@acme.example") == nil)
        #expect(
            try await portal.store.auditLog(of: "acme", limit: 9).map(\.action) == ["member.join", "member.invite"])
    }

    @Test("Who has an account joins by signing in; who is signed in as somebody else does not")
    func present() async throws {
        let portal = try await TestPortal()
        try await portal.addPerson()
        try await portal.addPerson("bo@other.example", role: .viewer, in: "other")
        try await portal.browse { browser in
            try await browser.signIn()
            try await browser.get("/o/acme/members")
            let link = try link(
                try await browser.post("/o/acme/members", ["email": "BO@other.example", "role": "viewer"]))
            let mine = try await browser.get(link)
            #expect(mine.text.contains("The invitation is for somebody else"))
            #expect(try await browser.post(link).status == .conflict)

            let guest = Browser(browser.client)
            let asked = try await guest.get(link)
            #expect(asked.text.contains("You have an account with this address"))
            #expect(
                try await guest.post(link, ["name": "Eve", "password": "another set of words"]).status == .conflict)
            try await guest.get(link)
            let back = try await guest.post(
                "/sign-in", ["email": "bo@other.example", "password": TestPortal.password, "next": link])
            #expect(back.heading == "Join acme")
            let joined = try await guest.post(link, follow: false)
            #expect(joined.headers[.location] == "/o/acme")
            #expect(try await guest.get("/").text.contains("/o/other"))
        }
        #expect(try await portal.store.member("account-bo@other.example", of: "acme")?.role == .viewer)
    }

    @Test("Invitations are withdrawn, replaced by newer ones, and refused for members")
    func open() async throws {
        let portal = try await TestPortal()
        try await portal.addPerson()
        try await portal.browse { browser in
            try await browser.signIn()
            try await browser.get("/o/acme/members")
            let first = try link(
                try await browser.post("/o/acme/members", ["email": "bo@acme.example", "role": "viewer"]))
            try await browser.get("/o/acme/members")
            let second = try link(
                try await browser.post("/o/acme/members", ["email": "Bo@acme.example", "role": "viewer"]))
            let guest = Browser(browser.client)
            #expect(try await guest.get(first).status == .notFound)
            #expect(try await guest.get(second).status == .ok)
            let list = try await browser.get("/o/acme/members")
            let action = try #require(list.text.firstMatch(of: /action="([^"]*\/withdraw)"/)?.output.1)
            let withdrawn = try await browser.post(String(action))
            #expect(withdrawn.text.contains("no longer works"))
            #expect(try await guest.get(second).status == .notFound)
            let member = try await browser.post(
                "/o/acme/members", ["email": "ada@acme.example", "role": "viewer"])
            #expect(member.status == .conflict)
            #expect(member.text.contains("is a member of this organization already"))
        }
        #expect(
            try await portal.store.auditLog(of: "acme", limit: 9).map(\.action)
                == ["member.uninvite", "member.invite", "member.invite"])
    }

    @Test("Roles change and members go; the last administrator stays")
    func roles() async throws {
        let portal = try await TestPortal()
        let ada = try await portal.addPerson()
        let bo = try await portal.addPerson("bo@acme.example", role: .viewer, named: "Bo")
        try await portal.browse { browser in
            try await browser.signIn()
            let own = "/o/acme/members/\(Form.encoded(ada.id))"
            try await browser.get(own)
            let kept = try await browser.post(own, ["role": "viewer"])
            #expect(kept.status == .conflict)
            #expect(kept.text.contains("the only administrator"))
            try await browser.get(own + "/remove")
            let stays = try await browser.post(own + "/remove")
            #expect(stays.status == .conflict)
            #expect(stays.heading == "The last administrator")

            let other = "/o/acme/members/\(Form.encoded(bo.id))"
            try await browser.get(other)
            #expect(try await browser.post(other, ["role": "king"]).status == .conflict)
            let changed = try await browser.post(other, ["role": "administrator"])
            #expect(changed.text.contains("Bo is now: Administrator."))
            let sure = try await browser.get(own + "/remove")
            #expect(sure.heading == "Remove Ada Berg from the organization?")
            let gone = try await browser.post(own + "/remove")
            #expect(gone.heading == "Organizations")
            #expect(try await browser.get("/o/acme/members").status == .notFound)
        }
        #expect(try await portal.store.members(of: "acme").map(\.account.name) == ["Bo"])
        let log = try await portal.store.auditLog(of: "acme", limit: 9)
        #expect(log.map(\.action) == ["member.remove", "member.role"])
        #expect(log.map(\.detail) == ["administrator", "viewer → administrator"])
    }

    @Test("An invitation older than seven days does not work")
    func expired() async throws {
        let portal = try await TestPortal()
        let digest = SecretDigest.sha256("old-secret")
        try await portal.store.addErrand(
            Errand(
                digest: digest, kind: .invitation, organization: "acme",
                content: try Invitation.content(email: "bo@acme.example", role: .viewer, by: "ada@acme.example"),
                createdAt: TestPortal.now.advanced(by: .zero - Invitation.lasts), expiresAt: TestPortal.now))
        try await portal.browse { browser in
            let answer159 = try await browser.get("/invitation/old-secret")
            #expect(answer159.status == .notFound)
        }
    }
}
