import ArgumentParser
import Simulation

@main
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "loopsync-simulate", subcommands: [PlanCommand.self])
}
