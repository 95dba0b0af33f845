import CalendarModel
import CalendarTime
import Foundation
import GraphConnector
import HTTPTransport
import Hummingbird
import HummingbirdTesting
import Logging
import LoopBooking
import SQLStore
import StandIns
import SyncEngine
import SyncService
import Testing
import Vault

@testable import Portal
@testable import loopsync

/// The set-up against stand-ins of Entra ID and Graph: real HTTP, real tokens, real consent pages.
struct SetupWorld: Sendable {
    let portal: TestPortal
    let services: PortalServices
    let browser: Browser
    let client: any TestClientProtocol
    let world: World
    let url: String
    let transport: HTTPTransport
    let worker: SetupWorker

    static let clientID = "11111111-2222-4333-8444-555555555555"
    static let account = "svc@contoso.example"
    static let administrator = "admin@contoso.example"
    static let foreigner = "boss@fabrikam.example"
    static let password = "right"
    static let scopes = #"["User.Read","Calendars.ReadWrite","Calendars.ReadWrite.Shared","Place.Read.All"]"#

    /// - Parameter secret: whether the operator's application has a secret, so that consent can be proved at once.
    static func run(
        secret: Bool = false, _ body: @escaping @Sendable (SetupWorld) async throws -> Void
    ) async throws {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let world = World(settings: WorldSettings(), now: { TestPortal.now })
        let document = """
            {"registrations":[{"clientID":"\(clientID)","displayName":"Room sync",
            "allowsPublicClientFlows":true,"isMultiTenant":true,"requestedScopes":\(scopes),
            "requestedRoles":["Calendars.ReadWrite","Place.Read.All"],
            "secrets":\(secret ? #"[{"value":"operators secret"}]"# : "[]"),
            "redirectURIs":["http://127.0.0.1/setup/microsoft/callback"]}],
            "tenants":[{"domain":"contoso.example","displayName":"Contoso","users":[
            {"principalName":"\(account)","displayName":"Company Booking","password":"\(password)"},
            {"principalName":"\(administrator)","displayName":"Admin","password":"\(password)",
            "isGlobalAdministrator":true}],
            "rooms":[{"address":"oslo-ext@contoso.example","displayName":"Oslo-ext","capacity":8,
            "fullAccess":["\(account)"]},
            {"address":"bergen-ext@contoso.example","displayName":"Bergen-ext","fullAccess":["\(account)"]},
            {"address":"voss-ext@contoso.example","displayName":"Voss-ext","fullAccess":[]}]},
            {"domain":"fabrikam.example","displayName":"Fabrikam","users":[
            {"principalName":"\(foreigner)","displayName":"Boss","password":"\(password)",
            "isGlobalAdministrator":true}]}]}
            """
        try await world.seed(try JSONDocument(parsing: Data(document.utf8)))
        let sim = try LoopSim(
            world: world, options: LoopSim.Options(sleep: { _ in }), installers: LoopSim.vendors)
        try await sim.whileServing(logger: logger) { url in
            try await HTTPTransport.withTransport(logger: logger) { transport in
                try await serve(world, url, transport, secret: secret, logger: logger, body)
            }
        }
    }

