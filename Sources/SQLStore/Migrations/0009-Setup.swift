extension Migration {
    /// Set-ups of connections: what was entered so far, and what was found. The connection that comes of one has its id.
    static let setup = Migration(
        number: 9, name: "setup",
        statements: [
            """
            CREATE TABLE setups (
                id TEXT PRIMARY KEY,
                organization TEXT NOT NULL REFERENCES organizations (id),
                kind TEXT NOT NULL,
                content TEXT NOT NULL,
                revision BIGINT NOT NULL,
                changed_by TEXT NOT NULL,
                created_us BIGINT NOT NULL,
                changed_us BIGINT NOT NULL,
                mapping_revision BIGINT NOT NULL DEFAULT 0,
                mapping_by TEXT,
                mapping_us BIGINT
            )
            """,
            "CREATE INDEX setups_organization ON setups (organization)",
            // Sealed for the set-up's id, which is the connection's: they move without being opened.
            """
            CREATE TABLE setup_secrets (
                setup TEXT NOT NULL REFERENCES setups (id) ON DELETE CASCADE,
                name TEXT NOT NULL,
                sealed TEXT NOT NULL,
                PRIMARY KEY (setup, name)
            )
            """,
            """
            CREATE TABLE setup_resources (
                setup TEXT NOT NULL REFERENCES setups (id) ON DELETE CASCADE,
                address TEXT NOT NULL,
                name TEXT NOT NULL,
                content TEXT NOT NULL,
                wanted_us BIGINT,
                PRIMARY KEY (setup, address)
            )
            """,
            """
            CREATE TABLE setup_mapping (
                setup TEXT NOT NULL REFERENCES setups (id) ON DELETE CASCADE,
                room TEXT NOT NULL,
                resource TEXT NOT NULL,
                policy TEXT NOT NULL,
                PRIMARY KEY (setup, room)
            )
            """,
            """
            CREATE TABLE setup_previews (
                setup TEXT NOT NULL REFERENCES setups (id) ON DELETE CASCADE,
                room TEXT NOT NULL,
                resource TEXT NOT NULL,
                wanted_us BIGINT,
                made_us BIGINT,
                counts TEXT NOT NULL DEFAULT '{}',
                content TEXT NOT NULL DEFAULT '{}',
                decisions TEXT NOT NULL DEFAULT '{}',
                PRIMARY KEY (setup, room)
            )
            """,
        ])
}
