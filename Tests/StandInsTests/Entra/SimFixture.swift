import CalendarModel
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import StandIns
import Synchronization
import Testing

/// A stand-in server with a tenant, an administrator, a service account, a room and two registrations.
struct SimFixture: Sendable {
    static let confidential = "11111111-1111-4111-8111-111111111111"
    static let publicClient = "22222222-2222-4222-8222-222222222222"
    static let secret = "the value of the secret"
    static let tenant = "contoso.example"
    static let account = "svc@contoso.example"
    static let accountPath = "/control/v1/tenants/contoso.example/users/svc@contoso.example"
    static let tenantPath = "/control/v1/tenants/contoso.example"

    let clock = ManualClock()
    let sim: LoopSim

    init(
        settings: WorldSettings = WorldSettings(), schemaFile: String? = nil,
        installers: [LoopSim.RouteInstaller] = LoopSim.vendors
    ) async throws {
        let clock = clock
        var options = LoopSim.Options(sleep: { clock.advance(by: $0) })
        options.schemaFile = schemaFile
        sim = try LoopSim(
            world: World(settings: settings, now: { clock.now }), options: options, installers: installers)
        try await sim.world.seed(Self.world)
    }

    static let world: JSONDocument = [
        "registrations": [
            [
                "clientID": .string(confidential), "displayName": "Room sync", "secrets": [["value": .string(secret)]],
                "redirectURIs": ["https://sync.example/callback", "http://localhost/callback"],
                "requestedScopes": ["Calendars.ReadWrite.Shared", "Place.Read.All", "User.Read", "offline_access"],
                "requestedRoles": ["Calendars.ReadWrite"],
            ],
            [
                "clientID": .string(publicClient), "displayName": "Room sync (public)", "allowsPublicClientFlows": true,
                "redirectURIs": ["http://localhost"], "requestedScopes": ["Calendars.ReadWrite.Shared"],
            ],
        ],
        "tenants": [
            [
                "domain": .string(tenant), "displayName": "Contoso",
                "users": [
                    [
                        "principalName": "admin@contoso.example", "displayName": "Ada", "password": "admin-password",
                        "isGlobalAdministrator": true,
                    ],
                    ["principalName": .string(account), "displayName": "Company Booking", "password": "right"],
                ],
                "rooms": [
                    ["address": "oslo@contoso.example", "displayName": "Oslo", "fullAccess": [.string(account)]]
                ],
                "applications": [
                    [
                        "clientID": .string(publicClient),
                        "grantedScopes": ["Calendars.ReadWrite.Shared", "User.Read"],
                    ]
                ],
            ]
        ],
    ]

    /// Runs the server on a free port and talks to it over HTTP.
    func run<Value: Sendable>(_ body: @Sendable @escaping (SimClient) async throws -> Value) async throws -> Value {
        var logger = Logger(label: "tests")
        logger.logLevel = .critical
        let application = sim.buildApplication(logger: logger)
        return try await application.test(.live) { try await body(SimClient(client: $0)) }
    }
}

/// A clock that moves only when told.
final class ManualClock: Sendable {
    private let moment = Mutex(Instant(seconds: 1_772_000_000))

    var now: Instant { moment.withLock { $0 } }
    func advance(by duration: Duration) { moment.withLock { $0 = $0.advanced(by: duration) } }
}

/// Speaks HTTP to the stand-in.
struct SimClient: Sendable {
    let client: any TestClientProtocol

    struct Reply: Sendable {
        var status: Int
        var headers: HTTPFields
        var text: String

        var json: JSONDocument { (try? JSONDocument(parsing: Data(text.utf8))) ?? .null }
        var location: String { headers[.location] ?? "" }
        /// The first AADSTS number of a refusal.
        var aadsts: Int? {
            guard case .integer(let code) = json["error_codes"]?.array?.first ?? .null else { return nil }
            return Int(code)
        }
        /// The fields of the query that a redirect leads to.
        var redirected: FormFields {
            FormFields(parsing: location.split(separator: "?", maxSplits: 1).last ?? "")
        }
    }

    func get(_ uri: String, bearer: String? = nil, headers: HTTPFields = [:]) async throws -> Reply {
        var headers = headers
        if let bearer { headers[.authorization] = "Bearer \(bearer)" }
        return try await send(.get, uri, headers: headers, body: nil)
    }

    func form(_ uri: String, _ fields: [String: String], headers: HTTPFields = [:]) async throws -> Reply {
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        let body = FormFields.encode(fields.map { ($0.key, $0.value) })
        return try await send(.post, uri, headers: headers, body: body)
    }

    func json(
        _ method: HTTPRequest.Method, _ uri: String, _ document: JSONDocument? = nil, bearer: String? = nil,
        headers: HTTPFields = [:]
    ) async throws -> Reply {
        var headers = headers
        headers[.contentType] = "application/json"
        if let bearer { headers[.authorization] = "Bearer \(bearer)" }
        let body = try document.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
        return try await send(method, uri, headers: headers, body: body)
    }

    private func send(
        _ method: HTTPRequest.Method, _ uri: String, headers: HTTPFields, body: String?
    ) async throws -> Reply {
        try await client.execute(
            uri: uri, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) }
        ) { response in
            Reply(
                status: response.status.code, headers: response.headers, text: String(buffer: response.body))
        }
    }

    /// The token endpoint, with the service account's good password grant unless changed; nil leaves a field out.
    func token(_ changes: [String: String?] = [:], tenant: String = SimFixture.tenant) async throws -> Reply {
        var fields: [String: String?] = [
            "grant_type": "password", "client_id": SimFixture.publicClient, "username": SimFixture.account,
            "password": "right", "scope": "https://graph.microsoft.com/.default offline_access openid",
        ]
        fields.merge(changes) { _, new in new }
        return try await form("/\(tenant)/oauth2/v2.0/token", fields.compactMapValues { $0 })
    }

    /// The client credentials grant.
    func applicationToken(_ changes: [String: String?] = [:]) async throws -> Reply {
        try await token(
            [
                "grant_type": "client_credentials", "client_id": SimFixture.confidential,
                "client_secret": SimFixture.secret, "username": nil, "password": nil,
                "scope": "https://graph.microsoft.com/.default",
            ].merging(changes) { _, new in new })
    }

    /// Consents for the organization as its administrator.
    func consent(as name: String = "admin@contoso.example", password: String = "admin-password") async throws -> Reply {
        try await form(
            "/\(SimFixture.tenant)/v2.0/adminconsent?client_id=\(SimFixture.confidential)"
                + "&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default&redirect_uri=https%3A%2F%2Fsync.example%2Fcallback"
                + "&state=s1",
            ["login": name, "passwd": password, "consent": "accept"])
    }
}
