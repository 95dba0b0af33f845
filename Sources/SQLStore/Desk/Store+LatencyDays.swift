import CalendarModel

/// How long changes of one link took, by day, and just now.
package struct LatencyWeek: Hashable, Sendable {
    /// Mean seconds of each day since the beginning, oldest first; nil for days without changes.
    package var days: [Double?]
    package var now: Double?
}

extension Store {
    /// How many links can be asked about at once.
    package static let latencyLinks = 50

    /// The days' means of some links, in one statement.
    /// - Parameters:
    ///   - links: at most ``latencyLinks``.
    ///   - start: when the first day begins; later ones begin 24 hours apart.
    ///   - recent: since when changes count as of now.
    package func latencyWeeks(
        of organization: OrganizationID, links: [LinkID], since start: Instant, days: Int, recent: Instant
    ) async throws -> [LinkID: LatencyWeek] {
        let asked = links.prefix(Self.latencyLinks)
        guard !asked.isEmpty else { return [:] }
        var values: [SQLValue] = [
            .text(organization.rawValue), .integer(start.microseconds), .integer(LatencyTransaction.hour(of: recent)),
        ]
        values += asked.map { .text($0.rawValue) }
        // The statement is the same for few links as for many.
        values += Array(repeating: .text(asked[0].rawValue), count: Self.latencyLinks - asked.count)
        let bound = values
        let places = (4..<4 + Self.latencyLinks).map { "$\($0)" }.joined(separator: ", ")
        return try await driver.read { connection in
            let rows = try connection.query(
                """
                SELECT link, (hour_us - $2) / 86400000000 AS day, SUM(count) AS changes, SUM(sum_ms) AS sum_ms,
                    SUM(CASE WHEN hour_us >= $3 THEN count ELSE 0 END) AS recent,
                    SUM(CASE WHEN hour_us >= $3 THEN sum_ms ELSE 0 END) AS recent_ms
                FROM latency_hours
                WHERE organization = $1 AND link IN (\(places)) AND hour_us >= $2
                GROUP BY link, (hour_us - $2) / 86400000000
                """, bound)
            var weeks: [LinkID: LatencyWeek] = [:]
            var recents: [LinkID: (count: Int64, sum: Int64)] = [:]
            for row in rows {
                let link = LinkID(try row.text("link"))
                let index = Int(try row.integer("day"))
                guard (0..<days).contains(index) else { continue }
                var week = weeks[link] ?? LatencyWeek(days: Array(repeating: nil, count: days), now: nil)
                week.days[index] = Self.mean(try row.integer("sum_ms"), try row.integer("changes"))
                weeks[link] = week
                let known = recents[link] ?? (0, 0)
                recents[link] = (known.count + (try row.integer("recent")), known.sum + (try row.integer("recent_ms")))
            }
            for (link, recent) in recents { weeks[link]?.now = Self.mean(recent.sum, recent.count) }
            return weeks
        }
    }

    private static func mean(_ milliseconds: Int64, _ count: Int64) -> Double? {
        count > 0 ? Double(milliseconds) / Double(count) / 1000 : nil
    }
}
