import CalendarModel
import SyncEngine

/// A room as the dashboard lists it, with the condition of its link when it has one.
package struct RoomOverview: Hashable, Sendable {
    package var room: RoomID
    package var name: String
    package var zone: ZoneID
    package var link: LinkOverview?
}

package struct LinkOverview: Hashable, Sendable {
    package var id: LinkID
    package var resourceAddress: String
    package var resourceName: String
    package var condition: LinkRecord.Condition
    /// When its calendar was last read.
    package var lastReadAt: Instant?
    /// When its last pass ended.
    package var passedAt: Instant?
    /// Whether both sides have agreed once.
    package var isSettled: Bool
    package var problem: Diagnosis?
    package var hold: MassDeletion?
    package var openClashes: Int
    package var openDrift: Int
    /// Writes that were decided and whose outcome is not known yet.
    package var openIntents: Int
}

extension Store {
    /// Every room of an organization with its link, by name, in one statement.
    package func overview(of organization: OrganizationID, now: Instant) async throws -> [RoomOverview] {
        let active = try StoredJSON.text(Link.State.active)
        let paused = try StoredJSON.text(Link.State.paused)
        return try await driver.read { connection in
            try connection.query(
                """
                SELECT rooms.id AS room, rooms.name AS room_name, rooms.zone AS zone, links.id AS link,
                    links.resource AS resource, links.resource_name AS resource_name, links.state AS state,
                    links.read_us AS read_us, links.settled_us AS settled_us,
                    links.blind_after_us AS blind_after_us, links.pass_us AS pass_us, links.pass_clean AS pass_clean, links.pass_problem AS pass_problem,
                    CASE WHEN links.pass_us IS NULL THEN links.last_pass END AS last_pass,
                    (SELECT COUNT(*) FROM clashes WHERE clashes.link = links.id AND clashes.state = 'open') AS clashes,
                    (SELECT COUNT(*) FROM intents WHERE intents.link = links.id AND intents.closed_us IS NULL)
                        AS intents,
                    (SELECT COUNT(*) FROM drift_items WHERE drift_items.repaired_us IS NULL AND drift_items.report = (
                        SELECT drift_reports.id FROM drift_reports WHERE drift_reports.link = links.id
                        ORDER BY drift_reports.finished_us DESC, drift_reports.id DESC LIMIT 1)) AS drift
                FROM rooms LEFT JOIN links ON links.organization = rooms.organization AND links.room = rooms.id
                WHERE rooms.organization = $1 AND rooms.removed_us IS NULL
                ORDER BY rooms.name_key
                """, [.text(organization.rawValue)]
            ).map { row in
                var overview = RoomOverview(
                    room: RoomID(try row.text("room")), name: try row.text("room_name"),
                    zone: ZoneID(try row.text("zone")))
                guard let id = try row.optionalText("link") else { return overview }
                let text = try row.text("state")
                let state: Link.State =
                    text == active
                    ? .active
                    : text == paused
                        ? .paused : try StoredJSON.value(Link.State.self, from: text, column: "state")
                overview.link = try LinkOverview(LinkID(id), state, row, now: now)
                return overview
            }
        }
    }
}

extension LinkOverview {
    fileprivate init(_ id: LinkID, _ state: Link.State, _ row: SQLRow, now: Instant) throws {
        var isClean = try row.bool("pass_clean")
        var passedAt = try row.optionalInteger("pass_us").map(Instant.init(microseconds:))
        var problem = try row.optionalText("pass_problem").map {
            try StoredJSON.value(Diagnosis.self, from: $0, column: "pass_problem")
        }
        if let text = try row.optionalText("last_pass") {
            // The pass ran before the columns were there.
            let report = try StoredJSON.value(PassReport.self, from: text, column: "last_pass")
            (isClean, passedAt, problem) = (report.isClean, report.finishedAt, report.problem)
        }
        let read = try row.optionalInteger("read_us").map(Instant.init(microseconds:))
        let blindAfter = Duration.microseconds(try row.integer("blind_after_us"))
        var hold: MassDeletion?
        if case .held(let held) = state { hold = held }
        self.init(
            id: id, resourceAddress: try row.text("resource"), resourceName: try row.text("resource_name"),
            condition: LinkRecord.Condition(
                state, isCertain: read.map { now.since($0) <= blindAfter } ?? false, isClean: isClean),
            lastReadAt: read, passedAt: passedAt, isSettled: try row.optionalInteger("settled_us") != nil,
            problem: problem, hold: hold,
            openClashes: Int(try row.integer("clashes")), openDrift: Int(try row.integer("drift")),
            openIntents: Int(try row.integer("intents")))
    }
}
