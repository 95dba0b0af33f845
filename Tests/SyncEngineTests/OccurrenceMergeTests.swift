import CalendarModel
import SyncEngine
import TestSupport
import Testing

@Suite("One occurrence changed on both sides is merged field by field")
struct OccurrenceMergeTests {
    private static let second = Times.wall("2026-03-09 09:00")
    private static let there = Times.at("2026-03-10 13:00")
    private static let here = Times.at("2026-03-11 15:00")

    private static func paired(_ policy: LinkPolicy = LinkPolicy(), changed: OccurrenceChange? = nil) -> Table {
        func series(_ organizer: Person) -> Meeting {
            var meeting = Samples.meeting("Weekly", organizer: organizer)
            meeting.recurrence = Recurrence(
                rule: RecurrenceRule(frequency: .weekly, weekdays: [.monday], end: .after(count: 10)))
            if let changed { meeting.recurrence?.exceptions[second] = changed }
            return meeting
        }
        return Table.paired(
            policy, booking: Samples.booking("b1", series(Samples.anna)),
            event: Samples.event("e1", series(Samples.mirror)))
    }

    private static func change(_ meeting: Meeting?) -> OccurrenceChange? { meeting?.recurrence?.exceptions[second] }

    @Test("Moved there and retitled here: first it moves here, keeping its title, which is still to cross")
    func disjoint() throws {
        var table = Self.paired()
        table.changeBooking { $0.recurrence?.exceptions[Self.second] = OccurrenceChange(subject: "Retro") }
        table.changeEvent { $0.meeting.recurrence?.exceptions[Self.second] = OccurrenceChange(time: Self.there) }
        #expect(table.steps == ["booking.update b1"])
        let update = try #require(table.plan.updatesOfBookings.first)
        #expect(Self.change(update.meeting) == OccurrenceChange(time: Self.there, subject: "Retro"))
        #expect(update.unfinished == [Self.second: OccurrenceChange(time: Self.there)])
        #expect(!(table.plan.operations.first?.reason.contains("Both sides") ?? true))

        // As that leaves it behind, the title crosses.
        table.bookings[0].meeting = table.bookings[0].meeting.taking(parts: update.parts, from: update.meeting)
        table.pairings[0].bookingBase.recurrence?.exceptions = update.unfinished ?? [:]
        table.pairings[0].eventBase = table.events[0].event.meeting
        #expect(table.steps == ["event.update e1"])
        let back = try #require(table.plan.updatesOfEvents.first)
        #expect(Self.change(back.meeting) == OccurrenceChange(time: Self.there, subject: "Retro"))
    }

    @Test("Retitled there and moved here is the same the other way round")
    func otherWayRound() throws {
        var table = Self.paired(changed: OccurrenceChange(location: "Balcony"))
        table.changeBooking { $0.recurrence?.exceptions[Self.second]?.time = Self.here }
        table.changeEvent {
            $0.meeting.recurrence?.exceptions[Self.second] = OccurrenceChange(subject: "Retro", location: "Balcony")
        }
        let update = try #require(table.plan.updatesOfBookings.first)
        #expect(
            Self.change(update.meeting)
                == OccurrenceChange(time: Self.here, subject: "Retro", location: "Balcony"))
        #expect(update.unfinished == [Self.second: OccurrenceChange(subject: "Retro", location: "Balcony")])
    }

    @Test(
        "Of a field that both changed the leader's value stands; the others' changes stand all the same",
        arguments: [LinkPolicy.Divergence.calendarLeads, .loopBookingLeads])
    func sameField(policy: LinkPolicy.Divergence) throws {
        var table = Self.paired(LinkPolicy(divergence: policy))
        table.changeBooking {
            $0.recurrence?.exceptions[Self.second] = OccurrenceChange(time: Self.here, location: "Balcony")
        }
        table.changeEvent {
            $0.meeting.recurrence?.exceptions[Self.second] = OccurrenceChange(time: Self.there, subject: "Retro")
        }
        #expect(table.steps == ["booking.update b1"])
        let update = try #require(table.plan.updatesOfBookings.first)
        let isCalendars = policy == .calendarLeads
        let time = isCalendars ? Self.there : Self.here
        #expect(
            Self.change(update.meeting) == OccurrenceChange(time: time, subject: "Retro", location: "Balcony"))
        #expect(
            update.unfinished
                == [Self.second: OccurrenceChange(time: isCalendars ? Self.there : nil, subject: "Retro")])
        #expect(table.plan.operations.first?.reason.contains("Both sides had changed") == true)
    }

    @Test(
        "Where nothing of the calendar's stands, LoopBooking's occurrence is written; where nothing of its own, taken")
    func oneField() {
        var table = Self.paired(LinkPolicy(divergence: .loopBookingLeads))
        table.changeBooking { $0.recurrence?.exceptions[Self.second] = OccurrenceChange(time: Self.here) }
        table.changeEvent { $0.meeting.recurrence?.exceptions[Self.second] = OccurrenceChange(time: Self.there) }
        #expect(table.steps == ["event.update e1"])
        table.link.policy.divergence = .calendarLeads
        #expect(table.steps == ["booking.update b1"])
        #expect(table.plan.updatesOfBookings.first?.unfinished == [:])
    }

    @Test("An occurrence that is off on one side is one part: the leader's stands whole")
    func cancelled() {
        for (policy, steps) in [
            (LinkPolicy.Divergence.calendarLeads, ["booking.update b1"]), (.loopBookingLeads, ["event.update e1"]),
        ] {
            var table = Self.paired(LinkPolicy(divergence: policy))
            table.changeBooking { $0.recurrence?.cancelled = [Self.second] }
            table.changeEvent { $0.meeting.recurrence?.exceptions[Self.second] = OccurrenceChange(subject: "Retro") }
            #expect(table.steps == steps)
        }
    }

    @Test("The same change on both sides is only recorded")
    func same() {
        var table = Self.paired()
        table.changeBooking { $0.recurrence?.exceptions[Self.second] = OccurrenceChange(subject: "Retro") }
        table.changeEvent { $0.meeting.recurrence?.exceptions[Self.second] = OccurrenceChange(subject: "Retro ") }
        #expect(table.steps == ["pairing.settle p1"])
    }
}
