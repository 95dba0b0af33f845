import CalendarModel
import CalendarTime
import Logging
import SQLStore
import SyncEngine

/// Checks every prerequisite of one organization: what belongs to the installation, each connection, each linked room. Keeps
/// what it found, and what of it is news.
package struct Doctor: Sendable {
    let store: Store
    let connectors: any ConnectorSource
    let now: @Sendable () -> Instant
    let newID: @Sendable () -> String
    /// Who is told; nil while messages cannot be sent.
    let mailbox: DoctorMail?
    let logger: Logger

    package init(
        store: Store, connectors: any ConnectorSource, surroundings: SyncWorker.Surroundings,
        mailbox: DoctorMail? = nil,
        logger: Logger
    ) {
        self.store = store
        self.connectors = connectors
        now = surroundings.now
        newID = surroundings.newID
        self.mailbox = mailbox
        self.logger = logger
    }

    /// Checks everything now. What fails is in the findings; only a failing database throws.
    @discardableResult
    package func examine(_ organization: OrganizationID, _ occasion: DoctorRun.Occasion) async throws -> DoctorRun {
        let start = now()
        let connections = try await store.connections(of: organization)
        let links = try await store.links(of: organization)
        var entries = await installationFindings(organization, connections, links).map { DoctorEntry(finding: $0) }
        for connection in connections {
            let rooms = links.filter { $0.link.connection == connection.id }.map(\.link.resourceAddress)
            entries += await findings(of: connection, rooms: rooms).map { finding in
                DoctorEntry(connection: connection.id, connectionName: connection.name, finding: finding)
            }
            entries += try await store.latestProbes(of: connection.id).flatMap(\.findings).map { finding in
                DoctorEntry(connection: connection.id, connectionName: connection.name, finding: finding)
            }
        }
        let run = DoctorRun(
            id: newID(), organization: organization, occasion: occasion, startedAt: start, finishedAt: now(),
            entries: entries)
        let letters = try await mailbox?.letters(of: organization, in: store)
        try await store.keep(run) { news in try letters?.notices(of: news, run: run) ?? [] }
        logger.notice(
            "The doctor was round",
            metadata: [
                "organization": "\(organization)", "occasion": "\(occasion.rawValue)", "bad": "\(run.count(.bad))",
                "warnings": "\(run.count(.warning))",
            ])
        return run
    }

    // MARK: Findings

    /// One connection and some of its rooms, linked or not. One that cannot even be opened is a finding too.
    package func findings(of connection: ConnectionRecord, rooms: [String]) async -> [Finding] {
        do {
            let connector = try await connectors.connector(for: connection.id)
            let opened = Finding(
                check: "connection", subject: connection.name, verdict: .good, evidence: "Its settings are complete.",
                step: .enterCredentials)
            return [opened] + (await connector.diagnose(rooms))
        } catch {
            let diagnosis =
                (error as? any DiagnosedError)?.diagnosis
                ?? Diagnosis(
                    code: "connection.unusable", summary: "The connection cannot be opened.",
                    consequence: "Its rooms are not in sync.", remedy: "Add the connection again.",
                    step: .enterCredentials)
            return [
                Finding(
                    check: "connection", subject: connection.name, verdict: .bad, evidence: diagnosis.summary,
                    diagnosis: diagnosis, step: .enterCredentials)
            ]
        }
    }

    private func installationFindings(
        _ organization: OrganizationID, _ connections: [ConnectionRecord], _ links: [LinkRecord]
    ) async -> [Finding] {
        var findings = [Self.timeZones, await database()]
        if connections.isEmpty {
            findings.append(
                Finding(
                    check: "connection", verdict: .bad, evidence: "There is none.",
                    diagnosis: Diagnosis(
                        code: "connection.none", summary: "There is no connection to a calendar system yet.",
                        consequence: "Nothing is in sync.", remedy: "Add a connection.", step: .enterCredentials)))
        }
        return findings + [await mapping(organization, links, isConnected: !connections.isEmpty)]
    }

    private static var timeZones: Finding {
        Finding(
            check: "timeZones", verdict: Zones.dataIsPresent ? .good : .bad,
            evidence: "zone rules \(Zones.dataVersion), zone names \(Zones.nameTableVersion)",
            diagnosis: Zones.dataIsPresent
                ? nil
                : Diagnosis(
                    code: "timeZones.missing", summary: "This program knows no time zones.",
                    consequence: "No meeting can cross.", remedy: "Install the complete program."))
    }

    private func database() async -> Finding {
        let version = (try? await store.schemaVersion()) ?? 0
        guard version == Store.migrations.count else {
            return Finding(
                check: "database", verdict: .bad, evidence: "schema \(version), expected \(Store.migrations.count)",
                diagnosis: Diagnosis(
                    code: "database.schema", summary: "The database does not answer as expected.",
                    consequence: "Nothing can be kept.", remedy: "Look at the disk, and start the service again."))
        }
        return Finding(check: "database", verdict: .good, evidence: "answers, schema \(version)")
    }

    private func mapping(
        _ organization: OrganizationID, _ links: [LinkRecord], isConnected: Bool
    ) async -> Finding {
        let check = "rooms.mapped"
        guard isConnected else {
            return Finding(
                check: check, verdict: .notChecked, evidence: "Not checked: there is no connection yet.",
                step: .mapRooms)
        }
        let rooms = (try? await store.countRooms(of: organization)) ?? links.count
        guard !links.isEmpty else {
            return Finding(
                check: check, verdict: .bad, evidence: "None of \(rooms) room(s) is linked.",
                diagnosis: Diagnosis(
                    code: "rooms.notMapped", summary: "No room is linked to its mirror yet.",
                    consequence: "Nothing is in sync.", remedy: "Link each room to its mirror.", step: .mapRooms))
        }
        return Finding(
            check: check, verdict: .good, evidence: "\(links.count) of \(rooms) room(s) are linked.", step: .mapRooms)
    }
}
