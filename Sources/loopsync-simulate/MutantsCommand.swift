import ArgumentParser
import Simulation

struct MutantsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mutants", abstract: "Break the engine on purpose, and see whether the simulation notices.")

    @OptionGroup var options: StoryOptions

    func run() async throws {}
}
