import CalendarModel
import SyncEngine

/// How a link's newest comparison went, in one line.
package struct DriftOverview: Hashable, Sendable {
    package var link: LinkID
    package var roomName: String
    package var zone: ZoneID
    package var resourceAddress: String
    /// Nil when it was never compared.
    package var comparedAt: Instant?
    /// Why nothing could be compared.
    package var failure: Diagnosis?
    package var open: Int
}

extension Store {
    /// All links with their newest comparison; those with most to mend first, then by room name.
    package func driftOverview(of organization: OrganizationID) async throws -> [DriftOverview] {
        try await driver.read { connection in
            try connection.query(
                """
                SELECT links.id AS link, rooms.name AS room_name, rooms.zone AS zone, links.resource AS resource,
                    drift_reports.finished_us AS finished_us,
                    CASE WHEN drift_reports.content LIKE '%"failure":{%' THEN drift_reports.content END AS content,
                    (SELECT COUNT(*) FROM drift_items WHERE drift_items.report = drift_reports.id
                        AND drift_items.repaired_us IS NULL) AS open
                FROM links
                JOIN rooms ON rooms.organization = links.organization AND rooms.id = links.room
                LEFT JOIN drift_reports ON drift_reports.id = (
                    SELECT newest.id FROM drift_reports AS newest WHERE newest.link = links.id
                    ORDER BY newest.finished_us DESC, newest.id DESC LIMIT 1)
                WHERE links.organization = $1 ORDER BY rooms.name_key
                """, [.text(organization.rawValue)]
            ).map { row in
                let report = try row.optionalText("content").map {
                    try StoredJSON.value(DriftReport.self, from: $0, column: "content")
                }
                return DriftOverview(
                    link: LinkID(try row.text("link")), roomName: try row.text("room_name"),
                    zone: ZoneID(try row.text("zone")), resourceAddress: try row.text("resource"),
                    comparedAt: try row.optionalInteger("finished_us").map(Instant.init(microseconds:)),
                    failure: report?.failure, open: Int(try row.integer("open")))
            }.enumerated().sorted { ($1.element.open, $0.offset) < ($0.element.open, $1.offset) }.map(\.element)
        }
    }
}
