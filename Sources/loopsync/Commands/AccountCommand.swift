import ArgumentParser
import CalendarTime
import Portal
import SQLStore

struct AccountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account", abstract: "People who sign in to the portal.",
        subcommands: [List.self, Reset.self, Operator.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List accounts.")
        @OptionGroup var options: CommonOptions

        func run() async throws {
            try await withInstallation(options) { installation in
                let accounts = try await installation.store.accounts()
                if options.json { return try Terminal.writeJSON(accounts.map(AccountRow.init)) }
                var table = TextTable("ADDRESS", "NAME", "OPERATOR", "SIGNED IN", "CLOSED")
                for account in accounts {
                    table.add(
                        account.email, account.name, account.isOperator ? "yes" : "",
                        account.signedInAt.map { Timestamps.rfc3339($0) } ?? "never",
                        account.disabledAt.map { Timestamps.rfc3339($0) } ?? "")
                }
                Terminal.write(table.text)
            }
        }
    }

    struct Reset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a link at which somebody sets a new password; it works once, for a day.")
        @OptionGroup var options: CommonOptions
        @Argument(help: "The address of the account.") var email: String

        func run() async throws {
            try await withInstallation(options) { installation in
                let address = PublicAddress(installation.settings)
                let portal = installation.portalServices(worker: installation.worker(), address: address)
                do {
                    let link = address.value + (try await portal.newPasswordLink(for: email))
                    if options.json { try Terminal.writeJSON(["link": link]) } else { Terminal.write(link) }
                    try await portal.audit(
                        "account.reset", email, organization: nil, actor: "loopsync account reset", kind: .command)
                } catch AccountError.noSuchAccount { throw Self.unknown(email) }
            }
        }

        static func unknown(_ email: String) -> CommandFailure {
            CommandFailure(
                "account.unknown", "Nobody has an account with the address \(email).",
                remedy: "See `loopsync account list`.")
        }
    }

    struct Operator: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make somebody an operator, or with --no-operator an ordinary person.")
        @OptionGroup var options: CommonOptions
        @Argument(help: "The address of the account.") var email: String
        @Flag(inversion: .prefixedNo, help: "Whether the person looks after the whole installation.")
        var `operator` = true

        func run() async throws {
            try await withInstallation(options) { installation in
                guard let account = try await installation.store.account(email: email) else {
                    throw Reset.unknown(email)
                }
                do {
                    try await installation.store.setOperator(`operator`, account: account.id)
                } catch AccountError.lastOne {
                    throw CommandFailure(
                        "account.lastOperator", "\(account.email) is the only operator.",
                        remedy: "Make somebody else an operator first.")
                }
                let portal = installation.portalServices(
                    worker: installation.worker(), address: PublicAddress(installation.settings))
                try await portal.audit(
                    `operator` ? "operator.add" : "operator.remove", account.email, organization: nil,
                    actor: "loopsync account operator", kind: .command)
                if !options.json {
                    Terminal.write("\(account.email) is \(`operator` ? "an operator now" : "no operator any more").")
                }
            }
        }
    }
}

private struct AccountRow: Encodable {
    var email: String
    var name: String
    var isOperator: Bool
    var signedInAt: String?
    var disabledAt: String?

    init(_ account: Account) {
        email = account.email
        name = account.name
        isOperator = account.isOperator
        signedInAt = account.signedInAt.map { Timestamps.rfc3339($0) }
        disabledAt = account.disabledAt.map { Timestamps.rfc3339($0) }
    }
}
