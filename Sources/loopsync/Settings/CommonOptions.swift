import ArgumentParser
import CalendarModel
import Configuration

/// Options that every command has.
struct CommonOptions: ParsableArguments {
    @Option(help: "The SQLite file (default: loopsync.sqlite).")
    var database: String?

    @Option(help: "A YAML file with settings.")
    var config: String?

    @Option(name: .customLong("vault-key-file"), help: "The file with the key that secrets are sealed with.")
    var vaultKeyFile: String?

    @Option(help: "The organization to act for.")
    var organization = "default"

    @Option(name: .customLong("log-level"), help: "trace, debug, info, notice, warning or error.")
    var logLevel: String?

    @Flag(help: "Answer in JSON.")
    var json = false

    var organizationID: OrganizationID { OrganizationID(organization) }

    func overrides(listen: String?) -> [AbsoluteConfigKey: ConfigValue] {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        func set(_ key: [String], _ value: String?) {
            if let value { values[AbsoluteConfigKey(key)] = ConfigValue(.string(value), isSecret: false) }
        }
        set(["database"], database)
        set(["vault", "keyFile"], vaultKeyFile)
        set(["log", "level"], logLevel)
        set(["listen"], listen)
        return values
    }
}
