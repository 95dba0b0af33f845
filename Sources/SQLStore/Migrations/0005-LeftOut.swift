extension Migration {
    /// What was left out of a series is known beside the reason, which is replaced by later ones.
    static let leftOut = Migration(
        number: 5, name: "leftOut",
        statements: ["ALTER TABLE bookings ADD COLUMN left_out TEXT NOT NULL DEFAULT ''"])
}
