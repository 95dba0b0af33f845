import ArgumentParser
import CalendarModel
import Foundation
import GraphConnector
import SQLStore
import SyncEngine
import Vault

struct ConnectionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connection", abstract: "The authorized access to a calendar system.",
        subcommands: [Add.self, SignIn.self, List.self, Test.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Add a connection to Microsoft 365. It is tried out first; nothing is kept when it does not work.",
            discussion: """
                --sign-in password     the service account's password (the manual's way)
                --sign-in browser      then run `loopsync connection sign-in`: no password is kept
                --sign-in secret       the application's own permissions, with a client secret
                --sign-in certificate  the same, with a certificate
                """)
        @OptionGroup var options: CommonOptions
        @Option(help: "The calendar system; microsoft is the only one yet.") var kind = MicrosoftSettings.kind
        @Option(help: "What you call it.") var name = "Microsoft 365"
        @Option(help: "The tenant's id or domain.") var tenant: String
        @Option(name: .customLong("client-id"), help: "The registered application's id.") var clientID: String
        @Option(help: "The service account's address.") var account: String?
        @Option(name: .customLong("sign-in"), help: "How to sign in.") var signIn: String = "password"
        @Option(name: .customLong("password-file"), help: "A file with the password; - for standard input.")
        var passwordFile: String?
        @Option(name: .customLong("client-secret-file"), help: "A file with the application's client secret.")
        var clientSecretFile: String?
        @Option(name: .customLong("certificate-file"), help: "A PEM file with the certificate.")
        var certificateFile: String?
        @Option(name: .customLong("private-key-file"), help: "A PEM file with the certificate's key.")
        var privateKeyFile: String?
        @Option(name: .customLong("login-url")) var loginURL = "https://login.microsoftonline.com"
        @Option(name: .customLong("graph-url")) var graphURL = "https://graph.microsoft.com/v1.0"
        @Flag(name: .customLong("allow-internal"), help: "Allow addresses inside this network, for stand-ins.")
        var allowInternal = false
        @Flag(name: .customLong("no-test"), help: "Keep it without trying it out.") var noTest = false

        func validate() throws {
            guard kind == MicrosoftSettings.kind else {
                throw ValidationError("--kind \(kind) is not supported; use \(MicrosoftSettings.kind).")
            }
            guard let way = MicrosoftSettings.SignIn(rawValue: signIn) else {
                let known = MicrosoftSettings.SignIn.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--sign-in must be one of \(known).")
            }
            if way == .password, account == nil || passwordFile == nil {
                throw ValidationError("--sign-in password needs --account and --password-file.")
            }
            if way == .secret, clientSecretFile == nil {
                throw ValidationError("--sign-in secret needs --client-secret-file.")
            }
            if way == .certificate, certificateFile == nil || privateKeyFile == nil {
                throw ValidationError("--sign-in certificate needs --certificate-file and --private-key-file.")
            }
        }

        func run() async throws {
            try await withInstallation(options) { try await add(to: $0) }
        }

        private func add(to installation: Installation) async throws {
            let settings = MicrosoftSettings(
                tenant: tenant, clientID: clientID, account: account,
                signIn: MicrosoftSettings.SignIn(rawValue: signIn) ?? .password, loginURL: loginURL,
                graphURL: graphURL, allowsInternalAddresses: allowInternal)
            try settings.checkAddresses()
            let secrets = try self.secrets()
            if !noTest, settings.signIn != .browser {
                let connector = try await installation.connectors.trial(settings, secrets: secrets)
                let findings = await connector.diagnose([])
                if let bad = findings.first(where: { $0.verdict == .bad }) {
                    throw CommandFailure(
                        bad.diagnosis
                            ?? Diagnosis(code: bad.check, summary: bad.evidence, remedy: "See `loopsync doctor`."),
                        exit: ExitCode(3))
                }
            }
            let id = ConnectionID(Installation.newID())
            var sealed: [String: String] = [:]
            for (name, value) in secrets { sealed[name] = try installation.vault.seal(value, for: id.rawValue) }
            try await installation.store.addConnection(
                ConnectionRecord(
                    id: id, organization: options.organizationID, name: name, kind: kind,
                    settings: try StoredJSON.text(settings), createdAt: Installation.now()), secrets: sealed)
            try await installation.audit(
                "connection.add", name, detail: tenant, by: "connection add", of: options.organizationID)
            if options.json {
                try Terminal.writeJSON(["id": id.rawValue, "name": name])
            } else {
                Terminal.write("Added the connection \(name) (\(id)).")
                if settings.signIn == .browser {
                    Terminal.write("Next: loopsync connection sign-in --connection \"\(name)\"")
                }
            }
        }

        private func secrets() throws -> [String: String] {
            var secrets: [String: String] = [:]
            if let passwordFile { secrets["password"] = try SecretFile.read(passwordFile) }
            if let clientSecretFile { secrets["clientSecret"] = try SecretFile.read(clientSecretFile) }
            if let certificateFile { secrets["certificate"] = try SecretFile.read(certificateFile) }
            if let privateKeyFile { secrets["privateKey"] = try SecretFile.read(privateKeyFile) }
            return secrets
        }
    }

    struct SignIn: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sign-in", abstract: "Sign in as the service account in a browser (code with PKCE).",
            discussion: """
                Prints an address to open. Sign in there as the service account; the browser is sent to the redirect \
                address, which need not exist. Paste the address it ended at. Only a refresh token is kept.
                """)
        @OptionGroup var options: CommonOptions
        @Option(help: "The connection's name; needed when there are several.") var connection: String?
        @Option(name: .customLong("redirect-uri"), help: "A redirect address of the application's registration.")
        var redirectURI = "http://localhost/signed-in"

        func run() async throws {
            try await withInstallation(options) { installation in
                let record = try await installation.connection(connection, of: options.organizationID)
                let settings = try MicrosoftSettings(stored: record.settings)
                try settings.checkAddresses()
                let proof = ProofKey.generate()
                let state = SecureRandom.system.text()
                let url = SignInLinks(settings.configuration).authorize(
                    redirectURI: redirectURI, state: state, challenge: proof.challenge)
                Terminal.complain("Open this address and sign in as the service account:\n\n\(url)\n")
                Terminal.complain("Then paste the address the browser ended at:")
                let code = try Self.code(in: readLine(strippingNewline: true) ?? "", state: state)
                try await redeem(code, proof, settings, record, installation)
                try await installation.audit(
                    "connection.signIn", record.name, by: "connection sign-in", of: options.organizationID)
                if !options.json { Terminal.write("Signed in. The connection \(record.name) is ready.") }
            }
        }

        private func redeem(
            _ code: String, _ proof: ProofKey, _ settings: MicrosoftSettings, _ record: ConnectionRecord,
            _ installation: Installation
        ) async throws {
            let secret = try await installation.store.sealedSecret("clientSecret", of: record.id)
                .map { try installation.vault.open($0, for: record.id.rawValue) }
            let signIn = BrowserSignIn(
                configuration: settings.configuration, client: secret.map { .secret($0) } ?? .publicClient,
                transport: installation.transport,
                surroundings: Surroundings(now: Installation.now, sleep: Installation.sleep))
            try await signIn.redeem(
                code: code, verifier: proof.verifier, redirectURI: redirectURI,
                into: SealedRefreshTokens(
                    connection: record.id, store: installation.store, vault: installation.vault,
                    now: Installation.now))
        }

        private static func code(in address: String, state: String) throws -> String {
            let query = address.firstIndex(of: "?").map { String(address[address.index(after: $0)...]) } ?? ""
            switch SignInCallback(query: query) {
            case .signedIn(let code, let returned) where returned == state: return code
            case .refused(let diagnosis, _): throw CommandFailure(diagnosis, exit: ExitCode(3))
            default:
                throw CommandFailure(
                    "signIn.state", "That address does not belong to this sign-in.",
                    remedy: "Run the command again and paste the address of that very sign-in.")
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List connections.")
        @OptionGroup var options: CommonOptions

        func run() async throws {
            try await withInstallation(options) { installation in
                let records = try await installation.store.connections(of: options.organizationID)
                let rows = try records.map(ConnectionRow.init)
                if options.json { return try Terminal.writeJSON(rows) }
                var table = TextTable("CONNECTION", "KIND", "TENANT", "SIGNS IN AS", "ID")
                for row in rows { table.add(row.name, row.kind, row.tenant, row.signsInAs, row.id) }
                Terminal.write(table.text)
            }
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sign in and check rights, without changing anything.")
        @OptionGroup var options: CommonOptions
        @Argument(help: "The connection's name; needed when there are several.") var name: String?

        func run() async throws {
            try await withInstallation(options) { installation in
                let record = try await installation.connection(name, of: options.organizationID)
                let rooms = try await installation.store.links(of: options.organizationID)
                    .filter { $0.link.connection == record.id }.map(\.link.resourceAddress)
                let findings = await installation.findings(of: record, rooms: rooms)
                try FindingsReport(findings).show(json: options.json)
            }
        }
    }
}

struct ConnectionRow: Encodable {
    var id: String
    var name: String
    var kind: String
    var tenant: String
    var signsInAs: String

    init(_ record: ConnectionRecord) throws {
        let settings = try MicrosoftSettings(stored: record.settings)
        id = record.id.rawValue
        name = record.name
        kind = record.kind
        tenant = settings.tenant
        signsInAs = settings.account ?? "application \(settings.clientID)"
    }
}

/// Secrets come from files or standard input, never from the command line, which others on the machine can see.
enum SecretFile {
    static func read(_ path: String) throws -> String {
        let data: Data?
        if path == "-" {
            data = try FileHandle.standardInput.readToEnd()
        } else {
            data = FileManager.default.contents(atPath: path)
        }
        guard let data, let text = String(data: data, encoding: .utf8) else {
            throw CommandFailure(
                "secret.file", "The file \(path) cannot be read as text.", remedy: "Check the path and its permissions."
            )
        }
        let secret = text.hasSuffix("\n") ? String(text.dropLast()) : text
        guard !secret.isEmpty else {
            throw CommandFailure("secret.empty", "The file \(path) is empty.", remedy: "Put the secret into it.")
        }
        return secret
    }
}
