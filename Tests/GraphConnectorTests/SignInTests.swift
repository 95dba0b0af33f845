import CalendarModel
import Foundation
import GraphConnector
import HTTPTransport
import Logging
import SyncEngine
import Synchronization
import TestSupport
import Testing

@Suite("Signing in to Entra ID", .timeLimit(.minutes(1))) struct SignInTests {
    private static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    private static func token(_ number: Int, refresh: Bool = true, seconds: Int = 3599) -> ScriptedServer.Answer {
        let refreshToken = refresh ? #","refresh_token":"refresh-\#(number)""# : ""
        return .init(
            body: """
                {"token_type":"Bearer","scope":"https://graph.microsoft.com/Calendars.ReadWrite.Shared openid",
                "expires_in":\(seconds),"ext_expires_in":1,"access_token":"access-\(number)"\(refreshToken)}
                """)
    }

    private static func refusal(_ error: String, _ number: Int, status: Int = 400) -> ScriptedServer.Answer {
        .init(
            status: status,
            body: """
                {"error":"\(error)","error_description":"AADSTS\(number): For anna@contoso.example. Trace ID: t-1",
                "error_codes":[\(number)],"trace_id":"t-1","correlation_id":"c-1"}
                """)
    }

    private static func fields(_ asked: ScriptedServer.Asked) -> [String: String] {
        var result: [String: String] = [:]
        for pair in asked.body.split(separator: "&") {
            let halves = pair.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            result[halves[0]] = halves[1].removingPercentEncoding
        }
        return result
    }

    private struct Rig: Sendable {
        let tokens: EntraTokens
        let store: TransientRefreshTokenStore
        let server: ScriptedServer
        let clock: TestClock
        let transport: HTTPTransport
        let configuration: GraphConfiguration
        func token() async throws -> String { try await tokens.token() }
        var grants: [String] { server.asked.map { SignInTests.fields($0)["grant_type"] ?? "" } }
    }

    private static let account = SignInMethod.serviceAccount(
        name: "sync@contoso.example", password: "p+ä & =", client: .publicClient)

    private func run(
        _ method: SignInMethod = Self.account, stored: String? = nil,
        _ script: @escaping @Sendable (ScriptedServer.Asked) async -> ScriptedServer.Answer,
        _ body: @Sendable @escaping (Rig) async throws -> Void
    ) async throws {
        try await ScriptedServer.run(script) { server in
            try await HTTPTransport.withTransport(logger: Self.logger) { transport in
                let clock = TestClock()
                let store = TransientRefreshTokenStore(stored)
                let configuration = GraphConfiguration(
                    tenant: "contoso.example", clientID: "client-1", serviceAccount: "sync@contoso.example",
                    graphURL: "\(server.url)/v1.0", loginURL: server.url)
                let tokens = EntraTokens(
                    configuration: configuration, method: method, refreshTokens: store, transport: transport,
                    surroundings: clock.surroundings, logger: Self.logger)
                try await body(
                    Rig(
                        tokens: tokens, store: store, server: server, clock: clock, transport: transport,
                        configuration: configuration))
            }
        }
    }

    @Test func `The password is sent once; after that refresh tokens are lived on`() async throws {
        let count = Mutex(0)
        try await run { _ in
            Self.token(
                count.withLock { count in
                    count += 1
                    return count
                })
        } _: { rig in
            let token1 = try await rig.token()
            #expect(token1 == "access-1")
            let token2 = try await rig.token()
            #expect(token2 == "access-1")
            let first = Self.fields(rig.server.asked[0])
            #expect(rig.server.asked[0].target == "/contoso.example/oauth2/v2.0/token")
            #expect(first["username"] == "sync@contoso.example")
            #expect(first["password"] == "p+ä & =")
            #expect(first["client_id"] == "client-1")
            #expect(first["client_secret"] == nil)
            #expect(first["scope"]?.contains("offline_access") == true)
            #expect(first["scope"]?.contains("https://graph.microsoft.com/Calendars.ReadWrite.Shared") == true)
            rig.clock.pass(.seconds(3599 - 301))
            let token3 = try await rig.token()
            #expect(token3 == "access-1")
            rig.clock.pass(.seconds(2))
            let token4 = try await rig.token()
            #expect(token4 == "access-2")
            #expect(rig.grants == ["password", "refresh_token"])
            #expect(Self.fields(rig.server.asked[1])["refresh_token"] == "refresh-1")
            #expect(await rig.store.load() == "refresh-2")
            #expect(await rig.tokens.grantedScopes() == ["Calendars.ReadWrite.Shared", "openid"])
        }
    }

    @Test func `Everybody who waits shares one exchange`() async throws {
        try await run { _ in
            Self.token(1)
        } _: { rig in
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<30 { group.addTask { try await rig.tokens.token() } }
                for try await token in group { #expect(token == "access-1") }
            }
            #expect(rig.server.asked.count == 1)
        }
    }

    @Test func `A rejected token is replaced once, however many were refused with it`() async throws {
        let count = Mutex(0)
        try await run { _ in
            Self.token(
                count.withLock { count in
                    count += 1
                    return count
                })
        } _: { rig in
            let first = try await rig.tokens.token()
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<10 { group.addTask { try await rig.tokens.token(replacing: first) } }
                for try await token in group { #expect(token == "access-2") }
            }
            #expect(rig.server.asked.count == 2)
        }
    }

    @Test func `A new refresh token is durable before its access token is used`() async throws {
        struct Full: Error {}
        actor BrokenStore: RefreshTokenStore {
            func load() -> String? { nil }
            func save(_ refreshToken: String) throws { throw Full() }
        }
        try await run { _ in
            Self.token(1)
        } _: { rig in
            let tokens = EntraTokens(
                configuration: rig.configuration, method: Self.account, refreshTokens: BrokenStore(),
                transport: rig.transport, surroundings: rig.clock.surroundings, logger: Self.logger)
            let error = await #expect(throws: ConnectorError.self) { try await tokens.token() }
            #expect(error?.diagnosis.code == "microsoft.signIn.notKept")
            #expect(error?.kind == .transient)
        }
    }

    @Test func `A revoked refresh token is followed by the password`() async throws {
        try await run(stored: "old") { asked in
            Self.fields(asked)["grant_type"] == "refresh_token" ? Self.refusal("invalid_grant", 50173) : Self.token(7)
        } _: { rig in
            let token5 = try await rig.token()
            #expect(token5 == "access-7")
            #expect(rig.grants == ["refresh_token", "password"])
        }
    }

    @Test func `Without a password a revoked sign-in needs a person`() async throws {
        try await run(.refreshToken(client: .publicClient), stored: "old") { _ in
            Self.refusal("invalid_grant", 50173)
        } _: { rig in
            let error = await #expect(throws: ConnectorError.self) { try await rig.tokens.token() }
            #expect(error?.kind == .unauthorized)
            #expect(error?.diagnosis.step == .enterCredentials)
            #expect(error?.diagnosis.vendorCode == "AADSTS50173")
            #expect(error?.diagnosis.reference == "trace t-1, correlation c-1")
            #expect("\(String(describing: error))".contains("anna") == false)
        }
    }

    @Test func `A sign-in that only a person can repair is not hammered`() async throws {
        let isRight = Mutex(false)
        try await run { _ in
            isRight.withLock { $0 } ? Self.token(1) : Self.refusal("invalid_grant", 50126)
        } _: { rig in
            for _ in 0..<5 {
                let error = await #expect(throws: ConnectorError.self) { try await rig.tokens.token() }
                #expect(error?.diagnosis.code == "microsoft.signIn.wrongPassword")
            }
            #expect(rig.server.asked.count == 1)
            rig.clock.pass(.seconds(301))
            await #expect(throws: ConnectorError.self) { try await rig.tokens.token() }
            #expect(rig.server.asked.count == 2)
            rig.clock.pass(.seconds(301))
            await #expect(throws: ConnectorError.self) { try await rig.tokens.token() }
            #expect(rig.server.asked.count == 2, "the second back-off is longer")
            isRight.withLock { $0 = true }
            await rig.tokens.tryAgain()
            let token6 = try await rig.token()
            #expect(token6 == "access-1")
        }
    }

    @Test func `A passing fault is tried again, and a token in hand outlives it`() async throws {
        let count = Mutex(0)
        try await run { _ in
            let number = count.withLock { count in
                count += 1
                return count
            }
            switch number {
            case 1: return .init(status: 503, headers: ["Retry-After": "2.5"])
            case 2: return Self.token(1, seconds: 1000)
            default: return Self.refusal("temporarily_unavailable", 90033)
            }
        } _: { rig in
            let token7 = try await rig.token()
            #expect(token7 == "access-1")
            #expect(rig.clock.slept == [.milliseconds(2500)])
            rig.clock.pass(.seconds(800))
            let token8 = try await rig.token()
            #expect(token8 == "access-1")
            rig.clock.pass(.seconds(300))
            let error = await #expect(throws: ConnectorError.self) { try await rig.tokens.token() }
            #expect(error?.kind == .transient)
        }
    }

    @Test func `An application proves itself with a secret`() async throws {
        try await run(.application(client: .secret("s/e+cret"))) { _ in
            Self.token(1, refresh: false)
        } _: { rig in
            let token9 = try await rig.token()
            #expect(token9 == "access-1")
            let fields = Self.fields(rig.server.asked[0])
            #expect(fields["grant_type"] == "client_credentials")
            #expect(fields["client_secret"] == "s/e+cret")
            #expect(fields["scope"] == "https://graph.microsoft.com/.default")
            #expect(await rig.tokens.grantedScopes() == nil)
        }
    }

    @Test func `An application proves itself with a certificate, with a new assertion each time`() async throws {
        let sign: AssertionSigner = { client, audience, now, id in "\(client)|\(audience)|\(now.microseconds)|\(id)" }
        try await run(.application(client: .certificate(sign))) { _ in
            Self.token(1, refresh: false, seconds: 0)
        } _: { rig in
            _ = try await rig.tokens.token()
            _ = try await rig.tokens.token()
            let assertions = rig.server.asked.map { Self.fields($0)["client_assertion"] ?? "" }
            #expect(assertions.count == 2)
            #expect(Set(assertions).count == 2)
            #expect(assertions[0].hasPrefix("client-1|\(rig.server.url)/contoso.example/oauth2/v2.0/token|"))
            #expect(
                Self.fields(rig.server.asked[0])["client_assertion_type"]
                    == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        }
    }

    @Test func `A code from the browser becomes the stored sign-in`() async throws {
        try await run(.refreshToken(client: .secret("s"))) { _ in
            Self.token(3)
        } _: { rig in
            let before = await #expect(throws: ConnectorError.self) { try await rig.tokens.token() }
            #expect(before?.diagnosis.code == "microsoft.signIn.neverSignedIn")
            try await BrowserSignIn(
                configuration: rig.configuration, client: .secret("s"), transport: rig.transport,
                surroundings: rig.clock.surroundings
            ).redeem(code: "code-1", verifier: "v", redirectURI: "https://sync.example/back", into: rig.store)
            #expect(await rig.store.load() == "refresh-3")
            let fields = Self.fields(rig.server.asked[0])
            #expect(fields["code"] == "code-1")
            #expect(fields["code_verifier"] == "v")
            #expect(fields["redirect_uri"] == "https://sync.example/back")
            await rig.tokens.tryAgain()
            let token10 = try await rig.token()
            #expect(token10 == "access-3")
        }
    }

    @Test func `A code is not redeemed twice when the answer is lost`() async throws {
        try await run(.refreshToken(client: .publicClient)) { _ in
            .init(status: 504)
        } _: { rig in
            await #expect(throws: ConnectorError.self) {
                try await BrowserSignIn(
                    configuration: rig.configuration, client: .publicClient, transport: rig.transport,
                    surroundings: rig.clock.surroundings
                ).redeem(code: "code-1", verifier: "v", redirectURI: "https://sync.example/back", into: rig.store)
            }
            #expect(rig.server.asked.count == 1)
        }
    }

    @Test func `One who gives up waiting does not cut off the others`() async throws {
        let release = Mutex(false)
        try await run { _ in
            while !release.withLock({ $0 }) { await Task.yield() }
            return Self.token(1)
        } _: { rig in
            let first = Task { try await rig.tokens.token() }
            while rig.server.asked.isEmpty { await Task.yield() }
            let second = Task { try await rig.token() }
            first.cancel()
            release.withLock { $0 = true }
            let found11 = try await second.value
            #expect(found11 == "access-1")
            #expect(rig.server.asked.count == 1)
        }
    }
}
