import ArgumentParser
import CalendarModel
import LoopBooking
import SQLStore
import SyncService

struct ClashCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clash", abstract: "Two meetings that want one room: look, decide, take back.",
        discussion: """
            A is the meeting that has the room by the link's policy, B the one that lost it. CLASH is the clash's id or the \
            beginning of it. A decision holds whatever the policy says, and can be taken back for a day.
            """,
        subcommands: [ClashList.self, ClashShow.self, ClashKeep.self, ClashMove.self, ClashUndo.self])
}

extension Installation {
    func clashDesk(_ organization: OrganizationID) -> ClashDesk {
        ClashDesk(organization: organization, store: store, desk: desk(organization), now: Self.now)
    }
}

/// Who decides, when the command line cannot know.
struct DeciderOption: ParsableArguments {
    @Option(name: .customLong("by"), help: "Your name, for the people whose meeting is decided about.")
    var name = "The reception"

    var author: ChangeAuthor { .person(name) }
}

extension Clash.Party: ExpressibleByArgument {}

struct ClashList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List clashes that wait for somebody.",
        discussion: "Ends with status 3 when there are open ones.")
    @OptionGroup var options: CommonOptions
    @Flag(help: "Decided, undone and closed ones too.") var all = false

    func run() async throws {
        try await withInstallation(options) { installation in
            let states: Set<Clash.State> = all ? Set(Clash.State.allCases) : [.open]
            let clashes = try await installation.clashDesk(options.organizationID).list(states)
            if options.json { try Terminal.writeJSON(clashes) } else { show(clashes) }
            if clashes.contains(where: { $0.state == Clash.State.open.rawValue }) { throw ExitCode(3) }
        }
    }

    private func show(_ clashes: [ClashView]) {
        guard !clashes.isEmpty else { return Terminal.write("No clash waits for anybody.") }
        var table = TextTable("CLASH", "ROOM", "STATE", "WHEN", "A (HAS THE ROOM)", "B (LOST IT)")
        for clash in clashes {
            table.add(clash.id, clash.room, clash.state, clash.b.when, clash.a.summary, clash.b.summary)
        }
        Terminal.write(table.text)
    }
}

struct ClashShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show both meetings side by side, and the rooms they could move to.")
    @OptionGroup var options: CommonOptions
    @Argument(help: "The clash.") var clash: String

    func run() async throws {
        try await withInstallation(options) { installation in
            try ClashReport(await installation.clashDesk(options.organizationID).show(clash)).show(json: options.json)
        }
    }
}

struct ClashKeep: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keep", abstract: "Give the room to one of the two; the other is told.")
    @OptionGroup var options: CommonOptions
    @OptionGroup var decider: DeciderOption
    @Argument(help: "The clash.") var clash: String
    @Argument(help: "a or b.") var party: Clash.Party

    func run() async throws {
        try await withInstallation(options) { installation in
            let desk = installation.clashDesk(options.organizationID)
            let view = try await desk.decide(clash, .keep(party), by: decider.author)
            try await installation.audit(
                "clash.decide", view.auditSubject, detail: "keep \(party.rawValue)", by: "clash keep",
                of: options.organizationID)
            try ClashReport(view).show(json: options.json)
        }
    }
}

struct ClashMove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move", abstract: "Move one of the two to a free room; the other has this one.",
        discussion: "The room must be free, open, and hold at least as many people. `clash show` lists those that do.")
    @OptionGroup var options: CommonOptions
    @OptionGroup var decider: DeciderOption
    @Argument(help: "The clash.") var clash: String
    @Argument(help: "a or b: who moves.") var party: Clash.Party
    @Option(help: "The new room's name or id.") var to: String

    func run() async throws {
        try await withInstallation(options) { installation in
            let room = try await installation.room(to, of: options.organizationID)
            let desk = installation.clashDesk(options.organizationID)
            let view = try await desk.decide(clash, .move(party, to: room.id), by: decider.author)
            try await installation.audit(
                "clash.decide", view.auditSubject, detail: "move \(party.rawValue) to \(room.name)", by: "clash move",
                of: options.organizationID)
            try ClashReport(view).show(json: options.json)
        }
    }
}

struct ClashUndo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Take a decision back, within a day.")
    @OptionGroup var options: CommonOptions
    @OptionGroup var decider: DeciderOption
    @Argument(help: "The clash.") var clash: String

    func run() async throws {
        try await withInstallation(options) { installation in
            let view = try await installation.clashDesk(options.organizationID).undo(clash, by: decider.author)
            try await installation.audit("clash.undo", view.auditSubject, by: "clash undo", of: options.organizationID)
            try ClashReport(view).show(json: options.json)
        }
    }
}

extension ClashView.Side {
    /// `Design review, Anna Berg (loopBooking)`
    var summary: String {
        [title, organizer].compactMap { $0?.isEmpty == false ? $0 : nil }.joined(separator: ", ") + " (\(origin))"
    }
}

/// One clash, for people or scripts.
struct ClashReport {
    private let clash: ClashView

    init(_ clash: ClashView) { self.clash = clash }

    func show(json: Bool) throws {
        if json { return try Terminal.writeJSON(clash) }
        Terminal.write("Clash \(clash.id) in \(clash.room) ↔ \(clash.resource): \(clash.state)")
        if let closing = clash.closing { Terminal.write(closing) }
        var table = TextTable("", "A (HAS THE ROOM)", "B (LOST IT)")
        table.add("what", clash.a.title, clash.b.title)
        table.add("who", clash.a.organizer ?? "", clash.b.organizer ?? "")
        table.add("when", clash.a.when, clash.b.when)
        table.add("made in", clash.a.origin, clash.b.origin)
        table.add("booking", clash.a.booking ?? "", clash.b.booking ?? "")
        table.add("status", clash.a.status ?? "", clash.b.status ?? "not booked")
        Terminal.write(table.text)
        Terminal.write("B was told: \(clash.reason)")
        if let decision = clash.decision { show(decision) }
        for (party, rooms) in clash.freeRooms.sorted(by: { $0.key < $1.key }) {
            let names = rooms.map { room in room.name + (room.capacity.map { " (\($0))" } ?? "") }
            Terminal.write(
                "\(party.uppercased()) could move to: \(names.isEmpty ? "no room" : names.joined(separator: ", "))")
        }
    }

    private func show(_ decision: ClashView.Decision) {
        let moved = decision.movedTo.map { "; the other moved to \($0)" } ?? ""
        Terminal.write("\(decision.by) decided at \(decision.at): \(decision.kept.uppercased()) has the room\(moved).")
        if let remark = decision.remark { Terminal.write("Still to do: \(remark)") }
        if let by = decision.undoneBy, let at = decision.undoneAt {
            Terminal.write("\(by) took it back at \(at).")
        } else {
            Terminal.write("It can be taken back until \(decision.undoUntil).")
        }
    }
}
