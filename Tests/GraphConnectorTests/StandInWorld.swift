import CalendarModel
import CalendarTime
import Foundation
import GraphConnector
import HTTPTransport
import Logging
import StandIns
import SyncEngine
import Testing

/// The connector against the stand-in vendors: real HTTP, real tokens, Exchange's quirks.
struct StandInWorld: Sendable {
    let world: World
    let sim: LoopSim
    let url: String
    let clock: TestClock
    let transport: HTTPTransport
    let connector: GraphConnector

    static let room = "oslo-ext@contoso.example"
    static let account = "sync@contoso.example"
    static let anna = "anna@contoso.example"
    static let client = "11111111-2222-4333-8444-555555555555"
    /// Monday, 2 March 2026, 08:00 UTC.
    static let start = Instant(seconds: 1_772_438_400)
    static let window = TimeSpan(
        start: start.advanced(by: .seconds(-86_400)), end: start.advanced(by: .seconds(180 * 86_400)))

    static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    /// - Parameters:
    ///   - account: more fields of the service account.
    ///   - room: more fields of the room.
    ///   - application: more fields of the enterprise application.
    static func run(
        settings: WorldSettings = WorldSettings(), account: String = "", room: String? = nil,
        application: String? = nil,
        method: SignInMethod? = nil, namesAccount: Bool = true,
        _ body: @escaping @Sendable (StandInWorld) async throws -> Void
    ) async throws {
        let clock = TestClock(start)
        let world = World(settings: settings, now: { clock.now })
        let scopes = #"["User.Read","Calendars.ReadWrite","Calendars.ReadWrite.Shared","Place.Read.All"]"#
        let document = """
            {"registrations":[{"clientID":"\(client)","displayName":"Room sync","allowsPublicClientFlows":true,
            "isMultiTenant":true,"requestedScopes":\(scopes),"requestedRoles":["Calendars.ReadWrite","Place.Read.All"],
            "secrets":[{"value":"application secret"}],"redirectURIs":["https://sync.example/back"]}],
            "tenants":[{"domain":"contoso.example","displayName":"Contoso","users":[
            {"principalName":"\(Self.account)","displayName":"Company Booking","password":"right"\(account)},
            {"principalName":"\(anna)","displayName":"Anna","password":"right"}],
            "rooms":[{"address":"\(Self.room)","displayName":"Oslo-ext","capacity":8,"timeZone":"W. Europe Standard Time",
            \(room ?? #""fullAccess":["sync@contoso.example"]"#)},
            {"address":"bergen-ext@contoso.example","displayName":"Bergen-ext","fullAccess":["\(Self.account)"]}],
            "applications":[{"clientID":"\(client)","grantedRoles":["Calendars.ReadWrite","Place.Read.All"],
            \(application ?? #""grantedScopes":\#(scopes)"#)}]}]}
            """
        try await world.seed(try JSONDocument(parsing: Data(document.utf8)))
        var options = LoopSim.Options(sleep: { clock.pass($0) })
        options.schemaFile = Self.schemaFile
        let sim = try LoopSim(world: world, options: options, installers: LoopSim.vendors)
        try await sim.whileServing(logger: logger) { url in
            try await HTTPTransport.withTransport(logger: logger) { transport in
                let configuration = GraphConfiguration(
                    tenant: "contoso.example", clientID: client, serviceAccount: namesAccount ? Self.account : nil,
                    graphURL: "\(url)/v1.0", loginURL: url)
                let tokens = EntraTokens(
                    configuration: configuration,
                    method: method ?? .serviceAccount(name: Self.account, password: "right", client: .publicClient),
                    refreshTokens: TransientRefreshTokenStore(), transport: transport,
                    surroundings: clock.surroundings, logger: logger)
                let connector = GraphConnector(
                    configuration: configuration, tokens: tokens, transport: transport,
                    // Nobody knows the zone of the service account's mailbox.
                    zoneOfRoom: { $0 == Self.account ? .utc : ZoneID("Europe/Oslo") },
                    surroundings: clock.surroundings, logger: logger)
                try await body(
                    StandInWorld(
                        world: world, sim: sim, url: url, clock: clock, transport: transport, connector: connector))
                let report = await (try #require(sim.schema)).report()
                #expect(report.violations.isEmpty, "\(report.violations)")
            }
        }
    }

    /// The official description of Graph: whatever crosses the wire in these tests is checked against it.
    private static let schemaFile = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Schemas/graph_calendar_subset.csdl.xml").path

    /// Another connector for the same service account, with other surroundings.
    func connector(graphURL: String, surroundings: Surroundings) -> GraphConnector {
        let configuration = GraphConfiguration(
            tenant: "contoso.example", clientID: Self.client, serviceAccount: Self.account, graphURL: graphURL,
            loginURL: url)
        let tokens = EntraTokens(
            configuration: configuration,
            method: .serviceAccount(name: Self.account, password: "right", client: .publicClient),
            refreshTokens: TransientRefreshTokenStore(), transport: transport, surroundings: surroundings,
            logger: Self.logger)
        return GraphConnector(
            configuration: configuration, tokens: tokens, transport: transport, surroundings: surroundings,
            logger: Self.logger)
    }

    // MARK: Meetings

    /// A meeting on 3 March 2026, in Oslo's wall time.
    static func meeting(
        _ subject: String = "Standup", at hour: Int = 10, to end: Int? = nil, day: Int = 3
    ) throws -> Meeting {
        let date = CivilDate(year: 2026, month: 3, day: day)
        let time = try Zones.timed(
            start: WallTime(date: date, hour: hour, minute: 0),
            end: WallTime(date: date, hour: end ?? hour + 1, minute: 0),
            zone: ZoneID("Europe/Oslo"))
        return Meeting(
            time: .timed(time), subject: subject, body: "Booked by Bo", organizer: Person(name: "Anna", address: anna),
            location: "Oslo")
    }

    static func draft(
        _ meeting: Meeting, key: String = UUID().uuidString, mode: WritingMode = .direct
    ) -> EventDraft {
        EventDraft(
            meeting: meeting, tag: EventTag(link: "link;1", booking: "booking'1", key: OperationKey(key)), mode: mode)
    }

    func create(_ draft: EventDraft) async throws -> WriteOutcome {
        try await connector.create(draft, in: Self.room)
    }

    func read(since cursor: Cursor? = nil) async throws -> Reading {
        try await connector.readChanges(of: Self.room, since: cursor, window: Self.window)
    }

    func fetch(_ id: EventID) async throws -> Event? { try await connector.fetch(id, in: Self.room) }

    // MARK: Outside

    /// What a person does in Outlook, with a client that is not ours: plain requests with the person's own token.
    @discardableResult
    func outlook(
        _ method: HTTPCall.Method, _ path: String, _ body: String? = nil, as person: String = Self.anna
    ) async throws -> (status: Int, json: JSONDocument?) {
        let form = """
            client_id=\(Self.client)&grant_type=password&username=\(person)&password=right&scope=\
            https://graph.microsoft.com/Calendars.ReadWrite.Shared%20https://graph.microsoft.com/Calendars.ReadWrite
            """
        let signIn = try await transport.send(
            HTTPCall(
                .post, "\(url)/contoso.example/oauth2/v2.0/token",
                headers: ["Content-Type": "application/x-www-form-urlencoded"], body: Data(form.utf8)))
        let token = try #require(try JSONDocument(parsing: signIn.body)["access_token"]?.string)
        let reply = try await transport.send(
            HTTPCall(
                method, "\(url)/v1.0\(path)",
                headers: [
                    "Authorization": "Bearer \(token)", "Content-Type": "application/json",
                    "Prefer": #"IdType="ImmutableId""#,
                ], body: body.map { Data($0.utf8) }))
        return (reply.status, try? JSONDocument(parsing: reply.body))
    }

    /// Anna books the room by inviting it.
    func annaBooks(
        _ subject: String, at hour: Int, day: Int = 3, more: String = ""
    ) async throws -> String {
        func time(_ hour: Int) -> String {
            let wall = WallTime(date: CivilDate(year: 2026, month: 3, day: day), hour: hour, minute: 0)
            return #"{"dateTime":"\#(wall)","timeZone":"W. Europe Standard Time"}"#
        }
        let (status, json) = try await outlook(
            .post, "/me/events",
            """
            {"subject":"\(subject)","start":\(time(hour)),"end":\(time(hour + 1)),
            "attendees":[{"type":"resource","emailAddress":{"address":"\(Self.room)"}}]\(more)}
            """)
        #expect(status == 201)
        // The attendant answers, and rewrites.
        clock.pass(.seconds(5))
        return try #require(json?["id"]?.string)
    }

    /// What reached Graph: method and path of each request, signing in left out.
    func graphRequests(after number: Int = 0) async -> [String] {
        await sim.requests.entries(after: number, path: "/v1.0/").entries.map { "\($0.method) \($0.path)" }
    }

    func mark() async -> Int { await sim.requests.entries().next }

    func fault(_ rules: FaultPlan.Rule...) async { await sim.faults.set(.init(seed: 7, rules: rules)) }
}
