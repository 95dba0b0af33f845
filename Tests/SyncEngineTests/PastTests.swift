import CalendarModel
import SyncEngine
import TestSupport
import Testing

/// Slots and meetings that are over. Now is 07:00 in Oslo.
@Suite("What is over")
struct PastTests {
    private let morning = Times.at("2026-03-02 05:00")
    private let noon = Times.at("2026-03-02 12:00")

    private func table(movedTo time: MeetingTime, _ policy: LinkPolicy = LinkPolicy(clash: .calendarLeads)) -> Table {
        let meeting = Samples.meeting("Design review", noon)
        var table = Table.paired(
            policy, booking: Samples.booking("b1", meeting, origin: .calendar),
            event: Samples.event("e1", Samples.meeting("Design review", noon, organizer: Samples.mirror)))
        let over = Samples.booking("b2", Samples.meeting("Breakfast", morning))
        let event = Samples.event("e2", Samples.meeting("Breakfast", morning, organizer: Samples.mirror))
        table.bookings.append(over)
        table.events.append(Samples.observed(event))
        table.pairings.append(Samples.pairing("p2", over, event))
        table.changeEvent { $0.meeting.time = time }
        return table
    }

    @Test("A meeting that was moved into the slot of one that is over goes back, whoever leads")
    func movedIntoThePast() throws {
        let table = table(movedTo: Times.at("2026-03-02 05:30", minutes: 60))
        let update = try #require(table.plan.updatesOfEvents.first)
        #expect(table.steps == ["event.update e1"])
        #expect(update.meeting.time.sameTime(as: noon))
        #expect(table.plan.operations[0].clashes.map(\.winner.booking) == ["b2"])
    }

    @Test("Beside the slots of what is over it may stand")
    func besideThePast() {
        #expect(table(movedTo: Times.at("2026-03-02 03:00")).steps == ["booking.update b1"])
    }

    @Test("A meeting that is over stays booked when its event is cleared away")
    func clearedAway() {
        var table = table(movedTo: noon)
        table.loseEvent("e2")
        #expect(table.steps.contains("pairing.end p2"))
        #expect(!table.steps.contains { $0.hasSuffix("b2") })
    }

    @Test("A series from the calendar gets no rule that the calendar cannot hold")
    func notExpressible() throws {
        var meeting = Samples.meeting("Standup", noon)
        meeting.recurrence = Recurrence(rule: RecurrenceRule(frequency: .weekly, weekdays: [.monday]))
        var table = Table.paired(
            booking: Samples.booking("b1", meeting, origin: .calendar), event: Samples.event("e1", meeting))
        table.changeBooking { $0.recurrence?.rule = RecurrenceRule(frequency: .monthly, daysOfMonth: [2, 20]) }
        var state = table.state
        state.expresses = { $0.recurrence?.rule.daysOfMonth.count ?? 0 < 2 }
        let update = try #require(Planner.plan(state).updatesOfBookings.first)
        #expect(update.meeting.recurrence == meeting.recurrence)
    }
}
