import CalendarModel
import HTTPTypes
import Hummingbird
import StandIns
import Synchronization
import Testing

@Suite("Faults on purpose")
struct FaultTests {
    /// How often the probe was really carried out.
    private final class Effects: Sendable {
        private let count = Mutex(0)
        var total: Int { count.withLock { $0 } }
        func happen() { count.withLock { $0 += 1 } }
    }

    private func fixture(_ effects: Effects) async throws -> SimFixture {
        try await SimFixture(installers: [
            { router, _ in
                for path in ["/v1.0/probe", "/v1.0/probe/delta"] {
                    router.get(RouterPath(path)) { _, _ in
                        effects.happen()
                        return "done"
                    }
                }
            }
        ])
    }

    private func header(_ value: String) throws -> HTTPFields {
        [try #require(HTTPField.Name("x-loopsim-fault")): value]
    }

    @Test("A connection is cut before the effect or after it")
    func cuts() async throws {
        let effects = Effects()
        try await fixture(effects).run { client in
            await #expect(throws: (any Error).self) {
                try await client.get("/v1.0/probe", headers: try header("cutBefore"))
            }
            #expect(effects.total == 0)
        }
        try await fixture(effects).run { client in
            await #expect(throws: (any Error).self) {
                try await client.get("/v1.0/probe", headers: try header("cutAfter"))
            }
            #expect(effects.total == 1)
        }
    }

    @Test("A cut request is in the log without a status")
    func cutsAreLogged() async throws {
        let fixture = try await fixture(Effects())
        try await fixture.run { client in
            _ = try? await client.get("/v1.0/probe", headers: try header("cutAfter"))
            let entries = await fixture.sim.requests.entries().entries
            #expect(entries.map(\.status) == [0])
            #expect(entries.first?.fault == "cutAfter")
        }
    }

    @Test("Refusals have Graph's bodies and no effect")
    func refusals() async throws {
        let effects = Effects()
        try await fixture(effects).run { client in
            let throttled = try await client.get("/v1.0/probe", headers: try header("throttle;retryAfter=1.5"))
            #expect(throttled.status == 429)
            #expect(throttled.headers[.retryAfter] == "1.5")
            #expect(throttled.json["error"]?["code"] == "TooManyRequests")
            let dated = try await client.get("/v1.0/probe", headers: try header("throttle;retryAfter=date+3"))
            #expect(dated.headers[.retryAfter] == "Wed, 25 Feb 2026 06:13:23 GMT")
            let busy = try await client.get(
                "/v1.0/probe", headers: try header("throttle;code=ApplicationThrottled"))
            #expect(busy.json["error"]?["message"]?.string?.contains("MailboxConcurrency") == true)
            for status in [500, 502, 503, 504] {
                let failed = try await client.get("/v1.0/probe", headers: try header("serverError;status=\(status)"))
                #expect(failed.status == status)
            }
            let token = try await client.get("/v1.0/probe", headers: try header("unauthorized"))
            #expect(token.status == 401)
            #expect(token.json["error"]?["code"] == "InvalidAuthenticationToken")
            #expect(try await client.get("/v1.0/probe", headers: try header("forbidden")).status == 403)
            #expect(effects.total == 0)
            let gone = try await client.get("/v1.0/probe/delta", headers: try header("gone"))
            #expect(gone.status == 410)
            #expect(gone.json["error"]?["code"] == "SyncStateNotFound")
            let plain = try await client.get("/v1.0/probe", headers: try header("gone"))
            #expect(plain.status == 200)
        }
    }

    @Test("A slow request is carried out, late")
    func slow() async throws {
        let effects = Effects()
        let fixture = try await fixture(effects)
        let before = fixture.clock.now
        try await fixture.run { client in
            let reply = try await client.get("/v1.0/probe", headers: try header("slow;milliseconds=800"))
            #expect(reply.status == 200)
        }
        #expect(effects.total == 1)
        #expect(fixture.clock.now.since(before) == .milliseconds(800))
    }

    @Test("A schedule hits what its rules name, as often as they say")
    func schedule() async throws {
        try await fixture(Effects()).run { client in
            let rules: JSONDocument = [
                "seed": 7,
                "rules": [
                    ["kind": "throttle", "retryAfter": "2", "path": "/probe", "method": "get", "limit": 2],
                    ["kind": "serverError", "path": "/token"],
                ],
            ]
            #expect(try await client.json(.put, "/control/v1/faults", rules).status == 200)
            var statuses: [Int] = []
            for _ in 1...3 { statuses.append(try await client.get("/v1.0/probe").status) }
            #expect(statuses == [429, 429, 200])
            let token = try await client.token()
            #expect(token.status >= 500)
            #expect(token.json["error"] == "temporarily_unavailable")
            #expect(try await client.get("/control/v1/faults").json["rules"]?.array?.first?["hits"] == 2)
            _ = try await client.json(.delete, "/control/v1/faults")
            #expect(try await client.token().status == 200)
            let wrong: JSONDocument = ["rules": [["kind": "earthquake"]]]
            #expect(try await client.json(.put, "/control/v1/faults", wrong).status == 400)
        }
    }

    @Test("The same seed hits the same requests")
    func determinism() async throws {
        func draw(seed: Int64) async throws -> [Int] {
            try await fixture(Effects()).run { client in
                let rules: JSONDocument = [
                    "seed": .integer(seed), "rules": [["kind": "serverError", "probability": .number(0.5)]],
                ]
                _ = try await client.json(.put, "/control/v1/faults", rules)
                var statuses: [Int] = []
                for _ in 1...30 { statuses.append(try await client.get("/v1.0/probe").status) }
                return statuses
            }
        }
        let first = try await draw(seed: 7)
        #expect(try await draw(seed: 7) == first)
        #expect(try await draw(seed: 8) != first)
        #expect(first.contains(200))
        #expect(first.contains { $0 >= 500 })
    }

    @Test("The control API never fails on purpose")
    func controlIsSafe() async throws {
        try await fixture(Effects()).run { client in
            let rules: JSONDocument = ["rules": [["kind": "cutBefore"]]]
            _ = try await client.json(.put, "/control/v1/faults", rules)
            #expect(try await client.get("/control/v1/health").status == 200)
        }
    }
}
