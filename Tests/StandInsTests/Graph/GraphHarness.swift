import CalendarModel
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import StandIns
import Synchronization
import Testing

/// A clock that tests move by hand.
final class HandClock: Sendable {
    private let time: Mutex<Instant>

    init(_ start: Instant) { time = Mutex(start) }

    var now: Instant { time.withLock { $0 } }
    func advance(_ duration: Duration) { time.withLock { $0 = $0.advanced(by: duration) } }
}

/// Holds requests under way until it is opened.
actor Gate {
    private var held: [CheckedContinuation<Void, Never>] = []
    private var awaited: (count: Int, CheckedContinuation<Void, Never>)?
    private var isOpen = false

    func pass() async {
        guard !isOpen else { return }
        await withCheckedContinuation { continuation in
            held.append(continuation)
            if let awaited, held.count >= awaited.count {
                awaited.1.resume()
                self.awaited = nil
            }
        }
    }

    /// Returns once so many requests are held.
    func holds(_ count: Int) async {
        guard held.count < count else { return }
        await withCheckedContinuation { awaited = (count, $0) }
    }

    func open() {
        isOpen = true
        for continuation in held { continuation.resume() }
        held = []
    }
}

/// A world with one tenant, served over loopback.
struct GraphHarness {
    let client: any TestClientProtocol
    let world: World
    let clock: HandClock
    let tenant: Tenant

    /// The first test day: Monday 2 March 2026, 08:00 UTC.
    static let start = Instant(seconds: 1_772_438_400)
    static let delegateScopes =
        "Calendars.ReadWrite.Shared+Calendars.ReadWrite+Place.Read.All+User.Read+MailboxSettings.Read"

    static func run(
        _ configure: (inout WorldSettings) -> Void = { _ in }, tenant change: (inout Tenant) -> Void = { _ in },
        pause: @escaping @Sendable (Duration) async throws -> Void = { _ in },
        _ body: @escaping @Sendable (GraphHarness) async throws -> Void
    ) async throws {
        var settings = WorldSettings()
        configure(&settings)
        var tenant = directory()
        change(&tenant)
        let clock = HandClock(start)
        let world = World(settings: settings, now: { clock.now })
        try await world.addTenant(try JSONDecoder().decode(JSONDocument.self, from: try JSONEncoder().encode(tenant)))
        let router = Router(context: BasicRequestContext.self)
        addGraphRoutes(to: router, world: world, pause: pause)
        addMailboxControlRoutes(to: router, world: world)
        let fixed = tenant
        try await Application(router: router).test(.ahc(.http)) { client in
            try await body(GraphHarness(client: client, world: world, clock: clock, tenant: fixed))
        }
    }

    /// A service account with Full Access to all rooms, a person, somebody without a mailbox, two listed rooms and one
    /// that places does not list yet.
    static func directory(domain: String = "contoso.example") -> Tenant {
        func user(_ name: String, _ number: Int) -> Tenant.User {
            Tenant.User(
                id: "00000000-0000-4000-8000-00000000000\(number)", principalName: "\(name.lowercased())@\(domain)",
                displayName: name, password: nil)
        }
        func room(_ name: String, _ number: Int) -> Tenant.PlaceRoom {
            var room = Tenant.PlaceRoom(
                id: "10000000-0000-4000-8000-00000000000\(number)",
                objectID: "20000000-0000-4000-8000-00000000000\(number)", address: "\(name.lowercased())@\(domain)",
                displayName: name)
            room.capacity = 8
            room.building = "HQ"
            room.floorNumber = 1
            room.fullAccess = ["svc@\(domain)"]
            room.timeZone = "W. Europe Standard Time"
            return room
        }
        var tenant = Tenant(id: "72f988bf-86f1-41af-91ab-2d7cd011db47", domain: domain, displayName: "Contoso")
        tenant.users = [user("svc", 1), user("Ada", 2), user("Nobox", 3)]
        tenant.users[2].hasMailbox = false
        tenant.rooms = [room("Oslo", 1), room("Bergen", 2), room("Hidden", 3)]
        tenant.rooms[2].listedInPlaces = false
        return tenant
    }

