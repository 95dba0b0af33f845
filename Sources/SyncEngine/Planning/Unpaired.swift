import CalendarModel
import ICalendar

/// What stands on one side only: events and bookings without a partner, and those that turn out to have one.
struct Unpaired {
    /// Events that hold the room and have no booking.
    private(set) var events: [ObservedEvent] = []
    /// Bookings that hold the room and have no event: made in LoopBooking, or once in the calendar, by a link that is no
    /// more or before their events vanished.
    private(set) var bookings: [Booking] = []
    /// Partners found: the room's copy of our invitation, and meetings that were on both sides before.
    private(set) var recordings: [Operation] = []

    /// - Parameter open: the pairings that are not settled.
    init(state: LinkState, crossing: Crossing, settled: [SettledPairing], open: [Pairing]) {
        var awaited: [String: Pairing] = [:]
        for pairing in open where pairing.event == nil {
            if let uid = pairing.uid { awaited[uid] = pairing }
        }
        for observed in Self.events(in: state, settled, open) {
            if let pairing = observed.event.uid.flatMap({ awaited[$0] }) {
                recordings.append(
                    Operation(
                        .attach(pairing: pairing.id, event: observed.event.id),
                        because: "The room's copy of the invitation arrived."))
            } else if observed.event.holdsRoom, state.concerns(crossing.booking(from: observed.event.meeting)) {
                events.append(observed)
            }
        }
        for booking in Self.bookings(in: state, settled, open) {
            if booking.status.holdsRoom, state.contests(booking.meeting) { bookings.append(booking) }
        }
        bookings.sort { ($0.slotTakenAt, $0.id) < ($1.slotTakenAt, $1.id) }
        adoptTwins(crossing: crossing)
    }

    /// Events without a pairing. In most plans there are none, which counting tells: each stands in one pairing at most.
    private static func events(
        in state: LinkState, _ settled: [SettledPairing], _ open: [Pairing]
    ) -> [ObservedEvent] {
        let paired = open.compactMap(\.event).filter { state.events[$0] != nil }
        guard state.events.count > settled.count + paired.count else { return [] }
        let known = Set(paired).union(settled.lazy.map(\.observed.event.id))
        // Dictionaries have no order; a plan has.
        return state.events.values.filter { !known.contains($0.event.id) }
            .sorted { ($0.slotTakenAt, $0.event.id) < ($1.slotTakenAt, $1.event.id) }
    }

    private static func bookings(in state: LinkState, _ settled: [SettledPairing], _ open: [Pairing]) -> [Booking] {
        let paired = open.map(\.booking).filter { state.bookings[$0] != nil }
        guard state.bookings.count > settled.count + paired.count else { return [] }
        let known = Set(paired).union(settled.lazy.map(\.booking.id))
        return state.bookings.values.filter { !known.contains($0.id) }
    }

    /// A booking and an event at the same time with the same subject, neither with a partner, are one meeting that was on
    /// both sides before the link was.
    private mutating func adoptTwins(crossing: Crossing) {
        var bySlot: [TimeSpan: [ObservedEvent]] = [:]
        for observed in events { bySlot[observed.event.meeting.span, default: []].append(observed) }
        for booking in bookings where !bySlot.isEmpty {
            let twins = bySlot[booking.meeting.span] ?? []
            guard let twin = twins.firstIndex(where: { crossing.areTwins(booking, $0.event) }) else { continue }
            let event = twins[twin].event.id
            bySlot[booking.meeting.span]?.remove(at: twin)
            recordings.append(
                Operation(
                    .adopt(booking: booking.id, event: event),
                    because: "The same meeting stood on both sides already."))
        }
    }
}

extension LinkState {
    /// Whether a meeting on one side only is to cross: in the window, and not over. Of a series some occurrence must be.
    func concerns(_ meeting: Meeting) -> Bool { takesPlace(meeting, in: window) }

    /// Whether it holds a slot that other meetings may want.
    fileprivate func contests(_ meeting: Meeting) -> Bool {
        takesPlace(meeting, in: TimeSpan(start: window.start, end: slotsEnd))
    }

    private func takesPlace(_ meeting: Meeting, in window: TimeSpan) -> Bool {
        guard let series = Series(meeting, roomZone: link.roomZone) else {
            return meeting.span.end > now && meeting.span.overlaps(window)
        }
        let coming = TimeSpan(start: max(now, window.start), end: max(now, window.end))
        return series.occurrences(in: coming).contains { $0.span.end > now }
    }
}

extension Crossing {
    fileprivate func areTwins(_ booking: Booking, _ event: Event) -> Bool {
        switch booking.origin {
        case .loopBooking:
            let expected = self.event(from: booking.meeting, origin: .loopBooking)
            return event.role == .organizer && sameTimes(event.meeting, expected)
                && event.meeting.agrees(with: expected, in: .subject)
        case .calendar:
            // It came from the calendar once, whoever organized it there.
            let expected = self.booking(from: event.meeting)
            return sameTimes(booking.meeting, expected) && booking.meeting.agrees(with: expected, in: .subject)
        }
    }

    /// The zone of a series is not compared: vendors have names of their own for it.
    private func sameTimes(_ left: Meeting, _ right: Meeting) -> Bool {
        left.time.sameTime(as: right.time) && left.agrees(with: right, in: .recurrence)
    }
}
