import CalendarModel
import SyncEngine
import TestSupport
import Testing

@Suite("When one side changes, the other follows")
struct OneSideTests {
    @Test(
        "Where content does not cross, the place of a booking does not either",
        arguments: [LinkPolicy.Content.busyWithOrganizer, .busyOnly])
    func locationIsContent(content: LinkPolicy.Content) throws {
        var table = Table(LinkPolicy(content: content))
        table.bookings = [Samples.booking("b1", Samples.meeting("Interview", location: "Clinic, room 4"))]
        guard case .createEvent(let create) = try #require(table.plan.operations.first).action else {
            Issue.record("\(table.steps)")
            return
        }
        #expect(create.meeting.location == "")
    }

    @Test(
        "A booking without an event is written into the calendar, timed or all-day",
        arguments: [
            Times.at("2026-03-02 09:00"), Times.allDay("2026-03-03", "2026-03-05"),
        ])
    func bookingCreated(time: MeetingTime) throws {
        var table = Table()
        table.bookings = [Samples.booking("b1", Samples.meeting("Design review", time, body: "Agenda"))]
        guard case .createEvent(let create) = try #require(table.plan.operations.first).action else {
            Issue.record("\(table.steps)")
            return
        }
        #expect(table.steps == ["event.create b1"])
        #expect(create.meeting.time == time)
        #expect(create.meeting.subject == "Design review")
        #expect(create.meeting.body == "Agenda\n\nBooked in LoopBooking by Anna Berg (anna@contoso.example)")
    }

    @Test(
        "An event without a booking is booked, timed or all-day",
        arguments: [
            Times.at("2026-03-02 09:00"), Times.allDay("2026-03-03", "2026-03-05"),
        ])
    func eventCreated(time: MeetingTime) {
        var table = Table()
        table.events = [Samples.observed(Samples.event("e1", Samples.meeting("Board", time)))]
        #expect(table.steps == ["booking.create e1"])
    }

    @Test("What is over, shown as free, cancelled or declined is not booked")
    func notBooked() {
        var table = Table()
        table.events = [
            Samples.observed(Samples.event("past", Samples.meeting("Past", Times.at("2026-03-02 05:00")))),
            Samples.observed(Samples.event("free", Samples.meeting("Free", showAs: .free))),
            Samples.observed(Samples.event("off", role: .attendee, isCancelled: true)),
            Samples.observed(Samples.event("no", role: .attendee, response: .declined)),
            Samples.observed(Samples.event("far", Samples.meeting("Far", Times.at("2029-03-02 05:00")))),
        ]
        #expect(table.plan.isEmpty)
    }

    static let bookingChanges: [(String, MeetingField, @Sendable (inout Meeting) -> Void)] = [
        ("time", .time, { $0.time = Times.at("2026-03-02 11:00") }),
        ("to all day", .time, { $0.time = Times.allDay("2026-03-04", "2026-03-05") }),
        ("subject", .subject, { $0.subject = "Other" }), ("body", .body, { $0.body = "Other" }),
        ("sensitivity", .sensitivity, { $0.sensitivity = .private }),
        ("showAs", .showAs, { $0.showAs = .tentative }), ("organizer", .body, { $0.organizer = Samples.erik }),
    ]

    @Test("A change of a booking writes exactly that field", arguments: bookingChanges.indices)
    func bookingChanged(index: Int) throws {
        let (_, field, change) = Self.bookingChanges[index]
        var table = Table.paired()
        table.changeBooking { change(&$0) }
        #expect(table.steps == ["event.update e1"])
        let update = try #require(table.plan.updatesOfEvents.first)
        #expect(update.parts.fields == [field])
        #expect(update.version == Version("v1"))
    }

    static let eventChanges: [(MeetingField, @Sendable (inout Meeting) -> Void)] = [
        (.time, { $0.time = Times.at("2026-03-02 11:00") }), (.subject, { $0.subject = "Other" }),
        (.body, { $0.body = "Other" }), (.sensitivity, { $0.sensitivity = .confidential }),
        (.showAs, { $0.showAs = .outOfOffice }), (.organizer, { $0.organizer = Samples.erik }),
        (.attendees, { $0.attendees = [Attendee(person: Samples.erik)] }), (.location, { $0.location = "Oslo 2" }),
    ]

    @Test("A change of an event changes exactly that field of the booking", arguments: eventChanges.indices)
    func eventChanged(index: Int) throws {
        let (field, change) = Self.eventChanges[index]
        var table = Table.paired()
        table.changeEvent { change(&$0.meeting) }
        #expect(table.steps == ["booking.update b1"])
        let update = try #require(table.plan.updatesOfBookings.first)
        #expect(update.parts.fields == [field])
        #expect(update.revision == 1)
    }

    @Test("A booking that is cancelled takes its event away; of an organizer's meeting the room declines")
    func bookingCancelled() {
        var table = Table.paired()
        table.bookings[0].status = .cancelled
        #expect(table.steps == ["event.cancel e1"])
        table.events = [Samples.observed(Samples.event(role: .attendee))]
        #expect(table.steps == ["event.decline e1"])
    }

    @Test("An event that is gone, cancelled or set free cancels the booking, saying which")
    func eventGone() {
        var gone = Table.paired()
        gone.loseEvent()
        var off = Table.paired(event: Samples.event(role: .attendee))
        off.changeEvent { $0.isCancelled = true }
        var free = Table.paired()
        free.changeEvent { $0.meeting.showAs = .free }
        let reasons = [gone, off, free].map { table in
            #expect(table.steps == ["booking.cancelled b1"])
            return table.plan.operations.first?.reason ?? ""
        }
        #expect(Set(reasons).count == 3)
    }

    @Test("A meeting that is over on both sides is only recorded as over")
    func bothGone() {
        var table = Table.paired()
        table.loseEvent()
        table.bookings[0].status = .cancelled
        #expect(table.steps == ["pairing.end p1"])
    }

    @Test("Only the organizer moves a meeting: the booking is put back, and keeps its slot meanwhile")
    func organizersMeeting() throws {
        var table = Table.paired(event: Samples.event(role: .attendee), origin: .calendar)
        table.changeBooking { $0.time = Times.at("2026-03-02 13:00") }
        // Somebody else took the slot that the booking left.
        table.bookings.append(Samples.booking("b2", Samples.meeting("Late"), takenAt: Samples.now))
        #expect(table.steps == ["booking.refused b2", "booking.update b1"])
        let update = try #require(table.plan.updatesOfBookings.first)
        #expect(update.meeting.time == Times.at("2026-03-02 09:00"))
    }

    @Test("Another time is proposed once the room has answered, and is not forgotten until then")
    func proposalWaitsForTheAnswer() throws {
        var table = Table.paired(event: Samples.event(role: .attendee, response: .notResponded), origin: .calendar)
        table.proposes = true
        table.changeEvent { _ in }
        table.pairings[0].eventVersion = table.events[0].event.version
        table.changeBooking { $0.time = Times.at("2026-03-02 13:00") }
        #expect(table.steps.isEmpty)
        var later = table
        later.changeEvent { $0.response = .accepted }
        #expect(later.steps == ["event.propose e1", "booking.update b1"])
        // Where no attendant answers, somebody has to, and need not know of it before.
        table.now = Samples.now.advanced(by: .seconds(300))
        #expect(table.steps == ["event.propose e1", "booking.update b1"])
    }
}

