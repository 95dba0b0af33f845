import CalendarModel
import Foundation
import HTTPTransport
import HTTPTypes
import LoopBooking
import SQLStore
import StandIns
import SyncEngine
import SyncService
import Testing

@testable import Portal

@Suite("Set-up: preview and switching on")
struct SetupSwitchTests {
    /// Oslo is mapped; on Monday, 2 March, both sides hold meetings there.
    private static func run(
        _ body: @escaping @Sendable (SetupWorld, String, _ oslo: RoomID) async throws -> Void
    ) async throws {
        try await SetupWorld.run { world in
            let oslo = try await world.addRoom("Oslo", capacity: 8)
            _ = try await world.addRoom("Bergen", capacity: 8)
            let id = try await world.begin()
            try await world.connect(id)
            try await world.find(id)
            try await world.book(oslo.id, "Stand-up", 8, 9)
            try await world.book(oslo.id, "Board", 10, 11)
            try await world.book(oslo.id, "Interview", 13, 14)
            try await world.writeEvent("Stand-up", 8, 9)
            try await world.writeEvent("Sales call", 13, 14)
            try await world.writeEvent("Secret plan", 15, 16, more: #","sensitivity":"private""#)
            try await world.browser.get(world.page(id, "mapping"))
            try await world.browser.post(
                world.page(id, "mapping"),
                ["revision": "0", "resource.\(oslo.id)": "oslo-ext@contoso.example", "before.\(oslo.id)": ""])
            try await world.browser.post(world.page(id, "preview"))
            try await world.worker.workAll()
            try await body(world, id, oslo.id)
        }
    }

    @Test("Everything that would happen is shown, and nothing happens yet")
    func preview() async throws {
        try await Self.run { world, id, oslo in
            let page = try await world.browser.get(world.page(id, "preview/\(oslo)"))
            for text in [
                "Stand-up", "Board", "Interview and Sales call", "Keep Sales call", "Move Interview to Bergen",
            ] {
                #expect(page.text.contains(text), "\(text)")
            }
            #expect(page.text.contains("Private"))
            #expect(!page.text.contains("Secret plan"))
            #expect(try await world.portal.store.links(of: "acme").isEmpty)
            let bookings = try await world.bookings(oslo)
            #expect(bookings.count == 3)
            #expect(bookings.allSatisfy { $0.status == .confirmed })
            let kept = try #require(try await world.portal.store.setupPreview(of: oslo, in: .init(id)))
            #expect(!kept.content.contains("Secret plan"))
        }
    }

    @Test("Decisions happen when the room is switched on, and the clash stays decided")
    func decided() async throws {
        try await Self.run { world, id, oslo in
            let items = try await world.items(id, oslo)
            let clash = try #require(items.first { $0.kind == .clash })
            let board = try #require(items.first { $0.kind == .writeEvent && $0.a.title == "Board" })
            try await world.browser.get(world.page(id, "preview/\(oslo)"))
            var page = try await world.browser.post(
                world.page(id, "preview/\(oslo)"),
                ["item.\(clash.id)": "keepB", "item.\(board.id)": "cancel"])
            #expect(page.text.contains("Decided."))
            #expect(try await world.bookings(oslo).allSatisfy { $0.status == .confirmed })
            page = try await world.browser.get(world.page(id, "switch-on"))
            page = try await world.browser.post(world.page(id, "switch-on"), ["room": oslo.rawValue])
            #expect(page.text.contains("One room was switched on."))
            let link = try #require(try await world.portal.store.links(of: "acme").first)
            #expect(link.link.state == .active)
            try await world.services.worker.runNow(link.link.id, patience: .seconds(1))
            let bookings = Dictionary(
                try await world.bookings(oslo).map { ($0.meeting.subject, $0.status) }, uniquingKeysWith: { $1 })
            #expect(bookings["Board"] == nil || bookings["Board"] == .cancelled)
            #expect(bookings["Interview"] == .refused)
            #expect(bookings["Sales call"] == .confirmed)
            #expect(bookings["Stand-up"] == .confirmed)
            let clashes = try await world.portal.store.readClashes(of: "acme") { try $0.clashes([.open, .decided]) }
            #expect(clashes.map(\.state) == [.decided])
            page = try await world.browser.get(world.page(id, "switch-on"))
            #expect(page.text.contains("Everything is in sync"))
            #expect(try await world.audit().contains("link.switchOn"))
        }
    }

    @Test("An event is taken out of the calendar instead of becoming a booking")
    func declined() async throws {
        try await Self.run { world, id, oslo in
            let plan = try #require(try await world.items(id, oslo).first { $0.kind == .takeBooking })
            #expect(plan.choices == [.take, .decline])
            try await world.browser.get(world.page(id, "preview/\(oslo)"))
            try await world.browser.post(world.page(id, "preview/\(oslo)"), ["item.\(plan.id)": "decline"])
            try await world.browser.get(world.page(id, "switch-on"))
            try await world.browser.post(world.page(id, "switch-on"), ["room": oslo.rawValue])
            let link = try #require(try await world.portal.store.links(of: "acme").first)
            try await world.services.worker.runNow(link.link.id, patience: .seconds(1))
            let connector = try await world.services.connectors.connector(for: .init(id))
            let event = try #require(plan.a.event)
            #expect(try await connector.fetch(event, in: "oslo-ext@contoso.example")?.holdsRoom != true)
            let taken = try await world.bookings(oslo).filter { $0.origin == .calendar }
            #expect(!taken.contains { $0.meeting.span.start == plan.a.span.start })
        }
    }

    @Test("A booking moves to a free room instead of losing")
    func moved() async throws {
        try await Self.run { world, id, oslo in
            let clash = try #require(try await world.items(id, oslo).first { $0.kind == .clash })
            let move = try #require(clash.choices.first { if case .move = $0 { true } else { false } })
            try await world.browser.get(world.page(id, "preview/\(oslo)"))
            try await world.browser.post(world.page(id, "preview/\(oslo)"), ["item.\(clash.id)": move.word])
            try await world.browser.get(world.page(id, "switch-on"))
            try await world.browser.post(world.page(id, "switch-on"), ["room": oslo.rawValue])
            let rooms = try await world.services.desk(of: "acme").rooms(limit: 10)
            let bergen = try #require(rooms.first { $0.name == "Bergen" })
            #expect(try await world.bookings(bergen.id).map(\.meeting.subject) == ["Interview"])
        }
    }

    @Test("Nothing is switched on without a preview, and an unknown decision is refused")
    func order() async throws {
        try await Self.run { world, id, oslo in
            try await world.browser.get(world.page(id, "preview/\(oslo)"))
            var page = try await world.browser.post(world.page(id, "preview/\(oslo)"), ["item.nonsense": "keepA"])
            #expect(page.text.contains("worked out anew meanwhile"))
            try await world.browser.post(world.page(id, "preview"))
            page = try await world.browser.post(world.page(id, "switch-on"), ["room": oslo.rawValue])
            #expect(page.path == world.page(id, "preview"))
            #expect(try await world.portal.store.links(of: "acme").isEmpty)
        }
    }

    @Test("The same by the REST API")
    func api() async throws {
        try await Self.run { world, id, oslo in
            let client = Client(client: world.client, secret: TestPortal.secret)
            let setup = try await client.send(.get, "/api/v1/setups/\(id)")
            #expect(setup["connected"] == true)
            #expect(setup["next"]?.string == "switch-on")
            let mapping = try await client.send(.get, "/api/v1/setups/\(id)/mapping")
            #expect(mapping.headers[.eTag] == "\"1\"")
            let stale = try await client.send(
                .put, "/api/v1/setups/\(id)/mapping", ["rows": []], headers: ["If-Match": "\"0\""])
            #expect(stale.status == .conflict)
            let bad = try await client.send(
                .put, "/api/v1/setups/\(id)/mapping",
                ["rows": [["room": .string(oslo.rawValue), "resource": "nowhere@contoso.example"]]])
            #expect(bad.status == .badRequest)
            let csv = try await client.send(
                .post, "/api/v1/setups/\(id)/mapping/csv", ["csv": "room,resource\nA,b\nC,d\nE,f\n"])
            #expect(csv.errors == ["line 2: csv", "line 3: csv", "line 4: csv"])
            let preview = try await client.send(.get, "/api/v1/setups/\(id)/preview/\(oslo)")
            let clash = try #require(preview["items"]?.array?.first { $0["kind"]?.string == "clash" })
            let decided = try await client.send(
                .put, "/api/v1/setups/\(id)/preview/\(oslo)/decisions",
                ["decisions": .object([clash["id"]?.string ?? "": "keepA"])])
            #expect(decided.status == .ok)
            let on = try await client.send(.post, "/api/v1/setups/\(id)/switch-on", [:])
            #expect(on.status == .ok, "\(on.text)")
            let progress = try await client.send(.get, "/api/v1/setups/\(id)/progress")
            #expect(progress["links"]?.array?.count == 1)
            #expect(try await client.send(.get, "/api/v1/setups/nonsense/progress").status == .notFound)
            let other = Client(client: world.client, secret: TestPortal.otherSecret)
            #expect(try await other.send(.get, "/api/v1/setups/\(id)").status == .notFound)
            let begun = try await client.send(.post, "/api/v1/setups", ["kind": "microsoft", "name": "Second"])
            #expect(begun.status == .created)
            let consent = try await client.send(.post, "/api/v1/setups/\(begun.id)/consent")
            #expect(consent["url"]?.string?.contains("adminconsent") == true)
            #expect(try await client.send(.delete, "/api/v1/setups/\(begun.id)").status == .noContent)
        }
    }
}

extension SetupWorld {
    func items(_ id: String, _ room: RoomID) async throws -> [PreviewItem] {
        try #require(try await services.setupDesk(of: "acme").preview(of: room, in: .init(id))).preview.items
    }

