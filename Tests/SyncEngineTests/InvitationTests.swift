import CalendarModel
import SyncEngine
import TestSupport
import Testing

@Suite("What becomes of our own invitation in the calendar")
struct OwnInvitationTests {
    private static let noon = Times.at("2026-03-02 12:00")
    private static let second = Times.wall("2026-03-09 09:00")
    private static let third = Times.wall("2026-03-16 09:00")

    /// Our invitation, accepted: the room's copy is rewritten by the booking attendant.
    private static func accepted(_ meeting: Meeting = Samples.meeting()) -> Table {
        var table = Table(LinkPolicy(writing: .invite))
        let booking = Samples.booking("b1", meeting)
        var rewritten = meeting
        rewritten.subject = "Company Booking"
        rewritten.body = ""
        let copy = Samples.event("c1", rewritten, uid: "uid", role: .attendee, response: .accepted)
        table.bookings = [booking]
        table.events = [Samples.observed(copy)]
        table.pairings = [
            Samples.pairing("p1", booking, copy, organizerEvent: "o1", uid: "uid", eventBase: meeting)
        ]
        return table
    }

    private static func series() -> Meeting {
        var meeting = Samples.meeting("Weekly")
        meeting.recurrence = Recurrence(
            rule: RecurrenceRule(frequency: .weekly, weekdays: [.monday], end: .after(count: 10)))
        return meeting
    }

    /// What the organizer's copy says.
    private static func organizer(_ meeting: Meeting) -> Event { Samples.event("o1", meeting, uid: "uid") }

