import CalendarModel
import HTTPTypes
import LoopBooking
import SQLStore
import SyncEngine
import TestSupport
import Testing

@testable import Portal

@Suite("The desk: queue, leavers, round trips")
struct DeskLeaverTests {
    @Test("What somebody left behind is handed over or cancelled")
    func leavers() async throws {
        let office = try await DeskOffice()
        let one = try await office.book("Budget <b>", "2026-03-02 09:00")
        let two = try await office.book("Stand-up", "2026-03-03 09:00")
        try await office.store.keep(
            KeptLeavers(
                askedAt: TestPortal.now,
                people: [
                    KeptLeavers.Leaver(
                        person: Person(name: "Anna <script>", address: Samples.anna.address), presence: .gone,
                        bookings: [one.id, two.id])
                ], asked: 3, unknown: 0, obstacles: []), of: DeskOffice.organization)
        let query = "?person=\(Form.encoded(Samples.anna.address))"
        try await office.browse { browser in
            let page = try await browser.get("/o/acme/leavers")
            #expect(page.text.contains("Anna &lt;script&gt;") && !page.text.contains("<script>\""))
            #expect(page.text.contains("Budget &lt;b&gt;"))
            try await browser.get("/o/acme/leavers/hand\(query)")
            let wrong = try await browser.post(
                "/o/acme/leavers/hand",
                ["person": Samples.anna.address, "booking": one.id.rawValue, "name": "Erik", "email": "nonsense"])
            #expect(wrong.status == .unprocessableContent && wrong.text.contains("value=\"nonsense\""))
            let none = try await browser.post(
                "/o/acme/leavers/hand", ["person": Samples.anna.address, "name": "Erik", "email": "erik@x.example"])
            #expect(none.text.contains("Choose at least one booking"))
            let handed = try await browser.post(
                "/o/acme/leavers/hand",
                ["person": Samples.anna.address, "booking": one.id.rawValue, "name": "Erik", "email": "erik@x.example"])
            #expect(handed.text.contains("One booking is handed over.") && !handed.text.contains("Budget"))
            let cancelled = try await browser.post(
                "/o/acme/leavers/cancel", ["person": Samples.anna.address, "booking": two.id.rawValue])
            #expect(cancelled.text.contains("One booking is cancelled."))
            #expect(cancelled.text.contains("Nobody who left holds a room"))
            #expect(try await browser.get("/o/acme/leavers/hand\(query)").status == .notFound)
        }
        #expect(try await office.desk.booking(one.id).meeting.organizer?.name == "Erik")
        #expect(try await office.desk.booking(two.id).status == .cancelled)
        #expect(try await office.audit() == ["leavers.hand", "leavers.cancel"])
    }

    @Test("The same over the REST API; what is not that person's is passed over")
    func overTheAPI() async throws {
        let office = try await DeskOffice()
        let one = try await office.book("Budget", "2026-03-02 09:00")
        let two = try await office.book("Stand-up", "2026-03-03 09:00")
        try await office.store.keep(
            KeptLeavers(
                askedAt: TestPortal.now,
                people: [
                    KeptLeavers.Leaver(person: Samples.anna, presence: .gone, bookings: [one.id, two.id])
                ], asked: 3, unknown: 0, obstacles: []), of: DeskOffice.organization)
        try await office.portal.run { client in
            let erik: JSONValue = ["name": "Erik", "address": "erik@x.example"]
            let both: JSONValue = [.string(one.id.rawValue), "somebody-elses"]
            let stranger = try await client.send(
                .post, "/api/v1/leavers/hand-over", ["person": "nobody@x.example", "bookings": both, "to": erik])
            #expect(stranger.status == .notFound)
            let incomplete = try await client.send(
                .post, "/api/v1/leavers/hand-over",
                ["person": .string(Samples.anna.address), "bookings": .array([])])
            #expect(incomplete.errors == ["to: required", "bookings: invalid-value"])
            let handed = try await client.send(
                .post, "/api/v1/leavers/hand-over",
                ["person": .string(Samples.anna.address), "bookings": both, "to": erik])
            #expect(handed["done"] == .array([.string(one.id.rawValue)]) && handed["refused"] == .array([]))
            let cancelled = try await client.send(
                .post, "/api/v1/leavers/cancel",
                ["person": .string(Samples.anna.address), "bookings": .array([.string(two.id.rawValue)])])
            #expect(cancelled["done"] == .array([.string(two.id.rawValue)]))
        }
        #expect(try await office.desk.booking(one.id).meeting.organizer?.name == "Erik")
        #expect(try await office.desk.booking(two.id).status == .cancelled)
        #expect(try await office.audit() == ["leavers.hand", "leavers.cancel"])
    }

    @Test("Looking asks the directory, and the answer stays")
    func look() async throws {
        let office = try await DeskOffice()
        try await office.book("Budget", "2026-03-02 09:00")
        try await office.browse { browser in
            let before = try await browser.get("/o/acme/leavers")
            #expect(before.text.contains("Nobody has looked yet"))
            let after = try await browser.post("/o/acme/leavers/look")
            #expect(after.path == "/o/acme/leavers" && after.text.contains("Last looked 0 s ago: 1 people asked about"))
        }
    }

    @Test("The queue shows links and open writes, the room's page its round trips and latency")
    func queue() async throws {
        let office = try await DeskOffice()
        try await office.pass()
        var run = CanaryRun(id: "run", link: office.link.id, startedAt: TestPortal.now)
        run.outcome = .passed
        run.outboundSeconds = 1.84
        run.inboundSeconds = 0.5
        run.finishedAt = TestPortal.now
        let finished = run
        try await office.store.keep(finished)
        try await office.book("Budget", "2026-03-02 09:00")
        try await office.pass()
        try await office.browse { browser in
            let queue = try await browser.get("/o/acme/queue")
            #expect(queue.text.contains("Oslo ↔ Oslo-ext") && queue.text.contains("No write is open"))
            let room = try await browser.get(office.roomPath)
            #expect(room.text.contains("Passed") && room.text.contains("1.8 s") && room.text.contains("0.5 s"))
            #expect(room.text.contains("1 changes crossed within a week") && room.text.contains("chart-tall"))
            try await office.store.keep(
                CanaryRun(
                    id: "other", link: office.link.id, startedAt: TestPortal.now.advanced(by: .seconds(1))))
            let again = try await browser.post("\(office.linkPath)/canary")
            #expect(again.text.contains("is under way already") && !again.text.contains("/canary\""))
            #expect(try await browser.get("/o/acme").text.contains("chart-inline"))
        }
        #expect(try await office.audit() == [])
    }
}