@Suite("Echoes are absorbed")
struct EchoTests {
    @Test("A version bump alone is recorded, never written")
    func versionBump() {
        var table = Table.paired()
        table.changeEvent { _ in }
        #expect(table.steps == ["pairing.settle p1"])
        #expect(table.plan.writes.isEmpty)
    }

    @Test("A body that came back with other spacing, and a subject with other spaces, change nothing")
    func spacing() {
        let body = "One\nTwo"
        var table = Table.paired(
            booking: Samples.booking("b1", Samples.meeting(body: body)),
            event: Samples.event("e1", Samples.meeting(body: body, organizer: Samples.mirror)))
        table.changeEvent {
            $0.meeting.body = " One \n\n\nTwo\n"
            $0.meeting.subject = "Design  review "
        }
        #expect(table.plan.writes.isEmpty)
    }

    @Test("A write of ours that was made although its answer was lost is recorded, not repeated")
    func ownWriteReadBack() {
        var table = Table.paired()
        table.changeBooking { $0.subject = "Other" }
        table.changeEvent { $0.meeting.subject = "Other" }
        #expect(table.steps == ["pairing.settle p1"])
    }

    @Test("Nothing changed, nothing to do")
    func quiet() { #expect(Table.paired().plan.isEmpty) }

    @Test("A reading that lags behind what is known is not taken for a change")
    func staleReading() {
        let known = Samples.observed(Samples.event("e1", Samples.meeting("New"), modifiedAt: Samples.now))
        let stale = Samples.event("e1", Samples.meeting("Old"), version: "v0", modifiedAt: Samples.earlier)
        #expect(ObservedEvent.updating(known, with: stale, at: Samples.now) == known)
    }
}

@Suite("Both sides changed one meeting")
struct DivergenceTests {
    @Test("Different fields are merged")
    func merged() {
        var table = Table.paired()
        table.changeBooking { $0.subject = "Ours" }
        table.changeEvent { $0.meeting.body = "Theirs" }
        #expect(table.plan.updatesOfBookings.map(\.parts.fields) == [[.body]])
        #expect(table.plan.updatesOfEvents.map(\.parts.fields) == [[.subject]])
    }

