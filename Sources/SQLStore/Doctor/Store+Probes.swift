import CalendarModel
import SyncEngine

/// A probe meeting: what is written into a room's calendar to see what the room makes of it. Kept before anything is
/// written, so that it is removed whatever happens.
package struct ProbeRecord: Hashable, Sendable, Codable {
    /// One event of the probe, wherever it may stand.
    package struct Written: Hashable, Sendable, Codable {
        package var tag: EventTag
        package var mode: WritingMode
        package var span: TimeSpan
        /// Known once the write was answered.
        package var event: EventID?
        package var organizerEvent: EventID?
        package var uid: String?

        package init(tag: EventTag, mode: WritingMode, span: TimeSpan) {
            self.tag = tag
            self.mode = mode
            self.span = span
        }
    }

    package var id: String
    package var organization: OrganizationID
    package var connection: ConnectionID
    package var address: String
    package var startedAt: Instant
    package var written: [Written]
    package var findings: [Finding]
    /// When nothing of it was left any more.
    package var removedAt: Instant?

    package init(
        id: String, organization: OrganizationID, connection: ConnectionID, address: String, startedAt: Instant
    ) {
        self.id = id
        self.organization = organization
        self.connection = connection
        self.address = address
        self.startedAt = startedAt
        written = []
        findings = []
    }
}

extension Store {
    private static let probeLife: Duration = .seconds(180 * 86_400)

    /// Keeps a probe as it stands, new or known.
    package func keep(_ probe: ProbeRecord) async throws {
        try await driver.write { connection in
            try connection.execute(
                "DELETE FROM probes WHERE removed_us IS NOT NULL AND started_us < $1",
                [.integer(probe.startedAt.advanced(by: .zero - Self.probeLife).microseconds)])
            try connection.execute(
                """
                INSERT INTO probes (id, organization, connection, address, content, started_us, removed_us)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (id) DO UPDATE SET content = excluded.content, removed_us = excluded.removed_us
                """,
                [
                    .text(probe.id), .text(probe.organization.rawValue), .text(probe.connection.rawValue),
                    .text(probe.address.lowercased()), .text(try StoredJSON.text(probe)),
                    .integer(probe.startedAt.microseconds), .optional(probe.removedAt?.microseconds),
                ])
        }
    }

    /// Probes of which something may still stand in a calendar.
    package func openProbes() async throws -> [ProbeRecord] {
        try await driver.read { connection in
            try connection.query("SELECT content FROM probes WHERE removed_us IS NULL ORDER BY started_us, id")
                .map { try StoredJSON.value(ProbeRecord.self, from: $0.text("content"), column: "content") }
        }
    }

    /// The newest probe of each of a connection's rooms that found something, by address.
    package func latestProbes(of id: ConnectionID) async throws -> [ProbeRecord] {
        try await driver.read { connection in
            let all = try connection.query(
                "SELECT content FROM probes WHERE connection = $1 ORDER BY started_us", [.text(id.rawValue)]
            ).map { try StoredJSON.value(ProbeRecord.self, from: $0.text("content"), column: "content") }
            let newest = Dictionary(
                all.filter { !$0.findings.isEmpty }.map { ($0.address.lowercased(), $0) }, uniquingKeysWith: { $1 })
            return newest.values.sorted { $0.address < $1.address }
        }
    }
}
