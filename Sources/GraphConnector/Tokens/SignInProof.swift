import Foundation
import HTTPTransport
import SyncEngine

/// Who signed in where, in Entra ID's own words. They came over the connection to the token endpoint itself, so that their
/// signature needs no check; what a browser brings along never gets here.
package struct SignInProof: Hashable, Sendable {
    /// The tenant's GUID; nil when the answer does not say it.
    package var tenant: String?
    /// The account's sign-in name; nil for an application.
    package var account: String?
    /// The delegated permissions; empty for an application.
    package var scopes: Set<String>

    init(_ reply: TokenReply) {
        let claims = reply.idToken.flatMap(Self.claims)
        tenant = claims?.tid
        account = claims?.preferred_username ?? claims?.upn
        let names = (reply.scope ?? "").split(separator: " ").map { name in
            name.split(separator: "/").last.map(String.init) ?? ""
        }
        scopes = Set(names)
    }

    private struct Claims: Decodable {
        // The names are Entra ID's.
        // swift-format-ignore: AlwaysUseLowerCamelCase
        var tid: String?
        // swift-format-ignore: AlwaysUseLowerCamelCase
        var preferred_username: String?
        var upn: String?
    }

    private static func claims(_ token: String) -> Claims? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        var text = parts[1].replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        text += String(repeating: "=", count: (4 - text.count % 4) % 4)
        return Data(base64Encoded: text).flatMap { try? JSONDecoder().decode(Claims.self, from: $0) }
    }
}

/// Asks Entra ID for a token once, to see whether it gives one and what it says with it. Keeps nothing.
package struct SignInTrial: Sendable {
    private let configuration: GraphConfiguration
    private let method: SignInMethod
    private let endpoint: TokenEndpoint

    package init(
        configuration: GraphConfiguration, method: SignInMethod, transport: HTTPTransport, surroundings: Surroundings
    ) {
        self.configuration = configuration
        self.method = method
        endpoint = TokenEndpoint(
            configuration: configuration, client: method.client, transport: transport,
            retries: RetryPolicy(attempts: 2), surroundings: surroundings)
    }

    /// - Throws: `.unauthorized` with the manual's step.
    package func prove() async throws(ConnectorError) -> SignInProof {
        switch method {
        case .serviceAccount(let name, let password, _):
            return SignInProof(try await endpoint.password(name: name, password: password))
        case .application: return SignInProof(try await endpoint.application())
        case .refreshToken:
            throw ConnectorError(.unauthorized, operation: "signIn", diagnosis: SignInDiagnosis.neverSignedIn)
        }
    }
}

/// Tells a tenant's GUID from any of its domains, as Entra ID publishes it.
package struct TenantLookup: Sendable {
    private let configuration: GraphConfiguration
    private let transport: HTTPTransport

    package init(configuration: GraphConfiguration, transport: HTTPTransport) {
        self.configuration = configuration
        self.transport = transport
    }

    /// The GUID of the configuration's tenant.
    /// - Throws: `.unauthorized` when there is no such tenant, `.transient` when Entra ID cannot be reached.
    package func id() async throws(ConnectorError) -> String {
        let operation = "signIn.tenant"
        let call = HTTPCall(
            .get, configuration.loginURL(path: "v2.0/.well-known/openid-configuration"),
            headers: ["Accept": "application/json"], timeout: .seconds(20))
        let reply: HTTPReply
        do throws(TransportError) { reply = try await transport.send(call) } catch {
            throw SignInDiagnosis.error(for: error, operation, host: call.host)
        }
        guard reply.isSuccess else { throw SignInDiagnosis.error(for: reply, operation, nil) }
        guard let document = try? JSONDecoder().decode(Document.self, from: reply.body),
            let id = document.issuer.split(separator: "/").dropLast(document.issuer.hasSuffix("v2.0") ? 1 : 0).last
        else {
            throw ConnectorError(
                .protocolViolation, operation: operation,
                diagnosis: GraphDiagnosis.unreadableAnswer(from: "the sign-in service"))
        }
        return id.lowercased()
    }

    private struct Document: Decodable {
        var issuer: String
    }
}
