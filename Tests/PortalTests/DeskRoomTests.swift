import CalendarModel
import HTTPTypes
import LoopBooking
import SQLStore
import SyncEngine
import TestSupport
import Testing

@testable import Portal

@Suite("The desk: a room's page")
struct DeskRoomTests {
    @Test("Both calendars of a day stand side by side, paired; scripts in them stay text, private ones are private")
    func day() async throws {
        let office = try await DeskOffice(room: "<script>room</script>")
        let ours = try await office.book("<script>alert(1)</script>", "2026-03-02 09:00", minutes: 120)
        try await office.book("Dismissal of Bob", "2026-03-02 12:00", sensitivity: .private)
        await office.calendar.personCreates(
            Samples.meeting("\"><img src=x onerror=alert(2)>", Times.at("2026-03-02 14:00")))
        try await office.pass()
        try await office.browse { browser in
            let page = try await browser.get("\(office.roomPath)?date=2026-03-02")
            #expect(page.text.contains("Monday 2 March 2026"))
            #expect(!page.text.contains("<script>alert") && !page.text.contains("<img src=x"))
            #expect(!page.text.contains("<script>room"))
            #expect(page.text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
            #expect(!page.text.contains("Bob") && page.text.contains("tl-private") && page.text.contains(">Private<"))
            #expect(page.text.contains("/o/acme/bookings/\(ours.id)"))
            #expect(page.text.ranges(of: "class=\"tl-loop").count >= 3)
            #expect(page.text.ranges(of: "class=\"tl-pair\" d=\"M").count == 4)  // three pairs and the legend
            #expect(page.text.contains("href=\"\(office.roomPath)?date=2026-03-01\""))
            #expect(page.text.contains("Booked in LoopBooking"))
            let dashboard = try await browser.get("/o/acme")
            #expect(!dashboard.text.contains("<script>room"))
            let empty = try await browser.get("\(office.roomPath)?date=2026-03-05")
            #expect(empty.text.contains("Nothing is booked on this day."))
            let odd = try await browser.get("\(office.roomPath)?date=nonsense")
            #expect(odd.status == .ok && odd.text.contains("Sunday 1 March 2026"))
        }
    }

    @Test("A busy-only link shows no subject and no name")
    func busyOnly() async throws {
        let office = try await DeskOffice(LinkPolicy(content: .busyOnly))
        try await office.book("Merger", "2026-03-02 09:00")
        try await office.pass()
        try await office.browse { browser in
            let page = try await browser.get("\(office.roomPath)?date=2026-03-02")
            #expect(page.text.contains("Busy") && !page.text.contains("Merger") && !page.text.contains("Anna"))
        }
    }

    @Test("Pause, resume, sync and reading again are done, told, and written down")
    func acts() async throws {
        let office = try await DeskOffice()
        try await office.pass()
        try await office.browse { browser in
            try await browser.get(office.roomPath)
            let paused = try await browser.post("\(office.linkPath)/pause")
            #expect(paused.path == office.roomPath && paused.text.contains("Oslo is paused."))
            #expect(paused.text.contains("status is-paused") && paused.text.contains("\(office.linkPath)/resume"))
            let refused = try await browser.post("\(office.linkPath)/sync")
            #expect(refused.text.contains("Let it run again first."))
            let resumed = try await browser.post("\(office.linkPath)/resume")
            #expect(resumed.text.contains("Oslo runs again."))
            try await office.book("Stand-up", "2026-03-02 09:00")
            let synced = try await browser.post("\(office.linkPath)/sync")
            #expect(synced.text.contains("The pass is done: 1 step."))
            let quiet = try await browser.post("\(office.linkPath)/sync")
            #expect(quiet.text.contains("Nothing was to be done"))
            try await browser.post("\(office.linkPath)/again")
            #expect(try await office.store.link(office.link.id)?.cursor == nil)
            #expect(try await browser.get(office.linkPath, follow: false).headers[.location] == office.roomPath)
        }
        let acts = ["link.pause", "link.resume", "link.sync", "link.sync", "link.readAgain"]
        #expect(try await office.audit() == acts)
    }

