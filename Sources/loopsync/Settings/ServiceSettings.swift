import CalendarModel
import Configuration
import Foundation
import SyncEngine
import SyncService
import SystemPackage
import Vault

/// The service's settings, from the command line, `LOOPSYNC_…` in the environment, and a YAML file, in this order.
///
/// | key | environment | default | meaning |
/// | --- | --- | --- | --- |
/// | `database` | `LOOPSYNC_DATABASE` | `loopsync.sqlite` | SQLite file |
/// | `listen` | `LOOPSYNC_LISTEN` | `127.0.0.1:8080` | address and port of the portal and API |
/// | `portal.publicURL` | `LOOPSYNC_PORTAL_PUBLIC_URL` | where it listens | how people reach the portal |
/// | `vault.key` | `LOOPSYNC_VAULT_KEY` | – | 32 random bytes in base64 (secret) |
/// | `vault.keyFile` | `LOOPSYNC_VAULT_KEY_FILE` | `<database>.key` | file with the key; made when missing |
/// | `log.level` | `LOOPSYNC_LOG_LEVEL` | `notice` | trace, debug, info, notice, warning, error |
/// | `sync.busySeconds` | `LOOPSYNC_SYNC_BUSY_SECONDS` | 5 | wait between passes of a busy room |
/// | `sync.normalSeconds` | `LOOPSYNC_SYNC_NORMAL_SECONDS` | 20 | … of a room with meetings today |
/// | `sync.idleSeconds` | `LOOPSYNC_SYNC_IDLE_SECONDS` | 60 | … of other rooms |
/// | `sync.readingsPerSecond` | `LOOPSYNC_SYNC_READINGS_PER_SECOND` | 10 | budget over all rooms |
/// | `sync.daysAhead` | `LOOPSYNC_SYNC_DAYS_AHEAD` | 400 | how far ahead meetings cross |
/// | `sync.blindAfterSeconds` | `LOOPSYNC_SYNC_BLIND_AFTER_SECONDS` | 600 | unread for longer: not certain |
/// | `sync.nightly` | `LOOPSYNC_SYNC_NIGHTLY` | `true` | compare whole windows every night |
/// | `sync.nightlyHour` | `LOOPSYNC_SYNC_NIGHTLY_HOUR` | 1 | from this hour on, in each room's zone |
/// | `microsoft.clientID` | `LOOPSYNC_MICROSOFT_CLIENT_ID` | – | the operator's application for organizations to consent to |
/// | `microsoft.clientSecret` | `LOOPSYNC_MICROSOFT_CLIENT_SECRET` | – | its secret |
/// | `microsoft.clientSecretFile` | `LOOPSYNC_MICROSOFT_CLIENT_SECRET_FILE` | – | file with its secret |
/// | `microsoft.loginURL` | `LOOPSYNC_MICROSOFT_LOGIN_URL` | Microsoft's | sign-in service of new connections |
/// | `microsoft.graphURL` | `LOOPSYNC_MICROSOFT_GRAPH_URL` | Microsoft's | Graph of new connections |
/// | `microsoft.allowInternal` | `LOOPSYNC_MICROSOFT_ALLOW_INTERNAL` | `false` | whether these may be on this network |
/// | `sync.concurrentPasses` | `LOOPSYNC_SYNC_CONCURRENT_PASSES` | 8 | rooms read at one time |
///
/// `mail.…`: see ``MailSettings``; `signIn.…`: see ``SignInSettings``.
struct ServiceSettings: Sendable {
    var database: String
    var host: String
    var port: Int
    /// How people reach the portal, without a slash at the end; nil: at the address where it listens.
    var publicURL: String?
    var vaultKey: String?
    var vaultKeyFile: String
    var logLevel: String
    var pace: Pace
    var daysAhead: Int
    var blindAfter: Duration
    var concurrentPasses: Int
    /// When whole windows are compared; nil: only when somebody asks.
    var nightly: NightlyCheck?
    /// What set-ups of Microsoft 365 begin with.
    var microsoft: OperatorMicrosoft
    /// nil: nobody is told by e-mail.
    var mail: MailSettings?
    /// Where people may sign in with an account elsewhere.
    var signIn: SignInSettings

