import CalendarModel
import CalendarTime
import Foundation
import GraphConnector
import HTTPTransport
import Logging
import SyncEngine
import TestSupport

/// A connector whose Graph is a script, signed in with a token that never ends.
struct ScriptedGraph: Sendable {
    let connector: GraphConnector
    let server: ScriptedServer
    let clock: TestClock

    func fetch(_ id: EventID) async throws -> Event? { try await connector.fetch(id, in: Self.room) }
    func rooms() async throws -> [Resource] { try await connector.discoverResources() }

    static let room = "oslo-ext@contoso.example"
    static let account = "sync@contoso.example"

    @discardableResult static func run<Value: Sendable>(
        zone: ZoneID = ZoneID("Europe/Oslo"), account: String? = Self.account,
        _ script: @escaping @Sendable (ScriptedServer.Asked) async -> ScriptedServer.Answer,
        _ body: @Sendable @escaping (ScriptedGraph) async throws -> Value
    ) async throws -> Value {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        return try await ScriptedServer.run(script) { server in
            try await HTTPTransport.withTransport(logger: logger) { transport in
                let clock = TestClock()
                let connector = GraphConnector(
                    configuration: GraphConfiguration(
                        tenant: "contoso.example", clientID: "client", serviceAccount: account,
                        graphURL: "\(server.url)/v1.0", loginURL: server.url),
                    tokens: FixedTokens(), transport: transport, zoneOfRoom: { _ in zone },
                    surroundings: clock.surroundings, logger: logger)
                return try await body(ScriptedGraph(connector: connector, server: server, clock: clock))
            }
        }
    }
}

/// Tokens `token-1`, `token-2`, … : a new one each time the present one is rejected.
actor FixedTokens: TokenSource {
    private var number = 1

    func token(replacing rejected: String?) -> String {
        if rejected == "token-\(number)" { number += 1 }
        return "token-\(number)"
    }

    func grantedScopes() -> Set<String>? { Set(GraphConfiguration.defaultScopes) }
    func tryAgain() {}
    func signInAnew() {}
    func permissionsConsented() -> Set<String> { Set(GraphConfiguration.defaultScopes) }
}

/// JSON of Graph, made by hand, so that no code of the connector takes part.
enum GraphJSON {
    static func event(
        _ id: String, etag: String = "1", start: String = "2026-03-02T09:00:00", end: String = "2026-03-02T10:00:00",
        subject: String = "Standup", more: String = ""
    ) -> String {
        """
        {"@odata.etag":"W/\\"\(etag)\\"","id":"\(id)","subject":"\(subject)","type":"singleInstance",
        "start":{"dateTime":"\(start).0000000","timeZone":"UTC"},"end":{"dateTime":"\(end).0000000","timeZone":"UTC"},
        "originalStartTimeZone":"W. Europe Standard Time","isOrganizer":true,"sensitivity":"normal","showAs":"busy",
        "body":{"contentType":"text","content":"Words"}\(more)}
        """
    }

    static func page(_ items: [String], next: String? = nil, delta: String? = nil) -> String {
        var fields = [#""value":[\#(items.joined(separator: ","))]"#]
        if let next { fields.append(#""@odata.nextLink":"\#(next)""#) }
        if let delta { fields.append(#""@odata.deltaLink":"\#(delta)""#) }
        return "{\(fields.joined(separator: ","))}"
    }

    static func error(_ code: String) -> String {
        #"{"error":{"code":"\#(code)","message":"Secret subject","innerError":{"request-id":"r-1"}}}"#
    }

    static func batch(_ answers: [(id: String, status: Int, headers: String, body: String)]) -> String {
        let items = answers.map {
            #"{"id":"\#($0.id)","status":\#($0.status),"headers":{\#($0.headers)},"body":\#($0.body)}"#
        }
        return #"{"responses":[\#(items.joined(separator: ","))]}"#
    }

    /// The object in a request's body.
    static func object(_ text: String) -> [String: Any] {
        ((try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any]) ?? [:]
    }
}
