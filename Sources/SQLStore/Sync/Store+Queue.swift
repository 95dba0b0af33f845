import CalendarModel
import SyncEngine

/// A link's place in the queue of passes.
package struct QueuedLink: Hashable, Sendable {
    package enum Standing: String, Hashable, Sendable, Codable, CaseIterable {
        /// A worker is at it.
        case leased
        /// Its turn has come.
        case due
        case waiting
        /// Paused or stopped: it has no turn.
        case resting
    }

    package var link: LinkID
    package var title: String
    package var standing: Standing
    /// When its next pass is due; nil for one that rests.
    package var dueAt: Instant?
    package var leasedUntil: Instant?
    /// How many passes in a row failed.
    package var failures: Int
    /// Why the last one did.
    package var failure: Diagnosis?
}

/// A write that was decided and whose outcome is not known (yet).
package struct OpenIntent: Hashable, Sendable {
    package var key: OperationKey
    package var link: LinkID
    package var title: String
    /// What is done, such as `event.create`.
    package var action: String
    /// The booking or event that it is done to.
    package var subject: String
    package var attempts: Int
    package var since: Instant
    /// Why it is done, in a sentence without private content.
    package var reason: String
}

package struct SyncQueue: Hashable, Sendable {
    package var links: [QueuedLink]
    package var intents: [OpenIntent]

    /// Links whose last passes failed, worst first.
    package var failing: [QueuedLink] {
        links.filter { $0.failures > 0 }.sorted { $0.failures > $1.failures }
    }
}

extension Store {
    /// What is due, under way and failing in an organization, soonest first, and the writes that are open, oldest first.
    package func queue(of organization: OrganizationID, now: Instant) async throws -> SyncQueue {
        try await driver.read { connection in
            let leases = try Self.leases(of: organization, at: now, in: connection)
            let links = try connection.query(
                LinkRow.select + " WHERE links.organization = $1 ORDER BY link_schedule.due_us, links.id",
                [.text(organization.rawValue)]
            ).map { row in
                let record = try LinkRow.record(row)
                return QueuedLink(record, leasedUntil: leases[record.link.id], now: now)
            }
            let intents = try connection.query(
                """
                SELECT intents.key AS key, intents.link AS link, intents.action AS action, intents.subject AS subject,
                    intents.attempts AS attempts, intents.opened_us AS opened_us, intents.content AS content,
                    rooms.name AS room_name, links.resource_name AS resource_name
                FROM intents
                JOIN links ON links.id = intents.link
                JOIN rooms ON rooms.organization = links.organization AND rooms.id = links.room
                WHERE links.organization = $1 AND intents.closed_us IS NULL ORDER BY intents.opened_us, intents.key
                """, [.text(organization.rawValue)]
            ).map(OpenIntent.init)
            return SyncQueue(links: links, intents: intents)
        }
    }

    private static func leases(
        of organization: OrganizationID, at now: Instant, in connection: any SQLConnection
    ) throws -> [LinkID: Instant] {
        let rows = try connection.query(
            """
            SELECT link_schedule.link AS link, lease_until_us FROM link_schedule
            JOIN links ON links.id = link_schedule.link
            WHERE links.organization = $1 AND lease_owner IS NOT NULL AND lease_until_us >= $2
            """, [.text(organization.rawValue), .integer(now.microseconds)])
        return Dictionary(
            try rows.map { (LinkID(try $0.text("link")), Instant(microseconds: try $0.integer("lease_until_us"))) },
            uniquingKeysWith: { $1 })
    }
}

extension QueuedLink {
    fileprivate init(_ record: LinkRecord, leasedUntil: Instant?, now: Instant) {
        let isResting = record.link.state != .active
        let isDue = record.dueAt.map { $0 <= now } ?? false
        self.init(
            link: record.link.id, title: record.link.title,
            standing: leasedUntil != nil ? .leased : isResting ? .resting : isDue ? .due : .waiting,
            dueAt: isResting ? nil : record.dueAt, leasedUntil: leasedUntil, failures: record.failures,
            failure: record.lastPass?.failure)
    }
}

extension OpenIntent {
    fileprivate init(_ row: SQLRow) throws {
        let intent = try StoredJSON.value(Intent.self, from: row.text("content"), column: "content")
        self.init(
            key: OperationKey(try row.text("key")), link: LinkID(try row.text("link")),
            title: "\(try row.text("room_name")) ↔ \(try row.text("resource_name"))", action: try row.text("action"),
            subject: try row.text("subject"), attempts: Int(try row.integer("attempts")),
            since: Instant(microseconds: try row.integer("opened_us")), reason: intent.operation.reason)
    }
}
