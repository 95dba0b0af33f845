import CalendarModel
import Foundation
import HTTPTypes
import SQLStore
import SyncEngine
import SyncService
import Testing

@testable import Portal

@Suite("Set-up: rooms and mapping")
struct SetupMappingTests {
    /// A connection with its rooms found; LoopBooking has Oslo and Bergen.
    private static func run(
        _ body: @escaping @Sendable (SetupWorld, String, _ oslo: RoomID, _ bergen: RoomID) async throws -> Void
    ) async throws {
        try await SetupWorld.run { world in
            let oslo = try await world.addRoom("Oslo", capacity: 8)
            let bergen = try await world.addRoom("Bergen")
            let id = try await world.begin()
            try await world.connect(id)
            try await world.find(id)
            try await body(world, id, oslo.id, bergen.id)
        }
    }

    @Test("Rooms are listed with the rights they have")
    func rights() async throws {
        try await Self.run { world, id, _, _ in
            let page = try await world.browser.get(world.page(id, "rooms"))
            #expect(page.text.contains("3 rooms found, 2 ready."))
            #expect(page.text.contains("Not readable"))
            // The way out, for exactly the room that lacks it.
            let script = page.text.components(separatedBy: "Add-MailboxPermission").first ?? ""
            #expect(script.contains("voss-ext@contoso.example"))
            #expect(page.text.contains("Private meetings visible"))
        }
    }

    @Test("A room that is not listed yet is added by its address; one that nobody may read is not")
    func byAddress() async throws {
        try await Self.run { world, id, _, _ in
            try await world.browser.get(world.page(id, "rooms"))
            var page = try await world.browser.post(
                world.page(id, "rooms/add"), ["address": "voss-ext@contoso.example"])
            #expect(page.status == .unprocessableContent)
            #expect(page.text.contains("voss-ext@contoso.example"))
            page = try await world.browser.post(world.page(id, "rooms/add"), ["address": "nonsense"])
            #expect(page.text.contains("This is not an address"))
            page = try await world.browser.post(world.page(id, "rooms/add"), ["address": "OSLO-EXT@contoso.example"])
            #expect(page.text.contains("was added"))
        }
    }

