import CalendarModel
import SyncEngine

extension Store {
    /// A text that is another one after anything changed that pages of the organization show: bookings, links, what crossed,
    /// clashes, drift.
    package func changeMark(of organization: OrganizationID) async throws -> String {
        let active = try StoredJSON.text(Link.State.active)
        return try await driver.read { connection in
            let row = try connection.first(
                """
                SELECT
                    (SELECT COALESCE(MAX(finished_us), 0) FROM doctor_runs WHERE organization = $1) AS doctor,
                    (SELECT COALESCE(MAX(position), 0) FROM booking_changes WHERE organization = $1) AS changes,
                    (SELECT COALESCE(MAX(position), 0) FROM audit_log WHERE organization = $1) AS audit,
                    (SELECT COUNT(*) FROM links WHERE organization = $1) AS links,
                    (SELECT COUNT(*) FROM links WHERE organization = $1 AND state <> $2) AS resting,
                    (SELECT COALESCE(SUM(settled_us), 0) FROM links WHERE organization = $1) AS settled,
                    (SELECT COALESCE(SUM(link_schedule.failures), 0) FROM link_schedule
                        WHERE link IN (SELECT id FROM links WHERE organization = $1)) AS failures,
                    (SELECT COALESCE(MAX(drift_reports.finished_us), 0) FROM drift_reports
                        WHERE link IN (SELECT id FROM links WHERE organization = $1)) AS drift,
                    (SELECT COALESCE(MAX(changed_us), 0) FROM setups WHERE organization = $1) AS setups,
                    (SELECT COALESCE(MAX(history.position), 0) FROM history
                        WHERE link IN (SELECT id FROM links WHERE organization = $1)) AS history
                """, [.text(organization.rawValue), .text(active)])
            guard let row else { return "" }
            let parts = [
                "doctor", "changes", "audit", "links", "resting", "settled", "failures", "drift", "setups", "history",
            ]
            return try parts.map { String(try row.integer($0)) }.joined(separator: ".")
        }
    }
}
