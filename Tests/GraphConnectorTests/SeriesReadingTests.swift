import CalendarModel
import CalendarTime
import Foundation
import GraphConnector
import HTTPTransport
import ICalendar
import StandIns
import SyncEngine
import Testing

@Suite("The connector against loopsim: series are one event", .serialized, .timeLimit(.minutes(3)))
struct SeriesReadingTests {
    private typealias Fixture = SeriesFixture

    @Test func `A person's series is one event that keeps its wall time`() async throws {
        try await StandInWorld.run(room: Fixture.plainRoom) { world in
            _ = try await world.annaBooksWeekly()
            let event = try await world.onlyEvent()
            #expect(event.meeting.subject == "Weekly")
            #expect(event.role == .attendee)
            #expect(event.response == .accepted)
            let recurrence = try #require(event.meeting.recurrence)
            #expect(recurrence.rule.frequency == .weekly)
            #expect(recurrence.rule.weekdays == [.monday])
            #expect(recurrence.rule.end == .after(count: 5))
            #expect(recurrence.irregular.isEmpty)
            guard case .timed(let timed) = event.meeting.time else {
                Issue.record("not timed")
                return
            }
            #expect(timed.zone == Fixture.oslo, "the Windows name stands for Oslo in a room in Oslo")
            #expect(timed.start == Fixture.wall(2, 9))
            // Oslo's clocks change on 29 March.
            #expect(
                Fixture.held(event.meeting).map { $0.dropFirst(5).prefix(8) } == [
                    "03-02T08", "03-09T08", "03-16T08", "03-23T08", "03-30T07",
                ])
        }
    }

    @Test func `Nothing new costs one request, a changed occurrence two`() async throws {
        try await StandInWorld.run(room: Fixture.plainRoom) { world in
            _ = try await world.annaBooksWeekly()
            let first = try await world.read()
            let version = try #require(first.changed.first?.version)
            var mark = await world.mark()
            let second = try await world.read(since: first.cursor)
            #expect(second.changed.isEmpty)
            #expect(await world.graphRequests(after: mark).count == 1)

            let hers = try await world.view()
            let id = try #require(hers[2]["id"]?.string)
            try await world.outlook(
                .patch, "/me/events/\(id)",
                """
                {"subject":"Moved","start":{"dateTime":"2026-03-17T13:00:00","timeZone":"W. Europe Standard Time"},
                "end":{"dateTime":"2026-03-17T14:00:00","timeZone":"W. Europe Standard Time"}}
                """)
            try await world.outlook(.delete, "/me/events/\(try #require(hers[3]["id"]?.string))")
            world.settle()
            mark = await world.mark()
            let third = try await world.read(since: second.cursor)
            #expect(await world.graphRequests(after: mark).count == 2)
            let event = try #require(third.changed.first)
            #expect(third.changed.count == 1)
            #expect(event.version != version)
            let recurrence = try #require(event.meeting.recurrence)
            #expect(recurrence.cancelled == [Fixture.wall(23, 9)])
            #expect(recurrence.exceptions == [Fixture.wall(16, 9): try Fixture.moved(17, 13, "Moved")])
            #expect(try await world.fetch(event.id) == event)
        }
    }

    @Test func `Reading whole windows, series that look the same are not read again`() async throws {
        try await StandInWorld.run(room: Fixture.plainRoom) { world in
            _ = try await world.annaBooksWeekly("One")
            _ = try await world.annaBooksWeekly("Two", at: 12)
            _ = try await world.annaBooks("Single", at: 15)
            await world.fault(.init(Fault(.forbidden), path: "calendarView/delta"))
            let first = try await world.read()
            #expect(first.cursor.reader == .snapshot)
            #expect(first.changed.count == 3)
            #expect(first.cursor.value.utf8.count < 64, "\(first.cursor.value)")
            let series = first.changed.filter { $0.meeting.recurrence != nil }
            #expect(series.count == 2)

            var mark = await world.mark()
            let second = try await world.read(since: first.cursor)
            #expect(await world.graphRequests(after: mark).count == 1)
            #expect(second.unchanged == Set(series.map(\.id)))
            #expect(second.changed.map(\.meeting.subject) == ["Single"])
            #expect(second.coverage == .window(StandInWorld.window))

            let hers = try await world.view()
            let two = try #require(hers.first { $0["subject"]?.string == "Two" }?["id"]?.string)
            try await world.outlook(.delete, "/me/events/\(two)")
            world.settle()
            mark = await world.mark()
            let third = try await world.read(since: second.cursor)
            #expect(await world.graphRequests(after: mark).count == 2)
            #expect(third.unchanged.count == 1)
            let changed = try #require(third.changed.first { $0.meeting.recurrence != nil })
            #expect(changed.meeting.recurrence?.cancelled == [Fixture.wall(2, 12)])
        }
    }

    @Test func `Many series are fetched in batches of twenty, without being throttled`() async throws {
        try await StandInWorld.run { world in
            for number in 0..<23 {
                _ = try await world.create(
                    StandInWorld.draft(
                        try Fixture.series(
                            RecurrenceRule(frequency: .daily, end: .after(count: 3)), "S\(number)", at: number % 20)))
            }
            world.settle()
            let mark = await world.mark()
            let reading = try await world.read()
            #expect(reading.changed.count == 23)
            #expect(await world.graphRequests(after: mark).filter { $0.hasSuffix("$batch") }.count == 2)
            #expect(world.clock.slept.isEmpty)
        }
    }

    @Test func `What the room declined of a series counts as taken out`() async throws {
        try await StandInWorld.run(
            room: Fixture.room(#""conflictPercentageAllowed":50,"maximumConflictInstances":3"#)
        ) { world in
            _ = try await world.annaBooks("In the way", at: 9, day: 9)
            _ = try await world.annaBooksWeekly()
            let reading = try await world.read()
            let event = try #require(reading.changed.first { $0.meeting.recurrence != nil })
            #expect(event.response == .accepted)
            #expect(event.meeting.recurrence?.cancelled == [Fixture.wall(9, 9)])
            // And one that the service declines afterwards.
            try await world.connector.decline(
                event.id, occurrence: Fixture.wall(16, 9), comment: "Taken.", in: StandInWorld.room)
            for _ in 0..<2 {
                try await world.connector.decline(
                    event.id, occurrence: Fixture.wall(9, 9), comment: "Again.", in: StandInWorld.room)
            }
            let after = try #require(try await world.fetch(event.id))
            #expect(after.meeting.recurrence?.cancelled == [Fixture.wall(9, 9), Fixture.wall(16, 9)])
            let hers = try await world.view().filter { $0["subject"]?.string == "Weekly" }
            let answers = hers.map { $0["attendees"]?.array?.first?["status"]?["response"]?.string }
            #expect(answers == ["accepted", "declined", "declined", "accepted", "accepted"])
        }
    }

    @Test func `Occurrences that the organizer cancelled and the room kept count as taken out`() async throws {
        var settings = WorldSettings()
        settings.graph.cancelledOccurrencesStay = true
        try await StandInWorld.run(settings: settings, room: Fixture.plainRoom) { world in
            let hers = try await world.annaBooksWeekly()
            let second = try #require(try await world.view()[1]["id"]?.string)
            try await world.outlook(.delete, "/me/events/\(second)")
            world.settle()
            let event = try await world.onlyEvent()
            #expect(event.meeting.recurrence?.cancelled == [Fixture.wall(9, 9)])
            #expect(event.meeting.recurrence?.exceptions.isEmpty == true)
            #expect(!event.isCancelled)
            try await world.outlook(.post, "/me/events/\(hers)/cancel", #"{"comment":"Over"}"#)
            world.settle()
            let whole = try await world.onlyEvent()
            #expect(whole.isCancelled)
            #expect(whole.meeting.recurrence != nil)
        }
    }

    @Test func `A series that waits for approval is tentative, and shortened where the room says so`() async throws {
        let rules = """
            "allBookInPolicy":false,"allRequestInPolicy":true,"resourceDelegates":["sync@contoso.example"],\
            "bookingWindowInDays":20,"enforceSchedulingHorizon":false
            """
        try await StandInWorld.run(room: Fixture.room(rules)) { world in
            _ = try await world.annaBooksWeekly(count: 9)
            let pending = try await world.onlyEvent()
            #expect(pending.response == .tentative)
            #expect(pending.meeting.showAs == .tentative)
            let id = pending.id.rawValue
            #expect(await world.world.delegateDecides(id, "accepted", in: StandInWorld.room))
            let accepted = try await world.onlyEvent()
            #expect(accepted.response == .accepted)
            #expect(accepted.meeting.showAs == .busy)
        }
        try await StandInWorld.run(
            room: Fixture.room(#""bookingWindowInDays":20,"enforceSchedulingHorizon":false"#)
        ) { world in
            _ = try await world.annaBooksWeekly(count: 9)
            let event = try await world.onlyEvent()
            #expect(event.response == .accepted)
            #expect(event.meeting.recurrence?.rule.end == .on(CivilDate(year: 2026, month: 3, day: 22)))
            #expect(Fixture.held(event.meeting).count == 3)
        }
    }
}
