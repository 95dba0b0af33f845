import ArgumentParser
import CalendarTime
import SQLStore
import Vault

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Tokens for the REST API.",
        subcommands: [Add.self, List.self, Revoke.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a token; it is shown once.")
        @OptionGroup var options: CommonOptions
        @Option(help: "Whose it is; its name stands in histories.") var name: String
        @Option(help: "What it may do: read, book, desk, administer; give it once for each. Default: all four.")
        var scope: [String] = []

        func validate() throws {
            for word in scope where !Set<Permission>.wholeOrganization.contains(where: { $0.rawValue == word }) {
                throw ValidationError("--scope must be one of \(Set<Permission>.wholeOrganization.words).")
            }
        }

        private var scopes: Set<Permission> {
            scope.isEmpty ? .wholeOrganization : Set(scope.compactMap(Permission.init(rawValue:)))
        }

        func run() async throws {
            try await withInstallation(options) { installation in
                let secret = APITokenSecret.generate()
                try await installation.store.addToken(
                    APIToken(
                        id: Installation.newID(), organization: options.organizationID, name: name, scopes: scopes,
                        createdAt: Installation.now()), digest: secret.digest)
                try await installation.audit(
                    "token.make", name, detail: scopes.words, by: "token add", of: options.organizationID)
                if options.json {
                    try Terminal.writeJSON(["name": name, "token": secret.token])
                } else {
                    Terminal.write(secret.token)
                }
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List tokens.")
        @OptionGroup var options: CommonOptions

        func run() async throws {
            try await withInstallation(options) { installation in
                let tokens = try await installation.store.tokens(of: options.organizationID)
                if options.json {
                    try Terminal.writeJSON(
                        tokens.map {
                            [
                                "name": $0.name, "createdAt": Timestamps.rfc3339($0.createdAt),
                                "revokedAt": $0.revokedAt.map { Timestamps.rfc3339($0) },
                            ]
                        })
                    return
                }
                var table = TextTable("NAME", "MADE", "REVOKED")
                for token in tokens {
                    table.add(
                        token.name, Timestamps.rfc3339(token.createdAt),
                        token.revokedAt.map { Timestamps.rfc3339($0) } ?? "")
                }
                Terminal.write(table.text)
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a token's right at once.")
        @OptionGroup var options: CommonOptions
        @Argument var name: String

        func run() async throws {
            try await withInstallation(options) { installation in
                try await installation.store.revokeToken(
                    named: name, of: options.organizationID, now: Installation.now())
                try await installation.audit("token.revoke", name, by: "token revoke", of: options.organizationID)
                if !options.json { Terminal.write("Revoked \(name).") }
            }
        }
    }
}

struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Print a new vault key, for LOOPSYNC_VAULT_KEY or a key file.")

    func run() throws { Terminal.write(Vault.generateKey()) }
}
