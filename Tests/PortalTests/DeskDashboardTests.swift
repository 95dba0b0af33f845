import CalendarModel
import Foundation
import LoopBooking
import SQLStore
import SyncEngine
import TestSupport
import Testing

@testable import Portal

@Suite("The desk: dashboard")
struct DeskDashboardTests {
    @Test("Without rooms it leads administrators to the set-up guide, and others to an administrator")
    func empty() async throws {
        let portal = try await TestPortal()
        try await portal.addPerson()
        try await portal.addPerson("vera@acme.example", role: .viewer)
        try await portal.browse { browser in
            let page = try await browser.signIn()
            #expect(page.heading == "Rooms")
            #expect(page.text.contains("Start the set-up guide") && page.text.contains("href=\"/o/acme/setup\""))
            #expect(!page.text.contains("<table"))
        }
        try await portal.browse { browser in
            let page = try await browser.signIn("vera@acme.example")
            #expect(page.text.contains("An administrator of your organization can link rooms"))
            #expect(!page.text.contains("/o/acme/setup"))
        }
    }

    @Test("Every room is listed with its link's condition; what needs somebody comes first")
    func rooms() async throws {
        let office = try await DeskOffice()
        _ = try await office.desk.addRoom(RoomDraft(name: "Aker", zone: "Europe/Oslo"))
        try await office.browse { browser in
            let fresh = try await browser.get("/o/acme")
            #expect(fresh.text.contains("is-notCertain"))
            try await office.pass()
            let page = try await browser.get("/o/acme")
            #expect(page.text.contains("1 of 1 linked rooms agree with their calendars."))
            #expect(page.text.contains("status is-inSync") && page.text.contains("Not linked"))
            let oslo = try #require(page.text.range(of: ">Oslo</a>"))
            let aker = try #require(page.text.range(of: ">Aker</a>"))
            #expect(oslo.lowerBound < aker.lowerBound)
            #expect(page.text.contains("data-live=\"links\"") && page.text.contains("data-events=\"/o/acme/events\""))
            try await office.store.setState(
                .held(MassDeletion(vanished: 9, of: 12)), of: office.link.id, now: TestPortal.now)
            let held = try await browser.get("/o/acme")
            #expect(held.text.contains("9 of 12 meetings vanished from the calendar"))
            #expect(held.text.contains("href=\"\(office.linkPath)/held\""))
            #expect(held.text.contains("One waits for you."))
        }
    }

    @Test("It is filtered by condition and searched by room or calendar")
    func filter() async throws {
        let office = try await DeskOffice()
        _ = try await office.desk.addRoom(RoomDraft(name: "Aker", zone: "Europe/Oslo"))
        try await office.pass()
        try await office.browse { browser in
            let unlinked = try await browser.get("/o/acme?show=unlinked")
            #expect(unlinked.text.contains(">Aker</a>") && !unlinked.text.contains(">Oslo</a>"))
            let found = try await browser.get("/o/acme?q=OSLO-ext")
            #expect(found.text.contains(">Oslo</a>") && !found.text.contains(">Aker</a>"))
            #expect(found.text.contains("value=\"OSLO-ext\""))
            let none = try await browser.get("/o/acme?q=Bergen&show=inSync")
            #expect(none.text.contains("No room fits that."))
        }
    }

    @Test("The wall screen has no navigation and follows what happens")
    func wall() async throws {
        let office = try await DeskOffice()
        try await office.pass()
        try await office.browse { browser in
            let page = try await browser.get("/o/acme?view=wall")
            #expect(page.text.contains("<body class=\"wall\" data-events=\"/o/acme/events\">"))
            #expect(page.text.contains("class=\"room is-inSync\"") && !page.text.contains("<nav"))
        }
    }

    @Test("Long lists come in pages")
    func pages() {
        let turner = PageTurner(count: 950, size: 100, page: 4)
        #expect(turner.range == 300..<400 && turner.pages == 10)
        #expect(PageTurner(count: 950, size: 100, page: 99).range == 900..<950)
        #expect(PageTurner(count: 0, size: 100, page: 1).range == 0..<0)
        #expect(PageTurner(count: 100, size: 100, page: 1).values("/x?") == .null)
        let links = turner.values("/x?")["links"]?.array?.map { $0["number"]?.string ?? "" }
        #expect(links == ["1", "2", "3", "4", "5", "6", "", "10"])
        #expect(turner.values("/x?q=1&")["next"]?.string == "/x?q=1&page=5")
    }
}
