import CalendarModel
import SyncEngine

/// A real round trip of a link: a booking that was made only to be measured.
package struct CanaryRun: Hashable, Sendable, Codable {
    package enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
        case underWay
        /// There and back.
        case passed
        case failed
        /// The link was in no condition to be tried.
        case skipped
    }

    package var id: String
    package var link: LinkID
    package var startedAt: Instant
    package var finishedAt: Instant?
    package var outcome: Outcome
    package var booking: BookingID?
    /// From the booking until it was seen in the calendar.
    package var outboundSeconds: Double?
    /// From the removal in the calendar until the booking was cancelled.
    package var inboundSeconds: Double?
    /// Why it did not pass.
    package var diagnosis: Diagnosis?

    package init(id: String, link: LinkID, startedAt: Instant) {
        self.id = id
        self.link = link
        self.startedAt = startedAt
        outcome = .underWay
    }
}

extension Store {
    private static let canariesKept: Int64 = 20

    /// Keeps a run as it stands, new or known.
    package func keep(_ run: CanaryRun) async throws {
        try await driver.write { connection in
            guard try connection.first("SELECT id FROM links WHERE id = $1", [.text(run.link.rawValue)]) != nil else {
                return
            }
            try connection.execute(
                """
                INSERT INTO canary_runs (id, link, booking, started_us, finished_us, content)
                VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (id) DO UPDATE SET booking = excluded.booking, finished_us = excluded.finished_us,
                    content = excluded.content
                """,
                [
                    .text(run.id), .text(run.link.rawValue), .optional(run.booking?.rawValue),
                    .integer(run.startedAt.microseconds), .optional(run.finishedAt?.microseconds),
                    .text(try StoredJSON.text(run)),
                ])
            try connection.execute(
                """
                DELETE FROM canary_runs WHERE link = $1 AND finished_us IS NOT NULL AND id NOT IN (
                    SELECT id FROM canary_runs WHERE link = $1 ORDER BY started_us DESC, id DESC LIMIT $2)
                """, [.text(run.link.rawValue), .integer(Self.canariesKept)])
        }
    }

    /// A link's runs, newest first.
    package func canaryRuns(of link: LinkID, limit: Int = 20) async throws -> [CanaryRun] {
        try await driver.read { connection in
            try connection.query(
                "SELECT content FROM canary_runs WHERE link = $1 ORDER BY started_us DESC, id DESC LIMIT $2",
                [.text(link.rawValue), .integer(Int64(limit))]
            ).map { try StoredJSON.value(CanaryRun.self, from: $0.text("content"), column: "content") }
        }
    }

    /// Runs that never came to their end.
    package func openCanaryRuns() async throws -> [CanaryRun] {
        try await driver.read { connection in
            try connection.query("SELECT content FROM canary_runs WHERE finished_us IS NULL ORDER BY started_us, id")
                .map { try StoredJSON.value(CanaryRun.self, from: $0.text("content"), column: "content") }
        }
    }

    /// The pairing that a booking stands in now.
    package func livePairing(of booking: BookingID, link: LinkID) async throws -> Pairing? {
        try await driver.read { connection in
            try connection.first(
                "SELECT content FROM pairings WHERE link = $1 AND booking = $2 AND ended_us IS NULL",
                [.text(link.rawValue), .text(booking.rawValue)]
            ).map { try StoredJSON.value(Pairing.self, from: $0.text("content"), column: "content") }
        }
    }
}
