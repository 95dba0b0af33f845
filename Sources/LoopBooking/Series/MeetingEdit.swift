import CalendarModel
import CalendarTime
import ICalendar

/// What a change makes of a meeting, single or recurring, and every rule it breaks.
struct MeetingEdit {
    struct Result: Sendable {
        var meeting: Meeting
        /// Original starts, before the change, of changed occurrences that the series no longer has.
        var fellAway: [WallTime] = []
    }

    let room: Room
    let now: Instant

    /// A new meeting: its content, with a time that is not checked yet.
    func make(_ meeting: Meeting, recurrence: RecurrenceChange?) -> Checked<Result> {
        guard let recurrence else {
            let violations = TimeRules.violations(of: meeting.time, in: room, now: now)
            return violations.isEmpty ? Checked(Result(meeting: meeting)) : Checked(violations)
        }
        return series(.value(recurrence), on: meeting, before: nil)
    }

    /// A change to a meeting that stands.
    func apply(_ change: BookingChange, to old: Meeting) -> Checked<Result> {
        var violations = MeetingRules.violations(of: change)
        var new = change.applied(to: old)
        let time = self.time(change.time, over: old.time)
        violations += time.violations
        new.time = time.value ?? old.time
        if old.recurrence == nil, change.recurrence == nil || change.recurrence == .nothing {
            if !new.time.sameTime(as: old.time) {
                violations += TimeRules.violations(of: new.time, previous: old.time, in: room, now: now)
            }
            return violations.isEmpty ? Checked(Result(meeting: new)) : Checked(violations)
        }
        if new.time == old.time, change.recurrence == nil {
            return violations.isEmpty ? Checked(Result(meeting: new)) : Checked(violations)
        }
        // Rules that need a time are only judged on a good one.
        guard time.violations.isEmpty else { return Checked(violations) }
        let result = series(change.recurrence, on: new, before: old)
        violations += result.violations
        guard violations.isEmpty, let result = result.value else { return Checked(violations) }
        return Checked(result)
    }

    /// The time that a change makes of another, without the room's rules.
    func time(_ change: TimeChange?, over old: MeetingTime) -> Checked<MeetingTime> {
        guard let change, !change.isEmpty else { return Checked(old) }
        let draft = change.applied(to: TimeDraft(old))
        guard let draft = draft.value else { return Checked(draft.violations) }
        return TimeRules.resolve(draft, roomZone: room.zone)
    }

    private func series(
        _ wanted: BookingChange.Replacement<RecurrenceChange>?, on meeting: Meeting, before old: Meeting?
    ) -> Checked<Result> {
        if wanted == .nothing { return single(meeting, before: old) }
        var change = RecurrenceChange()
        if case .value(let given)? = wanted { change = given }
        var zone: ZoneID?
        if case .timed(let timed) = meeting.time { zone = timed.zone }
        let rule = change.rule(over: old?.recurrence?.rule, start: meeting.time.start, zone: zone)
        guard let rule = rule.value else { return Checked(rule.violations) }
        var violations = RecurrenceRules.violations(of: rule)
        violations += sizes(of: change)
        guard violations.isEmpty else { return Checked(violations) }

        var result = Result(meeting: meeting)
        result.meeting.recurrence = Recurrence(rule: rule, additions: change.additions ?? [])
        let kept = old.map { Kept($0, in: room, movingTo: meeting.time) }
        if change.additions == nil { result.meeting.recurrence?.additions = kept?.additions ?? [] }
        violations += putStartOnPattern(&result.meeting)
        violations += startsFirstTime(result.meeting.time)
        guard violations.isEmpty, let series = Series(result.meeting, roomZone: room.zone) else {
            return Checked(violations)
        }
        if let cancelled = change.cancelled {
            violations += missing(cancelled, from: series, field: "cancelled")
            result.meeting.recurrence?.cancelled = cancelled
        } else {
            result.meeting.recurrence?.cancelled = kept?.cancelled.filter(series.has) ?? []
        }
        if let exceptions = change.exceptions {
            let read = self.exceptions(exceptions, of: series)
            violations += read.violations
            result.meeting.recurrence?.exceptions = read.value ?? [:]
        } else if let kept {
            for (original, exception) in kept.exceptions {
                if series.has(exception.original) {
                    result.meeting.recurrence?.exceptions[exception.original] = exception.change
                } else if old?.recurrence?.cancelled.contains(original) != true {
                    result.fellAway.append(original)
                }
            }
        }
        guard violations.isEmpty else { return Checked(violations) }
        violations = SeriesRules.violations(of: result.meeting, previous: old, in: room, now: now)
        return violations.isEmpty ? Checked(result) : Checked(violations)
    }

    /// A series that becomes a single meeting at its start.
    private func single(_ meeting: Meeting, before old: Meeting?) -> Checked<Result> {
        var result = Result(meeting: meeting, fellAway: (old?.recurrence?.exceptions.keys).map { $0.sorted() } ?? [])
        result.meeting.recurrence = nil
        guard meeting.time != old?.time else { return Checked(result) }
        let violations = TimeRules.violations(of: meeting.time, previous: old?.time, in: room, now: now)
        return violations.isEmpty ? Checked(result) : Checked(violations)
    }