    @Test("Suggestions are shown, accepted at once, and cleared")
    func suggestions() async throws {
        try await Self.run { world, id, oslo, bergen in
            var page = try await world.browser.get(world.page(id, "mapping"))
            #expect(page.text.contains("Accept all 2 suggestions"))
            #expect(page.text.contains("certain, same name"))
            page = try await world.browser.post(world.page(id, "mapping/all"), ["act": "accept", "revision": "0"])
            #expect(page.text.contains("2 suggestions were accepted."))
            let rows = try await world.portal.store.setupMapping(of: .init(id))
            #expect(Set(rows.map(\.room)) == [oslo, bergen])
            page = try await world.browser.post(
                world.page(id, "mapping/all"), ["act": "rooms", "revision": "1", "zone": "Europe/Oslo"])
            #expect(page.text.contains("One room was made."))
            page = try await world.browser.post(
                world.page(id, "mapping/all"), ["act": "policy", "revision": "2", "content.all": "busyOnly"])
            #expect(
                try await world.portal.store.setupMapping(of: .init(id)).allSatisfy { $0.policy.content == .busyOnly })
            page = try await world.browser.post(world.page(id, "mapping/all"), ["act": "clear", "revision": "3"])
            #expect(try await world.portal.store.setupMapping(of: .init(id)).isEmpty)
        }
    }

    @Test("Two administrators: the second sees what the first changed, and keeps what was typed")
    func twoAdministrators() async throws {
        try await Self.run { world, id, oslo, bergen in
            let other = Browser(world.client)
            try await other.signIn("bo@acme.example")
            try await other.get(world.page(id, "mapping"))
            try await world.browser.get(world.page(id, "mapping"))
            try await other.post(
                world.page(id, "mapping"),
                ["revision": "0", "resource.\(oslo)": "oslo-ext@contoso.example", "before.\(oslo)": ""])
            var page = try await world.browser.post(
                world.page(id, "mapping"),
                [
                    "revision": "0", "resource.\(oslo)": "", "before.\(oslo)": "",
                    "resource.\(bergen)": "bergen-ext@contoso.example", "before.\(bergen)": "",
                ])
            #expect(page.status == .conflict)
            #expect(page.text.contains("Oslo was given oslo-ext@contoso.example."))
            #expect(
                page.text.contains(
                    #"id="resource.\#(bergen)" name="resource.\#(bergen)" list="resources" value="bergen-ext@contoso.example""#
                ))
            #expect(
                page.text.contains(
                    #"id="resource.\#(oslo)" name="resource.\#(oslo)" list="resources" value="oslo-ext@contoso.example""#
                ))
            // Sending the page again saves both.
            page = try await world.browser.post(
                world.page(id, "mapping"),
                [
                    "revision": "1", "resource.\(oslo)": "oslo-ext@contoso.example",
                    "before.\(oslo)": "oslo-ext@contoso.example",
                    "resource.\(bergen)": "bergen-ext@contoso.example", "before.\(bergen)": "",
                ])
            #expect(page.status == .ok)
            #expect(try await world.portal.store.setupMapping(of: .init(id)).count == 2)
            // And a bulk act on an old revision changes nothing.
            page = try await world.browser.post(world.page(id, "mapping/all"), ["act": "clear", "revision": "1"])
            #expect(page.text.contains("saved the mapping meanwhile"))
            #expect(try await world.portal.store.setupMapping(of: .init(id)).count == 2)
        }
    }

    @Test("A table with errors on three lines: all three are named, nothing is taken over")
    func threeBadLines() async throws {
        try await Self.run { world, id, _, _ in
            try await world.browser.get(world.page(id, "mapping"))
            let csv = """
                \u{FEFF}room;resource;content\r
                Oslo;oslo-ext@contoso.example;everything\r
                Atlantis;bergen-ext@contoso.example;\r
                Bergen;nowhere@contoso.example;\r
                Bergen;bergen-ext@contoso.example;some\r
                """
            var page = try await world.browser.post(world.page(id, "mapping/csv"), ["csv": csv, "revision": "0"])
            #expect(page.status == .unprocessableContent)
            for line in ["Line 3:", "Line 4:", "Line 5:"] { #expect(page.text.contains(line)) }
            #expect(page.text.contains("Atlantis;bergen-ext"))
            #expect(try await world.portal.store.setupMapping(of: .init(id)).isEmpty)
            let good = "room,resource\nOslo,Oslo-ext\nBergen,bergen-ext@contoso.example\n"
            page = try await world.browser.post(world.page(id, "mapping/csv"), ["csv": good, "revision": "0"])
            #expect(page.text.contains("2 rows were taken over."))
            let table = try await world.browser.get(world.page(id, "mapping/csv"))
            #expect(table.headers[.contentDisposition]?.contains("mapping.csv") == true)
            #expect(table.text.contains("Oslo,oslo-ext@contoso.example,direct,firstConfirmed"))
        }
    }

    @Test("A room that vanishes during mapping is said")
    func vanished() async throws {
        try await Self.run { world, id, _, _ in
            try await world.browser.get(world.page(id, "mapping"))
            try await world.browser.post(world.page(id, "mapping/all"), ["act": "accept", "revision": "0"])
            try await world.world.removeRoom("bergen-ext@contoso.example", of: "contoso.example")
            try await world.find(id)
            var page = try await world.browser.get(world.page(id, "mapping"))
            #expect(page.text.contains("Bergen-ext, the mirror of Bergen, is no longer listed."))
            page = try await world.browser.post(world.page(id, "preview"))
            try await world.worker.workAll()
            page = try await world.browser.get(world.page(id, "preview"))
            #expect(page.text.contains("bergen-ext@contoso.example"))
            page = try await world.browser.get(world.page(id, "switch-on"))
            #expect(page.text.contains("Its preview is missing or failed."))
        }
    }

    @Test("One resource for two rooms, one that nobody found")
    func faults() async throws {
        try await Self.run { world, id, oslo, bergen in
            try await world.browser.get(world.page(id, "mapping"))
            var page = try await world.browser.post(
                world.page(id, "mapping"),
                ["revision": "0", "resource.\(oslo)": "Oslo-ext", "resource.\(bergen)": "oslo-ext@contoso.example"])
            #expect(page.status == .unprocessableContent)
            #expect(page.text.contains("cannot mirror several rooms: Bergen, Oslo."))
            page = try await world.browser.post(
                world.page(id, "mapping"), ["revision": "0", "resource.\(oslo)": "atlantis@contoso.example"])
            #expect(page.text.contains("is not among the rooms found"))
        }
    }
}
