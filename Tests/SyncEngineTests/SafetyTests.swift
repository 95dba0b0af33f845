import CalendarModel
import SyncEngine
import TestSupport
import Testing

@Suite("No mass deletion")
struct MassDeletionTests {
    private func table(of total: Int, vanished: Int, policy: LinkPolicy = LinkPolicy()) -> Table {
        var table = Table(policy)
        for index in 0..<total {
            let time = Times.at("2026-03-\(10 + index) 09:00")
            let booking = Samples.booking(BookingID("b\(index)"), Samples.meeting("M\(index)", time))
            let event = Samples.event(EventID("e\(index)"), Samples.meeting("M\(index)", time))
            table.bookings.append(booking)
            table.pairings.append(Samples.pairing(PairingID("p\(index)"), booking, event))
            if index >= vanished { table.events.append(Samples.observed(event)) }
        }
        return table
    }

    @Test(
        "The link stops above the share, from the minimum on",
        arguments: [
            (10, 4, false), (10, 5, true), (16, 5, true), (17, 5, false), (5, 5, true), (4, 4, false),
        ])
    func edges(total: Int, vanished: Int, stops: Bool) {
        let plan = table(of: total, vanished: vanished).plan
        #expect(plan.hold == (stops ? MassDeletion(vanished: vanished, of: total) : nil))
        #expect(plan.operations.count == (stops ? 0 : vanished))
    }

    @Test("What a person looked at and approved is cancelled")
    func approved() {
        var table = table(of: 10, vanished: 6)
        table.approvedDeletions = Set((0..<6).map { PairingID("p\($0)") })
        #expect(table.plan.hold == nil)
        #expect(table.steps.count == 6)
    }

    @Test("What vanishes after somebody approved is asked about again")
    func approvedBefore() {
        var table = table(of: 16, vanished: 12)
        table.approvedDeletions = Set((0..<6).map { PairingID("p\($0)") })
        #expect(table.plan.hold == MassDeletion(vanished: 6, of: 10))
    }

    @Test("Meetings that LoopBooking gave up itself do not count")
    func ownCancellations() {
        var table = table(of: 10, vanished: 6)
        for index in 0..<3 { table.bookings[index].status = .cancelled }
        #expect(table.plan.hold == nil)
    }
}

@Suite("What the link's policy keeps private does not cross")
struct PrivacyTests {
    private let secret = "Merger with Fabrikam"

    @Test(
        "Busy only: neither subject nor body nor people cross, in either direction",
        arguments: [
            LinkPolicy.Content.busyOnly, .busyWithOrganizer,
        ])
    func busy(content: LinkPolicy.Content) {
        var table = Table(LinkPolicy(content: content))
        var meeting = Samples.meeting(
            secret, body: secret, attendees: [Attendee(person: Samples.erik)], location: secret)
        meeting.organizer = Samples.anna
        table.bookings = [Samples.booking("b1", meeting)]
        var event = Samples.event("e1", meeting)
        event.meeting.time = Times.at("2026-03-02 13:00")
        table.events = [Samples.observed(Privacy.redacted(event, policy: content))]
        #expect(table.steps == ["booking.create e1", "event.create b1"])
        for operation in table.plan.operations {
            switch operation.action {
            case .createEvent(let create): expectHidden(create.meeting, content)
            case .createBooking(let create): expectHidden(create.meeting, content)
            default: Issue.record("\(operation)")
            }
        }
    }

    private func expectHidden(_ meeting: Meeting, _ content: LinkPolicy.Content) {
        #expect(meeting.subject == (content == .busyOnly ? "Busy" : "Anna Berg"))
        #expect(meeting.body.isEmpty)
        #expect(meeting.attendees.isEmpty)
        if content == .busyOnly { #expect(meeting.organizer == nil) }
    }

    @Test("A change of what does not cross writes nothing")
    func contentChange() {
        var table = Table.paired(LinkPolicy(content: .busyOnly))
        table.changeBooking { $0.subject = "Other" }
        #expect(table.plan.writes.isEmpty)
        table.changeEvent { $0.meeting.body = "Other" }
        #expect(table.plan.writes.isEmpty)
    }

    @Test("A person's event keeps its own subject when somebody else is named in the booking")
    func foreignSubject() {
        var table = Table.paired(LinkPolicy(content: .busyWithOrganizer), origin: .calendar)
        table.changeBooking { $0.organizer = Samples.erik }
        #expect(table.plan.writes.isEmpty)
    }

    @Test("Reasons never hold a subject or a body")
    func reasons() {
        for change: @Sendable (inout Table) -> Void in [
            { table in table.changeBooking { $0.subject += "!" } },
            { table in table.changeEvent { $0.meeting.body += "!" } },
            { table in table.loseEvent() }, { table in table.bookings[0].status = .cancelled },
            { table in
                table.events.append(Samples.observed(Samples.event("e2", Samples.meeting("Merger with Fabrikam"))))
            },
        ] {
            let meeting = Samples.meeting(secret, body: secret)
            var table = Table.paired(
                booking: Samples.booking("b1", meeting), event: Samples.event("e1", meeting))
            change(&table)
            #expect(!table.plan.operations.isEmpty)
            #expect(table.plan.operations.allSatisfy { !$0.reason.contains("Merger") })
        }
    }
}

@Suite("Meetings that were on both sides before")
struct AdoptionTests {
    @Test("The same time and subject on both sides are one meeting")
    func twins() {
        var table = Table()
        table.bookings = [Samples.booking()]
        table.events = [Samples.observed(Samples.event())]
        #expect(table.steps == ["pairing.adopt b1"])
        table.events[0].event.meeting.subject = "Other"
        #expect(!table.steps.contains("pairing.adopt b1"))
    }

