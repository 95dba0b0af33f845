import CalendarModel
import CalendarTime
import Foundation
import GraphConnector
import HTTPTransport
import ICalendar
import StandIns
import SyncEngine
import TestSupport
import Testing

/// Graph calls every zone that has rules and no name `tzone://Microsoft/Custom`, and keeps the rules to itself.
@Suite("Series in a zone without a name", .serialized, .timeLimit(.minutes(3))) struct UnnamedZoneTests {
    /// Weekly at ten, from Monday, 2 March 2026, by clocks that change as New York's do: on 8 March. Oslo's change on the
    /// 29th.
    private static let file = """
        BEGIN:VCALENDAR
        BEGIN:VTIMEZONE
        TZID:Head office
        BEGIN:STANDARD
        DTSTART:16010101T020000
        TZOFFSETFROM:-0400
        TZOFFSETTO:-0500
        RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
        END:STANDARD
        BEGIN:DAYLIGHT
        DTSTART:16010101T020000
        TZOFFSETFROM:-0500
        TZOFFSETTO:-0400
        RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
        END:DAYLIGHT
        END:VTIMEZONE
        BEGIN:VEVENT
        UID:1
        SUMMARY:Weekly
        DTSTART;TZID=Head office:20260302T100000
        DTEND;TZID=Head office:20260302T110000
        RRULE:FREQ=WEEKLY
        EXDATE;TZID=Head office:20260316T100000
        END:VEVENT
        BEGIN:VEVENT
        UID:1
        SUMMARY:Later
        RECURRENCE-ID;TZID=Head office:20260323T100000
        DTSTART;TZID=Head office:20260323T120000
        DTEND;TZID=Head office:20260323T130000
        END:VEVENT
        END:VCALENDAR
        """

    @Test func `Its occurrences are right before and after both clocks change`() async throws {
        try await StandInWorld.run(room: SeriesFixture.plainRoom) { world in
            _ = try await world.world.importCalendar(Self.file, into: StandInWorld.room, timeZone: nil)
            let path = "/users/\(StandInWorld.room)/events"
            let (_, json) = try await world.outlook(.get, path, as: StandInWorld.account)
            let shown = try #require(json?["value"]?.array?.first)
            #expect(shown["originalStartTimeZone"]?.string == "tzone://Microsoft/Custom")
            #expect(shown["recurrence"]?["range"]?["recurrenceTimeZone"]?.string == "tzone://Microsoft/Custom")

            let reading = try await world.read()
            #expect(reading.unreadable == 0)
            let event = try #require(reading.changed.first)
            guard case .timed(let timed) = event.meeting.time else {
                Issue.record("not timed")
                return
            }
            // When New York's clocks change is known by the occurrences, how far they are behind is not.
            #expect(timed.start.date == SeriesFixture.wall(3, 2, 0).date)
            let hour = timed.start.hour
            let recurrence = try #require(event.meeting.recurrence)
            #expect(recurrence.cancelled == [SeriesFixture.wall(3, 16, hour)])
            #expect(recurrence.exceptions.keys.sorted() == [SeriesFixture.wall(3, 23, hour)])
            #expect(
                SeriesFixture.held(event.meeting).prefix(5).map { $0.dropFirst(5).prefix(8) } == [
                    "03-02T15", "03-09T14", "03-23T16", "03-30T14", "04-06T14",
                ])
            #expect(try await world.fetch(event.id) == event)
        }
    }

    @Test func `Nothing more is asked for series whose zone has a name`() async throws {
        try await StandInWorld.run(room: SeriesFixture.plainRoom) { world in
            _ = try await world.create(StandInWorld.draft(try SeriesFixture.weekly()))
            let mark = await world.mark()
            _ = try await world.read()
            #expect(await world.graphRequests(after: mark).allSatisfy { !$0.contains("/instances") })
        }
    }

    @Test func `A changed title leaves its time alone`() async throws {
        try await StandInWorld.run(room: SeriesFixture.plainRoom) { world in
            _ = try await world.world.importCalendar(Self.file, into: StandInWorld.room, timeZone: nil)
            let event = try #require(try await world.read().changed.first)
            var wanted = event.meeting
            wanted.subject = "Retitled"
            _ = try await world.update(event, to: wanted, MeetingParts([.subject]))
            let after = try #require(try await world.fetch(event.id))
            #expect(after.meeting.subject == "Retitled")
            #expect(SeriesFixture.held(after.meeting) == SeriesFixture.held(event.meeting))
            let (_, json) = try await world.outlook(
                .get, "/users/\(StandInWorld.room)/events", as: StandInWorld.account)
            #expect(json?["value"]?.array?.first?["originalStartTimeZone"]?.string == "tzone://Microsoft/Custom")
        }
    }

    /// By hand: what loopsim cannot hold, because no known zone has such rules.
    private static func read(_ instants: [String]) async throws -> Event? {
        func occurrence(_ number: Int, _ start: String) -> String {
            GraphJSON.event(
                "o\(number)", start: start, end: start.replacing(":00:00", with: ":30:00"),
                more: #","seriesMasterId":"m1","originalStart":"\#(start)Z""#
            ).replacing("singleInstance", with: "occurrence")
        }
        let master = GraphJSON.event(
            "m1", start: instants[0], end: instants[0].replacing(":00:00", with: ":30:00"), subject: "Weekly",
            more: """
                ,"recurrence":{"pattern":{"type":"weekly","interval":1,"daysOfWeek":["monday"],"firstDayOfWeek":"monday"},
                "range":{"type":"noEnd","startDate":"2026-03-02","recurrenceTimeZone":"tzone://Microsoft/Custom"}}
                """
        ).replacing("singleInstance", with: "seriesMaster")
            .replacing("W. Europe Standard Time", with: "tzone://Microsoft/Custom")
        let items = instants.enumerated().map(occurrence)
        return try await ScriptedGraph.run { asked in
            .init(body: asked.target.contains("/instances") ? GraphJSON.page(items) : master)
        } _: { graph in
            try await graph.fetch("m1")
        }
    }

    @Test func `Clocks that change as the room's do are the room's`() async throws {
        let event = try await Self.read(
            ["2026-03-02T08:00:00", "2026-03-09T08:00:00", "2026-03-23T08:00:00", "2026-03-30T07:00:00"])
        guard case .timed(let timed) = try #require(event).meeting.time else {
            Issue.record("not timed")
            return
        }
        #expect((timed.zone.name, timed.start.description) == ("Europe/Oslo", "2026-03-02T09:00:00"))
        #expect(event?.meeting.recurrence?.irregular.isEmpty == true)
    }

    @Test func `Clocks that change as nobody's do are followed occurrence by occurrence`() async throws {
        // An hour for one week in the middle of March.
        let instants = [
            "2026-03-02T08:00:00", "2026-03-09T08:00:00", "2026-03-16T09:00:00", "2026-03-23T08:00:00",
            "2026-03-30T07:00:00", "2026-04-06T07:00:00",
        ]
        let event = try #require(try await Self.read(instants))
        #expect(SeriesFixture.held(event.meeting).prefix(6).map { $0.dropLast() + "" } == instants)
        #expect(event.meeting.recurrence?.exceptions.keys.sorted() == [SeriesFixture.wall(3, 16, 9)])
    }
}
