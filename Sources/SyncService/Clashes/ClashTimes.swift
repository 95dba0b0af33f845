import CalendarModel
import CalendarTime
import ICalendar

/// Times of meetings in a clash.
extension ClashAct {
    /// The zone in which a meeting's wall times are meant.
    static func zone(of meeting: Meeting, room: ZoneID) -> ZoneID {
        if case .timed(let timed) = meeting.time { return timed.zone }
        return room
    }

    /// A span as a time of the same kind as another.
    /// - Throws: `TimeError`.
    static func time(_ span: TimeSpan, like time: MeetingTime, zone: ZoneID) throws -> MeetingTime {
        guard time.isAllDay, let first = Zones.date(of: span.start, in: zone),
            let end = Zones.date(of: span.end, in: zone)
        else { return .timed(try Zones.timed(span: span, zone: zone)) }
        return .allDay(try Zones.allDay(first: first, end: end, zone: zone))
    }

    static func regularTime(of occurrence: WallTime, in meeting: Meeting, roomZone: ZoneID) -> MeetingTime? {
        Series(meeting, roomZone: roomZone)?.regularTime(of: occurrence)
    }
}
