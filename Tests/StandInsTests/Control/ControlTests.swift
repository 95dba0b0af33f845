import HTTPTypes
import StandIns
import Testing

@Suite("The control API")
struct ControlTests {
    @Test("Tenants, people and rooms are made with defaults and changed in part")
    func seeding() async throws {
        try await SimFixture().run { client in
            let made = try await client.json(
                .post, "/control/v1/tenants", ["domain": "Fabrikam.example", "displayName": "Fabrikam"])
            #expect(made.status == 201)
            #expect(made.json["domain"]?.string == "fabrikam.example")
            #expect(made.json["id"]?.string?.count == 36)
            let room = try await client.json(
                .post, "/control/v1/tenants/fabrikam.example/rooms",
                [
                    "address": "oslo@fabrikam.example", "capacity": 8, "timeZone": "W. Europe Standard Time",
                    "calendarProcessing": ["deleteSubject": false],
                ])
            #expect(room.status == 201)
            #expect(room.json["calendarProcessing"]?["deleteSubject"] == false)
            #expect(room.json["calendarProcessing"]?["automateProcessing"] == "AutoAccept")
            let changed = try await client.json(
                .patch, "/control/v1/tenants/fabrikam.example/rooms/OSLO@fabrikam.example",
                ["fullAccess": ["svc@fabrikam.example"], "calendarProcessing": ["allowConflicts": true]])
            #expect(changed.json["fullAccess"] == ["svc@fabrikam.example"])
            #expect(changed.json["calendarProcessing"]?["deleteSubject"] == false)
            #expect(changed.json["calendarProcessing"]?["allowConflicts"] == true)
            #expect(changed.json["capacity"] == 8)
            let tenant = try await client.get("/control/v1/tenants/fabrikam.example")
            #expect(tenant.json["rooms"]?.array?.count == 1)
        }
    }

    @Test("What is wrong with a request is said, and nothing is changed")
    func refusals() async throws {
        try await SimFixture().run { client in
            let unknown = try await client.json(.patch, SimFixture.accountPath, ["isEnabeld": false])
            #expect(unknown.status == 400)
            #expect(unknown.json["error"]?["message"]?.string?.contains("isEnabled") == true)
            let wrong = try await client.json(.patch, SimFixture.accountPath, ["isEnabled": "no"])
            #expect(wrong.status == 400)
            #expect(try await client.json(.post, "/control/v1/tenants", ["domain": "contoso.example"]).status == 409)
            #expect(try await client.json(.post, "/control/v1/tenants", [:]).status == 400)
            #expect(try await client.get("/control/v1/tenants/nowhere.example").status == 404)
            let text = try await client.form("/control/v1/tenants", ["domain": "x"])
            #expect(text.json["error"]?["message"]?.string == "The body is not JSON.")
            let nested = try await client.json(
                .patch, "\(SimFixture.tenantPath)/rooms/oslo@contoso.example",
                ["calendarProcessing": ["deleteSubjects": true]])
            #expect(nested.status == 400)
            #expect(try await client.token().status == 200)
        }
    }

    @Test("Every request is logged with its status; reading goes on where it ended")
    func requestLog() async throws {
        try await SimFixture().run { client in
            let token = try #require(try await client.token().json["access_token"]?.string)
            let first = try await client.get("/control/v1/requests")
            guard case .integer(let next) = first.json["next"] ?? .null else {
                Issue.record("no number to go on from")
                return
            }
            #expect(next == 1)
            _ = try await client.get("/v1.0/users/svc%40contoso.example/calendar?$select=id", bearer: token)
            _ = try await client.json(
                .post, "/v1.0/$batch", ["requests": [["id": "1"], ["id": "2"]]], bearer: token)
            let later = try await client.get("/control/v1/requests?after=\(next)")
            let entries = later.json["requests"]?.array ?? []
            #expect(entries.count == 2)
            #expect(entries.first?["status"] == 200)
            #expect(entries.first?["mailbox"]?.string == SimFixture.account)
            #expect(entries.first?["client"]?.string == SimFixture.publicClient)
            #expect(entries.first?["batched"] == 0)
            #expect(entries.last?["batched"] == 2)
            let filtered = try await client.get("/control/v1/requests?path=%2Ftoken")
            #expect(filtered.json["requests"]?.array?.count == 1)
            _ = try await client.json(.delete, "/control/v1/requests")
            let empty = try await client.get("/control/v1/requests")
            #expect(empty.json["requests"]?.array?.isEmpty == true)
            #expect(empty.json["next"] == 3)
        }
    }

    @Test("A full log keeps the newest entries in order")
    func ring() async {
        let log = RequestLog(capacity: 3)
        for _ in 1...5 { await log.appendExample() }
        let (next, entries) = await log.entries(after: 3)
        #expect(next == 5)
        #expect(entries.map(\.number) == [4, 5])
        #expect(await log.entries().entries.map(\.number) == [3, 4, 5])
    }

    @Test("Settings are changed by name, and unknown names are refused")
    func settings() throws {
        let changed = try WorldSettings().applying(["accessTokenSeconds=60", "secondChangeKeyDelayMilliseconds=null"])
        #expect(changed.accessTokenSeconds == 60)
        #expect(changed.secondChangeKeyDelayMilliseconds == nil)
        #expect(throws: ControlError.self) { try WorldSettings().applying(["acessTokenSeconds=60"]) }
        #expect(throws: ControlError.self) { try WorldSettings().applying(["accessTokenSeconds"]) }
    }

    @Test("The same seed makes the same ids")
    func determinism() async throws {
        let first = try await SimFixture().sim.world.allTenants().map(\.id)
        let second = try await SimFixture().sim.world.allTenants().map(\.id)
        var settings = WorldSettings()
        settings.seed = 2
        let third = try await SimFixture(settings: settings).sim.world.allTenants().map(\.id)
        #expect(first == second)
        #expect(first != third)
    }
}

extension RequestLog {
    fileprivate func appendExample() {
        append { number in
            Entry(
                number: number, at: "2026-03-02T10:00:00Z", method: "GET", path: "/v1.0/me", status: 200,
                milliseconds: 1, batched: 0)
        }
    }
}
