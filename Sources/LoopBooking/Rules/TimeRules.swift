import CalendarModel
import CalendarTime

/// When a room can be booked in LoopBooking.
package enum TimeRules {
    /// How long after its start a meeting can still be booked: people book the room they are standing in.
    package static let grace: Duration = .seconds(300)

    /// The instants that a draft stands for. All-day drafts take the room's zone.
    package static func resolve(_ draft: TimeDraft, roomZone: ZoneID) -> Checked<MeetingTime> {
        switch draft {
        case .timed(let start, let end): timed(start: start, end: end)
        case .allDay(let first, let end): allDay(first: first, end: end, zone: roomZone)
        }
    }

    /// The rules that `time` breaks as the time of a new booking, or of one that stood at `previous`. A rule that was
    /// broken before and is not broken further does not stop a change: a meeting that is too long can be shortened.
    ///
    /// - Parameter isWithinHorizon: false for what may lie further ahead than the room can be booked.
    package static func violations(
        of time: MeetingTime, previous: MeetingTime? = nil, in room: Room, now: Instant, isWithinHorizon: Bool = true
    ) -> [RuleViolation] {
        let fields = time.isAllDay ? (start: "startDate", end: "endDate") : (start: "start", end: "end")
        let span = time.span
        guard !span.isEmpty else {
            return [
                RuleViolation(code: "end-before-start", field: fields.end, message: "The end must be after the start.")
            ]
        }
        var violations = past(span, previous: previous?.span, fields: fields, now: now)
        let limits =
            length(time, previous: previous, room: room, field: fields.end)
            + (isWithinHorizon
                ? horizon(span, previous: previous?.span, room: room, field: fields.end, now: now) : [])
        violations += limits
        // Walking the opening hours of a span of years helps nobody.
        if limits.isEmpty, previous?.span.contains(span) != true {
            violations += openingHours(span, room: room, fields: fields)
        }
        return violations
    }

    private static func timed(start: ZonedTime, end: ZonedTime) -> Checked<MeetingTime> {
        guard let zone = Zones.known(start.zone) else {
            let ends = Zones.known(end.zone) == nil && end.zone != start.zone ? [unknownZone(end.zone, of: "end")] : []
            return Checked([unknownZone(start.zone, of: "start")] + ends)
        }
        guard let endZone = Zones.known(end.zone) else { return Checked([unknownZone(end.zone, of: "end")]) }
        let from = instant(start, in: zone, field: "start")
        let until = instant(end, in: endZone, field: "end")
        guard let from = from.value, let until = until.value else {
            return Checked(from.violations + until.violations)
        }
        guard from < until else { return Checked([violation(for: .endBeforeStart, field: "end")]) }
        // A meeting has one zone: that of its start.
        let endWall = endZone == zone ? end.wall : Zones.wallTime(of: until, in: zone) ?? end.wall
        return Checked(
            .timed(
                TimedSpan(start: start.wall, end: endWall, zone: zone, span: TimeSpan(start: from, end: until))))
    }

    private static func instant(_ time: ZonedTime, in zone: ZoneID, field: String) -> Checked<Instant> {
        guard let offset = time.offset else {
            return Zones.instant(of: time.wall, in: zone).map { Checked($0) }
                ?? Checked([unknownZone(zone.name, of: field)])
        }
        if let instant = Zones.instant(of: time.wall, offset: offset, in: zone) { return Checked(instant) }
        return Checked([
            RuleViolation(
                code: "offset-mismatch", field: "\(field).offset",
                message: """
                    Clocks in \(zone) that show \(time.wall) are not \(Timestamps.offset(offset)) from UTC. Leave offset \
                    out, or give the zone's own.
                    """)
        ])
    }

    private static func allDay(first: CivilDate, end: CivilDate, zone: ZoneID) -> Checked<MeetingTime> {
        guard first < end else {
            return Checked([
                RuleViolation(
                    code: "end-before-start", field: "endDate",
                    message: "endDate is the day after the last one, so it must be later than startDate.")
            ])
        }
        do { return Checked(.allDay(try Zones.allDay(first: first, end: end, zone: zone))) } catch {
            return Checked([violation(for: error, field: "endDate")])
        }
    }

    private static func violation(for error: TimeError, field: String) -> RuleViolation {
        let code = error == .endBeforeStart ? "end-before-start" : "invalid-time"
        return RuleViolation(code: code, field: field, message: "\(error)")
    }

    private static func unknownZone(_ name: String, of field: String) -> RuleViolation {
        RuleViolation(
            code: "unknown-time-zone", field: "\(field).timeZone",
            message: "\"\(name.prefix(64))\" is not a time zone. Give an IANA name such as Europe/Oslo.")
    }

    private static func past(
        _ span: TimeSpan, previous: TimeSpan?, fields: (start: String, end: String), now: Instant
    ) -> [RuleViolation] {
        let earliest = now.advanced(by: .zero - grace)
        if span.start == previous?.start {
            guard span.end != previous?.end, span.end < earliest else { return [] }
            return [
                RuleViolation(
                    code: "in-the-past", field: fields.end,
                    message: "A meeting can be ended now, but not at a time that is over.")
            ]
        }
        guard span.start < earliest else { return [] }
        // The day that has begun can still be booked as a whole.
        if fields.start == "startDate", span.end > now { return [] }
        return [
            RuleViolation(
                code: "in-the-past", field: fields.start, message: "A room cannot be booked for a time that is over.")
        ]
    }

    private static func length(
        _ time: MeetingTime, previous: MeetingTime?, room: Room, field: String
    ) -> [RuleViolation] {
        let length = nominalLength(time)
        guard length > .seconds(60 * room.rules.maximumMinutes) else { return [] }
        if let previous, length <= nominalLength(previous) { return [] }
        return [
            RuleViolation(
                code: "too-long", field: field,
                message: "The room can be booked for at most \(room.rules.maximumMinutes) minutes at a time.")
        ]
    }

    /// The elapsed time; for whole days 24 hours each, also on the days when clocks change.
    private static func nominalLength(_ time: MeetingTime) -> Duration {
        guard case .allDay(let days) = time,
            let plain = try? Zones.allDay(first: days.first, end: days.end, zone: .utc)
        else { return time.span.duration }
        return plain.span.duration
    }

    private static func horizon(
        _ span: TimeSpan, previous: TimeSpan?, room: Room, field: String, now: Instant
    ) -> [RuleViolation] {
        guard let today = Zones.wallTime(of: now, in: room.zone)?.date else { return [] }
        let last = Zones.date(today, addingDays: room.rules.horizonDays)
        let midnight = WallTime(date: Zones.date(last, addingDays: 1), hour: 0, minute: 0)
        guard let limit = Zones.instant(of: midnight, in: room.zone), span.end > limit else { return [] }
        if let previous, span.end <= previous.end { return [] }
        return [
            RuleViolation(
                code: "beyond-horizon", field: field,
                message: "The room can be booked \(room.rules.horizonDays) days ahead, until the end of \(last).")
        ]
    }

    private static func openingHours(
        _ span: TimeSpan, room: Room, fields: (start: String, end: String)
    ) -> [RuleViolation] {
        guard case .weekly(let week) = room.openingHours else { return [] }
        let open = OpeningTimes.spans(of: room, touching: span)
        if open.contains(where: { $0.contains(span) }) { return [] }
        let startsInside = open.contains { $0.contains(span.start) }
        let words =
            Zones.wallTime(of: span.start, in: room.zone).map { start in
                let day = Zones.weekday(of: start.date)
                return week[day].map { "On \(day.rawValue)s the room is open from \(OpeningTimes.words(for: $0))" }
                    ?? "On \(day.rawValue)s the room is closed"
            } ?? "The room is closed then"
        return [
            RuleViolation(
                code: "outside-opening-hours", field: startsInside ? fields.end : fields.start,
                message: "\(words) (\(room.zone) time).")
        ]
    }
}
