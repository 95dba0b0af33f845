extension Migration {
    /// The clash desk with its rulings, and lists of drift.
    static let desk = Migration(
        number: 4, name: "desk",
        statements: [
            // Clashes recorded before have no parties to be found by; they stay to be looked at.
            "ALTER TABLE clashes ADD COLUMN state TEXT NOT NULL DEFAULT 'open'",
            "ALTER TABLE clashes ADD COLUMN winner_booking TEXT",
            "ALTER TABLE clashes ADD COLUMN winner_event TEXT",
            "ALTER TABLE clashes ADD COLUMN loser_booking TEXT",
            "ALTER TABLE clashes ADD COLUMN loser_event TEXT",
            "ALTER TABLE clashes ADD COLUMN first_us BIGINT",
            "ALTER TABLE clashes ADD COLUMN desk TEXT",
            "CREATE INDEX clashes_link ON clashes (link, state)",
            """
            CREATE TABLE rulings (
                clash TEXT PRIMARY KEY REFERENCES clashes (id) ON DELETE CASCADE,
                link TEXT NOT NULL REFERENCES links (id) ON DELETE CASCADE,
                content TEXT NOT NULL,
                decided_us BIGINT NOT NULL,
                until_us BIGINT NOT NULL
            )
            """,
            "CREATE INDEX rulings_link ON rulings (link)",
            "ALTER TABLE link_schedule ADD COLUMN reconcile_us BIGINT",
            """
            CREATE TABLE drift_reports (
                id TEXT PRIMARY KEY,
                link TEXT NOT NULL REFERENCES links (id) ON DELETE CASCADE,
                finished_us BIGINT NOT NULL,
                content TEXT NOT NULL
            )
            """,
            "CREATE INDEX drift_reports_link ON drift_reports (link, finished_us)",
            """
            CREATE TABLE drift_items (
                report TEXT NOT NULL REFERENCES drift_reports (id) ON DELETE CASCADE,
                id TEXT NOT NULL,
                position BIGINT NOT NULL,
                kind TEXT NOT NULL,
                content TEXT NOT NULL,
                repaired_us BIGINT,
                outcome TEXT,
                PRIMARY KEY (report, id)
            )
            """,
        ])
}
