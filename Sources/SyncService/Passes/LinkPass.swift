import CalendarModel
import ICalendar
import SyncEngine

/// One run of a link: clear up what an earlier pass left open, read the calendar, plan, apply, and plan again until there is
/// nothing left to do.
package struct LinkPass {
    let environment: PassEnvironment
    var memory: LinkMemory
    var report: PassReport
    /// The bookings as the present plan saw them. What is recorded as agreed is what was compared, never what a person
    /// made of it since.
    var planned: [BookingID: Booking] = [:]
    /// Rooms are asked for their answer once a pass.
    var asked: Set<PairingID> = []
    /// Events that this pass looked for one by one and did not find.
    var verifiedGone: Set<EventID> = []
    /// The organizer's copies of our invitations that this pass read or wrote; nil where one is gone.
    var organizerCopies: [PairingID: Event?] = [:]

    /// Runs a pass. Faults end up in the report; only a failing store throws. Nil when there is nothing to run, or when a later
    /// pass of the link took over.
    package static func run(_ link: LinkID, in environment: PassEnvironment) async throws -> PassReport? {
        var environment = environment
        environment.store = try await environment.store.begin(link)
        do { return try await runAlone(link, in: environment) } catch is PassSuperseded { return nil }
    }

    private static func runAlone(_ link: LinkID, in environment: PassEnvironment) async throws -> PassReport? {
        guard let memory = try await environment.store.memory(of: link), memory.link.state == .active else {
            return nil
        }
        var environment = environment
        let connector = environment.connector
        environment.bookings = SlicedBookings(
            base: environment.bookings, roomZone: memory.link.roomZone, expresses: { connector.expresses($0) })
        var pass = LinkPass(
            environment: environment, memory: memory,
            report: PassReport(link: link, startedAt: environment.now()))
        do {
            try await pass.run()
        } catch let stop as PassStop {
            pass.report.failure = stop.diagnosis
            pass.report.failureKind = stop.kind
            pass.report.retryAfterSeconds = stop.retryAfter?.inSeconds
        }
        pass.report.finishedAt = environment.now()
        try await environment.store.finish(pass.report)
        return pass.report
    }

    private mutating func run() async throws {
        try await clearUpOpenIntents()
        try await readCalendar()
        try await planAndApply()
        try await abandonStaleIntents()
    }

    var link: Link { memory.link }
    var now: Instant { environment.now() }

    // MARK: - Planning and applying

    private mutating func planAndApply() async throws {
        for _ in 0..<environment.settings.maximumRounds {
            try await readOrganizerCopies()
            let state = try await linkState()
            planned = state.bookings
            report.nextStart = nextStart(in: state)
            let plan = environment.plan(state)
            if let hold = plan.hold {
                if try await vanishedAreFound() { continue }
                try await stopAndAsk(hold)
                return
            }
            var progress = false
            for operations in grouped(plan.operations) {
                let isDone =
                    operations.count > 1
                    ? try await performTogether(operations) : try await perform(operations[0])
                if isDone { progress = true }
            }
            if !progress { return }
        }
    }

    func linkState() async throws -> LinkState {
        let window = memory.cursor?.window ?? TimeSpan(start: now, end: now)
        let known = Set(memory.pairings.values.map(\.booking))
        let bookings: [Booking]
        let slotsEnd: Instant
        do {
            slotsEnd = try await environment.bookings.slotsEnd(of: link.room)
            bookings = try await environment.bookings.bookings(
                in: link.room, window: reach(of: window, to: slotsEnd), known: known)
        } catch {
            throw PassStop(bookingSide: error)
        }
        let connector = environment.connector
        return LinkState(
            link: link, pairings: memory.pairings.values.sorted { $0.id < $1.id },
            bookings: Dictionary(bookings.map { ($0.id, $0) }, uniquingKeysWith: { $1 }), events: memory.events,
            window: window, slotsEnd: slotsEnd, now: now, approvedDeletions: memory.approvedDeletions,
            proposesNewTimes: connector.capabilities.proposesNewTimes, rulings: memory.rulings,
            organizerCopies: organizerCopies.compactMapValues { $0 }, expresses: { connector.expresses($0) })
    }

    /// Where bookings may stand in the way of what is in the window: as far ahead as slots are given away, and as far back as
    /// somebody moved a meeting.
    private func reach(of window: TimeSpan, to slotsEnd: Instant) -> TimeSpan {
        let singles = memory.pairings.values.lazy.compactMap { $0.event.flatMap { memory.events[$0] } }
            .map(\.event.meeting).filter { $0.recurrence == nil }
        let earliest = singles.map(\.span.start).min() ?? window.start
        return TimeSpan(start: min(earliest, window.start), end: max(slotsEnd, window.end))
    }

    /// When the next meeting starts that is not over; today's and tomorrow's occurrences of series are enough to know.
    private func nextStart(in state: LinkState) -> Instant? {
        let soon = TimeSpan(start: state.now, end: state.now.advanced(by: .seconds(2 * 86_400)))
        return state.bookings.values.lazy.filter(\.status.holdsRoom).compactMap { booking in
            guard let series = Series(booking.meeting, roomZone: state.link.roomZone) else {
                return booking.meeting.span.end > state.now ? booking.meeting.span.start : nil
            }
            return series.occurrences(in: soon).first?.span.start
        }.min()
    }

    private mutating func stopAndAsk(_ hold: MassDeletion) async throws {
        let sentence = """
            \(hold.vanished) of \(hold.of) coming meetings vanished from the calendar at once. The link stopped, and \
            nothing was cancelled. Look at the calendar, then resume the link and say whether they are to be cancelled \
            or written again.
            """
        report.hold = hold
        let entry = HistoryEntry(
            link: link.id, booking: nil, event: nil, at: now, action: "link.hold", sentence: sentence)
        try await keep([.setState(.held(hold)), .tell(entry)])
    }

    // MARK: - Memory

    /// Keeps effects in the store and in this pass's memory.
    mutating func keep(_ effects: [Effect]) async throws {
        try await environment.store.apply(effects, for: link.id, at: now)
        remember(effects)
    }

    mutating func close(_ intent: Intent, as outcome: Intent.Outcome, effects: [Effect] = []) async throws {
        try await environment.store.close(intent.key, as: outcome, effects: effects, at: now)
        memory.openIntents.removeAll { $0.key == intent.key }
        remember(effects)
    }

    mutating func remember(_ effects: [Effect]) {
        for effect in effects {
            switch effect {
            case .pair(let pairing): memory.pairings[pairing.id] = pairing
            case .end(let id): memory.pairings[id] = nil
            case .observe(let observed): memory.events[observed.event.id] = observed
            case .forget(let id): memory.events[id] = nil
            case .setState(let state): memory.link.state = state
            case .tell, .clash: break
            }
        }
    }

    func pairing(_ id: PairingID?) -> Pairing? { id.flatMap { memory.pairings[$0] } }
    func observed(_ id: EventID) -> ObservedEvent? { memory.events[id] }

    /// An event as a point read found it after the vendor refused an older version. Whatever its time says, it is what
    /// stands there: held back as out of date, it would be refused again for ever.
    func present(_ event: Event) -> Effect {
        let kept = Privacy.redacted(event, policy: link.policy.content)
        var known = observed(event.id)
        known?.event.modifiedAt = nil
        return .observe(ObservedEvent.updating(known, with: kept, at: now))
    }

    /// An event as it may be kept: without what the link's policy does not let cross.
    func observation(of event: Event) -> Effect { .observe(seen(event)) }

    func seen(_ event: Event) -> ObservedEvent {
        let kept = Privacy.redacted(event, policy: link.policy.content)
        return ObservedEvent.updating(observed(event.id), with: kept, at: now)
    }
}

/// Why a pass cannot go on.
struct PassStop: Error {
    var diagnosis: Diagnosis
    var kind: ConnectorError.Kind?
    var retryAfter: Duration?

    init(_ error: ConnectorError) {
        diagnosis = error.diagnosis
        kind = error.kind
        retryAfter = error.retryAfter
    }

    init(bookingSide error: BookingError) { diagnosis = Diagnosis(error) }
}

extension Diagnosis {
    /// What the booking side's refusal means, in words.
    package init(_ error: BookingError) {
        let summary =
            switch error {
            case .notFound: "The booking is not there any more."
            case .changed: "The booking was changed in the meantime."
            case .slotTaken: "Another booking holds the room at that time."
            case .rejected(let reason): reason
            case .unavailable(let reason): "LoopBooking could not be reached: \(reason)"
            }
        self.init(
            code: "loopbooking.\(error.name)", summary: summary,
            remedy: "The link tries again; if this stays, look at the booking in LoopBooking.")
    }
}

extension BookingError {
    fileprivate var name: String {
        switch self {
        case .notFound: "notFound"
        case .changed: "changed"
        case .slotTaken: "slotTaken"
        case .rejected: "rejected"
        case .unavailable: "unavailable"
        }
    }
}
