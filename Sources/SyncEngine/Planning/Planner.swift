import CalendarModel

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
        let unpaired = Unpaired(state: state, crossing: crossing)
        // Recorded first and alone: who holds which slot depends on it.
        if !unpaired.recordings.isEmpty { return Plan(operations: unpaired.recordings) }

        if !state.deletionsApproved, let hold = Self.suspectedMassDeletion(in: state) { return Plan(hold: hold) }

        var operations: [Operation] = []
        var contest = SlotContest(policy: state.link.policy.clash)
        for (index, pairing) in state.pairings.enumerated() {
            switch standing(of: pairing) {
            case .over(let closing): operations += closing
            case .live(let live):
                if live.target.span.end > state.now {
                    contest.add(claim(of: live, index: index), on: .pairing(live))
                } else {
                    operations += crossingOperations(for: live)
                }
            }
        }
        for observed in unpaired.events { contest.add(claim(of: observed), on: .event(observed)) }
        for booking in unpaired.bookings { contest.add(claim(of: booking), on: .booking(booking)) }

        let verdict = contest.decide()
        for contestant in verdict.winners {
            switch contestant {
            case .pairing(let live): operations += crossingOperations(for: live)
            case .event(let observed): operations.append(creation(ofBookingFor: observed))
            case .booking(let booking): operations.append(creation(ofEventFor: booking))
            }
        }
        operations += losses(verdict)
        return Plan(operations: inOrderOfExecution(operations))
    }

    /// Whether so many coming meetings vanished from the calendar at once that a person must look.
    package static func suspectedMassDeletion(in state: LinkState) -> MassDeletion? {
        var coming = 0
        var vanished = 0
        for pairing in state.pairings where pairing.event != nil && pairing.eventBase.span.end > state.now {
            guard let booking = state.bookings[pairing.booking], booking.status.holdsRoom else { continue }
            coming += 1
            if pairing.event.flatMap({ state.events[$0] }) == nil { vanished += 1 }
        }
        return MassDeletion.suspected(vanished: vanished, of: coming, policy: state.link.policy)
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
                    event: observed.event.id, meeting: crossing.booking(from: observed.event.meeting),
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

// MARK: - Claims

extension Planner {
    private func claim(of live: LivePairing, index: Int) -> Claim {
        let span = live.target.span
        return Claim(
            holder: .pairing(index), span: span, origin: live.pairing.origin, takenAt: live.slotTakenAt,
            tieBreak: live.pairing.id.rawValue,
            party: ClashNote.Party(
                origin: live.pairing.origin, booking: live.booking.id, event: live.pairing.event, span: span))
    }

    private func claim(of observed: ObservedEvent) -> Claim {
        let span = observed.event.meeting.span
        return Claim(
            holder: .event(observed.event.id), span: span, origin: .calendar, takenAt: observed.slotTakenAt,
            tieBreak: observed.event.id.rawValue,
            party: ClashNote.Party(origin: .calendar, booking: nil, event: observed.event.id, span: span))
    }

    private func claim(of booking: Booking) -> Claim {
        let span = booking.meeting.span
        return Claim(
            holder: .booking(booking.id), span: span, origin: .loopBooking, takenAt: booking.slotTakenAt,
            tieBreak: booking.id.rawValue,
            party: ClashNote.Party(origin: .loopBooking, booking: booking.id, event: nil, span: span))
    }
}
