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
            let active = try StoredJSON.text(Link.State.active)
            let links = try connection.query(
                """
                SELECT links.id AS id, rooms.name AS room_name, links.resource_name AS resource_name,
                    links.state AS state, links.pass_problem AS pass_problem, link_schedule.due_us AS due_us,
                    link_schedule.failures AS failures,
                    CASE WHEN lease_owner IS NOT NULL AND lease_until_us >= $2 THEN lease_until_us END AS leased_us
                FROM links
                JOIN rooms ON rooms.organization = links.organization AND rooms.id = links.room
                JOIN link_schedule ON link_schedule.link = links.id
                WHERE links.organization = $1 ORDER BY link_schedule.due_us, links.id
                """, [.text(organization.rawValue), .integer(now.microseconds)]
            ).map { try QueuedLink($0, active: active, now: now) }
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
}

extension QueuedLink {
    fileprivate init(_ row: SQLRow, active: String, now: Instant) throws {
        let isResting = try row.text("state") != active
        let dueAt = Instant(microseconds: try row.integer("due_us"))
        let leasedUntil = try row.optionalInteger("leased_us").map(Instant.init(microseconds:))
        self.init(
            link: LinkID(try row.text("id")),
            title: "\(try row.text("room_name")) ↔ \(try row.text("resource_name"))",
            standing: leasedUntil != nil ? .leased : isResting ? .resting : dueAt <= now ? .due : .waiting,
            dueAt: isResting ? nil : dueAt, leasedUntil: leasedUntil, failures: Int(try row.integer("failures")),
            failure: try row.optionalText("pass_problem").map {
                try StoredJSON.value(Diagnosis.self, from: $0, column: "pass_problem")
            })
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
