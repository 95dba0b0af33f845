import CalendarModel
import CalendarTime

/// When a meeting is asked to be, as a person typed it and before anything was checked.
package enum TimeDraft: Hashable, Sendable {
    case timed(start: ZonedTime, end: ZonedTime)
    /// Whole days in the room's zone; `end` is the day after the last one.
    case allDay(first: CivilDate, end: CivilDate)

    /// The time of a meeting that stands, as a draft again.
    package init(_ time: MeetingTime) {
        switch time {
        case .timed(let timed):
            self = .timed(
                start: ZonedTime(timed.start, at: timed.span.start, in: timed.zone),
                end: ZonedTime(timed.end, at: timed.span.end, in: timed.zone))
        case .allDay(let allDay): self = .allDay(first: allDay.first, end: allDay.end)
        }
    }
}

/// A wall time with the name of a zone that may not exist.
package struct ZonedTime: Hashable, Sendable {
    package var wall: WallTime
    package var zone: String
    /// Minutes ahead of UTC: says which of the two is meant in the hour that autumn repeats.
    package var offset: Int?

    package init(wall: WallTime, zone: String, offset: Int? = nil) {
        self.wall = wall
        self.zone = zone
        self.offset = offset
    }

    init(_ wall: WallTime, at instant: Instant, in zone: ZoneID) {
        self.init(wall: wall, zone: zone.name, offset: Zones.offset(of: wall, at: instant))
    }
}

/// The parts of a meeting's time that somebody wants changed; the others stay as they are.
package struct TimeChange: Hashable, Sendable {
    package var start: ZonedTime?
    package var end: ZonedTime?
    package var allDay: Bool?
    package var startDate: CivilDate?
    package var endDate: CivilDate?

    package init(
        start: ZonedTime? = nil, end: ZonedTime? = nil, allDay: Bool? = nil, startDate: CivilDate? = nil,
        endDate: CivilDate? = nil
    ) {
        self.start = start
        self.end = end
        self.allDay = allDay
        self.startDate = startDate
        self.endDate = endDate
    }

    /// A whole time.
    package init(_ time: MeetingTime) {
        switch TimeDraft(time) {
        case .timed(let start, let end): self.init(start: start, end: end, allDay: false)
        case .allDay(let first, let end): self.init(allDay: true, startDate: first, endDate: end)
        }
    }

    package var isEmpty: Bool {
        start == nil && end == nil && allDay == nil && startDate == nil && endDate == nil
    }

    /// This change applied to `time`, or to nothing for a new meeting: a whole draft, or what is missing for one.
    package func applied(to time: TimeDraft?) -> Checked<TimeDraft> {
        var wantsAllDay = allDay
        if wantsAllDay == nil, case .allDay? = time { wantsAllDay = true }
        return wantsAllDay == true ? allDayDraft(from: time) : timedDraft(from: time)
    }

    private func timedDraft(from time: TimeDraft?) -> Checked<TimeDraft> {
        var violations = misplaced([("startDate", startDate != nil), ("endDate", endDate != nil)], isAllDay: false)
        var start = start
        var end = end
        if case .timed(let oldStart, let oldEnd)? = time {
            start = start ?? oldStart
            end = end ?? oldEnd
        }
        if start == nil { violations.append(.required("start", "A meeting that is not all-day needs a start.")) }
        if end == nil { violations.append(.required("end", "A meeting that is not all-day needs an end.")) }
        guard violations.isEmpty, let start, let end else { return Checked(violations) }
        return Checked(.timed(start: start, end: end))
    }

    private func allDayDraft(from time: TimeDraft?) -> Checked<TimeDraft> {
        var violations = misplaced([("start", start != nil), ("end", end != nil)], isAllDay: true)
        var first = startDate
        var end = endDate
        if case .allDay(let oldFirst, let oldEnd)? = time {
            first = first ?? oldFirst
            end = end ?? oldEnd
        }
        if first == nil { violations.append(.required("startDate", "An all-day meeting needs a first day.")) }
        if end == nil {
            violations.append(.required("endDate", "An all-day meeting needs an end: the day after its last one."))
        }
        guard violations.isEmpty, let first, let end else { return Checked(violations) }
        return Checked(.allDay(first: first, end: end))
    }

    private func misplaced(_ fields: [(name: String, isSet: Bool)], isAllDay: Bool) -> [RuleViolation] {
        fields.filter(\.isSet).map { field in
            RuleViolation(
                code: "misplaced", field: field.name,
                message: isAllDay
                    ? "An all-day meeting has startDate and endDate; leave out \(field.name)."
                    : "\(field.name) belongs to all-day meetings; give start and end, or set allDay to true.")
        }
    }
}
