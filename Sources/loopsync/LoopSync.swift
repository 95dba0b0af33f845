import ArgumentParser

@main
struct LoopSync: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loopsync",
        abstract: "Keeps LoopBooking rooms and their calendars one and the same.",
        discussion: """
            A room of LoopBooking ("Oslo") and its mirror in the calendar system ("Oslo-ext") are linked; from then on \
            every booking, move and cancellation crosses both ways within seconds.

            First steps:   loopsync demo                 (everything against a stand-in tenant, nothing to set up)
            For real:      loopsync connection add …     (sign in to the calendar system)
                           loopsync room add, link add   (map the rooms)
                           loopsync serve                (run)

            Exit status: 0 good, 1 failed, 2 wrong usage, 3 a person must do something (the message says what).
            """,
        version: "0.1.0",
        subcommands: [
            ServeCommand.self, DemoCommand.self, ConnectionCommand.self, RoomCommand.self, LinkCommand.self,
            StatusCommand.self, HistoryCommand.self, ClashCommand.self, DriftCommand.self, DoctorCommand.self,
            ICSCommand.self, TokenCommand.self, AccountCommand.self, MailCommand.self, KeyCommand.self,
        ])

    /// Usage errors end with 2; what commands throw carries its own status.
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let exit as ExitCode {
            Self.exit(withError: exit)
        } catch {
            let code = exitCode(for: error)
            let text = fullMessage(for: error)
            if code == .success { Terminal.write(text) } else { Terminal.complain(text) }
            Self.exit(withError: code == .success ? ExitCode.success : ExitCode(2))
        }
    }
}
