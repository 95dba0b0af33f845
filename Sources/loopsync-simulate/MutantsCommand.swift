import ArgumentParser
import Foundation
import Simulation

struct MutantsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mutants",
        abstract: "Break the engine on purpose, in every way in the bank, and see whether the simulation notices.",
        discussion: "Exit status 0 only when every broken engine was caught.")

    @OptionGroup var options: StoryOptions

    @Option(help: "How many stories each broken engine lives at most.")
    var histories = 2000

    @Option(help: "Only these, by name; may be given several times.")
    var only: [String] = []

    @Option(help: "A Markdown file in which the table between the two “mutants” comments is replaced.")
    var write: String?

    @Flag(help: "Tell the story in which each was caught.")
    var tell = false

    func validate() throws {
        guard histories > 0 else { throw ValidationError("--histories must be at least 1.") }
        if let unknown = only.first(where: { name in !Mutant.all.contains { $0.name == name } }) {
            throw ValidationError("There is no mutant “\(unknown)”. There are \(Mutant.all.map(\.name)).")
        }
    }

    func run() async throws {
        let mutants = Mutant.all.filter { only.isEmpty || only.contains($0.name) }
        var table = [MutantTrial.heading]
        var caught = 0
        print(MutantTrial.heading)
        for mutant in mutants {
            let trial = try await MutantTrial.run(
                mutant, first: options.first, mostHistories: histories, options.settings)
            if trial.history != nil { caught += 1 }
            table.append(trial.row)
            print(trial.row)
            if tell, let history = trial.history {
                let short = try await Shrinker.shrink(history, mutant: mutant, mostAttempts: 500)
                for line in try await short.told(mutant: mutant) { print("  \(line)") }
            }
            fflush(nil)
        }
        if let write { try replaceTable(in: write, table.joined(separator: "\n")) }
        print("\(caught) of \(mutants.count) mutants caught")
        if caught < mutants.count { throw ExitCode.failure }
    }

    private func replaceTable(in path: String, _ table: String) throws {
        let (opening, closing) = ("<!-- mutants: written by make mutants -->", "<!-- end of mutants -->")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        guard let start = text.range(of: opening), let end = text.range(of: closing) else {
            throw ValidationError("\(path) has no place for the table: “\(opening)” … “\(closing)”.")
        }
        let rewritten = text[..<start.upperBound] + "\n\(table)\n" + text[end.lowerBound...]
        try String(rewritten).write(toFile: path, atomically: true, encoding: .utf8)
    }
}
