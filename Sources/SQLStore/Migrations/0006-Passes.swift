extension Migration {
    /// Passes are counted, so that one that comes late cannot write over a later one. Deletions are approved one by one, for
    /// those meetings that had vanished when somebody looked; `links.deletions_approved` is read no longer.
    static let passes = Migration(
        number: 6, name: "passes",
        statements: [
            "ALTER TABLE links ADD COLUMN pass BIGINT NOT NULL DEFAULT 0",
            "ALTER TABLE pairings ADD COLUMN deletion_approved BIGINT NOT NULL DEFAULT 0",
        ])
}
