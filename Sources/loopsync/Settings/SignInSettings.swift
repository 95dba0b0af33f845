import Configuration
import OpenID

/// Where people may sign in with an account they have elsewhere. Neither is there without a client id.
///
/// | key | environment | default | meaning |
/// | --- | --- | --- | --- |
/// | `signIn.microsoft.clientID` | `LOOPSYNC_SIGN_IN_MICROSOFT_CLIENT_ID` | – | the application's id in Entra ID |
/// | `signIn.microsoft.clientSecret` | `LOOPSYNC_SIGN_IN_MICROSOFT_CLIENT_SECRET` | – | its secret |
/// | `signIn.microsoft.tenants` | `LOOPSYNC_SIGN_IN_MICROSOFT_TENANTS` | – | ids of tenants whose administrators are trusted with their people's addresses; only their people may sign in then |
/// | `signIn.microsoft.loginURL` | `LOOPSYNC_SIGN_IN_MICROSOFT_LOGIN_URL` | Microsoft's | of a national cloud, or a stand-in |
/// | `signIn.google.clientID` | `LOOPSYNC_SIGN_IN_GOOGLE_CLIENT_ID` | – | the client's id at Google |
/// | `signIn.google.clientSecret` | `LOOPSYNC_SIGN_IN_GOOGLE_CLIENT_SECRET` | – | its secret |
/// | `signIn.google.domains` | `LOOPSYNC_SIGN_IN_GOOGLE_DOMAINS` | – | Workspace domains; only their people may sign in then |
/// | `signIn.google.issuer` | `LOOPSYNC_SIGN_IN_GOOGLE_ISSUER` | Google's | a stand-in |
/// | `signIn.allowInternal` | `LOOPSYNC_SIGN_IN_ALLOW_INTERNAL` | `false` | plain http and internal addresses, for stand-ins |
struct SignInSettings: Sendable {
    var providers: [OpenIDSettings] = []

    init(_ config: ConfigReader) {
        let allowsInternal = config.bool(forKey: "signIn.allowInternal", default: false)
        if let clientID = config.string(forKey: "signIn.microsoft.clientID") {
            let tenants = Self.list(config.string(forKey: "signIn.microsoft.tenants"))
            var settings = OpenIDSettings.microsoft(
                clientID: clientID,
                clientSecret: config.string(forKey: "signIn.microsoft.clientSecret", isSecret: true),
                trustedTenants: tenants, admitsOtherTenants: tenants.isEmpty,
                loginURL: config.string(
                    forKey: "signIn.microsoft.loginURL", default: "https://login.microsoftonline.com"))
            settings.allowsInternalAddresses = allowsInternal
            providers.append(settings)
        }
        if let clientID = config.string(forKey: "signIn.google.clientID") {
            let domains = Self.list(config.string(forKey: "signIn.google.domains"))
            var settings = OpenIDSettings.google(
                clientID: clientID, clientSecret: config.string(forKey: "signIn.google.clientSecret", isSecret: true),
                domains: domains, admitsOtherTenants: domains.isEmpty,
                issuer: config.string(forKey: "signIn.google.issuer", default: "https://accounts.google.com"))
            settings.allowsInternalAddresses = allowsInternal
            providers.append(settings)
        }
    }

    /// Words with commas or spaces between them.
    private static func list(_ text: String?) -> Set<String> {
        Set((text ?? "").split { $0 == "," || $0 == " " }.map(String.init))
    }
}
