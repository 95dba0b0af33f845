import CalendarModel
import SyncEngine

extension Store {
    /// A link of an organization; nil also for those of others.
    package func link(_ id: LinkID, of organization: OrganizationID) async throws -> LinkRecord? {
        try await driver.read { connection in
            try connection.first(
                LinkRow.select + " WHERE links.id = $1 AND links.organization = $2",
                [.text(id.rawValue), .text(organization.rawValue)]
            ).map(LinkRow.record)
        }
    }

    /// The link of a room; nil when it has none.
    package func link(ofRoom room: RoomID, in organization: OrganizationID) async throws -> LinkRecord? {
        try await driver.read { connection in
            try connection.first(
                LinkRow.select + " WHERE links.organization = $1 AND links.room = $2",
                [.text(organization.rawValue), .text(room.rawValue)]
            ).map(LinkRow.record)
        }
    }

    /// Gives a link another policy when it still has the revision that was looked at.
    /// - Parameter readAgain: whether everything must be read again for it.
    /// - Returns: whether it had.
    package func setPolicy(
        _ policy: LinkPolicy, of link: LinkID, ifRevision revision: Int64, readAgain: Bool
    ) async throws -> Bool {
        try await driver.write { connection in
            let changed = try connection.execute(
                """
                UPDATE links SET policy = $2, policy_revision = policy_revision + 1,
                    cursor = CASE WHEN $4 = 1 THEN NULL ELSE cursor END
                WHERE id = $1 AND policy_revision = $3
                """,
                [
                    .text(link.rawValue), .text(try StoredJSON.text(policy)), .integer(revision), .bool(readAgain),
                ])
            guard changed == 1 else { return false }
            try Self.wake("WHERE link = $1", [.text(link.rawValue)], in: connection)
            return true
        }
    }

    /// The link's meetings whose events are no longer in the calendar as it was last read, soonest first.
    package func vanishedPairings(of link: LinkID) async throws -> [Pairing] {
        try await driver.read { connection in
            try connection.query(
                """
                SELECT content FROM pairings
                WHERE link = $1 AND ended_us IS NULL AND event IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM observed_events
                        WHERE observed_events.link = pairings.link AND observed_events.event = pairings.event)
                """, [.text(link.rawValue)]
            ).map { try StoredJSON.value(Pairing.self, from: $0.text("content"), column: "content") }
                .sorted { ($0.bookingBase.span.start, $0.booking) < ($1.bookingBase.span.start, $1.booking) }
        }
    }
}
