import ArgumentParser
import CalendarModel
import SQLStore
import SyncEngine
import SyncService

struct LinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link", abstract: "Rooms and their mirrors.",
        discussion: "LINK is the room's name, the resource's address, or the link's id.",
        subcommands: [
            LinkAdd.self, LinkList.self, LinkPreviewCommand.self, LinkPause.self, LinkResume.self, LinkSync.self,
            LinkRemove.self,
        ])
}

struct LinkAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Link a room to its mirror. The right to the mirror is tried out first.")
    @OptionGroup var options: CommonOptions
    @Option(help: "The LoopBooking room's name.") var room: String
    @Option(help: "The resource's address.") var resource: String
    @Option(help: "The connection's name; needed when there are several.") var connection: String?
    @Option(help: "direct (into the room's calendar) or invite (by the service account).") var writing = "direct"
    @Option(help: "Who keeps a slot: firstConfirmed, loopBookingLeads or calendarLeads.") var clash = "firstConfirmed"
    @Option(help: "Whose change of one field stands: latestChange, loopBookingLeads or calendarLeads.")
    var divergence = "latestChange"
    @Option(help: "What crosses: everything, busyWithOrganizer or busyOnly.") var content = "everything"
    @Option(name: .customLong("when-blind"), help: "New bookings while the calendar cannot be read: hold or refuse.")
    var whenBlind = "hold"
    @Flag(name: .customLong("no-test"), help: "Link without trying the right out.") var noTest = false

    func validate() throws { _ = try policy() }

    private func policy() throws -> LinkPolicy {
        func choice<Choice: RawRepresentable & CaseIterable>(_ text: String, _ option: String) throws -> Choice
        where Choice.RawValue == String {
            guard let value = Choice(rawValue: text) else {
                let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--\(option) must be one of \(known).")
            }
            return value
        }
        return LinkPolicy(
            writing: try choice(writing, "writing"), clash: try choice(clash, "clash"),
            divergence: try choice(divergence, "divergence"), content: try choice(content, "content"),
            whenBlind: try choice(whenBlind, "when-blind"))
    }

    func run() async throws {
        try await withInstallation(options) { try await add(to: $0) }
    }

    private func add(to installation: Installation) async throws {
        let room = try await installation.room(room, of: options.organizationID)
        let record = try await installation.connection(connection, of: options.organizationID)
        let address = resource.lowercased()
        var found = Resource(address: address, name: String(address.prefix { $0 != "@" }))
        if !noTest {
            let connector = try await installation.connectors.connector(for: record.id)
            found = try await connector.resource(at: address)
            guard connector.capabilities.writingModes.contains(try policy().writing) else {
                throw CommandFailure(
                    "link.writing", "This connection cannot write by invitation: it has no mailbox to invite from.",
                    remedy: "Use --writing direct, or a connection with a service account.")
            }
        }
        let link = Link(
            id: LinkID(Installation.newID()), organization: options.organizationID, connection: record.id,
            room: room.id, roomName: room.name, roomZone: room.zone, resourceAddress: address,
            resourceName: found.name, policy: try policy())
        try await installation.store.addLink(
            link, blindAfter: installation.settings.blindAfter, now: Installation.now())
        try await installation.audit("link.add", link.title, by: "link add", of: options.organizationID)
        if options.json {
            try Terminal.writeJSON(["id": link.id.rawValue, "title": link.title])
        } else {
            Terminal.write("Linked \(link.title) (\(link.id)).")
        }
    }
}

struct LinkList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List links.")
    @OptionGroup var options: CommonOptions

    func run() async throws {
        try await withInstallation(options) { installation in
            let now = Installation.now()
            let rows = try await installation.store.links(of: options.organizationID)
                .map { LinkStatus($0, at: now) }
            if options.json { return try Terminal.writeJSON(rows) }
            var table = TextTable("ROOM", "RESOURCE", "CONDITION", "WRITING", "CLASH", "CONTENT", "ID")
            for row in rows {
                table.add(row.room, row.resource, row.condition, row.writing, row.clash, row.content, row.id)
            }
            Terminal.write(table.text)
        }
    }
}

struct LinkPreviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview", abstract: "Show what a pass would do on both sides, without doing it.")
    @OptionGroup var options: CommonOptions
    @Argument(help: "The link.") var link: String

    func run() async throws {
        try await withInstallation(options) { installation in
            let record = try await installation.link(link, of: options.organizationID)
            let connector = try await installation.connectors.connector(for: record.link.connection)
            let plan = try await LinkPreview.plan(
                record.link, memory: try await installation.store.sync.memory(of: record.link.id),
                connector: connector,
                bookings: LoopBookingSystem(desk: installation.desk(options.organizationID), link: record.link.id),
                settings: installation.passSettings, now: Installation.now())
            try show(plan)
        }
    }

    private func show(_ plan: Plan) throws {
        let steps = plan.operations.map {
            PassReport.Step(action: $0.action.name, sentence: $0.reason)
        }
        if options.json { return try Terminal.writeJSON(PreviewJSON(steps: steps, hold: plan.hold)) }
        if let hold = plan.hold {
            Terminal.write("The link would stop and ask: \(hold.vanished) of \(hold.of) coming meetings vanished.")
        }
        if steps.isEmpty, plan.hold == nil { Terminal.write("Nothing to do: both sides agree.") }
        for step in steps { Terminal.write("\(step.action)  \(step.sentence)") }
    }

    private struct PreviewJSON: Encodable {
        var steps: [PassReport.Step]
        var hold: MassDeletion?
    }
}

