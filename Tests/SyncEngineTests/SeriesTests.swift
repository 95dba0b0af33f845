import CalendarModel
import SyncEngine
import TestSupport
import Testing

@Suite("A series is one booking, one event and one pairing")
struct SeriesTests {
    private static let weekly = RecurrenceRule(frequency: .weekly, weekdays: [.monday], end: .after(count: 10))

    private static func series(
        _ rule: RecurrenceRule = weekly, subject: String = "Weekly", at start: String = "2026-03-02 09:00",
        organizer: Person? = Samples.anna
    ) -> Meeting {
        var meeting = Samples.meeting(subject, Times.at(start), organizer: organizer)
        meeting.recurrence = Recurrence(rule: rule)
        return meeting
    }

    private static func paired(_ policy: LinkPolicy = LinkPolicy(), origin: Side? = nil) -> Table {
        Table.paired(
            policy, booking: Samples.booking("b1", series()),
            event: Samples.event("e1", series(organizer: Samples.mirror)), origin: origin)
    }

    private static let second = Times.wall("2026-03-09 09:00")
    private static let third = Times.wall("2026-03-16 09:00")

    @Test("A series without a partner crosses as a series")
    func crosses() throws {
        var table = Table()
        table.bookings = [Samples.booking("b1", Self.series())]
        guard case .createEvent(let create) = try #require(table.plan.operations.first).action else {
            Issue.record("\(table.steps)")
            return
        }
        #expect(create.meeting.recurrence?.rule == Self.weekly)
        table = Table()
        table.events = [Samples.observed(Samples.event("e1", Self.series(organizer: Samples.mirror)))]
        #expect(table.steps == ["booking.create e1"])
    }

    @Test("A settled series plans nothing")
    func settled() { #expect(Self.paired().plan.isEmpty) }

    @Test("One changed occurrence crosses as that occurrence, either way")
    func oneOccurrence() throws {
        var table = Self.paired()
        table.changeBooking {
            $0.recurrence?.exceptions[Self.second] = OccurrenceChange(time: Times.at("2026-03-10 13:00"))
        }
        #expect(table.steps == ["event.update e1"])
        #expect(table.plan.updatesOfEvents.first?.parts == MeetingParts(occurrences: [Self.second]))

        table = Self.paired()
        table.changeEvent { $0.meeting.recurrence?.cancelled.insert(Self.third) }
        #expect(table.steps == ["booking.update b1"])
        #expect(table.plan.updatesOfBookings.first?.parts == MeetingParts(occurrences: [Self.third]))
    }

    @Test("Different occurrences changed on both sides both stand")
    func bothSides() {
        var table = Self.paired()
        table.changeBooking {
            $0.recurrence?.exceptions[Self.second] = OccurrenceChange(subject: "Special")
        }
        table.changeEvent { $0.meeting.recurrence?.cancelled.insert(Self.third) }
        #expect(table.steps == ["booking.update b1", "event.update e1"])
        #expect(table.plan.updatesOfBookings.first?.parts.occurrences == [Self.third])
        #expect(table.plan.updatesOfEvents.first?.parts.occurrences == [Self.second])
    }

    @Test("A longer series crosses whole; an occurrence changed on the other side meanwhile is kept")
    func extended() {
        var table = Self.paired()
        table.changeBooking { $0.recurrence?.rule.end = .never }
        #expect(table.plan.updatesOfEvents.first?.parts.fields == [.recurrence])

        table.changeEvent { $0.meeting.recurrence?.cancelled.insert(Self.second) }
        #expect(table.steps == ["booking.update b1"])
        #expect(table.plan.updatesOfBookings.first?.parts == MeetingParts(occurrences: [Self.second]))
    }

    @Test("One of ten occurrences is taken: it is left out, the series stands")
    func partialClash() throws {
        var table = Table.paired(
            booking: Samples.booking("b0", Samples.meeting("Board", Times.at("2026-03-09 09:30"))),
            event: Samples.event("e0", Samples.meeting("Board", Times.at("2026-03-09 09:30"))))
        table.bookings.append(Samples.booking("b1", Self.series(), takenAt: Samples.now))
        let plan = table.plan
        #expect(table.steps == ["booking.update b1"])
        let update = try #require(plan.updatesOfBookings.first)
        #expect(update.parts == MeetingParts(occurrences: [Self.second]))
        #expect(update.meeting.recurrence?.cancelled == [Self.second])
        #expect(update.pairing == nil)
        #expect(plan.operations.first?.clashes.map(\.loser.occurrence) == [Self.second])
    }

    @Test("In the calendar the occurrence that is taken stays to be seen, and no longer holds the room")
    func partialClashInCalendar() throws {
        var table = Table.paired(
            booking: Samples.booking("b0", Samples.meeting("Board", Times.at("2026-03-09 09:30"))),
            event: Samples.event("e0", Samples.meeting("Board", Times.at("2026-03-09 09:30"))))
        table.events.append(
            Samples.observed(Samples.event("e1", Self.series(organizer: Samples.mirror)), takenAt: Samples.now))
        #expect(table.steps == ["event.update e1"])
        let change = try #require(table.plan.updatesOfEvents.first?.meeting.recurrence?.exceptions[Self.second])
        #expect(change.showAs == .free)
        #expect(change.subject == "Not booked: Weekly")
        // The person's own series of somebody else's: the room says no to the one.
        table.events[1].event.role = .attendee
        #expect(table.steps == ["event.decline e1 2026-03-09T09:00:00"])
    }

    @Test("A series most of which is taken is refused whole")
    func mostlyTaken() {
        var table = Table.paired(
            booking: Samples.booking("b0", Self.series(subject: "Other")),
            event: Samples.event("e0", Self.series(subject: "Other")))
        var rival = Self.series()
        rival.recurrence?.rule.end = .after(count: 12)
        table.bookings.append(Samples.booking("b1", rival, takenAt: Samples.now))
        #expect(table.steps == ["booking.refused b1"])
    }

    @Test("An occurrence moved into a taken slot goes back to where it was")
    func movedBack() throws {
        var table = Self.paired()
        let board = Samples.meeting("Board", Times.at("2026-03-10 13:00"))
        table.bookings.append(Samples.booking("b0", board))
        table.events.append(Samples.observed(Samples.event("e0", board)))
        table.pairings.append(Samples.pairing("p0", table.bookings[1], table.events[1].event))
        table.changeEvent {
            $0.meeting.recurrence?.exceptions[Self.second] = OccurrenceChange(time: Times.at("2026-03-10 13:30"))
        }
        #expect(table.steps == ["event.update e1"])
        let update = try #require(table.plan.updatesOfEvents.first)
        #expect(update.meeting.recurrence?.state(of: Self.second) == .asRule)
    }

    @Test("Of a person's series the room declines what LoopBooking cancels, and proposes what it would move")
    func roles() {
        var table = Table.paired(
            booking: Samples.booking("b1", Self.series(), origin: .calendar),
            event: Samples.event("e1", Self.series(organizer: Samples.erik), role: .attendee), origin: .calendar)
        table.proposes = true
        table.changeBooking { $0.recurrence?.cancelled.insert(Self.second) }
        #expect(table.steps == ["event.decline e1 2026-03-09T09:00:00"])
        table.changeBooking {
            $0.recurrence?.cancelled = []
            $0.recurrence?.exceptions[Self.third] = OccurrenceChange(time: Times.at("2026-03-17 10:00"))
        }
        #expect(table.steps == ["event.propose e1 2026-03-16T09:00:00", "booking.update b1"])
    }

    @Test("An occurrence the room has declined in its copy of our invitation is off in LoopBooking")
    func declinedByRoom() {
        var table = Self.paired(LinkPolicy(writing: .invite))
        table.pairings[0].organizerEvent = "organizer"
        table.pairings[0].roomResponse = .accepted
        table.events[0].event.role = .attendee
        table.events[0].event.response = .accepted
        table.changeEvent { $0.meeting.recurrence?.cancelled.insert(Self.third) }
        #expect(table.steps == ["booking.update b1"])
        #expect(table.plan.updatesOfBookings.first?.meeting.recurrence?.cancelled == [Self.third])
    }

    @Test("Under busy policies nothing of an occurrence's text crosses")
    func privacy() {
        var table = Self.paired(LinkPolicy(content: .busyOnly))
        table.changeBooking {
            $0.recurrence?.exceptions[Self.second] = OccurrenceChange(
                time: Times.at("2026-03-10 13:00"), subject: "Secret", body: "Secret", location: "Secret")
        }
        #expect(
            table.plan.updatesOfEvents.first?.meeting.recurrence?.exceptions[Self.second]
                == OccurrenceChange(time: Times.at("2026-03-10 13:00")))
    }
}
