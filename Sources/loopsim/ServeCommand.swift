import ArgumentParser
import Foundation
import Hummingbird
import Logging
import ServiceLifecycle
import StandIns
import UnixSignals

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the stand-ins until interrupted (SIGINT, SIGTERM).",
        discussion: """
            Prints one line once connections are accepted: loopsim is listening on http://127.0.0.1:PORT

            Examples:
              loopsim serve --port 8800 --world contoso.json
              loopsim serve --port 0 --seed 7 --schema Tests/Schemas/graph_calendar_subset.csdl.xml --wire-log wire.jsonl
              loopsim serve --port 8800 --access-token-seconds 60 --attendant-delay 0
              loopsim serve --port 8800 --set deltaDuplicates=false
            """)

    @OptionGroup(title: "Server") var server: ServerOptions
    @OptionGroup(title: "Quirks") var quirks: QuirkOptions

    func run() async throws {
        let settings: WorldSettings
        do {
            settings = try quirks.settings(seed: server.seed)
        } catch let error as ControlError {
            throw ValidationError(error.description)
        }
        let world = World(settings: settings, now: SystemTime.now)
        var options = LoopSim.Options(sleep: { try await Task.sleep(for: $0) })
        options.host = server.host
        options.port = server.port
        options.schemaFile = server.schema
        options.wireLogFile = server.wireLog
        let sim: LoopSim
        do {
            sim = try LoopSim(world: world, options: options, installers: LoopSim.vendors)
            if let file = server.world { try await sim.seed(file: file) }
        } catch let error as LoopSimError {
            throw ValidationError(error.description)
        } catch let error as ControlError {
            throw ValidationError("The world in \(server.world ?? "") is wrong: \(error)")
        }
        var logger = Logger(label: "loopsim")
        logger.logLevel = server.verbose ? .debug : .warning
        let host = server.host
        let application = sim.buildApplication(logger: logger) { port in
            let line = "loopsim is listening on http://\(host):\(port)\n"
            try? FileHandle.standardOutput.write(contentsOf: Data(line.utf8))
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [application], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }
}

struct ServerOptions: ParsableArguments {
    @Option(help: "The address to listen on. There are no credentials on the control API: keep it local.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 takes a free one and prints it.")
    var port = 8800

    @Option(help: "Every random choice derives from it: ids, tokens, duplicates in delta, drawn faults.")
    var seed: UInt64 = 1

    @Option(help: "A JSON file with registrations and tenants to start with (docs/loopsim.md).")
    var world: String?

    @Option(help: "A CSDL file; every request to Graph and every reply is checked against it.")
    var schema: String?

    @Option(help: "Write every request to Graph and its reply to this file, a line of JSON each, without tokens.")
    var wireLog: String?

    @Flag(help: "Log more than warnings.")
    var verbose = false
}

struct QuirkOptions: ParsableArguments {
    @Option(help: "How long access tokens are good, in seconds.")
    var accessTokenSeconds = WorldSettings().accessTokenSeconds

    @Option(help: "How long refresh tokens may lie unused, in days.")
    var refreshTokenDays = WorldSettings().refreshTokenDays

    @Option(help: "How long rooms take to answer an invitation and rewrite it, in milliseconds.")
    var attendantDelay = WorldSettings().attendantDelayMilliseconds

    @Option(help: "When the change key is bumped once more after a write, in milliseconds; 0 for never.")
    var secondChangeKeyDelay = WorldSettings().secondChangeKeyDelayMilliseconds ?? 0

    @Option(help: "Requests for one application and mailbox in ten minutes before 429.")
    var requestsPerTenMinutes = WorldSettings().requestsPerTenMinutes

    @Option(help: "Requests under way for one application and mailbox before 429.")
    var concurrentRequests = WorldSettings().concurrentRequestsPerMailbox

    @Flag(help: "Answer a delegate's second delta page of a room with 403, as some tenants do.")
    var deltaNextLinkForbidden = false

    @Flag(inversion: .prefixedNo, help: "Let the same item appear twice in one delta round.")
    var deltaDuplicates = true

    func validate() throws {
        guard accessTokenSeconds > 0, refreshTokenDays > 0, attendantDelay >= 0, secondChangeKeyDelay >= 0,
            requestsPerTenMinutes > 0, concurrentRequests > 0
        else { throw ValidationError("Times must not be negative; lifetimes and limits must be at least 1.") }
    }

    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp(
            "Any other setting; may be repeated. \"loopsim settings\" lists them.", valueName: "name=value"))
    var changes: [String] = []

    func settings(seed: UInt64) throws -> WorldSettings {
        var settings = WorldSettings()
        settings.seed = seed
        settings.accessTokenSeconds = accessTokenSeconds
        settings.refreshTokenDays = refreshTokenDays
        settings.attendantDelayMilliseconds = attendantDelay
        settings.secondChangeKeyDelayMilliseconds = secondChangeKeyDelay == 0 ? nil : secondChangeKeyDelay
        settings.requestsPerTenMinutes = requestsPerTenMinutes
        settings.concurrentRequestsPerMailbox = concurrentRequests
        settings.deltaNextLinkForbidden = deltaNextLinkForbidden
        settings.deltaDuplicates = deltaDuplicates
        return try settings.applying(changes)
    }
}