struct LinkPause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Stop a link for now. Nothing is lost; changes cross when it is resumed.")
    @OptionGroup var options: CommonOptions
    @Argument(help: "The link.") var link: String

    func run() async throws {
        try await withInstallation(options) { installation in
            let record = try await installation.link(link, of: options.organizationID)
            _ = try await installation.linkDesk(options.organizationID).pause(record.link.id)
            try await installation.audit(
                "link.pause", record.link.title, by: "link pause", of: options.organizationID)
            if !options.json { Terminal.write("Paused \(record.link.title).") }
        }
    }
}

struct LinkResume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Let a paused or stopped link run again.",
        discussion: """
            A link that stopped because very many meetings vanished asks what to do:
              --deletions accept    cancel their bookings
              --deletions restore   write them into the calendar again
            Without it, the calendar is read again from scratch: what is back by then is not cancelled.
            """)
    @OptionGroup var options: CommonOptions
    @Argument(help: "The link.") var link: String
    @Option(help: "accept or restore.") var deletions: LinkDesk.HeldDeletions?

    func run() async throws {
        try await withInstallation(options) { installation in
            let record = try await installation.link(link, of: options.organizationID)
            _ = try await installation.linkDesk(options.organizationID).resume(record.link.id, deletions: deletions)
            try await installation.audit(
                "link.resume", record.link.title, detail: deletions.map { "deletions: \($0.rawValue)" } ?? "",
                by: "link resume", of: options.organizationID)
            if !options.json { Terminal.write("Resumed \(record.link.title).") }
        }
    }
}

struct LinkRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "End a link. Bookings and events stay as they are on both sides.")
    @OptionGroup var options: CommonOptions
    @Argument(help: "The link.") var link: String

    func run() async throws {
        try await withInstallation(options) { installation in
            let record = try await installation.link(link, of: options.organizationID)
            try await installation.store.removeLink(record.link.id)
            try await installation.audit(
                "link.remove", record.link.title, by: "link remove", of: options.organizationID)
            if !options.json { Terminal.write("Removed the link \(record.link.title).") }
        }
    }
}

struct LinkSync: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Run a pass now and show what it did.",
        discussion: "Works beside a running service: the link is leased, so the two never work on it together.")
    @OptionGroup var options: CommonOptions
    @Argument(help: "The link.") var link: String
    @Flag(name: .customLong("from-scratch"), help: "Read the whole calendar again.") var fromScratch = false

    func run() async throws {
        try await withInstallation(options) { try await sync($0) }
    }

    private func sync(_ installation: Installation) async throws {
        let record = try await installation.link(link, of: options.organizationID)
        let desk = installation.linkDesk(options.organizationID)
        let report = try await desk.sync(record.link.id, fromScratch: fromScratch, patience: .seconds(60))
        try await installation.audit(
            "link.sync", record.link.title, detail: fromScratch ? "from scratch" : "", by: "link sync",
            of: options.organizationID)
        guard let report else { return }
        try show(report, title: record.link.title)
    }

    private func show(_ report: PassReport, title: String) throws {
        if options.json {
            try Terminal.writeJSON(report)
        } else {
            for step in report.steps {
                Terminal.write("\(step.failure == nil ? "done  " : "FAILED") \(step.action)  \(step.sentence)")
                if let failure = step.failure { Terminal.write("       \(failure.summary) \(failure.remedy)") }
            }
            for remark in report.remarks { Terminal.write("note   \(remark)") }
            if report.isClean, report.steps.isEmpty { Terminal.write("\(title): both sides agree.") }
        }
        if let failure = report.failure {
            let passing = report.failureKind.map { kind in
                ConnectorError(kind, operation: "", diagnosis: failure).isPassing
            }
            throw CommandFailure(failure, exit: ExitCode(passing == false ? 3 : 1))
        }
        if let hold = report.hold {
            throw CommandFailure(
                Diagnosis(
                    code: "link.held", summary: "\(hold.vanished) of \(hold.of) coming meetings vanished at once.",
                    consequence: "The link stopped; nothing was cancelled.",
                    remedy: "Look at the calendar, then `loopsync link resume` with --deletions accept or restore."),
                exit: ExitCode(3))
        }
        if report.steps.contains(where: { $0.failure != nil }) { throw ExitCode(1) }
    }
}

extension LinkDesk.HeldDeletions: ExpressibleByArgument {}
