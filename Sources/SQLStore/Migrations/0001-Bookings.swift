extension Migration {
    /// Organizations, their rooms, bookings, change feed and access tokens. Times are microseconds since 1970 (UTC).
    static let bookings = Migration(
        number: 1, name: "bookings",
        statements: [
            """
            CREATE TABLE organizations (
                id TEXT PRIMARY KEY,
                name TEXT NOT NULL,
                created_us BIGINT NOT NULL
            )
            """,
            """
            CREATE TABLE rooms (
                organization TEXT NOT NULL REFERENCES organizations (id),
                id TEXT NOT NULL,
                name TEXT NOT NULL,
                name_key TEXT NOT NULL,
                capacity BIGINT,
                location TEXT NOT NULL,
                zone TEXT NOT NULL,
                opening_hours TEXT,
                horizon_days BIGINT NOT NULL,
                maximum_minutes BIGINT NOT NULL,
                revision BIGINT NOT NULL,
                created_us BIGINT NOT NULL,
                updated_us BIGINT NOT NULL,
                removed_us BIGINT,
                PRIMARY KEY (organization, id)
            )
            """,
            "CREATE UNIQUE INDEX rooms_name ON rooms (organization, name_key) WHERE removed_us IS NULL",
            """
            CREATE TABLE bookings (
                organization TEXT NOT NULL,
                id TEXT NOT NULL,
                room TEXT NOT NULL,
                start_us BIGINT NOT NULL,
                end_us BIGINT NOT NULL,
                status TEXT NOT NULL CHECK (status IN ('confirmed', 'pending', 'refused', 'cancelled')),
                reason TEXT,
                revision BIGINT NOT NULL,
                origin TEXT NOT NULL CHECK (origin IN ('loopBooking', 'calendar')),
                created_us BIGINT NOT NULL,
                updated_us BIGINT NOT NULL,
                slot_taken_us BIGINT NOT NULL,
                meeting TEXT NOT NULL,
                PRIMARY KEY (organization, id),
                FOREIGN KEY (organization, room) REFERENCES rooms (organization, id)
            )
            """,
            "CREATE INDEX bookings_start ON bookings (organization, start_us, id)",
            "CREATE INDEX bookings_room_start ON bookings (organization, room, start_us, id)",
            "CREATE INDEX bookings_room_end ON bookings (organization, room, end_us)",
            """
            CREATE TABLE booking_slots (
                organization TEXT NOT NULL,
                booking TEXT NOT NULL,
                room TEXT NOT NULL,
                start_us BIGINT NOT NULL,
                end_us BIGINT NOT NULL,
                PRIMARY KEY (organization, booking),
                FOREIGN KEY (organization, booking) REFERENCES bookings (organization, id),
                CHECK (start_us < end_us)
            )
            """,
            "CREATE UNIQUE INDEX booking_slots_end ON booking_slots (organization, room, end_us)",
            """
            CREATE TABLE booking_changes (
                organization TEXT NOT NULL REFERENCES organizations (id),
                position BIGINT NOT NULL,
                booking TEXT NOT NULL,
                room TEXT NOT NULL,
                kind TEXT NOT NULL,
                revision BIGINT NOT NULL,
                start_us BIGINT NOT NULL,
                end_us BIGINT NOT NULL,
                fields TEXT NOT NULL,
                author_kind TEXT NOT NULL,
                author TEXT NOT NULL,
                at_us BIGINT NOT NULL,
                reason TEXT,
                PRIMARY KEY (organization, position),
                UNIQUE (organization, booking, revision)
            )
            """,
            """
            CREATE TABLE operation_keys (
                organization TEXT NOT NULL,
                key TEXT NOT NULL,
                booking TEXT NOT NULL,
                PRIMARY KEY (organization, key),
                FOREIGN KEY (organization, booking) REFERENCES bookings (organization, id)
            )
            """,
            """
            CREATE TABLE request_keys (
                organization TEXT NOT NULL REFERENCES organizations (id),
                client TEXT NOT NULL,
                key TEXT NOT NULL,
                digest TEXT NOT NULL,
                answer TEXT NOT NULL,
                created_us BIGINT NOT NULL,
                PRIMARY KEY (organization, client, key)
            )
            """,
            "CREATE INDEX request_keys_created ON request_keys (created_us)",
            """
            CREATE TABLE api_tokens (
                id TEXT PRIMARY KEY,
                organization TEXT NOT NULL REFERENCES organizations (id),
                name TEXT NOT NULL,
                digest TEXT NOT NULL UNIQUE,
                created_us BIGINT NOT NULL,
                revoked_us BIGINT
            )
            """,
            "CREATE UNIQUE INDEX api_tokens_name ON api_tokens (organization, name) WHERE revoked_us IS NULL",
        ],
        dialectStatements: [.sqlite: appendOnly + oneBookingPerSlot])

    private static let appendOnly = [
        """
        CREATE TRIGGER booking_changes_no_update BEFORE UPDATE ON booking_changes
        BEGIN SELECT RAISE(ABORT, 'booking_changes is append-only'); END
        """,
        """
        CREATE TRIGGER booking_changes_no_delete BEFORE DELETE ON booking_changes
        BEGIN SELECT RAISE(ABORT, 'booking_changes is append-only'); END
        """,
    ]

    /// The last line of defence of "one yes per slot". Slots of a room never overlap, so of all slots that end after
    /// a new one starts, the first is the only one that needs a look.
    private static let oneBookingPerSlot = [
        """
        CREATE TRIGGER booking_slots_insert BEFORE INSERT ON booking_slots
        WHEN NEW.end_us > (
            SELECT other.start_us FROM booking_slots AS other
            WHERE other.organization = NEW.organization AND other.room = NEW.room AND other.end_us > NEW.start_us
                AND other.booking <> NEW.booking
            ORDER BY other.end_us LIMIT 1)
        BEGIN SELECT RAISE(ABORT, 'slot taken: another booking holds the room at that time'); END
        """,
        """
        CREATE TRIGGER booking_slots_update BEFORE UPDATE ON booking_slots
        WHEN NEW.end_us > (
            SELECT other.start_us FROM booking_slots AS other
            WHERE other.organization = NEW.organization AND other.room = NEW.room AND other.end_us > NEW.start_us
                AND other.booking <> NEW.booking
            ORDER BY other.end_us LIMIT 1)
        BEGIN SELECT RAISE(ABORT, 'slot taken: another booking holds the room at that time'); END
        """,
    ]
}
