import CalendarModel
import ICalendar

/// A pairing both of whose sides stand as they were last agreed on: nothing is to be done for it, however often it is
/// planned. Most of a room's meetings, so finding that out must cost little.
struct SettledPairing {
    let pairing: Pairing
    let booking: Booking
    let observed: ObservedEvent

    /// Nil when something changed, or is still open. A revision or version counts as agreed only once everything in it is
    /// (see ``Pairing/agree(on:policy:)``).
    init?(_ pairing: Pairing, in state: LinkState) {
        guard let id = pairing.event, let booking = state.bookings[pairing.booking],
            booking.revision == pairing.bookingRevision, booking.status == .confirmed,
            let observed = state.events[id], observed.event.version == pairing.eventVersion, observed.event.holdsRoom,
            !pairing.awaitsRoom, !pairing.isInvitation || observed.event.response == .accepted
        else { return nil }
        self.pairing = pairing
        self.booking = booking
        self.observed = observed
    }

    /// Whether one of its slots to come is wanted by somebody else.
    func isTouched(by wanted: SpanSet, hull: TimeSpan, in state: LinkState) -> Bool {
        let meeting = booking.meeting
        guard let series = Series(meeting, roomZone: state.link.roomZone) else {
            return meeting.span.end > state.now && wanted.overlaps(meeting.span)
        }
        return series.occurrences(in: hull).contains { $0.span.end > state.now && wanted.overlaps($0.span) }
    }

    func holds(_ span: TimeSpan, in state: LinkState) -> Bool {
        guard let series = Series(booking.meeting, roomZone: state.link.roomZone) else {
            return booking.meeting.span.overlaps(span)
        }
        return series.occurrences(in: span).contains { $0.span.overlaps(span) }
    }
}

/// All slots that are taken: given away in the contest, or held by meetings that stand unchanged.
struct TakenSlots {
    private var contested: Slots
    private let settled: [SettledPairing]
    private let state: LinkState

    init(contested: Slots, settled: [SettledPairing], state: LinkState) {
        self.contested = contested
        self.settled = settled
        self.state = state
    }

    func isFree(_ span: TimeSpan) -> Bool {
        contested.holder(of: span) == nil && !settled.contains { $0.holds(span, in: state) }
    }

    mutating func give(_ claim: Claim) { contested.give(claim) }
}