    private static func serve(
        _ world: World, _ url: String, _ transport: HTTPTransport, secret: Bool, logger: Logger,
        _ body: @escaping @Sendable (SetupWorld) async throws -> Void
    ) async throws {
        var portal = try await TestPortal()
        portal.store = portal.store.withLinkHooks()
        try await portal.addPerson()
        try await portal.addPerson("bo@acme.example")
        var microsoft = OperatorMicrosoft()
        microsoft.clientID = clientID
        microsoft.clientSecret = secret ? "operators secret" : nil
        microsoft.loginURL = url
        microsoft.graphURL = url + "/v1.0"
        microsoft.allowsInternalAddresses = true
        let now: @Sendable () -> Instant = { TestPortal.now }
        let sleep: @Sendable (Duration) async throws -> Void = { _ in await Task.yield() }
        let registry = ConnectorRegistry(
            store: portal.store, vault: portal.vault, transport: transport, microsoft: microsoft, now: now,
            sleep: sleep, logger: logger)
        let base = portal.services
        let surroundings = SyncWorker.Surroundings(now: now, newID: base.newID, sleep: sleep, chance: { 0.5 })
        let services = PortalServices(
            store: portal.store, vault: portal.vault, connectors: registry,
            worker: SyncWorker(
                store: portal.store, connectors: registry, settings: WorkerSettings(node: "test"), bell: base.bell,
                surroundings: surroundings, logger: logger),
            bell: base.bell, hasher: base.hasher,
            setups: [
                MicrosoftSetup(
                    microsoft: microsoft, registry: registry, transport: transport, now: now, sleep: sleep)
            ],
            now: now, newID: base.newID, sleep: sleep, publicAddress: { "http://127.0.0.1" })
        let worker = SetupWorker(
            store: portal.store, connectors: registry, settings: PassSettings(), surroundings: surroundings,
            logger: logger)
        let server = PortalServer(services: services, logger: logger)
        try await server.application().test(.router) { [portal] client in
            let browser = Browser(client)
            try await browser.signIn()
            try await body(
                SetupWorld(
                    portal: portal, services: services, browser: browser, client: client, world: world, url: url,
                    transport: transport, worker: worker))
        }
    }

    // MARK: Steps

    func page(_ id: String, _ step: String) -> String { "/o/acme/setup/\(id)/\(step)" }

    /// Begins a set-up; its id.
    func begin(tenant: String = "contoso.example") async throws -> String {
        try await browser.get("/o/acme/setup")
        let begun = try await browser.post("/o/acme/setup", ["kind": "microsoft", "name": "Contoso"], follow: false)
        let path = try #require(begun.headers[.location])
        let id = String(try #require(path.split(separator: "/").dropLast().last))
        try await browser.get(path)
        try await browser.post(page(id, "prerequisites"))
        try await browser.get(page(id, "connection"))
        try await browser.post(
            page(id, "connection"),
            ["name": "Contoso", "tenant": tenant, "application": "operator", "rights": "account"])
        return id
    }

    /// Presses a button that leads to Microsoft; where it leads.
    func leave(_ id: String, _ step: String, _ fields: [String: String] = [:]) async throws -> String {
        let away = try await browser.post("/o/acme/setup/\(id)/\(step)", fields)
        let refresh = try #require(HTTPField.Name("Refresh").flatMap { away.headers[$0] }, "\(away.text)")
        return String(refresh.dropFirst("0; url=".count))
    }

    /// What a person does at Microsoft's pages; the address the browser is sent back to, without the host.
    func atMicrosoft(_ link: String, as person: String, consent: String? = nil) async throws -> String {
        var form = [(name: "login", value: person), (name: "passwd", value: Self.password)]
        if let consent { form.append((name: "consent", value: consent)) }
        let reply = try await transport.send(
            HTTPCall(
                .post, link, headers: ["Content-Type": "application/x-www-form-urlencoded"],
                body: Data(Form(form).encoded.utf8)))
        let location = try #require(
            reply.headers["Location"], "\(reply.status) \(String(decoding: reply.body, as: UTF8.self))")
        #expect(location.hasPrefix("http://127.0.0.1/setup/microsoft/callback?"))
        return String(location.dropFirst("http://127.0.0.1".count))
    }

    /// Consent and the service account's sign-in.
    func connect(_ id: String) async throws {
        let consent = try await leave(id, "consent")
        try await browser.get(atMicrosoft(consent, as: Self.administrator, consent: "accept"))
        try await browser.get(page(id, "account"))
        let signIn = try await leave(id, "sign-in", ["account": Self.account])
        try await browser.get(atMicrosoft(signIn, as: Self.account))
    }

    /// Looks for rooms and their rights.
    func find(_ id: String) async throws {
        try await browser.get(page(id, "rooms"))
        try await browser.post(page(id, "rooms"))
        try await worker.workAll()
    }

    func addRoom(_ name: String, capacity: Int? = nil) async throws -> Room {
        try await services.desk(of: "acme").addRoom(
            RoomDraft(name: name, capacity: capacity, zone: "Europe/Oslo")
        ).entity
    }

    func audit() async throws -> [String] {
        try await portal.store.driver.read { connection in
            try connection.query("SELECT action FROM audit_log ORDER BY position").map { try $0.text("action") }
        }
    }
}
