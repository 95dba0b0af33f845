/// Why Exchange cannot hold a series as one event. Such a series is written as single events of one booking.
enum InexpressibleSeries: String, Error, Hashable, Sendable {
    case additions = "it has dates beside its rule"
    case interval = "its interval is too long"
    case count = "it has more than 999 occurrences by count"
    case endsBeforeStart = "it ends before it begins"
    case daysOfYear = "its rule counts days or weeks of the year"
    case manyMonths = "its rule names several months"
    case monthsOfShortPeriods = "its daily or weekly rule is limited to some months"
    case manyDaysOfMonth = "its rule names several days of the month"
    case negativeDayOfMonth = "its rule counts days from the end of the month"
    case skippedDayOfMonth = "its rule passes over months that lack the day, and Exchange takes their last day instead"
    case position = "its rule picks other days than the first to fourth or the last"
    case mixedDays = "its rule joins days of the month with days of the week"
    case noMonth = "its yearly rule names no month"
    case zone = "Windows has no name for its time zone"
    case overlappingOccurrences = "its occurrences overlap one another"
    case crossingOccurrences = "an occurrence is moved onto or past the day of its neighbour"
}
