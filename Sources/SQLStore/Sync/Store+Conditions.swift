import CalendarModel
import SyncEngine

extension Store {
    /// How many links of each organization are in which condition.
    package func linkConditions(at now: Instant) async throws -> [OrganizationID: [LinkRecord.Condition: Int]] {
        let links = try await driver.read { connection in
            try connection.query(LinkRow.select + " ORDER BY links.id").map(LinkRow.record)
        }
        var counts: [OrganizationID: [LinkRecord.Condition: Int]] = [:]
        for record in links {
            counts[record.link.organization, default: [:]][record.condition(at: now), default: 0] += 1
        }
        return counts
    }
}
