import CalendarModel
import CalendarTime
import Foundation
import GraphConnector
import HTTPTransport
import ICalendar
import StandIns
import SyncEngine
import Testing

@Suite("The connector against loopsim: what the room may do to others' meetings", .timeLimit(.minutes(3)))
struct RoleTests {
    private typealias Fixture = SeriesFixture

    @Test func `A proposed time reaches the organizer, and the room stays held`() async throws {
        try await StandInWorld.run(room: Fixture.plainRoom) { world in
            #expect(world.connector.capabilities.proposesNewTimes)
            let hers = try await world.annaBooks("Interview", at: 10)
            let event = try await world.onlyEvent()
            let proposed = try StandInWorld.meeting(at: 14).time
            try await world.connector.propose(
                proposed, for: event.id, occurrence: nil, comment: "Rather at two.", in: StandInWorld.room)
            let seen = try await world.outlook(.get, "/me/events/\(hers)").json
            let attendee = try #require(seen?["attendees"]?.array?.first)
            #expect(attendee["status"]?["response"]?.string == "tentativelyAccepted")
            #expect(attendee["proposedNewTime"]?["start"]?["dateTime"]?.string == "2026-03-03T13:00:00.0000000")
            let after = try await world.onlyEvent()
            #expect(after.response == .tentative)
            #expect(after.holdsRoom)
            #expect(after.meeting.span == event.meeting.span)
        }
    }

    @Test func `A time is proposed for one occurrence of a series`() async throws {
        try await StandInWorld.run(room: Fixture.plainRoom) { world in
            _ = try await world.annaBooksWeekly()
            let event = try await world.onlyEvent()
            try await world.connector.propose(
                try StandInWorld.meeting(at: 14, day: 16).time, for: event.id, occurrence: Fixture.wall(16, 9),
                comment: "", in: StandInWorld.room)
            let hers = try await world.view()
            let proposals = hers.map {
                $0["attendees"]?.array?.first?["proposedNewTime"]?["start"]?["dateTime"]?.string
            }
            #expect(proposals == [nil, nil, "2026-03-16T13:00:00.0000000", nil, nil])
            let after = try await world.onlyEvent()
            #expect(after.response == .accepted)
            #expect(after.meeting.recurrence?.exceptions == [Fixture.wall(16, 9): OccurrenceChange(showAs: .tentative)])
            let gone = await #expect(throws: ConnectorError.self) {
                try await world.connector.propose(
                    event.meeting.time, for: event.id, occurrence: Fixture.wall(17, 9), comment: "",
                    in: StandInWorld.room)
            }
            #expect(gone?.kind == .notFound)
        }
    }

    @Test func `An organizer who wants no proposals is not asked, and that is said`() async throws {
        try await StandInWorld.run(room: Fixture.plainRoom) { world in
            _ = try await world.annaBooks("Fixed", at: 10, more: #","allowNewTimeProposals":false"#)
            let event = try await world.onlyEvent()
            let error = await #expect(throws: ConnectorError.self) {
                try await world.connector.propose(
                    try StandInWorld.meeting(at: 14).time, for: event.id, occurrence: nil, comment: "",
                    in: StandInWorld.room)
            }
            #expect(error?.kind == .rejected)
            #expect(error?.diagnosis.code == "microsoft.propose.refused")
            #expect(try await world.onlyEvent().response == .accepted)
        }
    }

    @Test func `In invite mode a series with exceptions reaches the room, and so do changes to it`() async throws {
        try await StandInWorld.run(room: Fixture.plainRoom) { world in
            let meeting = try Fixture.weekly(
                cancelled: [Fixture.wall(9)], exceptions: [Fixture.wall(16): try Fixture.moved(17, 14)])
            let outcome = try await world.create(StandInWorld.draft(meeting, mode: .invite))
            let organizerEvent = try #require(outcome.organizerEvent)
            #expect(meeting.differences(from: outcome.event.meeting, among: [.recurrence]) == [])
            world.settle()
            let copy = try await world.onlyEvent()
            #expect(copy.response == .accepted)
            #expect(copy.uid == outcome.event.uid)
            #expect(copy.meeting.recurrence == meeting.recurrence)

            var wanted = meeting
            wanted.recurrence?.rule.end = .after(count: 10)
            wanted.recurrence?.set(.cancelled, of: Fixture.wall(23))
            let updated = try await world.connector.update(
                EventReference(event: copy.id, organizerEvent: organizerEvent), to: wanted,
                parts: .init([.recurrence]), ifVersion: nil, in: StandInWorld.room)
            #expect(updated.organizerEvent == organizerEvent)
            world.settle()
            let after = try await world.onlyEvent()
            #expect(after.id == copy.id)
            #expect(after.response == .accepted)
            #expect(after.meeting.recurrence == wanted.recurrence)
            let answer = try await world.connector.resourceResponse(to: organizerEvent, in: StandInWorld.room)
            #expect(answer == .accepted)
        }
    }

    @Test func `The organizer's changes to a series come, whatever the room declined of it`() async throws {
        try await StandInWorld.run(room: Fixture.plainRoom) { world in
            let hers = try await world.annaBooksWeekly()
            let event = try await world.onlyEvent()
            try await world.connector.decline(
                event.id, occurrence: Fixture.wall(9, 9), comment: "Taken.", in: StandInWorld.room)
            try await world.outlook(.patch, "/me/events/\(hers)", #"{"subject":"Renamed"}"#)
            world.settle()
            let renamed = try await world.onlyEvent()
            #expect(renamed.meeting.subject == "Renamed")
            #expect(renamed.meeting.recurrence?.cancelled == [Fixture.wall(9, 9)])
            try await world.outlook(
                .patch, "/me/events/\(hers)",
                """
                {"recurrence":{"pattern":{"type":"weekly","interval":1,"daysOfWeek":["monday","wednesday"]},
                "range":{"type":"numbered","startDate":"2026-03-02","numberOfOccurrences":4}}}
                """)
            world.settle()
            let changed = try await world.onlyEvent()
            #expect(changed.id == event.id)
            #expect(changed.meeting.recurrence?.rule.weekdays == [.monday, .wednesday])
            #expect(changed.meeting.recurrence?.cancelled.isEmpty == true, "a series made anew brings all back")
        }
    }

    @Test func `Forwarded, taken over by somebody else, and left by its organizer`() async throws {
        try await StandInWorld.run(room: Fixture.plainRoom) { world in
            let hers = try await world.annaBooks("Interview", at: 10)
            // Anna forwards it to the service account, which is a person like any other here.
            try await world.outlook(
                .post, "/me/events/\(hers)/forward",
                #"{"comment":"You too","toRecipients":[{"emailAddress":{"address":"sync@contoso.example"}}]}"#)
            world.settle()
            let event = try await world.onlyEvent()
            #expect(event.response == .accepted)
            let seen = try await world.outlook(.get, "/me/events/\(hers)").json
            #expect(seen?["attendees"]?.array?.count == 2)

            #expect(
                await world.world.changeOrganizer(of: hers, in: StandInWorld.anna, to: StandInWorld.account))
            world.settle()
            let taken = try await world.onlyEvent()
            #expect(taken.id == event.id)
            #expect(taken.meeting.organizer?.address == StandInWorld.account)
            #expect(taken.response == .accepted)

            try await world.world.removeUser(StandInWorld.anna, of: "contoso.example")
            try await world.connector.decline(
                taken.id, occurrence: nil, comment: "Nobody comes.", in: StandInWorld.room)
            #expect(try await world.read().changed.isEmpty)
        }
    }
}
