import CalendarModel
import HTTPTypes
import LoopBooking
import SQLStore
import SyncEngine
import SyncService
import TestSupport
import Testing

@testable import Portal

@Suite("The desk: clashes and drift")
struct DeskClashTests {
    private func clash() async throws -> (DeskOffice, id: String) {
        let office = try await DeskOffice()
        try await office.book("Ours <script>", "2026-03-02 09:00")
        try await office.pass()
        await office.calendar.personCreates(Samples.meeting("Theirs", Times.at("2026-03-02 09:30")))
        try await office.pass()
        let clash = try #require(try await office.store.openClashes(of: DeskOffice.organization).first)
        return (office, clash.id.rawValue)
    }

    @Test("A clash is shown side by side, decided, and taken back")
    func decide() async throws {
        let (office, id) = try await clash()
        try await office.browse { browser in
            let list = try await browser.get("/o/acme/clashes")
            #expect(list.text.contains("Ours &lt;script&gt;") && !list.text.contains("Ours <script>"))
            let page = try await browser.get("/o/acme/clashes/\(id)")
            #expect(page.text.contains("Keep A") && page.text.contains("No other room is free"))
            let decided = try await browser.post("/o/acme/clashes/\(id)/decision", ["keep": "b"])
            #expect(decided.status == .ok && decided.text.contains("Ada Berg decided on"))
            let twice = try await browser.post("/o/acme/clashes/\(id)/decision", ["keep": "a"])
            #expect(twice.status == .conflict && twice.text.contains("decided this clash at"))
            let undone = try await browser.post("/o/acme/clashes/\(id)/undo")
            #expect(undone.text.contains("Taken back"))
            let empty = try await browser.post("/o/acme/clashes/\(id)/decision", ["move": "a"])
            #expect(empty.status == .badRequest)
        }
        #expect(try await office.audit() == ["clash.decide", "clash.undo"])
    }

    @Test("A meeting moves to a free room")
    func move() async throws {
        let (office, id) = try await clash()
        let aker = try await office.desk.addRoom(RoomDraft(name: "Aker", capacity: 9, zone: "Europe/Oslo")).entity
        try await office.browse { browser in
            let page = try await browser.get("/o/acme/clashes/\(id)")
            #expect(page.text.contains("Aker, 9 places"))
            let moved = try await browser.post("/o/acme/clashes/\(id)/decision", ["move": "b", "to": aker.id.rawValue])
            #expect(moved.text.contains("B moves to Aker."))
            let bad = try await browser.post("/o/acme/clashes/\(id)/undo")
            #expect(bad.status == .ok)
            let nowhere = try await browser.post("/o/acme/clashes/\(id)/decision", ["move": "b", "to": "nowhere"])
            #expect(nowhere.status == .conflict && nowhere.text.contains("There is no room nowhere."))
        }
    }

    @Test("Drift is compared, chosen, and repaired; what may cancel is asked about once more")
    func drift() async throws {
        let office = try await DeskOffice()
        try await office.book("Stand-up", "2026-03-02 09:00")
        try await office.pass()
        var report = DriftReport(
            id: "report", link: office.link.id, occasion: .scheduled, startedAt: TestPortal.now,
            window: Samples.window)
        report.items = [
            DriftItem(
                .differs, booking: "b", field: .subject, sentence: "Subjects <i>differ</i>.", here: "<b>", there: "B"),
            DriftItem(.missingThere, booking: "c", sentence: "Gone."),
        ]
        try await office.store.keep(report)
        let ids = report.items.map(\.id)
        let path = "\(office.linkPath)/drift"
        try await office.browse { browser in
            let list = try await browser.get("/o/acme/drift")
            #expect(list.text.contains("2 things do not agree.") && list.text.contains("2 drift items"))
            let page = try await browser.get(path)
            #expect(
                page.text.contains("Subjects &lt;i&gt;differ")
                    && !page.text.contains("<td data-label=\"LoopBooking\"><b>"))
            let nothing = try await browser.post("\(path)/repair", ["missing": "restore"])
            #expect(nothing.text.contains("Choose what is to be repaired."))
            let asked = try await browser.post("\(path)/repair", ["item": ids[1], "missing": "follow"])
            #expect(asked.heading == "Repair and cancel" && asked.text.contains("name=\"sure\""))
            let one = try await browser.post("\(path)/repair", ["item": ids[0], "missing": "restore"])
            #expect(one.text.contains("One item is repaired") && one.text.contains("It was as it should be already."))
            let all = try await browser.post("\(path)/repair", ["all": "yes", "missing": "follow", "sure": "yes"])
            #expect(all.text.contains("One item is repaired"))
            let compared = try await browser.post("\(path)/compare")
            #expect(compared.text.contains("Compared. 0 things do not agree."))
        }
        #expect(try await office.audit() == ["drift.repair", "drift.repair", "drift.compare"])
    }
}
