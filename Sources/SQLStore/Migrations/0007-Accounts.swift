extension Migration {
    /// People who look after rooms: their accounts, what they may do in which organization, their sessions, links that work
    /// once, and the log of what they did. Secrets of sessions and links are kept as digests.
    static let accounts = Migration(
        number: 7, name: "accounts",
        statements: [
            """
            CREATE TABLE accounts (
                id TEXT PRIMARY KEY,
                email TEXT NOT NULL,
                email_key TEXT NOT NULL UNIQUE,
                name TEXT NOT NULL,
                password TEXT,
                is_operator BIGINT NOT NULL DEFAULT 0,
                language TEXT,
                theme TEXT,
                created_us BIGINT NOT NULL,
                disabled_us BIGINT,
                signed_in_us BIGINT
            )
            """,
            """
            CREATE TABLE account_identities (
                issuer TEXT NOT NULL,
                subject TEXT NOT NULL,
                account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
                provider TEXT NOT NULL,
                label TEXT NOT NULL,
                created_us BIGINT NOT NULL,
                PRIMARY KEY (issuer, subject)
            )
            """,
            """
            CREATE TABLE memberships (
                organization TEXT NOT NULL REFERENCES organizations (id),
                account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
                role TEXT NOT NULL CHECK (role IN ('administrator', 'receptionist', 'viewer')),
                created_us BIGINT NOT NULL,
                PRIMARY KEY (organization, account)
            )
            """,
            "CREATE INDEX memberships_account ON memberships (account)",
            """
            CREATE TABLE sessions (
                digest TEXT PRIMARY KEY,
                account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
                form_token TEXT NOT NULL,
                method TEXT NOT NULL,
                created_us BIGINT NOT NULL,
                seen_us BIGINT NOT NULL,
                expires_us BIGINT NOT NULL
            )
            """,
            "CREATE INDEX sessions_account ON sessions (account)",
            // One-time links (first operator, invitations) and hand-overs to a sign-in page elsewhere and back.
            """
            CREATE TABLE errands (
                digest TEXT PRIMARY KEY,
                kind TEXT NOT NULL,
                organization TEXT,
                session TEXT,
                content TEXT NOT NULL,
                created_us BIGINT NOT NULL,
                expires_us BIGINT NOT NULL,
                used_us BIGINT
            )
            """,
            """
            CREATE TABLE sign_in_failures (
                who TEXT PRIMARY KEY,
                count BIGINT NOT NULL,
                last_us BIGINT NOT NULL
            )
            """,
            """
            CREATE TABLE audit_log (
                position BIGINT PRIMARY KEY,
                organization TEXT,
                at_us BIGINT NOT NULL,
                actor_kind TEXT NOT NULL,
                actor TEXT NOT NULL,
                action TEXT NOT NULL,
                subject TEXT NOT NULL,
                detail TEXT NOT NULL,
                digest TEXT NOT NULL
            )
            """,
            "CREATE INDEX audit_log_organization ON audit_log (organization, position)",
            "ALTER TABLE api_tokens ADD COLUMN scopes TEXT NOT NULL DEFAULT 'read book desk administer'",
            "ALTER TABLE organizations ADD COLUMN settings TEXT NOT NULL DEFAULT '{}'",
        ],
        dialectStatements: [
            .sqlite: [
                """
                CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
                BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END
                """,
                """
                CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
                BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END
                """,
            ]
        ])
}
