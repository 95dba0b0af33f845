import CalendarModel
import HTTPTypes
import HummingbirdTesting
import SQLStore
import SyncEngine
import SyncService
import Testing

@testable import Portal

@Suite("The doctor's pages")
struct DoctorPageTests {
    private func run(_ id: String, minute: Int, _ verdict: Finding.Verdict) -> DoctorRun {
        let at = TestPortal.now.advanced(by: .seconds(60 * minute))
        let fault = Diagnosis(
            code: "microsoft.signIn.passwordExpired", summary: "The service account's password has expired.",
            consequence: "Rooms of <b>this</b> connection are not certain.",
            remedy: "Set a new password, set it to never expire, and enter it here.", step: .neverExpirePassword,
            vendorCode: "AADSTS50055")
        return DoctorRun(
            id: id, organization: "acme", occasion: .scheduled, startedAt: at, finishedAt: at,
            entries: [
                DoctorEntry(
                    finding: Finding(check: "database", verdict: .good, evidence: "answers, schema 9")),
                DoctorEntry(
                    connection: "c1", connectionName: "Contoso",
                    finding: Finding(
                        check: "microsoft.password", verdict: verdict,
                        evidence: verdict == .good ? "It has not expired." : fault.summary,
                        diagnosis: verdict == .good ? nil : fault, step: .neverExpirePassword)),
            ])
    }

    @Test("What was found is shown with what it means, what to do, the step, the vendor's code and since when")
    func findings() async throws {
        let portal = try await TestPortal()
        try await portal.addPerson()
        try await portal.store.keep(run("run-1", minute: -60, .good))
        try await portal.store.keep(run("run-2", minute: -30, .bad))
        try await portal.browse { browser in
            try await browser.signIn()
            let page = try await browser.get("/o/acme/doctor")
            for text in [
                "One prerequisite is missing.", "The password has not expired", "AADSTS50055",
                "Set a new password, set it to never expire", "Rooms of &lt;b&gt;this&lt;/b&gt; connection",
                "Set the service account&#39;s password to never expire", "1 Mar 2026, 11:30:00",
                "1 Mar 2026, 11:00:00",
            ] { #expect(page.text.contains(text), "\(text)") }
            let older = try await browser.get("/o/acme/doctor/runs/run-2")
            #expect(older.text.contains("What changed since the round before"))
            #expect(older.text.contains("The password has not expired (Contoso)"))
            #expect(try await browser.get("/o/acme/doctor/runs/run-1").status == .ok)
            #expect(try await browser.get("/o/acme/doctor/runs/none").status == .notFound)
            try await browser.get("/o/acme/doctor", accept: "nb")
            let norwegian = try await browser.post("/preferences", ["language": "nb", "next": "/o/acme/doctor"])
            for text in ["Passordet er ikke utløpt", "Tjenestekontoens passord er utløpt.", "svarer, skjema 9"] {
                #expect(norwegian.text.contains(text), "\(text)")
            }
            #expect(norwegian.text.contains("<p lang=\"en\">Rooms of"))
        }
    }

    @Test("The doctor goes round when it is asked, while the page is shown")
    func now() async throws {
        let portal = try await TestPortal()
        try await portal.addPerson("rita@acme.example", role: .receptionist)
        let services = portal.services
        let server = PortalServer(services: services, options: portal.options, logger: portal.logger)
        try await server.application().test(.router) { client in
            let browser = Browser(client)
            try await browser.signIn("rita@acme.example")
            #expect(try await browser.get("/o/acme/doctor").text.contains("Nothing was checked yet."))
            let begun = try await browser.post("/o/acme/doctor")
            #expect(begun.text.contains("The doctor is on its round."))
            await services.background.idle()
            let page = try await browser.get("/o/acme/doctor")
            #expect(page.text.contains("There is no connection to a calendar system yet."))
            #expect(page.text.contains("Somebody asked"))
        }
        #expect(try await portal.store.auditLog(of: "acme", limit: 9).map(\.action) == ["doctor.run"])
    }
}
