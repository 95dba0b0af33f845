import ArgumentParser

@main
struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loopsync-simulate",
        abstract: "Live random stories in simulated offices, and check the engine's promises after each.",
        subcommands: [StoriesCommand.self, MutantsCommand.self, PlanCommand.self, OfficeCommand.self],
        defaultSubcommand: StoriesCommand.self)
}