    @Test(
        "A booking that an earlier link made is found again, also when a person organizes the meeting",
        arguments: [
            LinkPolicy.Content.everything, .busyOnly,
        ])
    func linkedAgain(content: LinkPolicy.Content) {
        var table = Table(LinkPolicy(content: content))
        let event = Privacy.redacted(Samples.event(role: .attendee), policy: content)
        table.events = [Samples.observed(event)]
        var meeting = event.meeting
        if content == .busyOnly { meeting.subject = "Busy" }
        table.bookings = [Samples.booking("b1", meeting, origin: .calendar)]
        #expect(table.steps == ["pairing.adopt b1"])
    }

    @Test("What vanished and is to stand again is written into the calendar, whoever made it")
    func writtenAgain() {
        var table = Table()
        table.bookings = [Samples.booking(origin: .calendar)]
        #expect(table.steps == ["event.create b1"])
    }
}

@Suite("Invitations")
struct InvitationTests {
    private func invited(_ response: Response, copy: Event? = nil, status: Booking.Status = .confirmed) -> Table {
        var table = Table(LinkPolicy(writing: .invite))
        let booking = Samples.booking(status: status)
        table.bookings = [booking]
        table.pairings = [
            Samples.pairing("p1", booking, copy, organizerEvent: "o1", uid: "uid-1", roomResponse: response)
        ]
        table.events = copy.map { [Samples.observed($0)] } ?? []
        return table
    }

    private func copy(_ response: Response) -> Event {
        Samples.event(
            "c1", Samples.meeting("Company Booking"), uid: "uid-1", role: .attendee, response: response)
    }

    @Test("Until the room answers, the booking waits, and the room is asked")
    func waiting() {
        #expect(invited(.notResponded).steps == ["booking.pending b1", "event.askRoom p1"])
        #expect(invited(.notResponded, status: .pending).steps == ["event.askRoom p1"])
    }

    @Test("The room's yes confirms, its no refuses")
    func answered() {
        #expect(invited(.accepted, status: .pending).steps == ["booking.confirmed b1"])
        #expect(invited(.declined, status: .pending).steps == ["booking.refused b1"])
        #expect(invited(.accepted, copy: copy(.accepted), status: .pending).steps == ["booking.confirmed b1"])
        #expect(invited(.notResponded, copy: copy(.declined)).steps == ["booking.refused b1"])
    }

    @Test("The room's copy is recognized by what both copies share")
    func attached() {
        var table = invited(.notResponded)
        table.events = [Samples.observed(copy(.accepted))]
        #expect(table.steps == ["pairing.attach p1"])
    }

    @Test("What the attendant makes of our invitation never comes back as a change")
    func attendantsRewriting() {
        #expect(invited(.accepted, copy: copy(.accepted)).plan.writes.isEmpty)
    }

    @Test("An invitation whose booking is off is taken back, also when the room had declined it")
    func withdrawn() {
        #expect(invited(.accepted, copy: copy(.accepted), status: .cancelled).steps == ["event.cancel c1"])
        #expect(invited(.declined, copy: copy(.declined), status: .refused).steps == ["event.cancel c1"])
    }
}

@Suite("A plan depends on nothing but the state")
struct DeterminismTests {
    @Test("The order in which things were read changes nothing", arguments: 1...20)
    func shuffled(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var table = Table()
        for index in 0..<12 {
            let hour = 8 + Int.random(in: 0..<8, using: &generator)
            let time = Times.at("2026-03-02 \(hour < 10 ? "0" : "")\(hour):00")
            let booking = Samples.booking(BookingID("b\(index)"), Samples.meeting("B\(index)", time))
            let event = Samples.event(EventID("e\(index)"), Samples.meeting("E\(index)", time))
            if index % 3 != 0 { table.bookings.append(booking) }
            if index % 3 != 1 { table.events.append(Samples.observed(event)) }
        }
        let plan = table.plan
        #expect(!plan.isEmpty)
        for _ in 0..<5 {
            table.bookings.shuffle(using: &generator)
            table.events.shuffle(using: &generator)
            #expect(table.plan == plan)
        }
    }
}
