extension Migration {
    /// Connections, links, and what the engine remembers: observations, pairings, intents, history.
    static let sync = Migration(
        number: 2, name: "sync",
        statements: [
            """
            CREATE TABLE connections (
                id TEXT PRIMARY KEY,
                organization TEXT NOT NULL REFERENCES organizations (id),
                name TEXT NOT NULL,
                kind TEXT NOT NULL,
                settings TEXT NOT NULL,
                created_us BIGINT NOT NULL,
                UNIQUE (organization, name)
            )
            """,
            """
            CREATE TABLE connection_secrets (
                connection TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
                name TEXT NOT NULL,
                sealed TEXT NOT NULL,
                updated_us BIGINT NOT NULL,
                PRIMARY KEY (connection, name)
            )
            """,
            """
            CREATE TABLE links (
                id TEXT PRIMARY KEY,
                organization TEXT NOT NULL,
                connection TEXT NOT NULL REFERENCES connections (id),
                room TEXT NOT NULL,
                resource TEXT NOT NULL,
                resource_name TEXT NOT NULL,
                policy TEXT NOT NULL,
                state TEXT NOT NULL,
                deletions_approved BIGINT NOT NULL DEFAULT 0,
                cursor TEXT,
                read_us BIGINT,
                settled_us BIGINT,
                blind_after_us BIGINT NOT NULL,
                last_pass TEXT,
                created_us BIGINT NOT NULL,
                UNIQUE (organization, room),
                UNIQUE (connection, resource),
                FOREIGN KEY (organization, room) REFERENCES rooms (organization, id)
            )
            """,
            """
            CREATE TABLE link_schedule (
                link TEXT PRIMARY KEY REFERENCES links (id) ON DELETE CASCADE,
                due_us BIGINT NOT NULL,
                wake BIGINT NOT NULL DEFAULT 0,
                failures BIGINT NOT NULL DEFAULT 0,
                lease_owner TEXT,
                lease_until_us BIGINT
            )
            """,
            "CREATE INDEX link_schedule_due ON link_schedule (due_us)",
            """
            CREATE TABLE observed_events (
                link TEXT NOT NULL REFERENCES links (id) ON DELETE CASCADE,
                event TEXT NOT NULL,
                start_us BIGINT NOT NULL,
                end_us BIGINT NOT NULL,
                slot_taken_us BIGINT NOT NULL,
                content TEXT NOT NULL,
                PRIMARY KEY (link, event)
            )
            """,
            """
            CREATE TABLE pairings (
                id TEXT PRIMARY KEY,
                link TEXT NOT NULL REFERENCES links (id) ON DELETE CASCADE,
                booking TEXT NOT NULL,
                event TEXT,
                content TEXT NOT NULL,
                ended_us BIGINT
            )
            """,
            "CREATE UNIQUE INDEX pairings_booking ON pairings (link, booking) WHERE ended_us IS NULL",
            "CREATE UNIQUE INDEX pairings_event ON pairings (link, event) WHERE ended_us IS NULL",
            "CREATE INDEX pairings_any_booking ON pairings (booking)",
            """
            CREATE TABLE intents (
                key TEXT PRIMARY KEY,
                link TEXT NOT NULL REFERENCES links (id) ON DELETE CASCADE,
                action TEXT NOT NULL,
                subject TEXT NOT NULL,
                content TEXT NOT NULL,
                attempts BIGINT NOT NULL,
                opened_us BIGINT NOT NULL,
                closed_us BIGINT,
                outcome TEXT
            )
            """,
            "CREATE UNIQUE INDEX intents_open ON intents (link, action, subject) WHERE closed_us IS NULL",
            """
            CREATE TABLE history (
                position BIGINT PRIMARY KEY,
                organization TEXT NOT NULL,
                link TEXT NOT NULL,
                booking TEXT,
                event TEXT,
                at_us BIGINT NOT NULL,
                action TEXT NOT NULL,
                sentence TEXT NOT NULL
            )
            """,
            "CREATE INDEX history_booking ON history (booking, position)",
            "CREATE INDEX history_link ON history (link, position)",
            """
            CREATE TABLE clashes (
                id TEXT PRIMARY KEY,
                link TEXT NOT NULL REFERENCES links (id) ON DELETE CASCADE,
                content TEXT NOT NULL,
                at_us BIGINT NOT NULL,
                resolved_us BIGINT
            )
            """,
        ])
}
