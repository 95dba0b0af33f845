import CalendarModel
import SyncEngine

/// A link with everything the database knows of its state.
package struct LinkRecord: Sendable {
    package var link: Link
    /// Counts up by one with each change of the policy.
    package var policyRevision: Int64 = 1
    package var connectionName: String
    package var cursor: Cursor?
    package var lastReadAt: Instant?
    /// The end of the last pass after which both sides agreed.
    package var settledAt: Instant?
    /// How long the calendar may go unread before the link is not certain.
    package var blindAfter: Duration
    package var lastPass: PassReport?
    package var dueAt: Instant?
    package var failures: Int
    package var createdAt: Instant

    /// What people call the link's condition.
    package enum Condition: String, Sendable, Codable, CaseIterable {
        case inSync = "in sync"
        case catchingUp = "catching up"
        case notCertain = "not certain"
        case stopped = "stopped"
        case paused = "paused"

        init(_ state: Link.State, isCertain: Bool, isClean: Bool) {
            switch state {
            case .paused: self = .paused
            case .held: self = .stopped
            case .active where !isCertain: self = .notCertain
            case .active: self = isClean ? .inSync : .catchingUp
            }
        }
    }

    package func condition(at now: Instant) -> Condition {
        Condition(link.state, isCertain: isCertain(at: now), isClean: lastPass?.isClean == true)
    }

    /// Whether the calendar was read recently enough to promise a slot.
    package func isCertain(at now: Instant) -> Bool {
        lastReadAt.map { now.since($0) <= blindAfter } ?? false
    }
}

extension LinkRecord {
    /// A link without a schedule, as a store that keeps none knows it.
    package init(
        link: Link, cursor: Cursor?, lastReadAt: Instant?, blindAfter: Duration,
        lastPass: PassReport?
    ) {
        self.init(
            link: link, connectionName: link.connection.rawValue, cursor: cursor,
            lastReadAt: lastReadAt, settledAt: nil, blindAfter: blindAfter, lastPass: lastPass, dueAt: nil, failures: 0,
            createdAt: Instant(microseconds: 0))
    }
}

/// Reads links out of rows.
enum LinkRow {
    static let select = """
        SELECT links.id AS id, links.organization AS organization, links.connection AS connection,
            connections.name AS connection_name, links.room AS room, rooms.name AS room_name, rooms.zone AS zone,
            links.resource AS resource, links.resource_name AS resource_name, links.policy AS policy,
            links.policy_revision AS policy_revision,
            links.state AS state, links.cursor AS cursor,
            links.read_us AS read_us, links.settled_us AS settled_us, links.blind_after_us AS blind_after_us,
            links.last_pass AS last_pass, links.created_us AS created_us, link_schedule.due_us AS due_us,
            link_schedule.failures AS failures
        FROM links
        JOIN rooms ON rooms.organization = links.organization AND rooms.id = links.room
        JOIN connections ON connections.id = links.connection
        JOIN link_schedule ON link_schedule.link = links.id
        """

    static func record(_ row: SQLRow) throws -> LinkRecord {
        LinkRecord(
            link: Link(
                id: LinkID(try row.text("id")), organization: OrganizationID(try row.text("organization")),
                connection: ConnectionID(try row.text("connection")), room: RoomID(try row.text("room")),
                roomName: try row.text("room_name"), roomZone: ZoneID(try row.text("zone")),
                resourceAddress: try row.text("resource"), resourceName: try row.text("resource_name"),
                policy: try StoredJSON.value(LinkPolicy.self, from: row.text("policy"), column: "policy"),
                state: try StoredJSON.value(Link.State.self, from: row.text("state"), column: "state")),
            policyRevision: try row.integer("policy_revision"),
            connectionName: try row.text("connection_name"),
            cursor: try row.optionalText("cursor").map {
                try StoredJSON.value(Cursor.self, from: $0, column: "cursor")
            },
            lastReadAt: try row.optionalInteger("read_us").map(Instant.init(microseconds:)),
            settledAt: try row.optionalInteger("settled_us").map(Instant.init(microseconds:)),
            blindAfter: .microseconds(try row.integer("blind_after_us")),
            lastPass: try row.optionalText("last_pass").map {
                try StoredJSON.value(PassReport.self, from: $0, column: "last_pass")
            },
            dueAt: try row.optionalInteger("due_us").map(Instant.init(microseconds:)),
            failures: Int(try row.integer("failures")),
            createdAt: Instant(microseconds: try row.integer("created_us")))
    }
}
