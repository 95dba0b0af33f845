import CalendarModel
import HTTPTypes
import LoopBooking
import SyncService
import TestSupport
import Testing

@testable import Portal
@testable import SQLStore
@testable import SyncEngine

@Suite("The desk: organizations are apart")
struct DeskSeparationTests {
    /// Ids of the other organization's things, by the name they have in addresses.
    private func strangers(in portal: TestPortal) async throws -> [String: String] {
        let desk = portal.services.desk(of: "other")
        let room = try await desk.addRoom(RoomDraft(name: "Theirs", zone: "Europe/Oslo")).entity
        let link = try await DeskOffice.link(room, "other", resource: "theirs@other.example", in: portal)
        let booking = try await desk.create(
            BookingDraft(room: room.id, time: TimeDraft(Times.at("2026-03-02 09:00")), subject: "Secret"),
            by: .person("Olga")
        ).entity
        let clash = Clash(
            id: "clash-other", link: link.id,
            note: ClashNote(
                winner: ClashNote.Party(origin: .loopBooking, booking: booking.id, span: booking.meeting.span),
                loser: ClashNote.Party(origin: .calendar, event: "e", span: booking.meeting.span)),
            reason: "", firstAt: TestPortal.now, lastAt: TestPortal.now, state: .open, file: Clash.File())
        try await portal.store.writeClashes(of: "other") { try $0.keep(clash) }
        return ["room": room.id.rawValue, "link": link.id.rawValue, "id": "\(booking.id) \(clash.id)", "way": "accept"]
    }

    @Test("Every page and every form of the desk answers 404 to another organization's ids, and to other organizations")
    func walk() async throws {
        let office = try await DeskOffice()
        let ids = try await strangers(in: office.portal)
        try await office.browse { browser in
            var walked = 0
            for page in DeskPages.all {
                let names = page.path.matches(of: /\{(\w+)\}/).map { String($0.output.1) }
                    .filter { $0 != "organization" }
                for id in (ids["id"] ?? "").split(separator: " ") {
                    var path = page.path
                    for name in names {
                        let value = name == "id" ? String(id) : ids[name]
                        path = path.replacing("{\(name)}", with: try #require(value, "\(page.path)"))
                    }
                    if !names.isEmpty {
                        try await browser.get("/account")
                        let ours = path.replacing("{organization}", with: "acme")
                        #expect(try await ask(browser, page.method, ours) == .notFound, "\(page.method) \(ours)")
                        walked += 1
                    }
                    try await browser.get("/account")
                    let theirs = path.replacing("{organization}", with: "other")
                    #expect(try await ask(browser, page.method, theirs) == .notFound, "\(page.method) \(theirs)")
                }
            }
            #expect(walked > 30)
        }
        #expect(try await office.portal.store.link("link-other")?.link.state == .active)
        #expect(try await office.portal.store.auditLog(of: "other", limit: 9).isEmpty)
    }

    private func ask(
        _ browser: Browser, _ method: HTTPRequest.Method, _ path: String
    ) async throws -> HTTPResponse.Status {
        let fields = ["keep": "a", "count": "1", "all": "yes", "revision": "1"]
        return method == .get
            ? try await browser.get(path, follow: false).status
            : try await browser.post(path, fields, follow: false).status
    }
}