    @Test("Who booked it and the text are two fields, though both stand in the event's body")
    func organizerAndBody() {
        var table = Table.paired()
        table.changeBooking { $0.organizer = Samples.erik }
        table.changeEvent { $0.meeting.body = "Theirs" }
        #expect(table.plan.updatesOfBookings.map(\.parts.fields) == [[.body]])
        #expect(table.plan.updatesOfEvents.isEmpty)
    }

    @Test("The same change on both sides is only recorded")
    func equalEdits() {
        var table = Table.paired()
        table.changeBooking { $0.time = Times.at("2026-03-02 15:00") }
        table.changeEvent { $0.meeting.time = Times.at("2026-03-02 15:00") }
        #expect(table.steps == ["pairing.settle p1"])
    }

    static let cases: [(LinkPolicy.Divergence, eventIsLater: Bool, Side)] = [
        (.latestChange, true, .calendar), (.latestChange, false, .loopBooking),
        (.loopBookingLeads, true, .loopBooking), (.loopBookingLeads, false, .loopBooking),
        (.calendarLeads, true, .calendar), (.calendarLeads, false, .calendar),
    ]

    @Test("Of one field the policy's value stands, and the reason says so", arguments: cases.indices)
    func sameField(index: Int) {
        let (divergence, eventIsLater, winner) = Self.cases[index]
        let later = Samples.now.advanced(by: .seconds(60))
        for change: @Sendable (inout Meeting, String) -> Void in [
            { $0.subject = $1 }, { $0.time = Times.at("2026-03-02 \($1 == "ours" ? "12" : "14"):00") },
        ] {
            var table = Table.paired(LinkPolicy(divergence: divergence))
            table.changeBooking(at: eventIsLater ? Samples.now : later) { change(&$0, "ours") }
            table.changeEvent(at: eventIsLater ? later : Samples.now) { change(&$0.meeting, "theirs") }
            #expect(table.plan.operations.count == 1)
            #expect(table.plan.operations.first?.action.side == winner.other)
            #expect(table.plan.operations.first?.reason.contains("Both sides had changed") == true)
        }
    }
}
