import CalendarModel
import Foundation
import HTTPTransport
import Vault

/// An issuer's description and keys, fetched when they are needed and kept for a day.
actor IssuerDocuments {
    private static let lifetime = Duration.seconds(86_400)
    private static let timeout = Duration.seconds(20)

    private let settings: OpenIDSettings
    private let transport: HTTPTransport
    private let now: @Sendable () -> Instant
    private var configuration: Kept<OpenIDConfiguration>?
    private var keys: Kept<IDTokenKeys>?

    private struct Kept<Value: Sendable>: Sendable {
        var value: Value
        var fetchedAt: Instant
    }

    init(settings: OpenIDSettings, transport: HTTPTransport, now: @escaping @Sendable () -> Instant) {
        self.settings = settings
        self.transport = transport
        self.now = now
    }

    func currentConfiguration() async throws(OpenIDError) -> OpenIDConfiguration {
        if let configuration, isFresh(configuration.fetchedAt) { return configuration.value }
        let base = settings.issuer.hasSuffix("/") ? String(settings.issuer.dropLast()) : settings.issuer
        let data = try await fetch(base + "/.well-known/openid-configuration", what: "issuer")
        guard let found = try? JSONDecoder().decode(OpenIDConfiguration.self, from: data) else {
            throw .discoveryUnusable("it is incomplete or not JSON", settings)
        }
        try found.check(settings)
        configuration = Kept(value: found, fetchedAt: now())
        return found
    }

    /// - Parameter isStale: the keys at hand lack one that a token names; issuers renew their keys without notice.
    func currentKeys(isStale: Bool = false) async throws(OpenIDError) -> IDTokenKeys {
        if !isStale, let keys, isFresh(keys.fetchedAt) { return keys.value }
        let data = try await fetch(try await currentConfiguration().keysAddress, what: "key set")
        let found: IDTokenKeys
        do {
            found = try IDTokenKeys(json: data)
        } catch {
            throw .discoveryUnusable("\(error)", settings)
        }
        keys = Kept(value: found, fetchedAt: now())
        return found
    }

    private func isFresh(_ fetchedAt: Instant) -> Bool { now() < fetchedAt.advanced(by: Self.lifetime) }

    private func fetch(_ url: String, what: String) async throws(OpenIDError) -> Data {
        do {
            try OutboundAddress.check(url, allowingInternal: settings.allowsInternalAddresses)
        } catch {
            throw .addressNotAllowed(what, settings)
        }
        let reply: HTTPReply
        do {
            reply = try await transport.send(
                HTTPCall(.get, url, headers: ["Accept": "application/json"], timeout: Self.timeout))
        } catch {
            throw .unreachable(error, settings)
        }
        guard reply.isSuccess else {
            throw .discoveryUnusable("its \(what) answered with status \(reply.status)", settings)
        }
        return reply.body
    }
}
