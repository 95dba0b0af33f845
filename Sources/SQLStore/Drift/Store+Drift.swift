import CalendarModel
import SyncEngine

/// An item of drift with what became of it.
package struct DriftEntry: Hashable, Sendable {
    package var item: DriftItem
    package var repairedAt: Instant?
    package var outcome: String?
}

/// A stored comparison.
package struct DriftRecord: Hashable, Sendable {
    package var report: DriftReport
    package var entries: [DriftEntry]

    /// Items that nobody mended yet.
    package var open: [DriftItem] { entries.filter { $0.repairedAt == nil }.map(\.item) }
}

extension Store {
    /// How long reports are kept.
    private static let driftLife: Duration = .seconds(30 * 86_400)

    /// Keeps a report with its items, and forgets the link's old ones.
    package func keep(_ report: DriftReport) async throws {
        try await driver.write { connection in
            guard try connection.first("SELECT id FROM links WHERE id = $1", [.text(report.link.rawValue)]) != nil
            else {
                return
            }
            try connection.execute(
                "DELETE FROM drift_reports WHERE link = $1 AND finished_us < $2",
                [
                    .text(report.link.rawValue),
                    .integer(report.finishedAt.advanced(by: .zero - Self.driftLife).microseconds),
                ])
            var summary = report
            summary.items = []
            try connection.execute(
                "INSERT INTO drift_reports (id, link, finished_us, content) VALUES ($1, $2, $3, $4)",
                [
                    .text(report.id), .text(report.link.rawValue), .integer(report.finishedAt.microseconds),
                    .text(try StoredJSON.text(summary)),
                ])
            for (position, item) in report.items.enumerated() {
                try connection.execute(
                    """
                    INSERT INTO drift_items (report, id, position, kind, content) VALUES ($1, $2, $3, $4, $5)
                    ON CONFLICT (report, id) DO NOTHING
                    """,
                    [
                        .text(report.id), .text(item.id), .integer(Int64(position)), .text(item.kind.rawValue),
                        .text(try StoredJSON.text(item)),
                    ])
            }
        }
    }

    /// A link's newest report; nil when it was never compared.
    package func latestDrift(of link: LinkID) async throws -> DriftRecord? {
        try await driver.read { connection in
            let row = try connection.first(
                "SELECT content FROM drift_reports WHERE link = $1 ORDER BY finished_us DESC, id DESC LIMIT 1",
                [.text(link.rawValue)])
            guard let row else { return nil }
            let report = try StoredJSON.value(DriftReport.self, from: row.text("content"), column: "content")
            let entries = try connection.query(
                "SELECT content, repaired_us, outcome FROM drift_items WHERE report = $1 ORDER BY position",
                [.text(report.id)]
            ).map { row in
                DriftEntry(
                    item: try StoredJSON.value(DriftItem.self, from: row.text("content"), column: "content"),
                    repairedAt: try row.optionalInteger("repaired_us").map(Instant.init(microseconds:)),
                    outcome: try row.optionalText("outcome"))
            }
            return DriftRecord(report: report, entries: entries)
        }
    }

    /// Notes what became of an item, and applies what its repair makes the engine remember.
    package func repair(
        _ item: DriftItem, of report: String, link: LinkID, effects: [Effect], outcome: String, at now: Instant
    ) async throws {
        try await driver.write { connection in
            try connection.execute(
                "UPDATE drift_items SET repaired_us = $3, outcome = $4 WHERE report = $1 AND id = $2",
                [.text(report), .text(item.id), .integer(now.microseconds), .text(outcome)])
            try sync.apply(effects, link: link, at: now, in: connection)
        }
    }

    // MARK: Schedule

    /// When the link's whole window is to be compared next; nil when that was never set.
    package func nextReconciliation(of link: LinkID) async throws -> Instant? {
        try await driver.read { connection in
            try connection.first("SELECT reconcile_us FROM link_schedule WHERE link = $1", [.text(link.rawValue)])?
                .optionalInteger("reconcile_us").map(Instant.init(microseconds:))
        }
    }

    package func setNextReconciliation(of link: LinkID, at instant: Instant) async throws {
        try await driver.write { connection in
            try connection.execute(
                "UPDATE link_schedule SET reconcile_us = $2 WHERE link = $1",
                [.text(link.rawValue), .integer(instant.microseconds)])
        }
    }
}
