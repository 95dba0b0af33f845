extension Migration {
    /// What pages ask for often enough that the whole table must not be read for it: the pairings of an event, ended ones
    /// included, and the bookings that last longer than two days.
    static let lookups = Migration(
        number: 12, name: "lookups",
        statements: [
            "CREATE INDEX pairings_any_event ON pairings (link, event)",
            """
            CREATE INDEX bookings_long ON bookings (organization, end_us)
            WHERE end_us - start_us > 172800000000
            """,
        ])
}
