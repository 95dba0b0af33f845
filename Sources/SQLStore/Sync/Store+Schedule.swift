import CalendarModel
import SyncEngine

/// A link whose pass is due, leased to one worker.
package struct DueLink: Hashable, Sendable {
    package var link: LinkID
    package var connection: ConnectionID
    /// The count of wake-ups when it was claimed.
    package var wake: Int64
    package var failures: Int
}

extension Store {
    /// Claims links that are due and not leased to anybody alive, soonest first.
    package func claimDueLinks(
        limit: Int, owner: String, lease: Duration, now: Instant
    ) async throws -> [DueLink] {
        try await driver.write { connection in
            let rows = try connection.query(
                """
                SELECT link_schedule.link AS link, links.connection AS connection, wake, failures FROM link_schedule
                JOIN links ON links.id = link_schedule.link
                WHERE due_us <= $1 AND (lease_until_us IS NULL OR lease_until_us < $1) AND links.state = $2
                ORDER BY due_us, link_schedule.link LIMIT $3
                """,
                [.integer(now.microseconds), .text(try StoredJSON.text(Link.State.active)), .integer(Int64(limit))])
            return try rows.map { row in
                let due = DueLink(
                    link: LinkID(try row.text("link")), connection: ConnectionID(try row.text("connection")),
                    wake: try row.integer("wake"), failures: Int(try row.integer("failures")))
                try connection.execute(
                    "UPDATE link_schedule SET lease_owner = $2, lease_until_us = $3 WHERE link = $1",
                    [
                        .text(due.link.rawValue), .text(owner),
                        .integer(now.advanced(by: lease).microseconds),
                    ])
                return due
            }
        }
    }

    /// Claims one link whether it is due or not; nil while another worker has it.
    package func claim(_ link: LinkID, owner: String, lease: Duration, now: Instant) async throws -> DueLink? {
        try await driver.write { connection in
            let row = try connection.first(
                """
                UPDATE link_schedule SET lease_owner = $2, lease_until_us = $3
                WHERE link = $1 AND (lease_until_us IS NULL OR lease_until_us < $4)
                RETURNING wake, failures
                """,
                [
                    .text(link.rawValue), .text(owner), .integer(now.advanced(by: lease).microseconds),
                    .integer(now.microseconds),
                ])
            guard let row else { return nil }
            let record = try connection.first("SELECT connection FROM links WHERE id = $1", [.text(link.rawValue)])
            return DueLink(
                link: link, connection: ConnectionID(try record?.text("connection") ?? ""),
                wake: try row.integer("wake"), failures: Int(try row.integer("failures")))
        }
    }

    /// Gives a lease back with the time of the next pass; at once when somebody woke the link in the meantime.
    package func release(
        _ due: DueLink, owner: String, next: Instant, failures: Int
    ) async throws {
        try await driver.write { connection in
            try connection.execute(
                """
                UPDATE link_schedule SET lease_owner = NULL, lease_until_us = NULL, failures = $4,
                    due_us = CASE WHEN wake = $3 THEN $5 ELSE 0 END
                WHERE link = $1 AND lease_owner = $2
                """,
                [
                    .text(due.link.rawValue), .text(owner), .integer(due.wake), .integer(Int64(failures)),
                    .integer(next.microseconds),
                ])
        }
    }

    /// Ends the leases of a worker that is known to be gone (the one that ran on this database before).
    package func releaseLeases(exceptOf owner: String) async throws {
        try await driver.write { connection in
            try connection.execute(
                """
                UPDATE link_schedule SET lease_owner = NULL, lease_until_us = NULL
                WHERE lease_owner IS NOT NULL AND lease_owner <> $1
                """, [.text(owner)])
        }
    }

    /// Makes a link due at once.
    package func wake(_ link: LinkID) async throws {
        try await driver.write { try Self.wake("WHERE link = $1", [.text(link.rawValue)], in: $0) }
    }

    /// When the next link becomes due; nil when none will.
    package func nextDue() async throws -> Instant? {
        try await driver.read { connection in
            let row = try connection.first(
                """
                SELECT MIN(due_us) AS due FROM link_schedule JOIN links ON links.id = link_schedule.link
                WHERE links.state = $1 AND lease_owner IS NULL
                """, [.text(try StoredJSON.text(Link.State.active))])
            return try row?.optionalInteger("due").map(Instant.init(microseconds:))
        }
    }
}
