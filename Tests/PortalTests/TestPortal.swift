import CalendarModel
import CalendarTime
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Portal
import SQLStore
import SQLiteDriver
import SyncEngine
import SyncService
import TestSupport
import Testing
import Vault

/// A portal on a database of its own, with two organizations and a token for each. It is Sunday, 1 March 2026, noon
/// UTC.
struct TestPortal {
    static let now = Instant(seconds: 1_772_366_400)
    static let secret = "loopsync_acme"
    static let otherSecret = "loopsync_other"

    var store: Store
    let options: PortalServer.Options
    let logger: Logger
    let vault: Vault
    let connectors = TestConnectors()
    var routes: [APIRoute] = []
    var providers: [any SignInProvider] = []
    var sleep: @Sendable (Duration) async throws -> Void = { _ in await Task.yield() }

    init(
        driver: (any SQLDriver)? = nil, options: PortalServer.Options = PortalServer.Options(),
        logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    ) async throws {
        store = Store(driver: try driver ?? SQLiteDriver.inMemory())
        self.options = options
        self.logger = logger
        vault = try Vault(encodedKey: Vault.generateKey())
        try await store.migrate(now: Self.now)
        for (name, secret) in [("acme", Self.secret), ("other", Self.otherSecret)] {
            let organization = OrganizationID(name)
            try await store.addOrganization(Organization(id: organization, name: name), now: Self.now)
            try await store.addToken(
                APIToken(
                    id: "token-\(name)", organization: organization, name: "\(name) door panel", createdAt: Self.now),
                digest: SecretDigest.sha256(secret))
        }
    }

    var services: PortalServices {
        let bell = WakeBell()
        let newID: @Sendable () -> String = { UUID().uuidString.lowercased() }
        let surroundings = SyncWorker.Surroundings(
            now: { Self.now }, newID: newID, sleep: sleep, chance: { 0.5 })
        return PortalServices(
            store: store, vault: vault, connectors: connectors,
            worker: SyncWorker(
                store: store, connectors: connectors, settings: WorkerSettings(node: "test"), bell: bell,
                surroundings: surroundings, logger: logger),
            bell: bell,
            doctor: Doctor(store: store, connectors: connectors, surroundings: surroundings, logger: logger),
            hasher: PasswordHasher(cost: PasswordHasher.Cost(logN: 4)),
            signInProviders: providers, now: { Self.now }, newID: newID,
            sleep: sleep, publicAddress: { "http://127.0.0.1" })
    }

    var server: PortalServer { PortalServer(services: services, options: options, logger: logger, routes: routes) }

    /// Runs `body` with a client that talks to the portal over a real connection.
    func run(_ setup: TestingSetup = .live, _ body: @escaping @Sendable (Client) async throws -> Void) async throws {
        try await server.application().test(setup) { try await body(Client(client: $0, secret: Self.secret)) }
    }
}

/// One calendar in memory for every connection.
struct TestConnectors: ConnectorSource {
    let calendar = InMemoryCalendar(now: { TestPortal.now })

    func connector(for connection: ConnectionID) async throws -> any CalendarConnector { calendar }
}

/// A client of the REST API with a token.
struct Client: Sendable {
    let client: any TestClientProtocol
    var secret: String?

    struct Answer {
        let status: HTTPResponse.Status
        let headers: HTTPFields
        let text: String
        let json: JSONValue

        subscript(name: String) -> JSONValue? { json[name] }
        var id: String { json["id"]?.string ?? "" }
        var code: String? { json["code"]?.string }
        /// `field: code` of each error.
        var errors: [String] {
            (json["errors"]?.array ?? []).map { "\($0["field"]?.string ?? ""): \($0["code"]?.string ?? "")" }
        }
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: JSONValue? = nil, headers: [String: String] = [:]
    ) async throws -> Answer {
        try await sendText(method, path, body.map { try $0.text }, headers: headers)
    }

    func sendText(
        _ method: HTTPRequest.Method, _ path: String, _ body: String?, headers: [String: String] = [:]
    ) async throws -> Answer {
        var fields = HTTPFields()
        if let secret { fields[.authorization] = "Bearer \(secret)" }
        if body != nil { fields[.contentType] = "application/json" }
        for (name, value) in headers { fields[try #require(HTTPField.Name(name))] = value }
        let answer = try await client.execute(
            uri: path, method: method, headers: fields, body: body.map { ByteBuffer(string: $0) }
        ) { response in
            let text = String(buffer: response.body)
            let json = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
            return Answer(status: response.status, headers: response.headers, text: text, json: json ?? .null)
        }
        Contract.check(method, path, answer)
        return answer
    }

    func addRoom(_ name: String = "Oslo", _ more: [String: JSONValue] = [:]) async throws -> String {
        var fields: [String: JSONValue] = ["name": .string(name), "timeZone": "Europe/Oslo"]
        fields.merge(more) { $1 }
        let answer = try await send(.post, "/api/v1/rooms", .object(fields))
        try #require(answer.status == .created, "\(answer.text)")
        return answer.id
    }

    func book(
        _ room: String, _ start: String, _ end: String, _ more: [String: JSONValue] = [:],
        headers: [String: String] = [:]
    ) async throws -> Answer {
        try await send(.post, "/api/v1/bookings", booking(room, start, end, more), headers: headers)
    }
}

/// A booking's JSON on Monday, 2 March 2026, from `start` to `end` (`10:00`).
func booking(_ room: String, _ start: String, _ end: String, _ more: [String: JSONValue] = [:]) -> JSONValue {
    var fields: [String: JSONValue] = [
        "room": .string(room), "subject": "Design review", "start": monday(start), "end": monday(end),
    ]
    fields.merge(more) { $1 }
    return .object(fields)
}

func monday(_ time: String) -> JSONValue {
    ["dateTime": .string("2026-03-02T\(time):00"), "timeZone": "Europe/Oslo", "offset": "+01:00"]
}

extension JSONValue {
    subscript(name: String) -> JSONValue? {
        if case .object(let fields) = self { return fields[name] }
        return nil
    }

    var string: String? {
        if case .string(let text) = self { return text }
        return nil
    }

    var array: [JSONValue]? {
        if case .array(let items) = self { return items }
        return nil
    }
}
