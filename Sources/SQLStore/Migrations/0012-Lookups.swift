extension Migration {
    /// What pages ask for often enough that the whole table must not be read for it: the pairings of an event, ended ones
    /// included, the bookings that last longer than two days, what of a doctor's run is shown, and how a set-up's resources
    /// stand.
    static let lookups = Migration(
        number: 12, name: "lookups",
        statements: [
            "CREATE INDEX pairings_any_event ON pairings (link, event)",
            """
            CREATE INDEX bookings_long ON bookings (organization, end_us, start_us, id, words)
            WHERE end_us - start_us > 172800000000
            """,
            // Nil for runs that were kept before; then it is worked out from the whole.
            "ALTER TABLE doctor_runs ADD COLUMN digest TEXT",
            // Nil for resources that were kept before.
            "ALTER TABLE setup_resources ADD COLUMN state TEXT",
        ])
}
