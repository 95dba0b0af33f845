import CalendarModel
import Foundation
import LoopBooking
import SQLStore
import SyncEngine

/// Where an organization's connections are set up, step by step, for the pages and the REST API alike. Everything is kept, so
/// that a set-up can be left and taken up again.
package struct SetupDesk: Sendable {
    package let organization: OrganizationID
    let store: Store
    let setups: [any ConnectionSetup]
    let connectors: any ConnectorSource
    let desk: BookingDesk
    let seals: Seals
    package let now: @Sendable () -> Instant
    let newID: @Sendable () -> String
    let settings: Settings

    /// How secrets are sealed: for an owner, which is the set-up and later its connection.
    package struct Seals: Sendable {
        package var seal: @Sendable (_ secret: String, _ owner: String) throws -> String
        package var open: @Sendable (_ sealed: String, _ owner: String) throws -> String

        package init(
            seal: @escaping @Sendable (String, String) throws -> String,
            open: @escaping @Sendable (String, String) throws -> String
        ) {
            self.seal = seal
            self.open = open
        }
    }

    package struct Settings: Sendable {
        /// For new links: how long a calendar may go unread.
        package var blindAfter: Duration
        package var pass: PassSettings

        package init(blindAfter: Duration = .seconds(600), pass: PassSettings = PassSettings()) {
            self.blindAfter = blindAfter
            self.pass = pass
        }
    }

    package init(
        organization: OrganizationID, store: Store, setups: [any ConnectionSetup], connectors: any ConnectorSource,
        desk: BookingDesk, seals: Seals, now: @escaping @Sendable () -> Instant,
        newID: @escaping @Sendable () -> String, settings: Settings
    ) {
        self.organization = organization
        self.store = store
        self.setups = setups
        self.connectors = connectors
        self.desk = desk
        self.seals = seals
        self.now = now
        self.newID = newID
        self.settings = settings
    }

    // MARK: Looking

    /// Set-ups and connections, those under way first.
    package func all() async throws -> [Setup] {
        let connections = try await store.connections(of: organization)
        let records = try await store.setups(of: organization)
        var result: [Setup] = []
        for record in records { result.append(try await setup(record, connections)) }
        // Made by a command, or before there were set-ups.
        for connection in connections where !records.contains(where: { $0.id == connection.id }) {
            guard let port = setups.first(where: { $0.kind == connection.kind }) else { continue }
            result.append(try await setup(try Self.record(of: connection, port: port), connections))
        }
        return result.sorted { left, right in
            let ranks = [left, right].map { $0.done.contains(.switchOn) ? 1 : 0 }
            return (ranks[0], left.draft.name.lowercased()) < (ranks[1], right.draft.name.lowercased())
        }
    }

    /// - Throws: ``SetupError/noSuchSetup``.
    package func setup(_ id: ConnectionID) async throws -> Setup {
        try await setup(try await existing(id), try await store.connections(of: organization))
    }

    package func port(of setup: Setup) throws -> any ConnectionSetup { try port(setup.record.kind) }

    package func port(_ kind: String) throws -> any ConnectionSetup {
        guard let port = setups.first(where: { $0.kind == kind }) else { throw SetupError.unknownKind(kind) }
        return port
    }

    /// The record; for a connection that has none yet one is made.
    func existing(_ id: ConnectionID) async throws -> SetupRecord {
        if let record = try await store.setup(id, of: organization) { return record }
        guard let connection = try await store.connection(id), connection.organization == organization,
            let port = setups.first(where: { $0.kind == connection.kind })
        else { throw SetupError.noSuchSetup }
        return try Self.record(of: connection, port: port)
    }

    private static func record(of connection: ConnectionRecord, port: any ConnectionSetup) throws -> SetupRecord {
        var draft = try port.draft(of: connection)
        draft.name = connection.name
        draft.prerequisitesAt = connection.createdAt
        // The command kept it because signing in worked.
        draft.proof = SetupProof(
            tenant: draft.tenant, account: draft.account.isEmpty ? nil : draft.account, permissions: nil)
        draft.provedAt = connection.createdAt
        return SetupRecord(
            id: connection.id, organization: connection.organization, kind: connection.kind,
            content: try StoredJSON.text(draft), revision: 0, changedBy: "", createdAt: connection.createdAt)
    }

    private func setup(_ record: SetupRecord, _ connections: [ConnectionRecord]) async throws -> Setup {
        let draft = try StoredJSON.value(SetupDraft.self, from: record.content, column: "content")
        let hasConnection = connections.contains { $0.id == record.id }
        let links = hasConnection ? try await store.linkNames(of: organization, connection: record.id) : []
        let linked = Set(links.map(\.room))
        let open = try await store.setupMapping(of: record.id).filter { !linked.contains($0.room) }
        let previews = try await store.setupPreviews(of: record.id)
        let hasResources = try await store.hasSetupResources(of: record.id)
        var done: Set<SetupStep> = []
        if draft.prerequisitesAt != nil { done.insert(.prerequisites) }
        if isComplete(draft, kind: record.kind) || hasConnection { done.insert(.connection) }
        if missingPermissions(draft, kind: record.kind)?.isEmpty == true || hasConnection { done.insert(.permissions) }
        if hasConnection, draft.proof != nil || record.revision == 0 { done.insert(.account) }
        if hasResources || draft.listedAt != nil || !links.isEmpty { done.insert(.rooms) }
        if !open.isEmpty || !links.isEmpty { done.insert(.mapping) }
        let previewed = Set(previews.filter { $0.madeAt != nil && $0.wantedAt == nil }.map(\.room))
        if !(open.isEmpty && links.isEmpty), open.allSatisfy({ previewed.contains($0.room) }) { done.insert(.preview) }
        if open.isEmpty, !links.isEmpty { done.insert(.switchOn) }
        return Setup(
            record: SetupRecordSummary(
                id: record.id, kind: record.kind, revision: record.revision, changedBy: record.changedBy,
                changedAt: record.changedAt, mappingRevision: record.mappingRevision, mappingBy: record.mappingBy),
            draft: draft, done: done, hasConnection: hasConnection)
    }

    private func isComplete(_ draft: SetupDraft, kind: String) -> Bool {
        guard let port = try? port(kind), complaints(about: draft, port: port).isEmpty else { return false }
        return !port.features.asksConsent || draft.consent != nil || draft.proof != nil
    }

    /// Nil when nobody knows yet which were granted.
    package func missingPermissions(_ draft: SetupDraft, kind: String) -> [String]? {
        guard let port = try? port(kind) else { return nil }
        let granted: Set<String>
        if let proof = draft.proof {
            // An application's own permissions are seen only by using them.
            guard let permissions = proof.permissions else { return [] }
            granted = permissions
        } else if let consent = draft.consent {
            if consent.permissions.isEmpty || !draft.signIn.usesAccount { return [] }
            granted = consent.permissions
        } else {
            return nil
        }
        let names = Set(granted.map { $0.lowercased() })
        return port.permissions(draft).filter { !names.contains($0.lowercased()) }
    }

    package func links(of connection: ConnectionID) async throws -> [LinkRecord] {
        try await store.links(of: organization).filter { $0.link.connection == connection }
    }

    // MARK: Changing

    /// - Returns: the new set-up's id.
    package func begin(kind: String, name: String, by author: String) async throws -> ConnectionID {
        let port = try port(kind)
        let id = ConnectionID(newID())
        var draft = SetupDraft(name: canonicalLine(name).isEmpty ? port.name : canonicalLine(name))
        draft.signIn = port.features.ways.first ?? .browser
        draft.usesOwnApplication = !port.features.hasOperatorApplication
        guard draft.name.count <= 100 else { throw SetupError.fields(["name": .tooLong]) }
        let taken = try await all().contains { $0.draft.name.lowercased() == draft.name.lowercased() }
        if taken { throw SetupError.nameTaken }
        try await store.addSetup(
            SetupRecord(
                id: id, organization: organization, kind: kind, content: try StoredJSON.text(draft),
                changedBy: author, createdAt: now()))
        return id
    }

    /// Takes a set-up away that has no connection yet.
    package func drop(_ id: ConnectionID) async throws {
        _ = try await existing(id)
        try await store.removeSetup(id, of: organization)
    }

    /// Changes the draft; secrets with it, which are sealed first.
    @discardableResult
    func change(
        _ id: ConnectionID, secrets: [String: String?] = [:], ifRevision revision: Int64? = nil, by author: String,
        _ change: (inout SetupDraft) throws -> Void
    ) async throws -> SetupDraft {
        let record = try await existing(id)
        if let revision, revision != record.revision { throw SetupError.changed(by: record.changedBy) }
        var draft = try StoredJSON.value(SetupDraft.self, from: record.content, column: "content")
        try change(&draft)
        var sealed: [String: String?] = [:]
        for (name, secret) in secrets {
            sealed[name] = .some(try secret.map { try seals.seal($0, id.rawValue) })
        }
        if record.revision == 0 { try await store.addSetup(record) }
        do {
            try await store.changeSetup(
                id, of: organization, content: try StoredJSON.text(draft), secrets: sealed,
                ifRevision: record.revision, by: author, now: now())
        } catch SetupStoreError.changed(_, let by) { throw SetupError.changed(by: by) } catch SetupStoreError
            .noSuchSetup
        { throw SetupError.noSuchSetup }
        return draft
    }

    package func confirmPrerequisites(_ id: ConnectionID, by author: String) async throws {
        let moment = now()
        try await change(id, by: author) { $0.prerequisitesAt = $0.prerequisitesAt ?? moment }
    }

    /// The secrets that the set-up works with, opened.
    func secrets(of id: ConnectionID) async throws -> [String: String] {
        try await store.setupSecrets(of: id).mapValues { try seals.open($0, id.rawValue) }
    }

    /// Which secrets there are; what they are is not told.
    package func secretNames(of id: ConnectionID) async throws -> Set<String> {
        Set(try await store.setupSecrets(of: id).keys)
    }
}
