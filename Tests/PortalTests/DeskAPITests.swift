import CalendarModel
import HTTPTypes
import Hummingbird
import LoopBooking
import SQLStore
import SyncEngine
import TestSupport
import Testing

@testable import Portal

@Suite("The desk in the REST API")
struct DeskAPITests {
    @Test("A link is paused, resumed, read again and run")
    func acts() async throws {
        let office = try await DeskOffice()
        let path = "/api/v1/links/\(office.link.id)"
        try await office.portal.run { client in
            #expect(try await client.send(.get, path)["condition"] == "not certain")
            let busy = try await client.send(.post, "\(path)/sync", ["fromScratch": true])
            #expect(busy.status == .ok && busy["read"] == true)
            #expect(try await client.send(.post, "\(path)/pause")["condition"] == "paused")
            for (act, body) in [("sync", [:]), ("read-again", nil)] as [(String, JSONValue?)] {
                let refused = try await client.send(.post, "\(path)/\(act)", body)
                #expect(refused.status == .conflict && refused.code == "link-notActive")
            }
            let early = try await client.send(.post, "\(path)/resume", ["deletions": "accept"])
            #expect(early.code == "link-notHeld")
            #expect(try await client.send(.post, "\(path)/resume", ["deletions": "both"]).status == .badRequest)
            #expect(try await client.send(.post, "\(path)/resume", [:])["condition"] == "in sync")
            #expect(try await client.send(.post, "\(path)/read-again").status == .ok)
            #expect(try await client.send(.get, "\(path)/vanished")["meetings"]?.array?.isEmpty == true)
            let strange = try await client.send(.get, "/api/v1/links/nowhere")
            #expect(strange.status == .notFound)
        }
        #expect(try await office.audit() == ["link.sync", "link.pause", "link.resume", "link.readAgain"])
    }

    @Test("A policy is changed at its revision")
    func policy() async throws {
        let office = try await DeskOffice()
        let path = "/api/v1/links/\(office.link.id)/policy"
        try await office.portal.run { client in
            let read = try await client.send(.get, path)
            #expect(read["clash"] == "firstConfirmed" && read.headers[.eTag] == "\"1\"")
            #expect(
                try await client.send(.get, path, headers: ["If-None-Match": "\"1\""]).status == .notModified)
            let changed = try await client.send(
                .patch, path, ["clash": "calendarLeads", "massDeletionShare": .number(0.5)],
                headers: ["If-Match": "\"1\""])
            #expect(changed.status == .ok && changed["massDeletionShare"] == .number(0.5))
            let stale = try await client.send(.patch, path, ["content": "busyOnly"], headers: ["If-Match": "\"1\""])
            #expect(stale.status == .preconditionFailed && stale.headers[.eTag] == "\"2\"")
            let wrong = try await client.send(.patch, path, ["massDeletionShare": 2, "massDeletionMinimum": 0, "x": 1])
            #expect(wrong.errors.count == 3, "\(wrong.errors)")
        }
    }

    @Test("Bookings are found, and a room's day is read on both sides")
    func looking() async throws {
        let office = try await DeskOffice()
        let booking = try await office.book("Budget", "2026-03-02 09:00")
        try await office.book("Dismissal", "2026-03-02 12:00", sensitivity: .private)
        try await office.pass()
        try await office.portal.run { client in
            let found = try await client.send(.get, "/api/v1/search?q=budget")
            #expect(found["found"]?.array?.map { $0["id"]?.string } == [booking.id.rawValue])
            let page = try await client.send(.get, "/api/v1/search?limit=1")
            let next = try #require(page["next"]?.string)
            let second = try await client.send(.get, next)
            #expect(second["found"]?.array?.first?["title"] == "Private")
            #expect(try await client.send(.get, "/api/v1/search?after=nonsense").status == .badRequest)
            #expect(try await client.send(.get, "/api/v1/search?q=dismissal")["found"]?.array?.isEmpty == true)
            let day = try await client.send(.get, "/api/v1/rooms/\(office.room)/day?date=2026-03-02")
            #expect(day["meetings"]?.array?.map { $0["state"] } == ["inSync", "inSync"])
            #expect(day["meetings"]?.array?.first?["calendar"]?["title"] == "Budget")
            #expect(try await client.send(.get, "/api/v1/rooms/\(office.room)/day?date=x").status == .badRequest)
            #expect(try await client.send(.get, "/api/v1/rooms/nowhere/day").status == .notFound)
            let history = try await client.send(.get, "/api/v1/links/\(office.link.id)/history?limit=1")
            #expect(history["history"]?.array?.count == 1)
        }
    }

    @Test("Queue, latency, round trips and leavers answer")
    func running() async throws {
        let office = try await DeskOffice()
        try await office.book("Budget", "2026-03-02 09:00")
        try await office.pass()
        try await office.portal.run { client in
            let queue = try await client.send(.get, "/api/v1/queue")
            #expect(queue["links"]?.array?.count == 1 && queue["intents"]?.array?.isEmpty == true)
            #expect(try await client.send(.get, "/api/v1/latency").status == .ok)
            let path = "/api/v1/links/\(office.link.id)"
            #expect(try await client.send(.get, "\(path)/latency").status == .ok)
            #expect(try await client.send(.get, "\(path)/canary")["runs"]?.array?.isEmpty == true)
            try await office.store.keep(CanaryRun(id: "run", link: office.link.id, startedAt: TestPortal.now))
            #expect(try await client.send(.post, "\(path)/canary").code == "canary-underWay")
            #expect(try await client.send(.get, "\(path)/canary")["runs"]?.array?.count == 1)
            #expect(try await client.send(.get, "/api/v1/leavers")["askedAt"] == .null)
            #expect(try await client.send(.post, "/api/v1/leavers/look").status == .ok)
        }
    }

    @Test("Scopes are asked for, and links of others are not there")
    func strangers() async throws {
        let office = try await DeskOffice()
        try await office.portal.run { client in
            var other = client
            other.secret = TestPortal.otherSecret
            let path = "/api/v1/links/\(office.link.id)"
            for rest in ["", "/policy", "/vanished", "/history", "/latency", "/canary"] {
                let answer113 = try await other.send(.get, path + rest)
                #expect(answer113.status == .notFound, "\(rest)")
            }
            for rest in ["/pause", "/read-again", "/canary"] {
                let answer116 = try await other.send(.post, path + rest)
                #expect(answer116.status == .notFound, "\(rest)")
            }
            for rest in ["/resume", "/sync"] {
                let answer119 = try await other.send(.post, path + rest, [:])
                #expect(answer119.status == .notFound, "\(rest)")
            }
            let answer121 = try await other.send(.patch, path + "/policy", [:])
            #expect(answer121.status == .notFound)
            let answer122 = try await other.send(.get, "/api/v1/rooms/\(office.room)/day")
            #expect(answer122.status == .notFound)
        }
        #expect(try await office.store.link(office.link.id)?.link.state == .active)
    }
}
