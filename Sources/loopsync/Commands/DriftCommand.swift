import ArgumentParser
import CalendarModel
import CalendarTime
import SQLStore
import SyncEngine
import SyncService

struct DriftCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drift", abstract: "Where the two sides of a link do not agree: look, compare anew, mend.",
        discussion: """
            Every night each link's whole window is read fresh and compared with LoopBooking. What differs although \
            nothing is on its way is drift. LINK is the room's name, the resource's address, or the link's id.
            """,
        subcommands: [DriftList.self, DriftCheckCommand.self, DriftRepairCommand.self])
}

struct DriftList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show what the last comparison found.",
        discussion: "Ends with status 3 when something is to be mended.")
    @OptionGroup var options: CommonOptions
    @Argument(help: "The link; all when left out.") var link: String?

    func run() async throws {
        try await withInstallation(options) { installation in
            var records = try await installation.store.links(of: options.organizationID)
            if let link { records = [try await installation.link(link, of: options.organizationID)] }
            var views: [DriftView] = []
            for record in records {
                views.append(DriftView(try await installation.store.latestDrift(of: record.link.id), of: record.link))
            }
            try DriftListing(views).show(json: options.json)
        }
    }
}

struct DriftCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Read the whole calendar and compare now. Changes nothing.",
        discussion: "Ends with status 3 when something is to be mended, 1 when the calendar could not be read.")
    @OptionGroup var options: CommonOptions
    @Argument(help: "The link.") var link: String

    func run() async throws {
        try await withInstallation(options) { installation in
            let record = try await installation.link(link, of: options.organizationID)
            let report = try await installation.worker().checkDrift(record.link.id, patience: .seconds(60))
            let stored = try await installation.store.latestDrift(of: record.link.id)
            if let failure = report.failure { throw CommandFailure(failure) }
            try DriftListing([DriftView(stored, of: record.link)]).show(json: options.json)
        }
    }
}

struct DriftRepairCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair", abstract: "Mend items of the last comparison, and run a pass.",
        discussion: """
            Where both sides have a value, the one that leads by the link's policy is taken over. A meeting that vanished \
            on one side is treated as cancelled there (--missing follow), or written again (--missing restore).
            """)
    @OptionGroup var options: CommonOptions
    @Argument(help: "The link.") var link: String
    @Argument(help: "The items' ids.") var items: [String] = []
    @Flag(help: "All items.") var all = false
    @Option(help: "follow or restore.") var missing: DriftRepair.Missing = .follow

    func validate() throws {
        if all == !items.isEmpty { throw ValidationError("Give the items to mend, or --all.") }
    }

    func run() async throws {
        try await withInstallation(options) { installation in
            let record = try await installation.link(link, of: options.organizationID)
            let known = try await installation.store.latestDrift(of: record.link.id)?.open.map(\.id) ?? []
            if let unknown = items.first(where: { !known.contains($0) }) {
                throw CommandFailure(
                    "drift.unknown", "There is no open item \(unknown).", remedy: "See `loopsync drift list`.")
            }
            let results = try await installation.worker().repairDrift(
                record.link.id, ids: all ? nil : Set(items), missing: missing, patience: .seconds(60))
            let outcomes = results.map(DriftOutcome.init)
            try await installation.audit(
                "drift.repair", record.link.title, detail: "\(outcomes.count) items, missing: \(missing.rawValue)",
                by: "drift repair",
                of: options.organizationID)
            if options.json { return try Terminal.writeJSON(outcomes) }
            if outcomes.isEmpty { Terminal.write("Nothing is to be mended.") }
            for outcome in outcomes { Terminal.write("\(outcome.id)  \(outcome.sentence) \(outcome.outcome)") }
            if let failure = try await installation.store.link(record.link.id)?.lastPass?.failure {
                throw CommandFailure(failure)
            }
        }
    }
}

extension DriftRepair.Missing: ExpressibleByArgument {}

private struct DriftListing {
    let views: [DriftView]

    init(_ views: [DriftView]) { self.views = views }

    func show(json: Bool) throws {
        if json { try Terminal.writeJSON(views) } else { for view in views { show(view) } }
        if views.contains(where: { !$0.open.isEmpty }) { throw ExitCode(3) }
    }

    private func show(_ view: DriftView) {
        guard let at = view.comparedAt else { return Terminal.write("\(view.title): never compared.") }
        if let failure = view.failure {
            return Terminal.write("\(view.title): could not be compared at \(at): \(failure.summary)")
        }
        let underWay = view.underWay > 0 ? ", \(view.underWay) change(s) under way" : ""
        Terminal.write(
            "\(view.title): \(view.bookings) bookings and \(view.events) events compared at \(at)\(underWay); "
                + (view.open.isEmpty ? "both sides agree." : "\(view.open.count) to be mended."))
        for remark in view.remarks { Terminal.write("note: \(remark)") }
        guard !view.items.isEmpty else { return }
        var table = TextTable("ITEM", "KIND", "LOOPBOOKING", "CALENDAR", "WHAT")
        for item in view.items {
            let what = item.sentence + (item.outcome.map { " Mended: \($0)" } ?? "")
            table.add(item.id, item.kind, item.here ?? "", item.there ?? "", what)
        }
        Terminal.write(table.text)
    }
}
