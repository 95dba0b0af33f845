import CalendarModel
import SyncEngine
import TestSupport
import Testing

@Suite("One yes per slot")
struct ClashTests {
    private static let first = Samples.earlier
    private static let second = Samples.earlier.advanced(by: .seconds(60))

    /// Policy, who was first, who keeps the slot.
    static let rules: [(LinkPolicy.Clash, first: Side, winner: Side)] = [
        (.firstConfirmed, .loopBooking, .loopBooking), (.firstConfirmed, .calendar, .calendar),
        (.loopBookingLeads, .loopBooking, .loopBooking), (.loopBookingLeads, .calendar, .loopBooking),
        (.calendarLeads, .loopBooking, .calendar), (.calendarLeads, .calendar, .calendar),
    ]

    private func rivals(_ policy: LinkPolicy.Clash, first: Side, role: Event.Role) -> Table {
        var table = Table(LinkPolicy(clash: policy))
        table.bookings = [
            Samples.booking("b1", Samples.meeting("Ours"), takenAt: first == .loopBooking ? Self.first : Self.second)
        ]
        table.events = [
            Samples.observed(
                Samples.event(
                    "e1", Samples.meeting("Theirs", Times.at("2026-03-02 09:30")), role: role,
                    createdAt: first == .calendar ? Self.first : Self.second))
        ]
        return table
    }

