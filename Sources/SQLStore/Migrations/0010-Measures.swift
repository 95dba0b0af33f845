extension Migration {
    /// How long changes took to the other side, by hour: for each link, and for the organization as a whole (`link` is
    /// empty then). The histogram's classes are those of `LatencyMeasure`.
    static let measures = Migration(
        number: 10, name: "measures",
        statements: [
            """
            CREATE TABLE latency_hours (
                organization TEXT NOT NULL REFERENCES organizations (id),
                link TEXT NOT NULL,
                hour_us BIGINT NOT NULL,
                toward TEXT NOT NULL,
                count BIGINT NOT NULL,
                sum_ms BIGINT NOT NULL,
                max_ms BIGINT NOT NULL,
                c0 BIGINT NOT NULL, c1 BIGINT NOT NULL, c2 BIGINT NOT NULL, c3 BIGINT NOT NULL,
                c4 BIGINT NOT NULL, c5 BIGINT NOT NULL, c6 BIGINT NOT NULL, c7 BIGINT NOT NULL,
                c8 BIGINT NOT NULL, c9 BIGINT NOT NULL, c10 BIGINT NOT NULL, c11 BIGINT NOT NULL,
                PRIMARY KEY (organization, link, hour_us, toward)
            )
            """,
            "CREATE INDEX latency_hours_hour ON latency_hours (hour_us)",
        ])
}