    /// - Throws: ``CommandFailure`` naming the key that is wrong.
    static func load(_ options: CommonOptions, listen: String? = nil) async throws -> ServiceSettings {
        var providers: [any ConfigProvider] = [
            InMemoryProvider(values: options.overrides(listen: listen)),
            EnvironmentVariablesProvider().prefixKeys(with: "loopsync"),
        ]
        if let file = options.config {
            do {
                providers.append(try await FileProvider<YAMLSnapshot>(filePath: FilePath(file)))
            } catch {
                throw CommandFailure(
                    "settings.file", "The settings file \(file) cannot be read: \(error)",
                    remedy: "Check the path and that it is YAML.")
            }
        }
        return try ServiceSettings(ConfigReader(providers: providers))
    }

    private init(_ config: ConfigReader) throws {
        database = config.string(forKey: "database", default: "loopsync.sqlite")
        let listen = config.string(forKey: "listen", default: "127.0.0.1:8080")
        (host, port) = try Self.address(listen)
        publicURL = try config.string(forKey: "portal.publicURL").map(Self.publicAddress)
        vaultKey = config.string(forKey: "vault.key", isSecret: true)
        vaultKeyFile = config.string(forKey: "vault.keyFile", default: database + ".key")
        logLevel = config.string(forKey: "log.level", default: "notice")
        func seconds(_ key: String, _ standard: Double, least: Double) throws -> Duration {
            let value = config.double(forKey: ConfigKey(key), default: standard)
            guard value >= least, value <= 86_400 else {
                throw CommandFailure(
                    "settings.range", "The setting \(key) is \(value); it must be from \(least) to 86400 seconds.",
                    remedy: "Correct it and start again.")
            }
            return .milliseconds(Int64(value * 1000))
        }
        pace = Pace(
            busy: try seconds("sync.busySeconds", 5, least: 0.2),
            normal: try seconds("sync.normalSeconds", 20, least: 0.2),
            idle: try seconds("sync.idleSeconds", 60, least: 0.2),
            readingsPerSecond: max(0.1, config.double(forKey: "sync.readingsPerSecond", default: 10)))
        daysAhead = min(max(config.int(forKey: "sync.daysAhead", default: 400), 7), 540)
        blindAfter = try seconds("sync.blindAfterSeconds", 600, least: 1)
        let hour = min(max(config.int(forKey: "sync.nightlyHour", default: 1), 0), 23)
        nightly = config.bool(forKey: "sync.nightly", default: true) ? NightlyCheck(hour: hour) : nil
        microsoft = try OperatorMicrosoft(config)
        concurrentPasses = min(max(config.int(forKey: "sync.concurrentPasses", default: 8), 1), 64)
        mail = try MailSettings(config)
        signIn = SignInSettings(config)
    }

    private static func address(_ text: String) throws -> (String, Int) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port), colon != text.startIndex
        else {
            throw CommandFailure(
                "settings.listen", "“\(text)” is not an address to listen on.",
                remedy: "Give address and port, such as 127.0.0.1:8080.")
        }
        return (String(text[..<colon]), port)
    }

    private static func publicAddress(_ text: String) throws -> String {
        let isAddress = (text.hasPrefix("https://") || text.hasPrefix("http://")) && URL(string: text)?.host != nil
        guard isAddress else {
            throw CommandFailure(
                "settings.publicURL", "“\(text)” is not an address that people could open.",
                remedy: "Give portal.publicURL with its scheme, such as https://sync.example.com.")
        }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    /// The vault with the key that was given, else with the one in the key file, which is made when there is none.
    func vault() throws -> Vault {
        if let vaultKey { return try Vault(encodedKey: vaultKey) }
        if !FileManager.default.fileExists(atPath: vaultKeyFile) {
            let made = FileManager.default.createFile(
                atPath: vaultKeyFile, contents: Data(Vault.generateKey().utf8),
                attributes: [.posixPermissions: 0o600])
            guard made else { throw VaultError.keyFileUnreadable(vaultKeyFile) }
            Terminal.progress("A new vault key was written to \(vaultKeyFile). Keep a copy apart from the database.")
        }
        return try Vault(keyFile: vaultKeyFile)
    }
}