    @Test("An invitation that nothing happened to is settled")
    func settled() { #expect(Self.accepted().plan.isEmpty) }

    @Test("Moved at the service account's mailbox, it moves in LoopBooking; its words stay")
    func moved() throws {
        var table = Self.accepted(Samples.meeting(body: "Agenda"))
        table.changeEvent("c1") {
            $0.meeting.time = Self.noon
            $0.response = .notResponded
        }
        #expect(try #require(table.pairings.first).asksOrganizer(about: table.events[0].event))
        table.organizerCopies["p1"] = Self.organizer(Samples.meeting("Renamed", Self.noon, body: "Other"))
        #expect(table.steps == ["booking.update b1"])
        let update = try #require(table.plan.updatesOfBookings.first)
        #expect(update.parts == [.time])
        #expect(update.meeting.time == Self.noon)
    }

    @Test("A copy of the room that lags behind what we wrote is no move back, and its answer no answer")
    func lags() {
        var table = Self.accepted(Samples.meeting("Design review", Self.noon))
        table.pairings[0].roomResponse = .notResponded
        table.changeEvent("c1") { $0.meeting.time = Times.at("2026-03-02 09:00") }
        table.organizerCopies["p1"] = Self.organizer(Samples.meeting("Design review", Self.noon))
        #expect(table.plan.writes.map(\.action.name) == ["booking.pending"])
        #expect(table.steps.contains("event.askRoom p1"))
        // Nor when the organizer's copy could not be read.
        table.organizerCopies = [:]
        #expect(table.plan.writes.map(\.action.name) == ["booking.pending"])
    }

    @Test("What was seen of the room's copy before the last write says nothing")
    func seenBefore() {
        var table = Self.accepted(Samples.meeting("Design review", Self.noon))
        table.events[0].event.meeting.time = Times.at("2026-03-02 09:00")
        table.organizerCopies["p1"] = Self.organizer(Samples.meeting("Design review"))
        #expect(table.plan.isEmpty)
    }

    @Test("A meeting that moves in the calendar and is renamed in LoopBooking is both")
    func bothSides() {
        var table = Self.accepted()
        table.changeBooking { $0.subject = "Renamed" }
        table.changeEvent("c1") { $0.meeting.time = Self.noon }
        table.organizerCopies["p1"] = Self.organizer(Samples.meeting("Design review", Self.noon))
        #expect(table.steps == ["booking.update b1", "event.update c1"])
        #expect(table.plan.updatesOfBookings.first?.parts == [.time])
        #expect(table.plan.updatesOfEvents.first?.parts == [.subject])
    }

    @Test("Moved at the service account's mailbox into a taken slot, it goes back there")
    func movedBack() throws {
        var table = Self.accepted()
        let board = Samples.meeting("Board", Self.noon)
        table.bookings.append(Samples.booking("b0", board))
        table.events.append(Samples.observed(Samples.event("e0", board)))
        table.pairings.append(Samples.pairing("p0", table.bookings[1], table.events[1].event))
        table.changeEvent("c1") { $0.meeting.time = Self.noon }
        table.organizerCopies["p1"] = Self.organizer(Samples.meeting("Design review", Self.noon))
        #expect(table.steps == ["event.update c1"])
        let update = try #require(table.plan.updatesOfEvents.first)
        #expect(update.reference.organizerEvent == "o1")
        #expect(update.version == nil)
        #expect(update.meeting.time == Times.at("2026-03-02 09:00"))
    }

    @Test("Of a series one occurrence moved, another one cancelled there, and one that the room declines all cross")
    func occurrences() throws {
        var table = Self.accepted(Self.series())
        let moved = OccurrenceChange(time: Times.at("2026-03-10 13:00"), subject: "Special")
        let fourth = Times.wall("2026-03-23 09:00")
        table.changeEvent("c1") {
            $0.meeting.recurrence?.exceptions[Self.second] = moved
            $0.meeting.recurrence?.cancelled = [Self.third, fourth]
        }
        var said = Self.series()
        said.recurrence?.exceptions[Self.second] = moved
        said.recurrence?.cancelled = [Self.third]
        table.organizerCopies["p1"] = Self.organizer(said)
        #expect(table.steps == ["booking.update b1"])
        let update = try #require(table.plan.updatesOfBookings.first)
        #expect(update.parts == MeetingParts(occurrences: [Self.second, Self.third, fourth]))
        let recurrence = try #require(update.meeting.recurrence)
        #expect(recurrence.exceptions == [Self.second: OccurrenceChange(time: Times.at("2026-03-10 13:00"))])
        #expect(recurrence.cancelled == [Self.third, fourth])
    }

    @Test("An occurrence that the room declined stays off when something else of the series changes")
    func declinedStaysOff() {
        var meeting = Self.series()
        meeting.recurrence?.cancelled = [Self.third]
        var table = Self.accepted(meeting)
        table.changeEvent("c1") {
            $0.meeting.recurrence?.exceptions[Self.second] = OccurrenceChange(time: Times.at("2026-03-10 13:00"))
        }
        // The organizer's copy still has it.
        var said = Self.series()
        said.recurrence?.exceptions[Self.second] = OccurrenceChange(time: Times.at("2026-03-10 13:00"))
        table.organizerCopies["p1"] = Self.organizer(said)
        #expect(table.plan.updatesOfBookings.map(\.parts) == [MeetingParts(occurrences: [Self.second])])
    }

    @Test("A longer series at the service account's mailbox is a longer booking")
    func longer() {
        var table = Self.accepted(Self.series())
        table.changeEvent("c1") { $0.meeting.recurrence?.rule.end = .after(count: 12) }
        var said = Self.series()
        said.recurrence?.rule.end = .after(count: 12)
        table.organizerCopies["p1"] = Self.organizer(said)
        #expect(table.steps == ["booking.update b1"])
        #expect(table.plan.updatesOfBookings.first?.meeting.recurrence?.rule.end == .after(count: 12))
    }

    @Test("A room that cut its copy of a series short has accepted it all the same")
    func shortened() {
        var table = Self.accepted(Self.series())
        table.bookings[0].status = .pending
        table.changeEvent("c1") { $0.meeting.recurrence?.rule.end = .after(count: 4) }
        table.organizerCopies["p1"] = Self.organizer(Self.series())
        #expect(table.plan.writes.map(\.action.name) == ["booking.confirmed"])
    }
}
