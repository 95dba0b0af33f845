import CalendarModel
import CalendarTime
import Foundation
import GraphConnector
import HTTPTransport
import ICalendar
import StandIns
import SyncEngine
import Testing

/// Series for the tests against loopsim: in Oslo's wall time, from Monday, 2 March 2026, 10:00 on.
enum SeriesFixture {
    static let oslo = ZoneID("Europe/Oslo")
    static let content: Set<MeetingField> = [
        .time, .subject, .body, .showAs, .sensitivity, .location, .recurrence,
    ]
    /// Rooms that leave what the organizer wrote.
    static let plainRoom = #"""
        "fullAccess":["sync@contoso.example"],"calendarProcessing":{"deleteSubject":false,"addOrganizerToSubject":false,
        "deleteComments":false,"removePrivateProperty":false}
        """#

    static func room(_ more: String) -> String { plainRoom.replacing("false}", with: "false,\(more)}") }

    /// In March.
    static func wall(_ day: Int, _ hour: Int = 10) -> WallTime { wall(3, day, hour) }

    static func wall(_ month: Int, _ day: Int, _ hour: Int) -> WallTime {
        WallTime(date: CivilDate(year: 2026, month: month, day: day), hour: hour, minute: 0)
    }

    static func weekly(
        _ subject: String = "Weekly", count: Int? = 8, cancelled: Set<WallTime> = [],
        exceptions: [WallTime: OccurrenceChange] = [:]
    ) throws -> Meeting {
        try series(
            RecurrenceRule(
                frequency: .weekly, weekdays: [.monday], end: count.map { .after(count: $0) } ?? .never),
            subject, cancelled: cancelled, exceptions: exceptions)
    }

    static func series(
        _ rule: RecurrenceRule, _ subject: String = "Series", at hour: Int = 10, day: Int = 2,
        cancelled: Set<WallTime> = [], exceptions: [WallTime: OccurrenceChange] = [:]
    ) throws -> Meeting {
        var meeting = try StandInWorld.meeting(subject, at: hour, day: day)
        meeting.recurrence = Recurrence(rule: rule, cancelled: cancelled, exceptions: exceptions)
        return meeting
    }

    static func moved(_ day: Int, _ hour: Int, _ subject: String? = nil) throws -> OccurrenceChange {
        OccurrenceChange(
            time: .timed(try Zones.timed(start: wall(day, hour), end: wall(day, hour + 1), zone: oslo)),
            subject: subject)
    }

    /// When the room is held, in words.
    static func held(_ meeting: Meeting) -> [String] {
        meeting.heldSpans(in: StandInWorld.window, roomZone: oslo).map { Timestamps.rfc3339($0.start) }
    }
}

extension StandInWorld {
    /// Anna books the room every Monday at 9.
    func annaBooksWeekly(_ subject: String = "Weekly", count: Int = 5, at hour: Int = 9) async throws -> String {
        try await annaBooks(
            subject, at: hour, day: 2,
            more: """
                ,"recurrence":{"pattern":{"type":"weekly","interval":1,"daysOfWeek":["monday"]},
                "range":{"type":"numbered","startDate":"2026-03-02","numberOfOccurrences":\(count)}}
                """)
    }

    /// The occurrences of a calendar in order, as a person sees them.
    func view(_ owner: String = "/me", as person: String = Self.anna) async throws -> [JSONDocument] {
        let window = "startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-08-01T00:00:00Z"
        let (status, json) = try await outlook(
            .get, "\(owner)/calendarView?\(window)&$top=500", as: person)
        #expect(status == 200)
        return json?["value"]?.array ?? []
    }

    func update(
        _ event: Event, to meeting: Meeting, _ parts: MeetingParts, ifVersion version: Version? = nil
    ) async throws -> WriteOutcome {
        try await connector.update(
            EventReference(event: event.id), to: meeting, parts: parts, ifVersion: version ?? event.version,
            in: Self.room)
    }

    /// The only event of the room.
    func onlyEvent() async throws -> Event {
        let reading = try await read()
        #expect(reading.changed.count == 1)
        return try #require(reading.changed.first)
    }

    func settle() { clock.pass(.seconds(10)) }
}