    private func sizes(of change: RecurrenceChange) -> [RuleViolation] {
        RecurrenceRules.tooMany(change.cancelled?.count ?? 0, "cancelled")
            + RecurrenceRules.tooMany(change.exceptions?.count ?? 0, "exceptions")
            + RecurrenceRules.tooMany(change.additions?.count ?? 0, "additions")
    }

    /// Moves the start to the first day that the rule matches, unless it was added to the series by itself.
    private func putStartOnPattern(_ meeting: inout Meeting) -> [RuleViolation] {
        guard let series = Series(meeting, roomZone: room.zone) else { return [] }
        let rule = series.recurrence.rule
        if case .on(let last) = rule.end, last < series.start.date {
            return [
                RuleViolation(
                    code: "until-before-start", field: "recurrence.until",
                    message: "until is \(last), but the series starts on \(series.start.date).")
            ]
        }
        guard let first = RecurrenceRules.firstMatch(of: rule, from: series.start) else {
            return [
                RuleViolation(
                    code: "never-matches", field: "recurrence",
                    message: "The rule matches no day from \(series.start.date) on. Correct its days, months or end.")
            ]
        }
        if first != series.start, !series.recurrence.additions.contains(series.start),
            let time = series.regularTime(of: first)
        {
            meeting.time = time
        }
        return []
    }

    /// The rule of a series puts its occurrences on the clock, so in the hour that autumn repeats they start the first time.
    private func startsFirstTime(_ time: MeetingTime) -> [RuleViolation] {
        guard case .timed(let timed) = time, Zones.instant(of: timed.start, in: timed.zone) != timed.span.start else {
            return []
        }
        return [
            RuleViolation(
                code: "offset-mismatch", field: "start.offset",
                message: "The meetings of a series start the first time that clocks show \(timed.start).")
        ]
    }

    private func missing(_ originals: Set<WallTime>, from series: Series, field: String) -> [RuleViolation] {
        let missing = originals.filter { !series.has($0) }
        guard !missing.isEmpty else { return [] }
        return [
            RuleViolation(
                code: "no-such-occurrence", field: "recurrence.\(field)",
                message:
                    "The series has no occurrence at \(missing.sorted().prefix(5).map(\.description).joined(separator: ", "))."
            )
        ]
    }

    private func exceptions(
        _ wanted: [RecurrenceChange.Exception], of series: Series
    ) -> Checked<[WallTime: OccurrenceChange]> {
        var violations = missing(Set(wanted.map(\.original)), from: series, field: "exceptions")
        guard violations.isEmpty else { return Checked(violations) }
        var result: [WallTime: OccurrenceChange] = [:]
        for (index, exception) in wanted.enumerated() {
            let field = "recurrence.exceptions[\(index)]"
            let read = self.exception(exception.change, at: exception.original, of: series, field: "\(field).")
            violations += read.violations
            guard let change = read.value else { continue }
            if result.updateValue(change, forKey: exception.original) != nil {
                violations.append(
                    RuleViolation(
                        code: "repeated", field: "\(field).original",
                        message: "\(exception.original) stands more than once."))
            }
        }
        return violations.isEmpty ? Checked(result.filter { !$0.value.isEmpty }) : Checked(violations)
    }

    /// One occurrence with a change applied to it as it stands.
    ///
    /// - Parameter field: where the change stands in the request, with a dot at its end; empty for the request itself.
    func exception(
        _ change: BookingChange, at original: WallTime, of series: Series, field: String = ""
    ) -> Checked<OccurrenceChange> {
        guard let regular = series.regularTime(of: original) else { return Checked(OccurrenceChange()) }
        var violations = MeetingRules.violations(ofOccurrence: change, at: field)
        let present = series.meeting.occurrence(at: regular, series.recurrence.exceptions[original])
        let time = self.time(change.time, over: present.time)
        violations += time.violations.map { violation in
            var placed = violation
            placed.field = field + violation.field
            return placed
        }
        guard violations.isEmpty, let time = time.value else { return Checked(violations) }
        var wanted = change.applied(to: present)
        wanted.time = time
        return Checked(series.meeting.change(to: wanted, at: regular))
    }
}

/// What a series carries over when its rule or its time changes: the same dates, at the new wall time.
private struct Kept {
    private(set) var cancelled: Set<WallTime> = []
    private(set) var additions: Set<WallTime> = []
    /// By the original start before the change.
    private(set) var exceptions: [WallTime: (original: WallTime, change: OccurrenceChange)] = [:]

    init(_ old: Meeting, in room: Room, movingTo time: MeetingTime) {
        guard let series = Series(old, roomZone: room.zone) else { return }
        let from = series.start
        let to = time.start
        func carried(_ original: WallTime) -> WallTime {
            let isRegular = (original.hour, original.minute, original.second) == (from.hour, from.minute, from.second)
            guard isRegular else { return original }
            return WallTime(date: original.date, hour: to.hour, minute: to.minute, second: to.second)
        }
        cancelled = Set(series.recurrence.cancelled.map(carried))
        additions = Set(series.recurrence.additions.map(carried))
        for (original, change) in series.recurrence.exceptions {
            exceptions[original] = (carried(original), change)
        }
    }
}

extension MeetingTime {
    /// The wall time of the start; midnight for whole days.
    fileprivate var start: WallTime {
        switch self {
        case .timed(let timed): timed.start
        case .allDay(let days): WallTime(date: days.first, hour: 0, minute: 0)
        }
    }
}
