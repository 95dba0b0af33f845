import ArgumentParser
import CalendarModel
import SQLStore
import SyncEngine
import SyncService

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show every link: in sync, catching up, not certain, stopped, paused.",
        discussion: "Ends with status 3 when a link needs a person.")
    @OptionGroup var options: CommonOptions

    func run() async throws {
        try await withInstallation(options) { installation in
            let now = Installation.now()
            let rows = try await installation.store.links(of: options.organizationID)
                .map { LinkStatus($0, at: now) }
            if options.json { try Terminal.writeJSON(rows) } else { show(rows) }
            if rows.contains(where: \.needsPerson) { throw ExitCode(3) }
        }
    }

    private func show(_ rows: [LinkStatus]) {
        var table = TextTable("LINK", "CONDITION", "LAST READ", "READER", "PROBLEM")
        for row in rows {
            let problem =
                row.hold.map { "\($0.vanished) of \($0.of) meetings vanished: resume with --deletions accept|restore" }
                ?? row.problem?.summary ?? ""
            table.add(
                "\(row.room) ↔ \(row.resource)", row.condition, row.lastReadAt ?? "never", row.reader ?? "", problem)
        }
        Terminal.write(table.text)
    }
}

struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Tell one booking's story: who changed what, where, when it crossed.")
    @OptionGroup var options: CommonOptions
    @Argument(help: "The booking's id.") var booking: String

    func run() async throws {
        try await withInstallation(options) { installation in
            let story = try await BookingStory.read(
                BookingID(booking), organization: options.organizationID, store: installation.store,
                desk: installation.desk(options.organizationID))
            if options.json { return try Terminal.writeJSON(story) }
            var table = TextTable("WHEN", "WHO", "WHAT")
            for line in story { table.add(line.when, line.who, line.what) }
            Terminal.write(table.text)
        }
    }
}
