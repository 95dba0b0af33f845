import ArgumentParser
import CalendarModel
import Foundation
import HTTPTransport
import LoopBooking
import Portal
import SQLStore
import SyncEngine
import SyncService
import Vault

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "See it work: a stand-in tenant, six rooms, bookings on both sides.",
        discussion: """
            Starts loopsim and the service on a fresh SQLite file, sets everything up as the manual says, books, moves \
            and cancels on both sides, and shows what crossed and how long it took. Then it goes on running. Needs \
            nothing from outside.
            """)

    @Flag(help: "End by itself; exit status 0 only if both directions crossed.") var once = false
    @Option(help: "Address and port (default: any free port on 127.0.0.1).") var listen: String?
    @Option(name: .customLong("log-level"), help: "trace, debug, info, notice, warning or error.")
    var logLevel: String?

    func run() async throws {
        try await attempt(json: false) {
            let folder = FileManager.default.temporaryDirectory
                .appendingPathComponent("loopsync-demo-\(Installation.newID().prefix(8))")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            Terminal.progress("Starting the stand-in tenant …")
            let sim = try await LoopSimProcess.start()
            defer { sim.stop() }
            let result = DemoResult()
            let options = try CommonOptions.parse([
                "--database", folder.appendingPathComponent("demo.sqlite").path, "--organization", "demo",
                "--log-level", logLevel ?? "warning",
            ])
            var settings = try await ServiceSettings.load(options, listen: listen ?? "127.0.0.1:0")
            settings.pace = Pace(
                busy: .milliseconds(500), normal: .milliseconds(800), idle: .seconds(1), readingsPerSecond: 50)
            try await Installation.with(settings, organization: options.organizationID) { installation in
                try await show(installation, sim: sim.url, organization: options.organizationID, result: result)
            }
            guard once else { return }
            Terminal.write(result.isComplete ? "demo: both directions crossed" : "demo: something did not cross")
            if !result.isComplete { throw ExitCode(1) }
        }
    }

    private func show(
        _ installation: Installation, sim url: String, organization: OrganizationID, result: DemoResult
    ) async throws {
        let sim = JSONCaller(transport: installation.transport, base: url)
        Terminal.progress("Creating tenant, service account and six rooms …")
        try await DemoTenant(control: sim).create()
        Terminal.progress("Connecting and linking the rooms …")
        try await link(installation, sim: url, organization: organization)
        let secret = APITokenSecret.generate()
        try await installation.store.addToken(
            SQLStore.APIToken(
                id: Installation.newID(), organization: organization, name: "demo", createdAt: Installation.now()),
            digest: secret.digest)
        let (listening, told) = AsyncStream.makeStream(of: String.self)
        let guide = DemoGuide(
            sim: sim, token: secret.token, listening: listening, stayRunning: !once, result: result)
        try await RunningService(installation).run(with: [guide]) { told.yield($0) }
    }

    private func link(_ installation: Installation, sim url: String, organization: OrganizationID) async throws {
        let connection = ConnectionID(Installation.newID())
        let settings = MicrosoftSettings(
            tenant: DemoTenant.domain, clientID: DemoTenant.clientID, account: DemoTenant.account, signIn: .password,
            loginURL: url, graphURL: url + "/v1.0", allowsInternalAddresses: true)
        try await installation.store.addConnection(
            ConnectionRecord(
                id: connection, organization: organization, name: "Contoso", kind: MicrosoftSettings.kind,
                settings: try StoredJSON.text(settings), createdAt: Installation.now()),
            secrets: ["password": try installation.vault.seal(DemoTenant.password, for: connection.rawValue)])
        let connector = try await installation.connectors.connector(for: connection)
        let resources = try await connector.discoverResources()
        for name in DemoTenant.rooms {
            let room = try await installation.desk(organization).addRoom(
                RoomDraft(name: name, zone: "Europe/Oslo")
            ).entity
            guard let resource = resources.first(where: { $0.address == DemoTenant.address(of: name) }) else {
                throw CommandFailure(
                    "demo.room", "\(name)-ext was not found.", remedy: "Run the demo again with --log-level debug.")
            }
            let link = Link(
                id: LinkID(Installation.newID()), organization: organization, connection: connection, room: room.id,
                roomName: room.name, roomZone: room.zone, resourceAddress: resource.address,
                resourceName: resource.name)
            try await installation.store.addLink(
                link, blindAfter: installation.settings.blindAfter, now: Installation.now())
            Terminal.progress("  \(link.title)")
        }
    }
}
