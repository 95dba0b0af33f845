import CalendarModel
import CalendarTime
import ICalendar

/// The rules of a room for each occurrence of a series.
///
/// Only the first occurrence of a new series and those that somebody moves must lie within the room's horizon: a series may
/// go on for longer than anybody can book ahead. What is over is history and not judged again.
enum SeriesRules {
    /// The rules that a series breaks which it, or what stood before it, did not break already.
    static func violations(
        of meeting: Meeting, previous: Meeting?, in room: Room, now: Instant
    ) -> [RuleViolation] {
        guard let series = Series(meeting, roomZone: room.zone) else { return [] }
        let occurrences = judged(series, in: room, now: now)
        guard !occurrences.isEmpty else {
            if hasOccurrence(series, now: now) { return [] }
            return [
                RuleViolation(
                    code: "no-occurrence-left", field: "recurrence.cancelled",
                    message: "No occurrence is left. Cancel the booking instead.")
            ]
        }
        let before = Earlier(previous, in: room, now: now)
        var violations = overlaps(occurrences, before: before)
        var broken: [String: [(date: CivilDate, violation: RuleViolation)]] = [:]
        for (index, occurrence) in occurrences.enumerated() {
            let isFirst = index == 0 && previous == nil
            for violation in rules(brokenBy: occurrence, isFirst: isFirst, before: before, in: room, now: now) {
                if isFirst {
                    violations.append(violation)
                } else {
                    broken[violation.code, default: []].append((occurrence.original.date, violation))
                }
            }
        }
        // What the first one breaks, the others break too.
        let said = Set(violations.map(\.code))
        for (code, cases) in broken.sorted(by: { $0.key < $1.key }) where !said.contains(code) {
            let dates = SeriesWords.dates(cases.map(\.date))
            violations.append(
                RuleViolation(
                    code: code, field: "recurrence", message: "\(dates): \(cases.first?.violation.message ?? "")"))
        }
        return violations
    }

    /// Whether a series has an occurrence that was not cancelled.
    static func hasOccurrence(_ series: Series, now: Instant) -> Bool {
        series.hasOccurrence(in: TimeSpan(start: now, end: .distantFuture)) || series.hasOccurrence(in: series.reach)
    }

    /// The occurrences within the slots' horizon, and those that were moved out of it.
    private static func judged(_ series: Series, in room: Room, now: Instant) -> [Occurrence] {
        let window = TimeSpan(start: SlotHorizon.begin(now: now), end: SlotHorizon.end(for: room, now: now))
        var occurrences = series.occurrences(in: window)
        let inside = Set(occurrences.map(\.original))
        for (original, change) in series.recurrence.exceptions where change.time != nil && !inside.contains(original) {
            if let occurrence = series.occurrence(original) { occurrences.append(occurrence) }
        }
        if occurrences.isEmpty {
            // A series that begins beyond all that: its first occurrence says so.
            occurrences += series.originals(from: series.start.date, through: series.start.date)
                .compactMap(series.occurrence)
        }
        return occurrences.sorted { ($0.span.start, $0.original) < ($1.span.start, $1.original) }
    }

    private static func rules(
        brokenBy occurrence: Occurrence, isFirst: Bool, before: Earlier, in room: Room, now: Instant
    ) -> [RuleViolation] {
        let earlier = before.time(of: occurrence)
        if before.stood(occurrence) { return [] }
        let isMoved = occurrence.change?.time != nil
        let wasOver = earlier.map { $0.span.end <= now } ?? before.exists
        if occurrence.span.end <= now, wasOver, !isMoved { return [] }
        return TimeRules.violations(
            of: occurrence.time, previous: earlier, in: room, now: now, isWithinHorizon: isFirst || isMoved)
    }

    /// Occurrences that overlap now and did not before.
    private static func overlaps(_ occurrences: [Occurrence], before: Earlier) -> [RuleViolation] {
        var latest: Occurrence?
        for occurrence in occurrences {
            if let latest, occurrence.span.start < latest.span.end,
                !before.stood(occurrence) || !before.stood(latest)
            {
                return [
                    RuleViolation(
                        code: "overlaps-itself", field: "recurrence",
                        message: "The occurrences of \(latest.original.date) and \(occurrence.original.date) overlap. "
                            + "Make them shorter, or further apart.")
                ]
            }
            if latest.map({ occurrence.span.end > $0.span.end }) ?? true { latest = occurrence }
        }
        return []
    }
}

/// When the occurrences of what stood before are.
private struct Earlier {
    let exists: Bool
    private let series: Series?
    private var byDate: [CivilDate: MeetingTime] = [:]

    init(_ meeting: Meeting?, in room: Room, now: Instant) {
        exists = meeting != nil
        series = meeting.flatMap { Series($0, roomZone: room.zone) }
        guard let meeting else { return }
        guard let series else {
            if let date = Zones.date(of: meeting.span.start, in: room.zone) { byDate[date] = meeting.time }
            return
        }
        let window = TimeSpan(start: SlotHorizon.begin(now: now), end: SlotHorizon.end(for: room, now: now))
        for occurrence in series.occurrences(in: window) { byDate[occurrence.original.date] = occurrence.time }
    }

    /// When the same occurrence was, or the one of the same date when the series' wall time changed.
    func time(of occurrence: Occurrence) -> MeetingTime? {
        series?.occurrence(occurrence.original)?.time ?? byDate[occurrence.original.date]
    }

    /// Whether the occurrence is when it was.
    func stood(_ occurrence: Occurrence) -> Bool { time(of: occurrence)?.sameTime(as: occurrence.time) ?? false }
}

extension Series {
    /// Whether an occurrence that was not cancelled falls into a window.
    func hasOccurrence(in window: TimeSpan) -> Bool {
        let reach = reach
        let asked = TimeSpan(start: max(window.start, reach.start), end: min(window.end, reach.end))
        guard !asked.isEmpty else { return false }
        // Endless minus a bounded number of days is never empty.
        if case .never = recurrence.rule.end, window.end >= reach.end { return true }
        // There nearly always is one soon; all of them are only looked at when there is not.
        let soon = asked.start.advanced(by: .seconds(SlotHorizon.fewestDays * 86_400))
        let near = TimeSpan(start: asked.start, end: min(asked.end, soon))
        return !occurrences(in: near).isEmpty || (near.end < asked.end && !occurrences(in: asked).isEmpty)
    }
}
