import CalendarModel
import Foundation
import GraphConnector
import HTTPTransport
import Logging
import SQLStore
import SyncEngine
import SyncService
import Synchronization
import Vault

/// The connectors of this process, one a connection, so that sign-ins and speed limits are shared by all its links.
actor ConnectorRegistry: ConnectorSource {
    private let store: Store
    private let vault: Vault
    private let transport: HTTPTransport
    private let now: @Sendable () -> Instant
    private let sleep: @Sendable (Duration) async throws -> Void
    private let logger: Logger
    private let operatorApplication: OperatorMicrosoft
    private var made: [ConnectionID: Entry] = [:]

    private struct Entry {
        let connector: any CalendarConnector
        let zones: ZoneTable
    }

    init(
        store: Store, vault: Vault, transport: HTTPTransport, microsoft: OperatorMicrosoft = OperatorMicrosoft(),
        now: @escaping @Sendable () -> Instant,
        sleep: @escaping @Sendable (Duration) async throws -> Void, logger: Logger
    ) {
        operatorApplication = microsoft
        self.store = store
        self.vault = vault
        self.transport = transport
        self.now = now
        self.sleep = sleep
        self.logger = logger
    }

    func connector(for id: ConnectionID) async throws -> any CalendarConnector {
        if made[id] == nil {
            guard let record = try await store.connection(id) else {
                throw CommandFailure(
                    "connection.unknown", "The connection \(id) is not there any more.",
                    remedy: "See `loopsync connection list`.")
            }
            let zones = ZoneTable()
            let connector = try await connector(for: record, zones: zones)
            // Another caller may have been faster while the secrets were opened.
            if made[id] == nil { made[id] = Entry(connector: connector, zones: zones) }
        }
        guard let entry = made[id] else { throw CancellationError() }
        entry.zones.set(try await store.roomZones(of: id))
        return entry.connector
    }

    /// A connection's settings or secrets are other ones now: its connector is made anew when it is needed next.
    func forget(_ id: ConnectionID) { made[id] = nil }

    /// A connector whose credentials are not kept yet, to try them out.
    func trial(
        _ settings: MicrosoftSettings, secrets: [String: String]
    ) async throws -> any CalendarConnector {
        try await graph(settings, refreshTokens: TransientRefreshTokenStore(), zones: ZoneTable()) { secrets[$0] }
    }

    private func connector(for record: ConnectionRecord, zones: ZoneTable) async throws -> any CalendarConnector {
        let settings = try MicrosoftSettings(stored: record.settings)
        let refreshTokens = SealedRefreshTokens(connection: record.id, store: store, vault: vault, now: now)
        return try await graph(settings, refreshTokens: refreshTokens, zones: zones) { [store, vault] name in
            try await store.sealedSecret(name, of: record.id).map { try vault.open($0, for: record.id.rawValue) }
        }
    }

    private func graph(
        _ settings: MicrosoftSettings, refreshTokens: any RefreshTokenStore, zones: ZoneTable,
        secret: @Sendable (String) async throws -> String?
    ) async throws -> any CalendarConnector {
        try settings.checkAddresses()
        let surroundings = Surroundings(now: now, sleep: sleep)
        let tokens = EntraTokens(
            configuration: settings.configuration,
            method: try await settings.method { [operatorApplication] name in
                if let kept = try await secret(name) { return kept }
                return operatorApplication.secret(name, of: settings.clientID)
            },
            refreshTokens: refreshTokens, transport: transport, surroundings: surroundings, logger: logger)
        return GraphConnector(
            configuration: settings.configuration, tokens: tokens, transport: transport,
            zoneOfRoom: { zones.zone(of: $0) }, surroundings: surroundings, logger: logger)
    }
}

/// The zones of linked rooms, by the addresses of their resources.
final class ZoneTable: Sendable {
    private let zones = Mutex<[String: ZoneID]>([:])

    func set(_ table: [String: ZoneID]) { zones.withLock { $0 = table } }
    func zone(of address: String) -> ZoneID { zones.withLock { $0[address.lowercased()] } ?? .utc }
}

/// The refresh token of a connection, sealed in the database.
struct SealedRefreshTokens: RefreshTokenStore {
    static let name = "refreshToken"

    let connection: ConnectionID
    let store: Store
    let vault: Vault
    let now: @Sendable () -> Instant

    func load() async throws -> String? {
        try await store.sealedSecret(Self.name, of: connection).map { try vault.open($0, for: connection.rawValue) }
    }

    func save(_ refreshToken: String) async throws {
        try await store.setSealedSecret(
            try vault.seal(refreshToken, for: connection.rawValue), name: Self.name, of: connection, now: now())
    }
}
