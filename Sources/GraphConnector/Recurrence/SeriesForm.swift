import CalendarModel
import CalendarTime
import ICalendar

/// A series as Exchange holds it: the pattern with its range, and the wall times of the master, in a zone by its
/// Windows name.
struct SeriesForm: Hashable, Sendable {
    var start: GraphDateTime
    var end: GraphDateTime
    var isAllDay: Bool
    var recurrence: GraphRecurrence

    /// - Parameter roomZone: the zone in which all-day series float.
    init(_ meeting: Meeting, _ series: Recurrence, roomZone: ZoneID) throws(InexpressibleSeries) {
        guard series.additions.isEmpty else { throw .additions }
        let zoneName: String
        let first: CivilDate
        switch meeting.time {
        case .timed(let timed):
            guard let name = Zones.windowsName(for: timed.zone) else { throw .zone }
            (zoneName, first) = (name, timed.start.date)
            // The rule goes by the clock at the start; the end only says how long the meetings are.
            start = GraphDateTime(dateTime: Timestamps.graphWall(timed.start), timeZone: name)
            end = GraphDateTime(timed.end, at: timed.span.end, in: timed.zone)
        case .allDay(let allDay):
            let name = Zones.windowsName(for: roomZone) ?? "UTC"
            (zoneName, first) = (name, allDay.first)
            (start, end) = (GraphDateTime(allDay.first, in: name), GraphDateTime(allDay.end, in: name))
        }
        isAllDay = meeting.time.isAllDay
        recurrence = GraphRecurrence(
            pattern: try RecurrenceWriter.pattern(series.rule, startingOn: first),
            range: try RecurrenceWriter.range(series.rule.end, startingOn: first, zoneName: zoneName))
    }

    /// A pattern that every series differs from by more than its range: Exchange then forgets what was taken out of the
    /// series or changed in it. The single occurrence stands where the series starts.
    var forgetful: SeriesForm {
        var form = self
        form.recurrence.pattern = GraphRecurrence.Pattern(type: "daily", interval: 1)
        if recurrence.pattern == form.recurrence.pattern { form.recurrence.pattern.interval = 2 }
        form.recurrence.range = GraphRecurrence.Range(
            type: "numbered", startDate: recurrence.range.startDate, numberOfOccurrences: 1,
            recurrenceTimeZone: recurrence.range.recurrenceTimeZone)
        return form
    }
}

extension Meeting {
    /// Why Exchange cannot hold this as one event; nil when it can.
    func inexpressible(roomZone: ZoneID) -> InexpressibleSeries? {
        guard let recurrence, let series = Series(self, roomZone: roomZone) else { return nil }
        do { _ = try SeriesForm(self, recurrence, roomZone: roomZone) } catch { return error }
        if series.overlapsItself { return .overlappingOccurrences }
        return series.crossesNeighbours ? .crossingOccurrences : nil
    }
}

extension Series {
    /// How many days around an occurrence its neighbours are looked for: beyond every interval but those of years,
    /// between which nobody moves an occurrence.
    private static let reachOfNeighbours = 400

    /// Whether an occurrence lasts into the next one, looked at over the first months.
    fileprivate var overlapsItself: Bool {
        // A day on which clocks change has 22 hours at the very least.
        guard meeting.span.duration > .seconds(22 * 3600) else { return false }
        let first = originals(from: start.date, through: Zones.date(start.date, addingDays: Self.reachOfNeighbours))
            .compactMap { regularTime(of: $0)?.span }
        return zip(first, first.dropFirst()).contains { $0.end > $1.start }
    }

    /// Whether a moved occurrence stands on the day of one of its neighbours, or on the other side of it.
    fileprivate var crossesNeighbours: Bool {
        recurrence.exceptions.contains { original, change in
            guard change.time != nil, let moved = occurrence(original) else { return false }
            let around = originals(
                from: Zones.date(original.date, addingDays: -Self.reachOfNeighbours),
                through: Zones.date(original.date, addingDays: Self.reachOfNeighbours))
            let before = around.last { $0 < original && !recurrence.cancelled.contains($0) }.flatMap(occurrence)
            let after = around.first { $0 > original && !recurrence.cancelled.contains($0) }.flatMap(occurrence)
            let day = day(of: moved.time)
            return before.map { self.day(of: $0.time) >= day || $0.span.end > moved.span.start } == true
                || after.map { self.day(of: $0.time) <= day || $0.span.start < moved.span.end } == true
        }
    }

    private func day(of time: MeetingTime) -> CivilDate {
        switch time {
        case .timed(let timed): Zones.date(of: timed.span.start, in: zone) ?? timed.start.date
        case .allDay(let allDay): allDay.first
        }
    }
}
