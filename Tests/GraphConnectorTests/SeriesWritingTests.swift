import CalendarModel
import CalendarTime
import Foundation
import GraphConnector
import HTTPTransport
import ICalendar
import StandIns
import SyncEngine
import Testing

@Suite("The connector against loopsim: writing series", .serialized, .timeLimit(.minutes(5))) struct SeriesWritingTests
{
    private typealias Fixture = SeriesFixture

    private func expectSame(_ event: Event, _ meeting: Meeting, _ comment: Comment? = nil) {
        #expect(meeting.differences(from: event.meeting, among: Fixture.content) == [], comment)
    }

    @Test func `A series is written with what differs from its rule, and stands so in Outlook`() async throws {
        try await StandInWorld.run { world in
            let meeting = try Fixture.weekly(
                cancelled: [Fixture.wall(9), Fixture.wall(4, 6, 10)],
                exceptions: [
                    Fixture.wall(16): try Fixture.moved(17, 14, "Moved"),
                    Fixture.wall(23): OccurrenceChange(body: "Other words", location: "Elsewhere", showAs: .free),
                ])
            let draft = StandInWorld.draft(meeting)
            let outcome = try await world.create(draft)
            expectSame(outcome.event, meeting)
            #expect(outcome.overlapping.isEmpty)
            expectSame(try await world.onlyEvent(), meeting)
            let shown = try await world.view("/users/\(StandInWorld.room)", as: StandInWorld.account)
            // Oslo's clocks change on 29 March: the wall time stays.
            #expect(
                shown.compactMap { $0["start"]?["dateTime"]?.string.map { $0.dropFirst(5).prefix(8) } } == [
                    "03-02T09", "03-17T13", "03-23T09", "03-30T08", "04-13T08", "04-20T08",
                ])
            let again = try await world.create(draft)
            #expect(again.event.id == outcome.event.id)
            expectSame(again.event, meeting)
            #expect(try await world.connector.find(draft.tag, in: StandInWorld.room) == again.event)
        }
    }

    @Test func `A plain series costs three requests`() async throws {
        try await StandInWorld.run { world in
            let mark = await world.mark()
            let outcome = try await world.create(StandInWorld.draft(try Fixture.weekly(count: nil)))
            #expect(await world.graphRequests(after: mark).count <= 3)
            #expect(outcome.event.meeting.recurrence?.rule.end == .never)
        }
    }

    /// Every kind of change, from one series to another.
    static let changes: [(String, MeetingParts, @Sendable (inout Meeting) throws -> Void)] = [
        (
            "one occurrence moved", .init(occurrences: [Fixture.wall(23)]),
            { $0.recurrence?.exceptions[Fixture.wall(23)] = try Fixture.moved(24, 8) }
        ),
        (
            "one occurrence taken out", .init(occurrences: [Fixture.wall(23)]),
            { $0.recurrence?.set(.cancelled, of: Fixture.wall(23)) }
        ),
        (
            "an exception put back", .init(occurrences: [Fixture.wall(16)]),
            { $0.recurrence?.set(.asRule, of: Fixture.wall(16)) }
        ),
        (
            "an exception taken out", .init(occurrences: [Fixture.wall(16)]),
            { $0.recurrence?.set(.cancelled, of: Fixture.wall(16)) }
        ),
        (
            "what was taken out comes back", .init(occurrences: [Fixture.wall(9)]),
            { $0.recurrence?.set(.asRule, of: Fixture.wall(9)) }
        ),
        (
            "what was taken out comes back elsewhere", .init(occurrences: [Fixture.wall(9)]),
            { try $0.recurrence?.set(.changed(Fixture.moved(10, 12, "Back")), of: Fixture.wall(9)) }
        ),
        ("renamed", [.subject, .body], { ($0.subject, $0.body) = ("Renamed", "New words") }),
        ("longer by count", [.recurrence], { $0.recurrence?.rule.end = .after(count: 12) }),
        ("cut", [.recurrence], { $0.recurrence?.rule.end = .on(CivilDate(year: 2026, month: 3, day: 29)) }),
        ("endless", [.recurrence], { $0.recurrence?.rule.end = .never }),
        (
            "another rule", [.recurrence],
            {
                $0.recurrence = Recurrence(
                    rule: RecurrenceRule(frequency: .daily, interval: 2, end: .after(count: 10)),
                    cancelled: [Fixture.wall(6)], exceptions: [Fixture.wall(4): OccurrenceChange(subject: "Special")])
            }
        ),
        (
            "later in the day", [.time, .recurrence, .subject],
            { meeting in
                meeting.subject = "Afternoons"
                meeting.time = try StandInWorld.meeting(at: 14, day: 2).time
                meeting.recurrence?.cancelled = [Fixture.wall(3, 9, 14)]
                meeting.recurrence?.exceptions = [Fixture.wall(3, 16, 14): try Fixture.moved(18, 14)]
            }
        ),
        ("single", [.recurrence], { $0.recurrence = nil }),
    ]

    @Test(arguments: changes.indices)
    func `A change is written and loses nothing`(_ number: Int) async throws {
        let (name, parts, change) = Self.changes[number]
        try await StandInWorld.run { world in
            let before = try Fixture.weekly(
                cancelled: [Fixture.wall(9)], exceptions: [Fixture.wall(16): try Fixture.moved(17, 14, "Moved")])
            let event = try await world.create(StandInWorld.draft(before)).event
            world.settle()
            var wanted = before
            try change(&wanted)
            let present = try #require(try await world.fetch(event.id))
            let updated = try await world.update(present, to: wanted, parts)
            expectSame(updated.event, wanted, "\(name)")
            world.settle()
            let read = try await world.onlyEvent()
            expectSame(read, wanted, "\(name), read")
            #expect(read.id == event.id)
            // Again, as after a crash that lost the outcome.
            let mark = await world.mark()
            let again = try await world.update(read, to: wanted, parts)
            expectSame(again.event, wanted, "\(name), again")
            #expect(await world.graphRequests(after: mark).allSatisfy { $0.hasPrefix("GET") || $0.contains("batch") })
        }
    }

    @Test func `Only what was named is written`() async throws {
        try await StandInWorld.run { world in
            let before = try Fixture.weekly(cancelled: [Fixture.wall(9)])
            let event = try await world.create(StandInWorld.draft(before)).event
            world.settle()
            var wanted = before
            wanted.subject = "Not this"
            wanted.recurrence?.set(.cancelled, of: Fixture.wall(16))
            wanted.recurrence?.set(.cancelled, of: Fixture.wall(23))
            wanted.recurrence?.set(.asRule, of: Fixture.wall(9))
            let present = try #require(try await world.fetch(event.id))
            let updated = try await world.update(present, to: wanted, .init(occurrences: [Fixture.wall(16)]))
            #expect(updated.event.meeting.subject == "Weekly")
            #expect(updated.event.meeting.recurrence?.cancelled == [Fixture.wall(9), Fixture.wall(16)])
        }
    }

    @Test func `A single meeting becomes a series and an all-day one`() async throws {
        try await StandInWorld.run { world in
            let single = try StandInWorld.meeting("Weekly", day: 2)
            let event = try await world.create(StandInWorld.draft(single)).event
            world.settle()
            let wanted = try Fixture.weekly(cancelled: [Fixture.wall(16)])
            let present = try #require(try await world.fetch(event.id))
            let series = try await world.update(present, to: wanted, [.recurrence])
            expectSame(series.event, wanted)
            world.settle()
            var days = wanted
            let midnight = { (day: Int) in WallTime(date: CivilDate(year: 2026, month: 3, day: day), hour: 0, minute: 0)
            }
            days.time = .allDay(
                try Zones.allDay(first: midnight(2).date, end: midnight(4).date, zone: Fixture.oslo))
            days.recurrence?.cancelled = [midnight(9)]
            days.recurrence?.exceptions = [
                midnight(23): OccurrenceChange(
                    time: .allDay(
                        try Zones.allDay(first: midnight(24).date, end: midnight(25).date, zone: Fixture.oslo)))
            ]
            let current = try #require(try await world.fetch(event.id))
            let allDay = try await world.update(current, to: days, [.time, .recurrence])
            expectSame(allDay.event, days)
            expectSame(try await world.onlyEvent(), days)
        }
    }

    @Test func `A series that was changed since is not written over`() async throws {
        try await StandInWorld.run { world in
            let meeting = try Fixture.weekly()
            let event = try await world.create(StandInWorld.draft(meeting)).event
            world.settle()
            let present = try #require(try await world.fetch(event.id))
            let path = "/users/\(StandInWorld.room)"
            let third = try #require(try await world.view(path, as: StandInWorld.account)[2]["id"]?.string)
            try await world.outlook(.delete, "\(path)/events/\(third)", as: StandInWorld.account)
            for parts in [MeetingParts([.subject]), .init(occurrences: [Fixture.wall(9)]), [.recurrence]] {
                var wanted = meeting
                wanted.subject = "Other"
                wanted.recurrence?.set(.cancelled, of: Fixture.wall(9))
                let error = await #expect(throws: ConnectorError.self) {
                    try await world.update(present, to: wanted, parts)
                }
                #expect(error?.kind == .preconditionFailed)
            }
            let left = try await world.onlyEvent()
            #expect(left.meeting.subject == "Weekly")
            #expect(left.meeting.recurrence?.cancelled == [Fixture.wall(16)])
        }
    }

    @Test func `Neighbours that move together find their order; what crosses one that stays is refused in words`()
        async throws
    {
        try await StandInWorld.run { world in
            let daily = RecurrenceRule(frequency: .daily, end: .after(count: 6))
            let meeting = try Fixture.series(daily)
            let event = try await world.create(StandInWorld.draft(meeting)).event
            world.settle()
            var wanted = meeting
            let days = 4...6
            for day in days {
                wanted.recurrence?.exceptions[Fixture.wall(day)] = try Fixture.moved(day + 1, 15)
            }
            wanted.recurrence?.set(.cancelled, of: Fixture.wall(7))
            let present = try #require(try await world.fetch(event.id))
            let parts = MeetingParts(occurrences: Set((4...7).map { Fixture.wall($0) }))
            expectSame(try await world.update(present, to: wanted, parts).event, wanted)

            world.settle()
            var crossing = wanted
            crossing.recurrence?.exceptions[Fixture.wall(3)] = try Fixture.moved(5, 18)
            #expect(!world.connector.expresses(crossing))
            let now = try #require(try await world.fetch(event.id))
            let error = await #expect(throws: ConnectorError.self) {
                try await world.update(now, to: crossing, .init(occurrences: [Fixture.wall(3)]))
            }
            #expect(error?.kind == .rejected)
            #expect(error?.diagnosis.code == "microsoft.event.occurrenceCrossing")
            expectSame(try await world.onlyEvent(), wanted)
        }
    }

    @Test func `A series that meets others brings them back, each once`() async throws {
        try await StandInWorld.run(
            room: Fixture.room(#""conflictPercentageAllowed":50,"maximumConflictInstances":3"#)
        ) { world in
            _ = try await world.annaBooks("Single", at: 10, day: 9)
            _ = try await world.annaBooksWeekly("Series", at: 10)
            _ = try await world.annaBooks("Elsewhen", at: 15, day: 9)
            let clash = try await world.create(
                StandInWorld.draft(try Fixture.weekly(cancelled: [Fixture.wall(9)])))
            #expect(clash.overlapping.count == 1)
            #expect(clash.overlapping.first?.meeting.recurrence != nil)
            world.settle()
            let present = try #require(try await world.fetch(clash.event.id))
            let wider = try await world.update(
                present, to: try Fixture.weekly(), .init(occurrences: [Fixture.wall(9)]))
            #expect(wider.overlapping.count == 2)
            let single = try await world.create(StandInWorld.draft(try StandInWorld.meeting(at: 10, day: 16)))
            #expect(single.overlapping.count == 2)
        }
    }

    @Test func `A cancelled series is gone, and cancelling it again succeeds`() async throws {
        try await StandInWorld.run { world in
            let event = try await world.create(StandInWorld.draft(try Fixture.weekly())).event
            let reading = try await world.read()
            for _ in 0..<2 {
                try await world.connector.cancel(
                    EventReference(event: event.id), ifVersion: nil, comment: "", in: StandInWorld.room)
            }
            let after = try await world.read(since: reading.cursor)
            #expect(after.changed.isEmpty)
            #expect(after.removed.contains(event.id))
            #expect(try await world.fetch(event.id) == nil)
        }
    }

    @Test func `A series that Exchange cannot hold is refused with the reason`() async throws {
        try await StandInWorld.run { world in
            var meeting = try Fixture.weekly()
            meeting.recurrence?.additions = [Fixture.wall(4)]
            let error = await #expect(throws: ConnectorError.self) {
                try await world.create(StandInWorld.draft(meeting))
            }
            #expect(error?.kind == .rejected)
            #expect(error?.diagnosis.summary.contains("beside its rule") == true)
            #expect(try await world.read().changed.isEmpty)
        }
    }
}
