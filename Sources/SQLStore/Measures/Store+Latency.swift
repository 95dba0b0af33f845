import CalendarModel
import SyncEngine

extension Store {
    /// Hours with changes since `since`, oldest first: of one link, or of the organization as a whole.
    package func latencyHours(
        of organization: OrganizationID, link: LinkID? = nil, since: Instant
    ) async throws -> [LatencyHour] {
        try await driver.read { connection in
            try connection.query(
                """
                SELECT hour_us, toward, \(LatencyTransaction.columns.joined(separator: ", ")) FROM latency_hours
                WHERE organization = $1 AND link = $2 AND hour_us >= $3 ORDER BY hour_us, toward
                """,
                [
                    .text(organization.rawValue), .text(link?.rawValue ?? ""),
                    .integer(LatencyTransaction.hour(of: since)),
                ]
            ).compactMap { row in
                guard let toward = Side(rawValue: try row.text("toward")) else { return nil }
                return LatencyHour(
                    hour: Instant(microseconds: try row.integer("hour_us")), toward: toward,
                    measure: try LatencyMeasure(row))
            }
        }
    }

    /// Everything since the hour of `since` in one figure, both directions together: of one link, or of the organization.
    package func latency(
        of organization: OrganizationID, link: LinkID? = nil, since: Instant
    ) async throws -> LatencyMeasure {
        try await driver.read { connection in
            try connection.first(
                """
                SELECT \(LatencyTransaction.sums) FROM latency_hours
                WHERE organization = $1 AND link = $2 AND hour_us >= $3
                """,
                [
                    .text(organization.rawValue), .text(link?.rawValue ?? ""),
                    .integer(LatencyTransaction.hour(of: since)),
                ]
            ).map { try LatencyMeasure($0) } ?? LatencyMeasure()
        }
    }

    /// The same for each of an organization's links that had changes.
    package func latencies(
        of organization: OrganizationID, since: Instant
    ) async throws -> [LinkID: LatencyMeasure] {
        try await driver.read { connection in
            let rows = try connection.query(
                """
                SELECT link, \(LatencyTransaction.sums) FROM latency_hours
                WHERE organization = $1 AND link <> '' AND hour_us >= $2 GROUP BY link
                """, [.text(organization.rawValue), .integer(LatencyTransaction.hour(of: since))])
            return Dictionary(
                try rows.map { (LinkID(try $0.text("link")), try LatencyMeasure($0)) }, uniquingKeysWith: { $1 })
        }
    }
}

/// Adds what a pass brought across to the hours' sums.
struct LatencyTransaction {
    let connection: any SQLConnection

    private static let kept: Duration = .seconds(15 * 86_400)
    /// A change that the settled pass was too early to read.
    private static let overlap: Duration = .seconds(60)
    private static let classColumns = (0...LatencyMeasure.classes.count).map { "c\($0)" }
    static let columns = ["count", "sum_ms", "max_ms"] + classColumns
    static let sums =
        (["count", "sum_ms"] + classColumns).map { "COALESCE(SUM(\($0)), 0) AS \($0)" }.joined(separator: ", ")
        + ", COALESCE(MAX(max_ms), 0) AS max_ms"

    static func hour(of instant: Instant) -> Int64 {
        let hour: Int64 = 3_600_000_000
        let rest = instant.microseconds % hour
        return instant.microseconds - (rest < 0 ? rest + hour : rest)
    }

    /// Called before the report is kept: what both sides agreed on at the end of an earlier pass was no change since. That
    /// leaves out a link's first pass, and what is repaired.
    func keep(_ report: PassReport) throws {
        let crossed = report.steps.filter { $0.failure == nil }.compactMap(\.latency)
        guard !crossed.isEmpty,
            let row = try connection.first(
                "SELECT organization, settled_us FROM links WHERE id = $1", [.text(report.link.rawValue)]),
            let settled = try row.optionalInteger("settled_us").map(Instant.init(microseconds:))
        else { return }
        let organization = try row.text("organization")
        for latency in crossed where latency.changedAt > settled.advanced(by: .zero - Self.overlap) {
            for link in [report.link.rawValue, ""] { try add(latency, organization, link) }
        }
        try connection.execute(
            "DELETE FROM latency_hours WHERE hour_us < $1",
            [.integer(report.finishedAt.advanced(by: .zero - Self.kept).microseconds)])
    }

    private func add(_ latency: PassReport.Latency, _ organization: String, _ link: String) throws {
        let milliseconds = latency.duration.wholeMicroseconds / 1000
        let place = LatencyMeasure.place(of: latency.duration)
        var values: [SQLValue] = [
            .text(organization), .text(link), .integer(Self.hour(of: latency.stoodAt)),
            .text(latency.toward.rawValue), .integer(1), .integer(milliseconds), .integer(milliseconds),
        ]
        values += Self.classColumns.indices.map { .integer($0 == place ? 1 : 0) }
        let added = (["count", "sum_ms"] + Self.classColumns)
            .map { "\($0) = latency_hours.\($0) + excluded.\($0)" }.joined(separator: ", ")
        let places = values.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
        try connection.execute(
            """
            INSERT INTO latency_hours (organization, link, hour_us, toward, \(Self.columns.joined(separator: ", ")))
            VALUES (\(places))
            ON CONFLICT (organization, link, hour_us, toward) DO UPDATE SET \(added),
                max_ms = CASE WHEN excluded.max_ms > latency_hours.max_ms THEN excluded.max_ms
                    ELSE latency_hours.max_ms END
            """, values)
    }
}

extension LatencyMeasure {
    init(_ row: SQLRow) throws {
        self.init(
            count: Int(try row.integer("count")), sum: try row.integer("sum_ms"), maximum: try row.integer("max_ms"),
            classes: try (0...Self.classes.count).map { try row.integer("c\($0)") })
    }
}
