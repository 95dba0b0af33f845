import CalendarModel

/// Everything the planner may know about one link at one moment: what both sides were seen to hold, and what they last
/// agreed on.
package struct LinkState: Sendable {
    package var link: Link
    /// Live pairings; a booking and an event stand in at most one.
    package var pairings: [Pairing]
    /// Bookings of the room in the window, and every paired one whatever its time and status.
    package var bookings: [BookingID: Booking]
    /// Events known to be in the resource's calendar.
    package var events: [EventID: ObservedEvent]
    /// The organizer's copies of our invitations, where the room's copies left open what is meant (invite mode).
    package var organizerCopies: [PairingID: Event]
    package var window: TimeSpan
    /// Up to where LoopBooking gives slots away, which may be beyond the window.
    package var slotsEnd: Instant
    package var now: Instant
    /// The meetings whose events had vanished when somebody looked at them, and said that they may be cancelled.
    package var approvedDeletions: Set<PairingID>
    /// Whether the room can propose another time to an organizer.
    package var proposesNewTimes: Bool
    /// Whether the calendar system can hold a meeting as one event.
    package var expresses: @Sendable (Meeting) -> Bool
    /// Clashes that somebody decided; they come before the link's policy.
    package var rulings: [ClashRuling]

    package init(
        link: Link, pairings: [Pairing], bookings: [BookingID: Booking], events: [EventID: ObservedEvent],
        window: TimeSpan, slotsEnd: Instant? = nil, now: Instant, approvedDeletions: Set<PairingID> = [],
        proposesNewTimes: Bool = false,
        rulings: [ClashRuling] = [], organizerCopies: [PairingID: Event] = [:],
        expresses: @escaping @Sendable (Meeting) -> Bool = { _ in true }
    ) {
        self.slotsEnd = max(slotsEnd ?? window.end, window.end)
        self.expresses = expresses
        self.proposesNewTimes = proposesNewTimes
        self.link = link
        self.pairings = pairings
        self.bookings = bookings
        self.events = events
        self.window = window
        self.now = now
        self.approvedDeletions = approvedDeletions
        self.rulings = rulings
        self.organizerCopies = organizerCopies
    }
}
