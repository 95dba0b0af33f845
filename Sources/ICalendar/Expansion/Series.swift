import CalendarModel
import CalendarTime

/// A meeting that repeats, ready to be asked when its occurrences are. Every occurrence keeps the series' wall time in
/// the series' own zone, so that a weekly 09:00 stays 09:00 across clock changes; it lasts exactly as long as the first
/// one (RFC 5545 §3.8.5.3). All-day series float: their dates are dates in the room's zone.
package struct Series: Sendable {
    package let meeting: Meeting
    package let recurrence: Recurrence
    private let roomZone: ZoneID

    /// Nil for a single meeting.
    package init?(_ meeting: Meeting, roomZone: ZoneID) {
        guard let recurrence = meeting.recurrence else { return nil }
        self.meeting = meeting
        self.recurrence = recurrence
        self.roomZone = roomZone
    }

    /// The wall time of the first occurrence in the series' own zone; midnight for an all-day series.
    package var start: WallTime {
        switch meeting.time {
        case .timed(let timed): timed.start
        case .allDay(let allDay): WallTime(date: allDay.first, hour: 0, minute: 0)
        }
    }

    /// The zone in which the series' wall times are meant.
    package var zone: ZoneID {
        if case .timed(let timed) = meeting.time { return timed.zone }
        return roomZone
    }

    /// The occurrences that overlap a window and were not cancelled, in order of time, exceptions applied. An
    /// occurrence of no length belongs to where it starts.
    package func occurrences(in window: TimeSpan) -> [Occurrence] {
        guard window.start < window.end else { return [] }
        let length = meeting.span.duration
        guard let first = Zones.date(of: max(window.start, Self.earliest).advanced(by: .zero - length), in: zone),
            let last = Zones.date(of: min(window.end, Self.latest), in: zone)
        else { return [] }
        var found = originals(from: Zones.date(first, addingDays: -1), through: Zones.date(last, addingDays: 1))
            .filter { !recurrence.cancelled.contains($0) && recurrence.exceptions[$0]?.time == nil }
            .compactMap(occurrence(startingAt:))
        for (original, change) in recurrence.exceptions
        where change.time != nil && !recurrence.cancelled.contains(original) && has(original) {
            if let moved = occurrence(startingAt: original) { found.append(moved) }
        }
        return found.filter { $0.isWithin(window) }
            .sorted { ($0.span.start, $0.original) < ($1.span.start, $1.original) }
    }

    /// One occurrence by its original start; nil when the series has none there or when it was cancelled.
    package func occurrence(_ original: WallTime) -> Occurrence? {
        guard !recurrence.cancelled.contains(original), has(original) else { return nil }
        return occurrence(startingAt: original)
    }

    /// Whether the series puts an occurrence there, cancelled or not.
    package func has(_ original: WallTime) -> Bool {
        recurrence.additions.contains(original)
            || rule(from: original.date, through: original.date).contains(original)
    }

    /// Original starts within some dates, cancelled ones too, in order.
    package func originals(from: CivilDate, through: CivilDate) -> [WallTime] {
        let fromRule = rule(from: from, through: through)
        let added = recurrence.additions.filter { from <= $0.date && $0.date <= through }
        return added.isEmpty ? fromRule : Set(fromRule).union(added).sorted()
    }

    /// When the series puts an occurrence, before any change to it.
    package func regularTime(of original: WallTime) -> MeetingTime? {
        switch meeting.time {
        case .timed(let timed):
            return Expansions.shared.time(
                .timed(original, timed.zone, microseconds: timed.span.duration.wholeMicroseconds))
        case .allDay(let allDay):
            let days = Zones.days(from: allDay.first, to: allDay.end)
            return Expansions.shared.time(.allDay(original.date, roomZone, days: days))
        }
    }

    /// From the first occurrence to the end of the last one, exceptions included; an endless series reaches to
    /// ``Instant/distantFuture``.
    package var reach: TimeSpan {
        var start = meeting.span.start
        var end = meeting.span.end
        switch recurrence.rule.end {
        case .never: end = .distantFuture
        case .on(let date):
            end = max(end, startOfDay(Zones.date(date, addingDays: 1)).advanced(by: meeting.span.duration))
        case .after:
            let last = rule(from: self.start.date, through: Self.lastDate).last
            if let last, let time = regularTime(of: last) { end = max(end, time.span.end) }
        }
        for original in recurrence.additions {
            guard let span = regularTime(of: original)?.span else { continue }
            (start, end) = (min(start, span.start), max(end, span.end))
        }
        for span in recurrence.exceptions.values.compactMap(\.time?.span) {
            (start, end) = (min(start, span.start), max(end, span.end))
        }
        return TimeSpan(start: start, end: end)
    }

    /// Whether every occurrence was cancelled: nothing is left of the series.
    package var isEmpty: Bool {
        guard !recurrence.cancelled.isEmpty, recurrence.rule.end != .never else { return false }
        var last = Self.lastDate
        if case .on(let date) = recurrence.rule.end { last = date }
        return originals(from: start.date, through: last).allSatisfy(recurrence.cancelled.contains)
            && recurrence.additions.isSubset(of: recurrence.cancelled)
    }

    private func startOfDay(_ date: CivilDate) -> Instant { Zones.startOfDay(date, in: zone) ?? .distantFuture }

    private func rule(from: CivilDate, through: CivilDate) -> [WallTime] {
        Expansions.shared.starts(of: recurrence.rule, startingAt: start, from: from, through: through)
    }

    private func occurrence(startingAt original: WallTime) -> Occurrence? {
        guard let regular = regularTime(of: original) else { return nil }
        let change = recurrence.exceptions[original]
        return Occurrence(original: original, time: change?.time ?? regular, regularTime: regular, change: change)
    }

    private static let lastDate = CivilDate(year: 9000, month: 12, day: 31)
    private static let earliest = Instant(seconds: -8_000_000_000)
    private static let latest = Instant(seconds: 200_000_000_000)
}

/// One occurrence of a series.
package struct Occurrence: Hashable, Sendable {
    /// Where the series puts it, in the series' zone: the name by which it is known.
    package var original: WallTime
    /// When it is.
    package var time: MeetingTime
    /// When it would be, had nobody moved it.
    package var regularTime: MeetingTime
    package var change: OccurrenceChange?

    package var span: TimeSpan { time.span }

    /// Whether it holds the room, given how the series is shown.
    package func holdsRoom(in series: Meeting) -> Bool { (change?.showAs ?? series.showAs).holdsRoom }

    fileprivate func isWithin(_ window: TimeSpan) -> Bool {
        span.isEmpty ? window.contains(span.start) : span.overlaps(window)
    }
}

extension Meeting {
    /// The spans in which the meeting holds the room within a window: one for a single meeting, one an occurrence.
    package func heldSpans(in window: TimeSpan, roomZone: ZoneID) -> [TimeSpan] {
        guard let series = Series(self, roomZone: roomZone) else {
            return showAs.holdsRoom && span.overlaps(window) ? [span] : []
        }
        return series.occurrences(in: window).filter { $0.holdsRoom(in: self) }.map(\.span)
    }

    /// From the start to the end of the meeting, or of the whole series.
    package func reach(roomZone: ZoneID) -> TimeSpan { Series(self, roomZone: roomZone)?.reach ?? span }
}
