import CalendarModel

/// Times in words in one of the portal's languages, in the zone of the room they are about. What is kept for later (stories,
/// reasons) is written by ``TimeWords``; this is for pages.
package struct TimeWriter: Sendable {
    package enum Language: Sendable { case english, norwegian }

    package let language: Language
    package let zone: ZoneID

    package init(_ language: Language, zone: ZoneID) {
        self.language = language
        self.zone = zone
    }

    private var isNorwegian: Bool { language == .norwegian }

    /// `14:02`
    package func clock(_ instant: Instant) -> String {
        Zones.wallTime(of: instant, in: zone).map(TimeWords.clock) ?? Timestamps.rfc3339(instant)
    }

    /// `10:00–11:00`, with the days when they differ; whole days without hours.
    package func clock(_ span: TimeSpan) -> String {
        guard let start = wall(span.start), let end = wall(span.end) else { return Timestamps.rfc3339(span.start) }
        if let days = wholeDays(start, end) {
            return days.first == days.last ? allDay : "\(shortSpan(days)), \(allDay)"
        }
        guard start.date != end.date else { return "\(TimeWords.clock(start))–\(TimeWords.clock(end))" }
        return "\(short(start.date)), \(TimeWords.clock(start)) – \(short(end.date)), \(TimeWords.clock(end))"
    }

    /// `Mon 2 Mar 2026, 10:00–11:00`
    package func span(_ span: TimeSpan) -> String {
        guard let start = wall(span.start), let end = wall(span.end) else { return Timestamps.rfc3339(span.start) }
        if let days = wholeDays(start, end) { return "\(shortSpan(days)) \(days.last.year), \(allDay)" }
        guard start.date != end.date else { return "\(short(start.date)) \(start.date.year), \(clock(span))" }
        return "\(clock(span)) \(end.date.year)"
    }

    /// `2 Mar 2026, 14:02:11`: exact, where somebody may need to prove something.
    package func moment(_ instant: Instant) -> String {
        guard let wall = wall(instant) else { return Timestamps.rfc3339(instant) }
        let day = isNorwegian ? "\(wall.date.day)." : "\(wall.date.day)"
        return "\(day) \(month(wall.date, short: true)) \(wall.date.year), \(wall.description.suffix(8))"
    }

    /// `Monday 2 March 2026`
    package func date(_ date: CivilDate) -> String {
        "\(day(date, short: false)) \(date.day)\(isNorwegian ? "." : "") \(month(date, short: false)) \(date.year)"
    }

    /// `Mon 2 Mar`
    package func short(_ date: CivilDate) -> String {
        "\(day(date, short: true)) \(date.day)\(isNorwegian ? "." : "") \(month(date, short: true))"
    }

    /// `Mon`
    package func weekday(_ date: CivilDate) -> String { day(date, short: true) }

    /// How long something lasted or lasts: `1.8 s`, `26 min`, `2 h`, `3 d`.
    package func length(_ duration: Duration) -> String {
        let seconds = Double(duration.wholeMicroseconds) / 1_000_000
        switch seconds {
        case ..<9.95:
            let tenths = Int((seconds * 10).rounded())
            guard tenths % 10 != 0 else { return "\(tenths / 10) s" }
            return "\(tenths / 10)\(isNorwegian ? "," : ".")\(tenths % 10) s"
        case ..<99.5: return "\(Int(seconds.rounded())) s"
        case ..<5970: return "\(Int((seconds / 60).rounded())) min"
        case ..<172_800: return "\(Int((seconds / 3600).rounded())) \(isNorwegian ? "t" : "h")"
        default: return "\(Int((seconds / 86_400).rounded())) d"
        }
    }

    /// `12 s ago`
    package func ago(_ instant: Instant, now: Instant) -> String {
        let past = max(now.since(instant), .zero)
        // Whole seconds: nobody reads tenths of what has passed.
        let length = length(past < .seconds(10) ? .seconds(past.wholeMicroseconds / 1_000_000) : past)
        return isNorwegian ? "for \(length) siden" : "\(length) ago"
    }

    private var allDay: String { isNorwegian ? "hele dagen" : "all day" }

    private func wall(_ instant: Instant) -> WallTime? { Zones.wallTime(of: instant, in: zone) }

    private func wholeDays(_ start: WallTime, _ end: WallTime) -> (first: CivilDate, last: CivilDate)? {
        guard start.isMidnight, end.isMidnight, start.date < end.date else { return nil }
        return (start.date, Zones.date(end.date, addingDays: -1))
    }

    private func shortSpan(_ days: (first: CivilDate, last: CivilDate)) -> String {
        days.first == days.last ? short(days.first) : "\(short(days.first)) – \(short(days.last))"
    }

    private func day(_ date: CivilDate, short: Bool) -> String {
        let index = RecurrenceRule.Weekday.allCases.firstIndex(of: Zones.weekday(of: date)) ?? 0
        let name = (isNorwegian ? Self.norwegianDays : Self.englishDays)[index]
        guard short else { return name }
        return isNorwegian ? "\(name.prefix(3))." : String(name.prefix(3))
    }

    private func month(_ date: CivilDate, short: Bool) -> String {
        let name = (isNorwegian ? Self.norwegianMonths : Self.englishMonths)[date.month - 1]
        guard short, name.count > 4 else { return name }
        return isNorwegian ? "\(name.prefix(3))." : String(name.prefix(3))
    }

    private static let englishDays = [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    ]
    private static let norwegianDays = ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"]
    private static let englishMonths = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let norwegianMonths = [
        "januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november",
        "desember",
    ]
}
