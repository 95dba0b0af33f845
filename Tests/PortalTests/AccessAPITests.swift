import CalendarModel
import HTTPTypes
import HummingbirdTesting
import SQLStore
import SyncService
import Testing
import Vault

@testable import Portal

@Suite("Members, tokens and settings in the REST API")
struct AccessAPITests {
    @Test("Members are listed, given roles, and removed; the last administrator stays")
    func members() async throws {
        let portal = try await TestPortal()
        let ada = try await portal.addPerson()
        let bo = try await portal.addPerson("bo@acme.example", role: .viewer, named: "Bo")
        try await portal.run(.router) { client in
            let list = try await client.send(.get, "/api/v1/members")
            #expect(list["members"]?.array?.map { $0["name"]?.string } == ["Ada Berg", "Bo"])
            let changed = try await client.send(
                .patch, "/api/v1/members/\(Form.encoded(bo.id))", ["role": "receptionist"])
            #expect(changed["role"] == "receptionist")
            let wrong = try await client.send(.patch, "/api/v1/members/\(Form.encoded(bo.id))", ["role": "king"])
            #expect(wrong.errors == ["role: invalid-value"])
            let last = try await client.send(.delete, "/api/v1/members/\(Form.encoded(ada.id))")
            #expect(last.status == .conflict && last.code == "last-administrator")
            #expect(try await client.send(.delete, "/api/v1/members/\(Form.encoded(bo.id))").status == .noContent)
            #expect(try await client.send(.get, "/api/v1/members/\(Form.encoded(bo.id))").status == .notFound)
        }
        let log = try await portal.store.auditLog(of: "acme", limit: 9)
        #expect(log.map(\.action) == ["member.remove", "member.role"])
        #expect(log.allSatisfy { $0.actorKind == .token && $0.actor == "acme door panel" })
    }

    @Test("Somebody is invited by a program; the link is told once")
    func invitations() async throws {
        let portal = try await TestPortal()
        try await portal.addPerson()
        try await portal.run(.router) { client in
            let made = try await client.send(
                .post, "/api/v1/invitations", ["email": "bo@acme.example", "role": "viewer"])
            #expect(made.status == .created)
            #expect(made["link"]?.string?.hasPrefix("http://127.0.0.1/invitation/") == true)
            let list = try await client.send(.get, "/api/v1/invitations")
            #expect(list["invitations"]?.array?.first?["link"] == nil)
            let member = try await client.send(
                .post, "/api/v1/invitations", ["email": "ada@acme.example", "role": "viewer"])
            #expect(member.code == "already-member")
            let wrong = try await client.send(.post, "/api/v1/invitations", ["email": "nobody", "role": 1])
            #expect(wrong.errors == ["email: invalid-address", "role: invalid-type"])
            #expect(try await client.send(.delete, "/api/v1/invitations/\(made.id)").status == .noContent)
            #expect(try await client.send(.delete, "/api/v1/invitations/\(made.id)").status == .notFound)
        }
    }

    @Test("A token makes tokens that may do no more than itself")
    func tokens() async throws {
        let portal = try await TestPortal()
        try await portal.store.addToken(
            APIToken(
                id: "narrow", organization: "acme", name: "Narrow", scopes: [.administer, .read],
                createdAt: TestPortal.now), digest: SecretDigest.sha256("narrow"))
        try await portal.run(.router) { client in
            var narrow = client
            narrow.secret = "narrow"
            let wide = try await narrow.send(.post, "/api/v1/tokens", ["name": "Wide", "scopes": ["read", "book"]])
            #expect(wide.status == .forbidden && wide.code == "scope-too-wide")
            let made = try await narrow.send(.post, "/api/v1/tokens", ["name": "Door", "scopes": ["read"]])
            #expect(made.status == .created)
            var door = client
            door.secret = made["token"]?.string
            #expect(try await door.send(.get, "/api/v1/rooms").status == .ok)
            #expect(try await door.send(.get, "/api/v1/tokens").code == "missing-scope")
            let taken = try await narrow.send(.post, "/api/v1/tokens", ["name": "Door", "scopes": ["read"]])
            #expect(taken.code == "token-name-taken")
            let odd = try await narrow.send(.post, "/api/v1/tokens", ["name": "Odd", "scopes": ["operate"]])
            #expect(odd.errors == ["scopes: invalid-value"])
            let own = try await narrow.send(.delete, "/api/v1/tokens/narrow")
            #expect(own.status == .conflict && own.code == "token-in-use")
            #expect(try await narrow.send(.delete, "/api/v1/tokens/\(made.id)").status == .noContent)
            #expect(try await door.send(.get, "/api/v1/rooms").status == .unauthorized)
        }
    }

    @Test("Settings are read and changed, field by field; what makes no sense is named")
    func settings() async throws {
        let portal = try await TestPortal()
        let ada = try await portal.addPerson()
        try await portal.run(.router) { client in
            let changed = try await client.send(
                .patch, "/api/v1/settings",
                ["name": "Acme", "timeZone": "Europe/Oslo", "doctorReaders": [.string(ada.id)]])
            #expect(changed["timeZone"] == "Europe/Oslo" && changed["language"] == "en")
            let cleared = try await client.send(
                .patch, "/api/v1/settings", ["timeZone": nil, "doctorReaders": nil])
            #expect(cleared["timeZone"] == .null && cleared["doctorReaders"] == .null && cleared["name"] == "Acme")
            let wrong = try await client.send(
                .patch, "/api/v1/settings",
                ["name": "", "language": "fr", "timeZone": "Mars", "signInMethods": ["smoke"], "doctorReaders": ["x"]])
            #expect(wrong.status == .badRequest)
            #expect(wrong.errors.count == 5)
            let log = try await client.send(.get, "/api/v1/audit?limit=1")
            #expect(log["lines"]?.array?.first?["action"] == "settings.change")
            #expect(log["next"]?.string != nil)
        }
    }

    @Test("The doctor is sent round, and what it found is read")
    func doctor() async throws {
        let portal = try await TestPortal()
        let services = portal.services
        let server = PortalServer(services: services, options: portal.options, logger: portal.logger)
        try await server.application().test(.router) { client in
            let client = Client(client: client, secret: TestPortal.secret)
            #expect(try await client.send(.get, "/api/v1/doctor")["run"] == .null)
            #expect(try await client.send(.post, "/api/v1/doctor").status == .accepted)
            await services.background.idle()
            let answer = try await client.send(.get, "/api/v1/doctor")
            let id = try #require(answer["run"]?["id"]?.string)
            #expect(answer["run"]?["entries"]?.array?.isEmpty == false)
            #expect(try await client.send(.get, "/api/v1/doctor/runs/\(id)")["id"]?.string == id)
            #expect(try await client.send(.get, "/api/v1/doctor/runs")["runs"]?.array?.count == 1)
        }
    }
}
