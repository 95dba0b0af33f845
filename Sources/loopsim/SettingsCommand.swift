import ArgumentParser
import Foundation
import StandIns

struct SettingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings",
        abstract: "Print every setting of the stand-ins with its standard value, as JSON.",
        discussion: "Change one with: loopsim serve --set name=value, nested ones with --set graph.name=value.")

    func run() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try FileHandle.standardOutput.write(contentsOf: try encoder.encode(WorldSettings()) + Data("\n".utf8))
    }
}
