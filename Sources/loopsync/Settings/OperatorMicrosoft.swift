import Configuration
import Foundation

/// The operator's own application at Microsoft, which organizations consent to, and where new connections find Microsoft.
struct OperatorMicrosoft: Sendable {
    var clientID: String?
    var clientSecret: String?
    var loginURL = "https://login.microsoftonline.com"
    var graphURL = "https://graph.microsoft.com/v1.0"
    /// For a stand-in on this machine.
    var allowsInternalAddresses = false

    init() {}

    /// - Throws: ``CommandFailure`` naming the key that is wrong.
    init(_ config: ConfigReader) throws {
        clientID = config.string(forKey: "microsoft.clientID")
        clientSecret = config.string(forKey: "microsoft.clientSecret", isSecret: true)
        if clientSecret == nil, let file = config.string(forKey: "microsoft.clientSecretFile") {
            clientSecret = try SecretFile.read(file)
        }
        loginURL = config.string(forKey: "microsoft.loginURL", default: loginURL)
        graphURL = config.string(forKey: "microsoft.graphURL", default: graphURL)
        allowsInternalAddresses = config.bool(forKey: "microsoft.allowInternal", default: false)
        if let clientID, UUID(uuidString: clientID) == nil {
            throw CommandFailure(
                "settings.microsoft", "“\(clientID.prefix(64))” in microsoft.clientID is not the id of an application.",
                remedy: "Take the Application (client) ID from the registration's overview in Entra ID.")
        }
    }

    /// The operator's secret for connections that use its application: it is kept once, not with each of them.
    func secret(_ name: String, of client: String) -> String? {
        name == "clientSecret" && client.lowercased() == clientID?.lowercased() ? clientSecret : nil
    }
}