    @Test("Viewers look, and cannot act")
    func viewer() async throws {
        let office = try await DeskOffice()
        try await office.portal.addPerson("vera@acme.example", role: .viewer)
        try await office.portal.browse { browser in
            try await browser.signIn("vera@acme.example")
            let page = try await browser.get(office.roomPath)
            #expect(page.status == .ok && !page.text.contains("/pause\""))
            #expect(try await browser.post("\(office.linkPath)/pause").status == .forbidden)
            #expect(try await browser.get("\(office.linkPath)/policy").status == .forbidden)
        }
        #expect(try await office.store.link(office.link.id)?.link.state == .active)
    }

    @Test("The second of two people who change a policy is told what the first one changed, and loses nothing")
    func policy() async throws {
        let office = try await DeskOffice()
        try await office.browse { browser in
            let form = try await browser.get("\(office.linkPath)/policy")
            #expect(form.heading == "Policy of the link")
            let seen = Self.fields(LinkPolicy(), prefix: "seen-").merging(["revision": "1"]) { $1 }
            var first = Self.fields(LinkPolicy(clash: .calendarLeads)).merging(seen) { $1 }
            let saved = try await browser.post("\(office.linkPath)/policy", first)
            #expect(saved.path == office.roomPath && saved.text.contains("The policy is saved."))
            let second = Self.fields(LinkPolicy(whenBlind: .refuse, massDeletionShare: 0.5)).merging(seen) { $1 }
            let told = try await browser.post("\(office.linkPath)/policy", second)
            #expect(told.status == .conflict)
            #expect(told.text.contains("Who keeps the room: was First confirmed, is now Calendar leads."))
            #expect(told.text.contains("name=\"whenBlind\" value=\"refuse\" checked"))
            #expect(told.text.contains("name=\"share\" inputmode=\"numeric\" value=\"50\""))
            #expect(told.text.contains("name=\"revision\" value=\"2\""))
            #expect(try await office.store.link(office.link.id)?.link.policy.whenBlind == .hold)
            first = Self.fields(LinkPolicy(clash: .calendarLeads, whenBlind: .refuse)).merging(["revision": "2"]) { $1 }
            try await browser.post("\(office.linkPath)/policy", first)
            let bad = try await browser.post("\(office.linkPath)/policy", first.merging(["share": "0"]) { $1 })
            #expect(bad.status == .unprocessableContent && bad.text.contains("Give whole percents from 1 to 100"))
        }
        let policy = try await office.store.link(office.link.id)?.link.policy
        #expect(policy == LinkPolicy(clash: .calendarLeads, whenBlind: .refuse))
        let entry = try #require(try await office.store.auditLog(of: DeskOffice.organization, limit: 9).last)
        #expect(entry.action == "link.policy" && entry.detail == "clash: firstConfirmed → calendarLeads")
    }

    private static func fields(_ policy: LinkPolicy, prefix: String = "") -> [String: String] {
        Dictionary(uniqueKeysWithValues: PolicyField.allCases.map { (prefix + $0.rawValue, $0.value(of: policy)) })
    }

    @Test("Meetings that vanished all at once are listed, and decided about on a page of their own")
    func held() async throws {
        let office = try await DeskOffice()
        for hour in 8..<14 { try await office.book("Meeting \(hour)", "2026-03-03 \(hour < 10 ? "0" : "")\(hour):00") }
        try await office.pass()
        var faults = CalendarFaults.none
        faults.looksEmpty = true
        await office.calendar.set(faults)
        try await office.pass()
        let path = "\(office.linkPath)/held"
        try await office.browse { browser in
            let list = try await browser.get(path)
            #expect(list.heading == "Vanished meetings" && list.text.contains("Meeting 13"))
            #expect(list.text.contains("6 of 6 coming meetings vanished"))
            let question = try await browser.get("\(path)/accept")
            #expect(question.text.contains("6 bookings are cancelled in LoopBooking"))
            let other = try await browser.post("\(path)/accept", ["count": "5"])
            #expect(other.status == .conflict && other.text.contains("The list has changed"))
            let done = try await browser.post("\(path)/accept", ["count": "6"])
            #expect(done.path == office.roomPath && done.text.contains("The link runs again."))
            let over = try await browser.post("\(path)/restore", ["count": "6"])
            #expect(over.text.contains("Somebody decided already"))
            #expect(try await browser.get("\(path)/nonsense").status == .notFound)
        }
        try await office.pass()
        let left = try await office.desk.bookings(BookingQuery(room: office.room, limit: .max))
        #expect(left.allSatisfy { $0.status == .cancelled })
        #expect(try await office.audit() == ["link.held.accept"])
    }
}
