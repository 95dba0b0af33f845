import CalendarModel

/// How occurrences are named to people.
enum SeriesWords {
    private static let mostNamed = 5

    /// `2026-03-09, 2026-03-16 and 3 more`
    static func dates(_ originals: some Collection<WallTime>) -> String {
        let sorted = originals.sorted()
        let named = sorted.prefix(mostNamed).map(\.date.description).joined(separator: ", ")
        return sorted.count > mostNamed ? "\(named) and \(sorted.count - mostNamed) more" : named
    }
}
