import CalendarModel
import HTTPTypes
import SQLStore
import Testing

@testable import Portal

@Suite("The operator's pages")
struct OperatorTests {
    @Test("Organizations are added and renamed")
    func organizations() async throws {
        let portal = try await TestPortal()
        try await portal.addPerson("op@host.example", role: nil, isOperator: true)
        try await portal.browse { browser in
            try await browser.signIn("op@host.example")
            #expect(try await browser.get("/operator").heading == "The installation")
            let wrong = try await browser.post("/operator/organizations", ["name": "Fabrikam", "id": "Fab rikam"])
            #expect(wrong.status == .unprocessableContent)
            #expect(wrong.text.contains("value=\"Fabrikam\""))
            let taken = try await browser.post("/operator/organizations", ["name": "Fabrikam", "id": "acme"])
            #expect(taken.text.contains("short name acme already"))
            let added = try await browser.post("/operator/organizations", ["name": "Fabrikam", "id": "fabrikam"])
            #expect(added.text.contains("Fabrikam is added."))
            try await browser.get("/operator/organizations/fabrikam")
            let renamed = try await browser.post("/operator/organizations/fabrikam", ["name": "Fabrikam <AS>"])
            #expect(renamed.text.contains("Fabrikam &lt;AS&gt;"))
            #expect(try await browser.get("/o/fabrikam/members").status == .ok)
            #expect(try await browser.get("/operator/audit").text.contains("Renamed the organization"))
        }
    }

    @Test("Accounts are closed and opened, and operators made; the last one stays")
    func accounts() async throws {
        let portal = try await TestPortal()
        let op = try await portal.addPerson("op@host.example", role: nil, isOperator: true, named: "Olav")
        let ada = try await portal.addPerson()
        try await portal.browse { browser in
            let person = Browser(browser.client)
            try await person.signIn()
            try await browser.signIn("op@host.example")
            let list = try await browser.get("/operator/accounts?q=ada")
            #expect(list.text.contains("ada@acme.example") && !list.text.contains("Olav</a>"))
            let path = "/operator/accounts/\(Form.encoded(ada.id))"
            #expect(try await browser.get(path + "/close").heading == "Close the account of Ada Berg?")
            #expect(try await browser.post(path + "/close").text.contains("is closed"))
            #expect(try await person.get("/account").status == .unauthorized)
            #expect(try await person.signIn().status == .unprocessableContent)
            try await browser.get(path)
            #expect(try await browser.post(path + "/open").text.contains("is open again"))
            try await person.signIn()
            #expect(try await person.get("/operator").status == .notFound)

            let own = "/operator/accounts/\(Form.encoded(op.id))"
            try await browser.get(own)
            let kept = try await browser.post(own + "/demote")
            #expect(kept.status == .conflict)
            #expect(kept.text.contains("only operator"))
            try await browser.get(path + "/promote")
            try await browser.post(path + "/promote")
            #expect(try await person.get("/operator").status == .ok)
            try await browser.get(own)
            #expect(try await browser.post(own + "/demote").heading == "Organizations")

            try await person.get(own)
            let reset = try await person.post(own + "/password", follow: false)
            #expect(reset.text.contains("/new-password/"))
        }
        let log = try await portal.store.auditLog(of: nil, limit: 9).map(\.action)
        #expect(log == ["account.reset", "operator.remove", "operator.add", "account.open", "account.close"])
    }
}
