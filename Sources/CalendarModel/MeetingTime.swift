/// When a meeting is. A timed meeting has wall times in the zone it was made in; an all-day meeting has dates, which float
/// with the room.
package enum MeetingTime: Hashable, Sendable, Codable {
    case timed(TimedSpan)
    case allDay(AllDaySpan)

    /// The instants during which the meeting holds the room.
    package var span: TimeSpan {
        switch self {
        case .timed(let timed): timed.span
        case .allDay(let allDay): allDay.span
        }
    }

    package var isAllDay: Bool {
        if case .allDay = self { return true }
        return false
    }

    /// Whether both mean the same time: the same instants, or the same dates. The zone a single meeting was typed in is
    /// not compared, because vendors rename zones.
    package func sameTime(as other: MeetingTime) -> Bool {
        switch (self, other) {
        case (.timed(let left), .timed(let right)): left.span == right.span
        case (.allDay(let left), .allDay(let right)): left.first == right.first && left.end == right.end
        default: false
        }
    }

    /// The time as text, equal for two that are the same time; for digests.
    var canonicalText: String {
        switch self {
        case .timed(let timed): "timed \(timed.span.start.microseconds) \(timed.span.end.microseconds)"
        case .allDay(let allDay): "allDay \(allDay.first) \(allDay.end)"
        }
    }
}

/// Wall times in a zone, with the instants they stand for. Made by CalendarTime's `Zones`, which knows the rules.
package struct TimedSpan: Hashable, Sendable, Codable {
    package let start: WallTime
    package let end: WallTime
    package let zone: ZoneID
    package let span: TimeSpan

    package init(start: WallTime, end: WallTime, zone: ZoneID, span: TimeSpan) {
        self.start = start
        self.end = end
        self.zone = zone
        self.span = span
    }
}

/// Whole days, with the instants they stand for in the room's zone.
package struct AllDaySpan: Hashable, Sendable, Codable {
    package let first: CivilDate
    /// The day after the last one.
    package let end: CivilDate
    package let span: TimeSpan

    package init(first: CivilDate, end: CivilDate, span: TimeSpan) {
        self.first = first
        self.end = end
        self.span = span
    }
}
