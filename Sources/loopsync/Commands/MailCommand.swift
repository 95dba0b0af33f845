import ArgumentParser
import CalendarTime
import Logging
import Mail

struct MailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mail", abstract: "The mail server that messages to administrators go through.",
        subcommands: [Test.self])

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a test message, and say what the mail server answered.")
        @OptionGroup var options: CommonOptions
        @Option(help: "Who gets it; may be given more than once.") var to: [String]
        @Option(help: "Another subject.") var subject = "LoopBooking Sync can send you messages"
        @Option(help: "Another text.") var text = """
            This is the test message of LoopBooking Sync – prøvemeldingen.

            Whoever asked for it now knows that messages arrive. Nothing needs to be done.
            """

        func run() async throws {
            try await attempt(json: options.json) {
                let settings = try await ServiceSettings.load(options)
                let recipients = try to.map { try MailAddress(parsing: $0) }
                let mailer = try settings.mailer(logger: Installation.logger(settings))
                try await mailer.send(
                    MailMessage(to: recipients, subject: subject, body: text))
                if options.json {
                    try Terminal.writeJSON(["sentTo": recipients.map(\.address)])
                } else {
                    Terminal.write(
                        "\(mailer.server.host) took the message for \(recipients.map(\.address).joined(separator: ", "))."
                    )
                }
            }
        }
    }
}
