import CalendarModel

/// How occurrences are named to people.
enum SeriesWords {
    private static let mostNamed = 5

    /// `2026-03-09, 2026-03-16 and 3 more`
    static func dates(_ days: some Collection<CivilDate>) -> String {
        let sorted = days.sorted()
        let named = sorted.prefix(mostNamed).map(\.description).joined(separator: ", ")
        return sorted.count > mostNamed ? "\(named) and \(sorted.count - mostNamed) more" : named
    }

    /// Nil when nothing was left out.
    static func leftOut(_ days: some Collection<CivilDate>) -> String? {
        days.isEmpty ? nil : "Left out, because the room is taken then: \(dates(days))."
    }
}