    func bookings(_ room: RoomID) async throws -> [Booking] {
        let window = TimeSpan(start: TestPortal.now, end: TestPortal.now.advanced(by: .seconds(7 * 86_400)))
        return try await services.desk(of: "acme").bookings(in: room, window: window, known: [])
    }

    /// A booking on Monday, 2 March, in Oslo's wall time.
    func book(_ room: RoomID, _ subject: String, _ from: Int, _ to: Int) async throws {
        let client = Client(client: client, secret: TestPortal.secret)
        func clock(_ hour: Int) -> String { (hour < 10 ? "0\(hour)" : "\(hour)") + ":00" }
        let made = try await client.book(room.rawValue, clock(from), clock(to), ["subject": .string(subject)])
        try #require(made.status == .created, "\(made.text)")
    }

    /// An event in the room's own calendar, as the service account writes it in Outlook.
    func writeEvent(_ subject: String, _ from: Int, _ to: Int, more: String = "") async throws {
        let form = """
            client_id=\(Self.clientID)&grant_type=password&username=\(Self.account)&password=\(Self.password)&scope=\
            https://graph.microsoft.com/Calendars.ReadWrite.Shared
            """
        let signIn = try await transport.send(
            HTTPCall(
                .post, "\(url)/contoso.example/oauth2/v2.0/token",
                headers: ["Content-Type": "application/x-www-form-urlencoded"], body: Data(form.utf8)))
        let token = try #require(try JSONDocument(parsing: signIn.body)["access_token"]?.string)
        func time(_ hour: Int) -> String {
            let clock = hour < 10 ? "0\(hour)" : "\(hour)"
            return #"{"dateTime":"2026-03-02T\#(clock):00:00","timeZone":"W. Europe Standard Time"}"#
        }
        let body = #"{"subject":"\#(subject)","start":\#(time(from)),"end":\#(time(to))\#(more)}"#
        let reply = try await transport.send(
            HTTPCall(
                .post, "\(url)/v1.0/users/oslo-ext@contoso.example/calendar/events",
                headers: ["Authorization": "Bearer \(token)", "Content-Type": "application/json"],
                body: Data(body.utf8)))
        try #require(reply.status == 201, "\(String(decoding: reply.body, as: UTF8.self))")
    }
}
