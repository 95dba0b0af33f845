import CalendarModel
import HTTPTypes
import LoopBooking
import SQLStore
import SyncEngine
import SyncService
import TestSupport
import Testing

@testable import Portal

@Suite("The desk: bookings")
struct DeskBookingTests {
    @Test("A booking is found by subject, person, room, day, and by the ids of both sides")
    func search() async throws {
        let office = try await DeskOffice()
        let budget = try await office.book("Budget 100% <script>", "2026-03-02 09:00")
        try await office.book("Stand-up", "2026-03-03 09:00", by: Samples.erik)
        try await office.pass()
        let event = try #require(
            try await office.store.counterpart(of: budget.id, link: office.link.id)?.pairing.event)
        try await office.browse { browser in
            func found(_ query: String) async throws -> [String] {
                let page = try await browser.get("/o/acme/bookings?\(query)")
                #expect(page.status == .ok && !page.text.contains("Budget 100% <script>"))
                return page.text.matches(of: /<th scope="row"><a href="[^"]*">([^<]*)<\/a>/).map { String($0.output.1) }
            }
            let first = "Budget 100% &lt;script&gt;"
            #expect(try await found("q=BUDG+100%25") == [first])
            #expect(try await found("q=100_") == [])
            #expect(try await found("q=erik@contoso") == ["Stand-up"])
            #expect(try await found("q=anna+budget") == [first])
            #expect(try await found("q=oslo") == [first, "Stand-up"])
            #expect(try await found("q=\(budget.id)") == [first])
            #expect(try await found("q=\(event)") == [first])
            #expect(try await found("from=2026-03-03") == ["Stand-up"])
            #expect(try await found("room=\(office.room)&q=stand") == ["Stand-up"])
            #expect(try await found("room=nonsense&from=nonsense") == [first, "Stand-up"])
            let none = try await browser.get("/o/acme/bookings?q=nothing+of+the+kind")
            #expect(none.text.contains("No booking found") && none.text.contains("value=\"nothing of the kind\""))
        }
    }

    @Test("What is private or hidden by policy is neither shown nor found")
    func hidden() async throws {
        let office = try await DeskOffice(LinkPolicy(content: .busyWithOrganizer))
        try await office.book("Merger", "2026-03-02 09:00")
        let other = try await office.desk.addRoom(RoomDraft(name: "Aker", zone: "Europe/Oslo")).entity
        try await office.book("Dismissal", "2026-03-02 09:00", sensitivity: .private, room: other.id)
        try await office.browse { browser in
            for word in ["merger", "dismissal"] {
                #expect(try await browser.get("/o/acme/bookings?q=\(word)").text.contains("No booking found"))
            }
            let page = try await browser.get("/o/acme/bookings?q=anna")
            #expect(!page.text.contains("Merger") && !page.text.contains("Dismissal"))
            #expect(page.text.contains(">Anna Berg</a>") && page.text.contains(">Private</a>"))
        }
    }

    @Test("Longer answers go on behind the last booking")
    func paging() async throws {
        let office = try await DeskOffice()
        for day in 2..<9 { try await office.book("Daily \(day)", "2026-03-0\(day) 09:00") }
        let finder = BookingFinder(organization: DeskOffice.organization, store: office.store)
        let first = try await finder.find(BookingFinder.Query("daily", limit: 4))
        #expect(first.found.map(\.title) == ["Daily 2", "Daily 3", "Daily 4", "Daily 5"])
        let second = try await finder.find(BookingFinder.Query("daily", after: first.next, limit: 4))
        #expect(second.found.map(\.title) == ["Daily 6", "Daily 7", "Daily 8"] && second.next == nil)
        let strangers = BookingFinder(organization: "other", store: office.store)
        #expect(try await strangers.find(BookingFinder.Query("daily")).found.isEmpty)
    }

    @Test("A booking shows both sides and its story, and is cancelled on a page of its own")
    func story() async throws {
        let office = try await DeskOffice()
        let booking = try await office.book("Stand-up", "2026-03-02 09:00")
        try await office.pass()
        let path = "/o/acme/bookings/\(booking.id)"
        try await office.browse { browser in
            let page = try await browser.get(path)
            #expect(page.heading == "Stand-up" && page.text.contains("Booked in LoopBooking for"))
            #expect(page.text.contains("Event id") && !page.text.contains("class=\"differs\""))
            let question = try await browser.get("\(path)/cancel")
            #expect(question.heading == "Cancel the booking")
            let long = try await browser.post(
                "\(path)/cancel", ["revision": "1", "reason": String(repeating: "x", count: 300)])
            #expect(long.status == .unprocessableContent && long.text.contains(String(repeating: "x", count: 300)))
            let stale = try await browser.post("\(path)/cancel", ["revision": "7", "reason": "Ill <b>"])
            #expect(stale.status == .conflict && stale.text.contains("Ill &lt;b&gt;"))
            let revision = try await office.desk.booking(booking.id).revision
            let done = try await browser.post("\(path)/cancel", ["revision": "\(revision)", "reason": "Ill <b>"])
            #expect(done.text.contains("The booking is cancelled.") && !done.text.contains("Ill <b>"))
            let again = try await browser.post("\(path)/cancel", ["revision": "\(revision + 1)"])
            #expect(again.text.contains("cannot be cancelled here"))
        }
        #expect(try await office.desk.booking(booking.id).status == .cancelled)
        #expect(try await office.audit() == ["booking.cancel"])
    }

    @Test("A meeting that was made in the calendar is not cancelled here")
    func theirs() async throws {
        let office = try await DeskOffice()
        await office.calendar.personCreates(Samples.meeting("Theirs", Times.at("2026-03-02 11:00")))
        try await office.pass()
        let booking = try #require(
            try await office.desk.bookings(BookingQuery(room: office.room, limit: 9)).first)
        try await office.browse { browser in
            let page = try await browser.get("/o/acme/bookings/\(booking.id)")
            #expect(!page.text.contains("/cancel"))
            let refused = try await browser.post("/o/acme/bookings/\(booking.id)/cancel", ["revision": "1"])
            #expect(refused.text.contains("cannot be cancelled here"))
        }
        #expect(try await office.desk.booking(booking.id).status == .confirmed)
    }
}
