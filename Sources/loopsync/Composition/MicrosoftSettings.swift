import Foundation
import GraphConnector
import HTTPTransport
import SQLStore
import SyncEngine
import Vault

/// What is kept of a Microsoft 365 connection, secrets apart.
struct MicrosoftSettings: Codable, Sendable {
    enum SignIn: String, Codable, Sendable, CaseIterable {
        /// The service account's password.
        case password
        /// Somebody signed in as the service account in a browser.
        case browser
        /// The application's own rights, proved by a client secret.
        case secret
        /// The application's own rights, proved by a certificate.
        case certificate
    }

    static let kind = "microsoft"

    var tenant: String
    var clientID: String
    var account: String?
    var signIn: SignIn
    var loginURL: String
    var graphURL: String
    var allowsInternalAddresses: Bool

    init(stored text: String) throws {
        self = try StoredJSON.value(MicrosoftSettings.self, from: text, column: "settings")
    }

    init(
        tenant: String, clientID: String, account: String?, signIn: SignIn, loginURL: String, graphURL: String,
        allowsInternalAddresses: Bool
    ) {
        self.tenant = tenant
        self.clientID = clientID
        self.account = account
        self.signIn = signIn
        self.loginURL = loginURL
        self.graphURL = graphURL
        self.allowsInternalAddresses = allowsInternalAddresses
    }

    var configuration: GraphConfiguration {
        GraphConfiguration(
            tenant: tenant, clientID: clientID, serviceAccount: account, graphURL: graphURL, loginURL: loginURL)
    }

    /// - Throws: ``CommandFailure`` for an address that must not be called.
    func checkAddresses() throws {
        for url in [loginURL, graphURL] {
            do {
                try OutboundAddress.check(url, allowingInternal: allowsInternalAddresses)
            } catch {
                throw CommandFailure(
                    "connection.address", "The address \(url) must not be called: \(error).",
                    remedy: "Use the vendor's https address. For a stand-in on this machine add --allow-internal.")
            }
        }
    }

    func method(secret: @Sendable (String) async throws -> String?) async throws -> SignInMethod {
        func required(_ name: String) async throws -> String {
            guard let value = try await secret(name), !value.isEmpty else {
                throw CommandFailure(
                    "connection.secretMissing", "The connection has no \(name).",
                    remedy: "Add the connection again with its credentials.")
            }
            return value
        }
        let client: ClientAuthentication = try await secret("clientSecret").map { .secret($0) } ?? .publicClient
        switch signIn {
        case .password:
            return .serviceAccount(name: account ?? "", password: try await required("password"), client: client)
        case .browser: return .refreshToken(client: client)
        case .secret: return .application(client: .secret(try await required("clientSecret")))
        case .certificate:
            let signer = try await ClientAssertionSigner(
                privateKeyPEM: try await required("privateKey"), certificatePEM: try await required("certificate"))
            return .application(
                client: .certificate { client, audience, now, id in
                    try await signer.assertion(clientID: client, audience: audience, id: id, now: now)
                })
        }
    }
}
