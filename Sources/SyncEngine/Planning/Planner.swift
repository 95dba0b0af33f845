import CalendarModel
import ICalendar

/// The engine's heart: base, bookings and events in, plan out. A pure function: no clock, no randomness, no I/O, so that
/// any history can be replayed.
///
/// It decides in four steps: what was recorded late (adopt, attach), whether so much vanished that a person must look,
/// what each pairing's two sides changed, and who gets the slots. A plan need not finish everything: its caller applies it
/// and plans again until a plan is empty.
package struct Planner {
    let state: LinkState
    let crossing: Crossing
    let reasons: Reasons

    package static func plan(_ state: LinkState) -> Plan {
        Planner(state: state).plan()
    }

    private init(state: LinkState) {
        self.state = state
        crossing = Crossing(policy: state.link.policy)
        reasons = Reasons(link: state.link)
    }

    private func plan() -> Plan {
        var settled: [SettledPairing] = []
        var open: [Pairing] = []
        for pairing in state.pairings {
            if let standing = SettledPairing(pairing, in: state) {
                settled.append(standing)
            } else {
                open.append(pairing)
            }
        }
        let unpaired = Unpaired(state: state, crossing: crossing, settled: settled, open: open)
        // Recorded first and alone: who holds which slot depends on it.
        if !unpaired.recordings.isEmpty { return Plan(operations: unpaired.recordings) }

        if let hold = Self.suspectedMassDeletion(in: state, among: open) { return Plan(hold: hold) }

        var operations: [Operation] = []
        var contest = SlotContest(policy: state.link.policy.clash, rulings: state.rulings)
        for pairing in open {
            switch standing(of: pairing) {
            case .over(let closing): operations += closing
            case .live(let live):
                // Whoever moved it wants a slot also when that is over: LoopBooking holds one booking a slot, then too.
                if live.takesAnotherSlot || live.target.reach(roomZone: state.link.roomZone).end > state.now {
                    contest.add(.pairing(live), claims(of: live, as: contest.next))
                } else {
                    operations += crossingOperations(for: live)
                }
            }
        }
        for observed in unpaired.events { contest.add(.event(observed), claims(of: observed, as: contest.next)) }
        for booking in unpaired.bookings { contest.add(.booking(booking), claims(of: booking, as: contest.next)) }
        if contest.claims.isEmpty, contest.contestants.isEmpty {
            return Plan(operations: inOrderOfExecution(operations))
        }
        let contested = contest.next
        enter(settled, into: &contest)
        contest.keep(past: pastClaims(touching: contest.claims))

        let verdict = contest.decide()
        for index in verdict.winners where index < contested {
            switch contest.contestants[index] {
            case .pairing(let live): operations += crossingOperations(for: live)
            case .event(let observed): operations.append(creation(ofBookingFor: observed))
            case .booking(let booking):
                // What is beyond the window only keeps its slot for now.
                if state.concerns(booking.meeting) { operations.append(creation(ofEventFor: booking)) }
            }
        }
        operations += losses(verdict, settled: settled)
        return Plan(operations: inOrderOfExecution(operations))
    }

    /// Those unchanged meetings take part whose slot somebody else wants.
    private func enter(_ settled: [SettledPairing], into contest: inout SlotContest) {
        let wanted = SpanSet(contest.claims.map(\.span))
        guard let hull = wanted.hull else { return }
        for standing in settled where standing.isTouched(by: wanted, hull: hull, in: state) {
            let live = live(standing.pairing, booking: standing.booking, observed: standing.observed)
            contest.add(.pairing(live), claims(of: live, as: contest.next))
        }
    }

    /// Whether so many coming meetings vanished from the calendar at once that a person must look.
    package static func suspectedMassDeletion(in state: LinkState) -> MassDeletion? {
        suspectedMassDeletion(in: state, among: state.pairings)
    }

    /// - Parameter open: pairings whose events may have vanished; those of all others are there.
    private static func suspectedMassDeletion(in state: LinkState, among open: [Pairing]) -> MassDeletion? {
        func isComing(_ pairing: Pairing) -> Bool {
            guard pairing.event != nil, let booking = state.bookings[pairing.booking], booking.status.holdsRoom else {
                return false
            }
            // LoopBooking may have moved it since.
            return [pairing.eventBase, booking.meeting].contains(where: state.concerns)
        }
        // What was approved was approved for those that had vanished then, not for whatever vanishes next.
        func isAsked(_ pairing: Pairing) -> Bool { !state.approvedDeletions.contains(pairing.id) && isComing(pairing) }
        let vanished = open.count { pairing in
            pairing.event.map { state.events[$0] == nil } == true && isAsked(pairing)
        }
        guard vanished >= state.link.policy.massDeletionMinimum else { return nil }
        return MassDeletion.suspected(
            vanished: vanished, of: state.pairings.count(where: isAsked), policy: state.link.policy)
    }

    /// Slots are freed before they are taken, and LoopBooking is written before the calendar.
    private func inOrderOfExecution(_ operations: [Operation]) -> [Operation] {
        func phase(_ action: Operation.Action) -> Int {
            switch action {
            case .adopt, .attach, .settle, .end: 0
            case .setBookingStatus(let change): change.status.holdsRoom ? 7 : 1
            case .cancelEvent, .declineEvent, .proposeTime: 2
            case .updateEvent(let update): update.pairing == nil ? 2 : 5
            case .updateBooking: 3
            case .createBooking: 4
            case .createEvent: 6
            case .askRoom: 8
            }
        }
        return operations.enumerated()
            .map { (phase($0.element.action), $0.offset, $0.element) }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
            .map(\.2)
    }
}

// MARK: - Creations

extension Planner {
    private func creation(ofBookingFor observed: ObservedEvent) -> Operation {
        Operation(
            .createBooking(
                Operation.CreateBooking(
                    event: observed.event.id, eventMeeting: observed.event.meeting,
                    eventVersion: observed.event.version, meeting: crossing.booking(from: observed.event.meeting),
                    slotTakenAt: observed.slotTakenAt)),
            because: reasons.madeInCalendar(observed.event))
    }

    private func creation(ofEventFor booking: Booking) -> Operation {
        Operation(
            .createEvent(
                Operation.CreateEvent(
                    booking: booking.id, bookingRevision: booking.revision,
                    meeting: crossing.event(from: booking.meeting, origin: .loopBooking),
                    bookingMeeting: booking.meeting,
                    mode: state.link.policy.writing)),
            because: reasons.madeInLoopBooking(booking))
    }
}
