extension Migration {
    /// Passes are counted, so that one that comes late cannot write over a later one.
    static let passes = Migration(
        number: 6, name: "passes", statements: ["ALTER TABLE links ADD COLUMN pass BIGINT NOT NULL DEFAULT 0"])
}
