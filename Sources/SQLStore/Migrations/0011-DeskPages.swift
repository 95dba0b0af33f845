extension Migration {
    /// What the desk's pages look for: how each link's last pass went without reading its whole report, the policy's
    /// revision, the words by which bookings are found, and who was found to have left.
    static let deskPages = Migration(
        number: 11, name: "deskPages",
        statements: [
            // Nil until the next pass ends; until then the report itself is asked.
            "ALTER TABLE links ADD COLUMN pass_us BIGINT",
            "ALTER TABLE links ADD COLUMN pass_clean BIGINT NOT NULL DEFAULT 0",
            "ALTER TABLE links ADD COLUMN pass_problem TEXT",
            "ALTER TABLE links ADD COLUMN policy_revision BIGINT NOT NULL DEFAULT 1",
            // Nil until they are written for bookings that were there before.
            "ALTER TABLE bookings ADD COLUMN words TEXT",
            "CREATE INDEX bookings_unworded ON bookings (organization, id) WHERE words IS NULL",
            """
            CREATE TABLE leaver_reports (
                organization TEXT PRIMARY KEY REFERENCES organizations (id),
                asked_us BIGINT NOT NULL,
                content TEXT NOT NULL
            )
            """,
            "CREATE INDEX bookings_words ON bookings (organization, start_us, id, end_us, words)",
        ])
}
