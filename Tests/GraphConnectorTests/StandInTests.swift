import CalendarModel
import CalendarTime
import Foundation
import GraphConnector
import HTTPTransport
import StandIns
import SyncEngine
import Testing

@Suite("The connector against loopsim: reading and writing", .timeLimit(.minutes(3))) struct StandInTests {
    @Test func `An event is written in one request and stands in Outlook as it was meant`() async throws {
        try await StandInWorld.run { world in
            let mark = await world.mark()
            let draft = StandInWorld.draft(try StandInWorld.meeting())
            let outcome = try await world.create(draft)
            #expect(await world.graphRequests(after: mark) == ["POST /v1.0/$batch"])
            #expect(outcome.overlapping.isEmpty)
            #expect(outcome.event.role == .organizer)
            #expect(
                draft.meeting.differences(
                    from: outcome.event.meeting, among: [.time, .subject, .body, .showAs, .sensitivity, .location]
                ).isEmpty)
            guard case .timed(let timed) = outcome.event.meeting.time else {
                Issue.record("not timed")
                return
            }
            #expect(timed.start.hour == 10)
            let found = try await world.connector.find(draft.tag, in: StandInWorld.room)
            #expect(found?.id == outcome.event.id)
            let other = try await world.create(StandInWorld.draft(try StandInWorld.meeting(at: 15)))
            try await world.connector.cancel(
                EventReference(event: other.event.id), ifVersion: nil, comment: "", in: StandInWorld.room)
            let tags = try await world.connector.tags(
                of: [outcome.event.id, other.event.id], in: StandInWorld.room)
            #expect(tags == [outcome.event.id: draft.tag])
        }
    }

    @Test func `A reading without news costs one request; a change costs two at most`() async throws {
        try await StandInWorld.run { world in
            let outcome = try await world.create(StandInWorld.draft(try StandInWorld.meeting()))
            world.clock.pass(.seconds(10))
            let first = try await world.read()
            #expect(first.changed.map(\.id) == [outcome.event.id])
            #expect(first.coverage == .window(StandInWorld.window))
            #expect(first.cursor.reader == .delta)
            var mark = await world.mark()
            let second = try await world.read(since: first.cursor)
            #expect(await world.graphRequests(after: mark).count == 1)
            #expect(second.changed.isEmpty && second.removed.isEmpty)
            #expect(second.coverage == .changes)
            _ = try await world.annaBooks("Interview", at: 13)
            mark = await world.mark()
            let third = try await world.read(since: second.cursor)
            #expect(await world.graphRequests(after: mark).count == 1)
            #expect(third.changed.count == 1)
            #expect(third.changed.first?.role == .attendee)
            #expect(third.changed.first?.response == .accepted)
            #expect(third.changed.first?.meeting.organizer?.address == StandInWorld.anna)
        }
    }

    @Test func `All-day, private and odd content survive the round trip`() async throws {
        try await StandInWorld.run { world in
            let allDay = try Zones.allDay(
                first: CivilDate(year: 2026, month: 3, day: 5), end: CivilDate(year: 2026, month: 3, day: 7),
                zone: ZoneID("Europe/Oslo"))
            let meeting = Meeting(
                time: .allDay(allDay), subject: "Fest & <b>gøy</b> 🎉", body: "Line 1\n\nLine 2 & more",
                sensitivity: .private,
                showAs: .outOfOffice, location: "")
            let outcome = try await world.create(StandInWorld.draft(meeting))
            let found = try await world.fetch(outcome.event.id)
            let event = try #require(found)
            #expect(
                meeting.differences(
                    from: event.meeting, among: [.time, .subject, .body, .showAs, .sensitivity, .location]) == [])
            #expect(event.meeting.span == allDay.span)
        }
    }

    @Test func `A zone that Windows has no name for, and the hour that autumn repeats, keep their instants`()
        async throws
    {
        try await StandInWorld.run { world in
            // 25 October 2026, 02:30 in Oslo for the second time.
            let span = TimeSpan(
                start: try Timestamps.parseRFC3339("2026-07-01T10:00:00Z"),
                end: try Timestamps.parseRFC3339("2026-07-01T11:00:00Z"))
            for zone in ["Antarctica/Troll", "Asia/Calcutta", "America/Sao_Paulo"] {
                let meeting = Meeting(time: .timed(try Zones.timed(span: span, zone: ZoneID(zone))), subject: zone)
                let outcome = try await world.create(StandInWorld.draft(meeting))
                #expect(outcome.event.meeting.span == span, "\(zone)")
            }
            let late = TimeSpan(
                start: try Timestamps.parseRFC3339("2026-10-25T01:30:00Z"),
                end: try Timestamps.parseRFC3339("2026-10-25T02:30:00Z"))
            let meeting = Meeting(
                time: .timed(try Zones.timed(span: late, zone: ZoneID("Europe/Oslo"))), subject: "Late")
            let outcome = try await world.create(StandInWorld.draft(meeting))
            #expect(outcome.event.meeting.span == late)

            // Only what the clock cannot say is written in UTC: the meeting keeps its zone.
            let over = TimeSpan(start: try Timestamps.parseRFC3339("2026-10-24T23:30:00Z"), end: late.start)
            let night = Meeting(
                time: .timed(try Zones.timed(span: over, zone: ZoneID("Europe/Oslo"))), subject: "Night")
            let kept = try await world.create(StandInWorld.draft(night))
            #expect(kept.event.meeting.time == night.time)
        }
    }

    @Test func `A series that ends in the hour that autumn repeats keeps its length, on that day and on all others`()
        async throws
    {
        try await StandInWorld.run { world in
            for first in ["2026-10-24T23:30:00Z", "2026-10-23T23:30:00Z"] {
                let start = try Timestamps.parseRFC3339(first)
                let span = TimeSpan(start: start, end: start.advanced(by: .seconds(7200)))
                var meeting = Meeting(
                    time: .timed(try Zones.timed(span: span, zone: ZoneID("Europe/Oslo"))), subject: "Night shift")
                meeting.recurrence = Recurrence(rule: RecurrenceRule(frequency: .daily, end: .after(count: 3)))
                let outcome = try await world.create(StandInWorld.draft(meeting))
                #expect(outcome.event.meeting.time == meeting.time)
                let shown = try await world.outlook(
                    .get,
                    "/users/\(StandInWorld.room)/events/\(outcome.event.id)/instances?"
                        + "startDateTime=2026-10-20T00:00:00Z&endDateTime=2026-10-30T00:00:00Z",
                    as: StandInWorld.account)
                let lengths = (shown.json?["value"]?.array ?? []).map { item -> Int64? in
                    let times = ["start", "end"].compactMap { item[$0]?["dateTime"]?.string }
                        .compactMap { try? Timestamps.parseRFC3339($0 + "Z") }
                    return times.count == 2 ? times[1].since(times[0]).components.seconds : nil
                }
                #expect(lengths == [7200, 7200, 7200])
            }
        }
    }

    @Test func `A write that meets another meeting brings it back`() async throws {
        try await StandInWorld.run { world in
            _ = try await world.annaBooks("Interview", at: 10)
            let clash = try await world.create(StandInWorld.draft(try StandInWorld.meeting(at: 10)))
            #expect(clash.overlapping.count == 1)
            #expect(clash.overlapping.first?.role == .attendee)
            let neighbour = try await world.create(StandInWorld.draft(try StandInWorld.meeting(at: 11)))
            #expect(neighbour.overlapping.isEmpty, "back to back is no clash")
            let free = try await world.create(StandInWorld.draft(try StandInWorld.meeting(at: 15)))
            let mark = await world.mark()
            let moved = try await world.connector.update(
                EventReference(event: free.event.id), to: try StandInWorld.meeting(at: 11), parts: [.time],
                ifVersion: nil, in: StandInWorld.room)
            #expect(await world.graphRequests(after: mark) == ["POST /v1.0/$batch"])
            #expect(moved.overlapping.map(\.id) == [neighbour.event.id])
        }
    }

    @Test func `An update changes what was named and nothing else`() async throws {
        try await StandInWorld.run { world in
            let outcome = try await world.create(StandInWorld.draft(try StandInWorld.meeting()))
            world.clock.pass(.seconds(10))
            let found = try await world.fetch(outcome.event.id)
            let event = try #require(found)
            var wanted = try StandInWorld.meeting("Renamed", at: 20)
            wanted.body = "Other words"
            let mark = await world.mark()
            let updated = try await world.connector.update(
                EventReference(event: event.id), to: wanted, parts: [.subject], ifVersion: event.version,
                in: StandInWorld.room)
            #expect(await world.graphRequests(after: mark).count == 1)
            #expect(updated.event.meeting.subject == "Renamed")
            #expect(updated.event.meeting.differences(from: event.meeting, among: [.time, .body, .location]) == [])
            let stale = await #expect(throws: ConnectorError.self) {
                try await world.connector.update(
                    EventReference(event: event.id), to: wanted, parts: [.body], ifVersion: event.version,
                    in: StandInWorld.room)
            }
            #expect(stale?.kind == .preconditionFailed)
            let staleMove = await #expect(throws: ConnectorError.self) {
                try await world.connector.update(
                    EventReference(event: event.id), to: wanted, parts: [.time], ifVersion: event.version,
                    in: StandInWorld.room)
            }
            #expect(staleMove?.kind == .preconditionFailed)
        }
    }

    @Test func `A cancelled event is gone, and cancelling it again succeeds`() async throws {
        try await StandInWorld.run { world in
            let outcome = try await world.create(StandInWorld.draft(try StandInWorld.meeting()))
            world.clock.pass(.seconds(10))
            let before = try await world.read()
            let reference = EventReference(event: outcome.event.id)
            let stale = await #expect(throws: ConnectorError.self) {
                try await world.connector.cancel(
                    reference, ifVersion: Version("W/\"stale\""), comment: "", in: StandInWorld.room)
            }
            #expect(stale?.kind == .preconditionFailed)
            for _ in 0..<2 {
                try await world.connector.cancel(reference, ifVersion: nil, comment: "", in: StandInWorld.room)
            }
            let gone = try await world.fetch(outcome.event.id)
            #expect(gone == nil)
            let after = try await world.read(since: before.cursor)
            #expect(after.removed.contains(outcome.event.id))
        }
    }

    @Test func `Declining tells the organizer and frees the room`() async throws {
        try await StandInWorld.run { world in
            let hers = try await world.annaBooks("Interview", at: 10)
            let reading = try await world.read()
            let event = try #require(reading.changed.first)
            for _ in 0..<2 {
                try await world.connector.decline(
                    event.id, occurrence: nil, comment: "The room is taken.", in: StandInWorld.room)
            }
            world.clock.pass(.seconds(5))
            let seen = try await world.outlook(.get, "/me/events/\(hers)")
            let room = seen.json?["attendees"]?.array?.first
            #expect(room?["status"]?["response"]?.string == "declined")
            let after = try await world.read()
            #expect(after.changed.filter(\.holdsRoom).isEmpty)
        }
    }

    @Test func `In invite mode the room answers, and the organizer's copy is written to`() async throws {
        try await StandInWorld.run { world in
            let draft = StandInWorld.draft(try StandInWorld.meeting(), mode: .invite)
            let outcome = try await world.create(draft)
            let organizerEvent = try #require(outcome.organizerEvent)
            #expect(
                outcome.event.meeting.attendees.map { $0.person.address } == [StandInWorld.room, StandInWorld.anna])
            let before = try await world.connector.resourceResponse(to: organizerEvent, in: StandInWorld.room)
            #expect(before == .notResponded || before == Response.none)
            world.clock.pass(.seconds(5))
            let answer = try await world.connector.resourceResponse(to: organizerEvent, in: StandInWorld.room)
            #expect(answer == .accepted)
            let found = try await world.connector.find(draft.tag, in: StandInWorld.room)
            #expect(found?.id == organizerEvent)
            let reading = try await world.read()
            #expect(reading.changed.first?.uid == outcome.event.uid)
            #expect(reading.changed.first?.response == .accepted)
            let reference = EventReference(event: reading.changed.first?.id, organizerEvent: organizerEvent)
            let moved = try await world.connector.update(
                reference, to: try StandInWorld.meeting(at: 14), parts: [.time], ifVersion: nil, in: StandInWorld.room)
            #expect(moved.organizerEvent == organizerEvent)
            world.clock.pass(.seconds(5))
            let copy = try await world.read()
            #expect(copy.changed.filter(\.holdsRoom).map(\.meeting.span.start) == [moved.event.meeting.span.start])
            for _ in 0..<2 {
                try await world.connector.cancel(
                    reference, ifVersion: nil, comment: "Not needed", in: StandInWorld.room)
            }
            world.clock.pass(.seconds(5))
            let gone = try await world.connector.resourceResponse(to: organizerEvent, in: StandInWorld.room)
            #expect(gone == nil)
            let after = try await world.read()
            #expect(after.changed.filter(\.holdsRoom).isEmpty)
        }
    }

    @Test func `The organizer's copy of an invitation is read in the room's zone`() async throws {
        try await StandInWorld.run { world in
            let days = try Zones.allDay(
                first: CivilDate(year: 2026, month: 3, day: 4), end: CivilDate(year: 2026, month: 3, day: 6),
                zone: ZoneID("Europe/Oslo"))
            var meeting = try StandInWorld.meeting()
            meeting.time = .allDay(days)
            let outcome = try await world.create(StandInWorld.draft(meeting, mode: .invite))
            let organizerEvent = try #require(outcome.organizerEvent)
            #expect(outcome.event.meeting.time == .allDay(days))
            let copy = try await world.connector.organizerCopy(organizerEvent, in: StandInWorld.room)
            #expect(copy?.meeting.time == .allDay(days))

            // A person moves it, there.
            try await world.outlook(
                .patch, "/me/events/\(organizerEvent)",
                """
                {"isAllDay":false,"start":{"dateTime":"2026-03-04T09:00:00","timeZone":"W. Europe Standard Time"},
                "end":{"dateTime":"2026-03-04T10:00:00","timeZone":"W. Europe Standard Time"}}
                """, as: StandInWorld.account)
            let moved = try await world.connector.organizerCopy(organizerEvent, in: StandInWorld.room)
            let wanted = try StandInWorld.meeting(at: 9, day: 4).time
            #expect(moved?.meeting.time == wanted)
        }
    }

    @Test(arguments: ["410", "syncStateNotFound"])
    func `A forgotten cursor brings the whole window`(_ how: String) async throws {
        try await StandInWorld.run { world in
            let outcome = try await world.create(StandInWorld.draft(try StandInWorld.meeting()))
            let first = try await world.read()
            await world.world.expireDelta(of: StandInWorld.room, try #require(Mailbox.DeltaExpiry(rawValue: how)))
            let second = try await world.read(since: first.cursor)
            #expect(second.coverage == .window(StandInWorld.window))
            #expect(second.changed.map(\.id) == [outcome.event.id])
            #expect(second.remarks.count == 1)
        }
    }

    @Test func `Rooms are found, listed or by address`() async throws {
        try await StandInWorld.run { world in
            let rooms = try await world.connector.discoverResources()
            #expect(rooms.map(\.address) == ["bergen-ext@contoso.example", "oslo-ext@contoso.example"])
            #expect(rooms.last?.capacity == 8)
            let room = try await world.connector.resource(at: StandInWorld.room)
            #expect(room.name == "Oslo-ext")
            let missing = await #expect(throws: ConnectorError.self) {
                try await world.connector.resource(at: "nowhere@contoso.example")
            }
            #expect(missing?.kind == .forbidden)
        }
    }

    @Test func `An application of its own reads and writes too`() async throws {
        try await StandInWorld.run(method: .application(client: .secret("application secret")), namesAccount: false) {
            world in
            #expect(world.connector.capabilities.writingModes == [.direct])
            let outcome = try await world.create(StandInWorld.draft(try StandInWorld.meeting()))
            let reading = try await world.read()
            #expect(reading.changed.map(\.id) == [outcome.event.id])
            let error = await #expect(throws: ConnectorError.self) {
                try await world.connector.create(
                    StandInWorld.draft(try StandInWorld.meeting(), mode: .invite), in: StandInWorld.room)
            }
            #expect(error?.diagnosis.code == "microsoft.invite.noMailbox")
        }
    }
}
