extension Migration {
    /// The doctor's runs and the state of each check, what is still to be told to whom, and what was written into calendars
    /// to try them out: probe meetings and round trips.
    static let doctor = Migration(
        number: 8, name: "doctor",
        statements: [
            """
            CREATE TABLE doctor_runs (
                id TEXT PRIMARY KEY,
                organization TEXT NOT NULL REFERENCES organizations (id),
                occasion TEXT NOT NULL,
                started_us BIGINT NOT NULL,
                finished_us BIGINT NOT NULL,
                good BIGINT NOT NULL,
                warnings BIGINT NOT NULL,
                bad BIGINT NOT NULL,
                not_checked BIGINT NOT NULL,
                content TEXT NOT NULL
            )
            """,
            "CREATE INDEX doctor_runs_organization ON doctor_runs (organization, finished_us)",
            // `connection` is empty for what belongs to the installation.
            """
            CREATE TABLE doctor_checks (
                organization TEXT NOT NULL REFERENCES organizations (id),
                connection TEXT NOT NULL,
                check_name TEXT NOT NULL,
                subject TEXT NOT NULL,
                verdict TEXT NOT NULL,
                since_us BIGINT NOT NULL,
                seen_us BIGINT NOT NULL,
                last_good_us BIGINT,
                is_broken BIGINT NOT NULL DEFAULT 0,
                broken_us BIGINT,
                told_broken BIGINT NOT NULL DEFAULT 0,
                told_us BIGINT,
                finding TEXT NOT NULL,
                PRIMARY KEY (organization, connection, check_name, subject)
            )
            """,
            """
            CREATE TABLE doctor_schedule (
                organization TEXT PRIMARY KEY REFERENCES organizations (id),
                next_us BIGINT NOT NULL,
                troubles TEXT NOT NULL DEFAULT '',
                troubles_us BIGINT
            )
            """,
            """
            CREATE TABLE notices (
                id TEXT PRIMARY KEY,
                organization TEXT NOT NULL REFERENCES organizations (id),
                address TEXT NOT NULL,
                content TEXT NOT NULL,
                created_us BIGINT NOT NULL,
                attempts BIGINT NOT NULL DEFAULT 0,
                next_us BIGINT NOT NULL,
                sent_us BIGINT,
                failure TEXT
            )
            """,
            "CREATE INDEX notices_due ON notices (next_us) WHERE sent_us IS NULL",
            """
            CREATE TABLE probes (
                id TEXT PRIMARY KEY,
                organization TEXT NOT NULL REFERENCES organizations (id),
                connection TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
                address TEXT NOT NULL,
                content TEXT NOT NULL,
                started_us BIGINT NOT NULL,
                removed_us BIGINT
            )
            """,
            """
            CREATE TABLE canary_runs (
                id TEXT PRIMARY KEY,
                link TEXT NOT NULL REFERENCES links (id) ON DELETE CASCADE,
                booking TEXT,
                started_us BIGINT NOT NULL,
                finished_us BIGINT,
                content TEXT NOT NULL
            )
            """,
            "CREATE INDEX canary_runs_link ON canary_runs (link, started_us)",
        ])
}