    @Test("A booking and an event: the policy decides, the loser is told by its own verb", arguments: rules.indices)
    func bookingAgainstEvent(index: Int) throws {
        let (policy, first, winner) = Self.rules[index]
        for role in [Event.Role.organizer, .attendee] {
            let table = rivals(policy, first: first, role: role)
            if winner == .calendar {
                #expect(table.steps == ["booking.refused b1", "booking.create e1"])
            } else {
                #expect(
                    table.steps == [role == .organizer ? "event.update e1" : "event.decline e1", "event.create b1"])
            }
            let lost = try #require(table.plan.operations.first)
            #expect(lost.clashes.first?.winner.origin == winner)
            #expect(lost.clashes.first?.loser.origin == winner.other)
            #expect(lost.reason.hasPrefix("Oslo is already taken at that time by a meeting made"))
        }
    }

    @Test("An event that lost stays to be seen, shows as free, and says why")
    func refusedEvent() throws {
        let update = try #require(
            rivals(.loopBookingLeads, first: .calendar, role: .organizer).plan.updatesOfEvents.first)
        #expect(update.parts.fields == [.subject, .showAs, .body])
        #expect(update.meeting.subject == "Not booked: Theirs")
        #expect(!update.meeting.showAs.holdsRoom)
        #expect(update.meeting.body.hasPrefix("Oslo is already taken"))
    }

    @Test("Two events: the first made keeps the room; at the same time the smaller id does")
    func twoEvents() {
        var table = Table()
        table.events = [
            Samples.observed(Samples.event("e2", Samples.meeting("B"), createdAt: Self.first)),
            Samples.observed(Samples.event("e1", Samples.meeting("A"), createdAt: Self.second)),
        ]
        #expect(table.steps == ["event.update e1", "booking.create e2"])
        table.events[1].slotTakenAt = Self.first
        #expect(table.steps == ["event.update e2", "booking.create e1"])
    }

    @Test("A pairing keeps its slot against a later event")
    func pairingAgainstEvent() {
        var table = Table.paired()
        table.events.append(Samples.observed(Samples.event("e2", Samples.meeting("Late"), createdAt: Samples.now)))
        #expect(table.steps == ["event.update e2"])
    }

    @Test("A pairing that loses to the leading side is refused, and its event follows in the next plan")
    func pairingRefused() {
        var table = Table.paired(LinkPolicy(clash: .calendarLeads))
        table.events.append(Samples.observed(Samples.event("e2", Samples.meeting("Late"), createdAt: Samples.now)))
        #expect(table.steps == ["booking.refused b1", "booking.create e2"])
        table.bookings[0].status = .refused
        #expect(table.steps.contains("event.cancel e1"))
    }

    @Test("A meeting moved into a taken slot goes back while its old slot is free", arguments: Side.allCases)
    func movedBack(side: Side) throws {
        var table = Table.paired()
        let taken = Times.at("2026-03-02 12:00")
        table.events.append(Samples.observed(Samples.event("e2", Samples.meeting("There", taken))))
        table.bookings.append(Samples.booking("b2", Samples.meeting("There", taken)))
        table.pairings.append(Samples.pairing("p2", table.bookings[1], table.events[1].event))
        switch side {
        case .loopBooking: table.changeBooking { $0.time = taken }
        case .calendar: table.changeEvent { $0.meeting.time = taken }
        }
        #expect(table.steps == [side == .calendar ? "event.update e1" : "booking.update b1"])
        let back = table.plan.updatesOfEvents.first?.meeting ?? table.plan.updatesOfBookings.first?.meeting
        #expect(back?.time == Times.at("2026-03-02 09:00"))
        #expect(table.plan.operations.first?.reason.hasPrefix("The move was undone:") == true)
    }

    @Test("When its old slot is taken too, a moved meeting is refused", arguments: Side.allCases)
    func movedAndLost(side: Side) {
        var table = Table.paired()
        let taken = Times.at("2026-03-02 12:00")
        table.events.append(Samples.observed(Samples.event("e2", Samples.meeting("There", taken))))
        table.bookings.append(Samples.booking("b2", Samples.meeting("There", taken)))
        table.pairings.append(Samples.pairing("p2", table.bookings[1], table.events[1].event))
        table.bookings.append(Samples.booking("b3", Samples.meeting("Squatter"), takenAt: Samples.now))
        switch side {
        case .loopBooking: table.changeBooking { $0.time = taken }
        case .calendar: table.changeEvent { $0.meeting.time = taken }
        }
        #expect(table.steps == ["booking.refused b1", "event.create b3"])
    }

    @Test("An organizer who moves a meeting into a taken slot is told no")
    func organizerMoved() {
        var table = Table.paired(event: Samples.event(role: .attendee), origin: .calendar)
        let taken = Times.at("2026-03-02 12:00")
        table.bookings.append(Samples.booking("b2", Samples.meeting("There", taken)))
        table.changeEvent { $0.meeting.time = taken }
        #expect(table.steps == ["booking.refused b1", "event.create b2"])
        table.bookings[0].status = .refused
        #expect(table.steps.contains("event.decline e1"))
    }

    @Test("Back-to-back meetings never clash, and a meeting without length clashes with nothing")
    func neighbours() {
        var table = Table()
        table.bookings = [Samples.booking("b1", Samples.meeting("A", Times.at("2026-03-02 09:00", minutes: 30)))]
        table.events = [
            Samples.observed(Samples.event("e1", Samples.meeting("B", Times.at("2026-03-02 09:30", minutes: 30)))),
            Samples.observed(Samples.event("e2", Samples.meeting("C", Times.at("2026-03-02 08:30", minutes: 30)))),
        ]
        #expect(table.plan.operations.allSatisfy { $0.clashes.first == nil })
        #expect(table.steps.count == 3)
        guard case .timed(let timed) = Times.at("2026-03-02 09:10") else { return }
        let point = TimedSpan(
            start: timed.start, end: timed.start, zone: timed.zone,
            span: TimeSpan(start: timed.span.start, end: timed.span.start))
        table.events.append(
            Samples.observed(Samples.event("e0", Samples.meeting("Reminder", .timed(point)), createdAt: Self.first)))
        #expect(table.plan.operations.allSatisfy { $0.clashes.first == nil })
    }

    @Test("Who gave a slot back and wants it again comes after those who took it meanwhile")
    func returned() {
        let event = Samples.event("e1", Samples.meeting("Back"), createdAt: Self.first)
        var free = event
        free.meeting.showAs = .free
        free.modifiedAt = Self.second
        var busy = event
        busy.modifiedAt = Samples.now
        let gone = ObservedEvent.updating(Samples.observed(event), with: free, at: Self.second)
        var table = Table()
        table.events = [ObservedEvent.updating(gone, with: busy, at: Samples.now)]
        table.bookings = [Samples.booking("b1", Samples.meeting("Meanwhile"), takenAt: Self.second)]
        #expect(table.steps == ["event.update e1", "event.create b1"])
    }

    @Test("Slots are freed before they are taken, LoopBooking's first")
    func order() {
        var table = Table.paired()
        table.bookings[0].status = .cancelled
        table.events.append(
            Samples.observed(Samples.event("e2", Samples.meeting("Next"), createdAt: Self.second)))
        table.bookings.append(Samples.booking("b3", Samples.meeting("Too late"), takenAt: Samples.now))
        table.bookings.append(Samples.booking("b4", Samples.meeting("Free", Times.at("2026-03-02 16:00"))))
        #expect(
            table.steps == ["booking.refused b3", "event.cancel e1", "booking.create e2", "event.create b4"])
    }
}