    /// An access token of the service account, unless another user or none is named. Scopes and roles are parted by `+`.
    func token(
        user: String? = "svc@contoso.example", scopes: String = delegateScopes, roles: String = ""
    ) async -> String {
        await world.issueToken(
            for: Caller(
                tenantID: tenant.id, clientID: "client-1", userPrincipalName: user,
                scopes: Set(scopes.split(separator: "+").map(String.init)),
                roles: Set(roles.split(separator: "+").map(String.init))))
    }

    var ada: String { get async { await token(user: "ada@contoso.example") } }

    struct Reply: Sendable {
        var status: Int
        var headers: HTTPFields
        var body: GraphJSON

        var code: String? { body["error"]?["code"]?.string }
        var values: [GraphJSON] { body["value"]?.array ?? [] }
        var id: String { body["id"]?.string ?? "" }
        var etag: String { body["@odata.etag"]?.string ?? "" }

        subscript(name: String) -> GraphJSON? { body[name] }

        func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: GraphJSON? = nil, token: String? = nil,
        prefer: String? = nil, headers extra: [String: String] = [:], anonymous: Bool = false
    ) async throws -> Reply {
        var headers = HTTPFields()
        if !anonymous {
            var value = token
            if value == nil { value = await self.token() }
            headers[.authorization] = "Bearer \(value ?? "")"
        }
        if body != nil { headers[.contentType] = "application/json" }
        if let prefer { headers[try #require(HTTPField.Name("Prefer"))] = prefer }
        for (name, value) in extra { headers[try #require(HTTPField.Name(name))] = value }
        let encoded = path.replacing(" ", with: "%20").replacing("{", with: "%7B").replacing("}", with: "%7D")
        let uri = path.hasPrefix("/control") ? encoded : "/v1.0" + encoded
        return try await client.execute(
            uri: uri, method: method, headers: headers, body: body.map { ByteBuffer(string: $0.encoded) }
        ) { response in
            Reply(
                status: Int(response.status.code), headers: response.headers,
                body: GraphJSON(data: Data(response.body.readableBytesView)) ?? .null)
        }
    }

    func get(_ path: String, token: String? = nil, prefer: String? = nil) async throws -> Reply {
        try await send(.get, path, token: token, prefer: prefer)
    }

    /// Follows a link that the stand-in gave.
    func follow(_ link: GraphJSON?, token: String? = nil, prefer: String? = nil) async throws -> Reply {
        let url = try #require(link?.string)
        let at = try #require(url.range(of: "/v1.0"))
        return try await get(String(url[at.upperBound...]), token: token, prefer: prefer)
    }

    /// A delta round to its end.
    func round(_ first: Reply, prefer: String? = nil) async throws -> (
        values: [GraphJSON], link: GraphJSON?, pages: Int
    ) {
        var reply = first
        var values: [GraphJSON] = []
        var pages = 1
        while true {
            #expect(reply.status == 200)
            values += reply.values
            guard let next = reply["@odata.nextLink"] else { return (values, reply["@odata.deltaLink"], pages) }
            reply = try await follow(next, prefer: prefer)
            pages += 1
            try #require(pages < 100)
        }
    }

    static let oslo = "/users/oslo@contoso.example"

    /// `2026-03-02` at some hours in Oslo.
    static func event(
        _ subject: String, date: String = "2026-03-02", from: String = "10:00", to: String = "11:00",
        zone: String = "W. Europe Standard Time", _ more: [String: GraphJSON] = [:]
    ) -> GraphJSON {
        .object(
            [
                "subject": .string(subject),
                "start": ["dateTime": .string("\(date)T\(from):00"), "timeZone": .string(zone)],
                "end": ["dateTime": .string("\(date)T\(to):00"), "timeZone": .string(zone)],
            ].merging(more) { _, new in new })
    }

    static func invite(_ address: String) -> GraphJSON {
        ["type": "resource", "emailAddress": ["address": .string(address)]]
    }
}
