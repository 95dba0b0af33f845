import ArgumentParser
import Logging
import Portal
import ServiceLifecycle
import UnixSignals

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the service: sync, portal and API.")

    @OptionGroup var options: CommonOptions

    @Option(help: "Address and port (default: 127.0.0.1:8080; port 0 takes any free one).")
    var listen: String?

    func run() async throws {
        try await withInstallation(options, listen: listen) { installation in
            try await RunningService(installation).run { url in
                Terminal.write("loopsync is listening on \(url)")
            }
        }
    }
}
