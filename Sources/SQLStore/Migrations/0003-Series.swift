extension Migration {
    /// Series: a booking holds a slot for each of its occurrences.
    static let series = Migration(
        number: 3, name: "series",
        statements: [
            """
            CREATE TABLE booking_slots_by_start (
                organization TEXT NOT NULL,
                booking TEXT NOT NULL,
                room TEXT NOT NULL,
                start_us BIGINT NOT NULL,
                end_us BIGINT NOT NULL,
                PRIMARY KEY (organization, booking, start_us),
                FOREIGN KEY (organization, booking) REFERENCES bookings (organization, id),
                CHECK (start_us < end_us)
            )
            """,
            """
            INSERT INTO booking_slots_by_start (organization, booking, room, start_us, end_us)
            SELECT organization, booking, room, start_us, end_us FROM booking_slots
            """,
            "DROP TABLE booking_slots",
            "ALTER TABLE booking_slots_by_start RENAME TO booking_slots",
            "CREATE UNIQUE INDEX booking_slots_end ON booking_slots (organization, room, end_us)",
            // Set while a series goes on beyond the slots that are written.
            "ALTER TABLE bookings ADD COLUMN slots_through_us BIGINT",
            """
            CREATE INDEX bookings_rolling ON bookings (organization, room, slots_through_us)
            WHERE slots_through_us IS NOT NULL
            """,
            "ALTER TABLE booking_changes ADD COLUMN occurrences TEXT NOT NULL DEFAULT ''",
        ],
        dialectStatements: [.sqlite: oneYesPerSlot])

    /// The last line of defence of "one yes per slot", within a booking as between two. Slots of a room never overlap, so
    /// of all slots that end after a new one starts, the first is the only one that needs a look. Slots are never
    /// altered: they are given back and taken.
    private static let oneYesPerSlot = [
        """
        CREATE TRIGGER booking_slots_insert BEFORE INSERT ON booking_slots
        WHEN NEW.end_us > (
            SELECT other.start_us FROM booking_slots AS other
            WHERE other.organization = NEW.organization AND other.room = NEW.room AND other.end_us > NEW.start_us
            ORDER BY other.end_us LIMIT 1)
        BEGIN SELECT RAISE(ABORT, 'slot taken: the room is held at that time'); END
        """,
        """
        CREATE TRIGGER booking_slots_update BEFORE UPDATE ON booking_slots
        BEGIN SELECT RAISE(ABORT, 'booking_slots are inserted and deleted, never updated'); END
        """,
    ]
}
