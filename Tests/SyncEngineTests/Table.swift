import CalendarModel
import SyncEngine
import TestSupport

/// One small state of a link, and its plan.
struct Table {
    var link = Samples.link()
    var pairings: [Pairing] = []
    var bookings: [Booking] = []
    var events: [ObservedEvent] = []
    var now = Samples.now
    var approvedDeletions: Set<PairingID> = []
    var proposes = false
    var organizerCopies: [PairingID: Event] = [:]

    init(_ policy: LinkPolicy = LinkPolicy()) { link = Samples.link(policy) }

    /// A meeting that stands the same on both sides.
    static func paired(
        _ policy: LinkPolicy = LinkPolicy(), booking: Booking = Samples.booking(),
        event: Event = Samples.event(), origin: Side? = nil
    ) -> Table {
        var table = Table(policy)
        table.pairings = [Samples.pairing("p1", booking, event, origin: origin)]
        table.bookings = [booking]
        table.events = [Samples.observed(event)]
        return table
    }

    var state: LinkState {
        LinkState(
            link: link, pairings: pairings,
            bookings: Dictionary(bookings.map { ($0.id, $0) }, uniquingKeysWith: { $1 }),
            events: Dictionary(events.map { ($0.event.id, $0) }, uniquingKeysWith: { $1 }), window: Samples.window,
            now: now, approvedDeletions: approvedDeletions, proposesNewTimes: proposes,
            organizerCopies: organizerCopies)
    }

    var plan: Plan { Planner.plan(state) }
    /// Names and subjects: `event.create b1`.
    var steps: [String] { plan.operations.map { "\($0.action.name) \($0.action.subject)" } }

    /// A person changes the booking.
    mutating func changeBooking(
        _ id: BookingID = "b1", at now: Instant = Samples.now, _ change: (inout Meeting) -> Void
    ) {
        guard let index = bookings.firstIndex(where: { $0.id == id }) else { return }
        let before = bookings[index].meeting.time
        change(&bookings[index].meeting)
        bookings[index].revision += 1
        bookings[index].updatedAt = now
        if !bookings[index].meeting.time.sameTime(as: before) { bookings[index].slotTakenAt = now }
    }

    /// A person changes the event, and it is read.
    mutating func changeEvent(_ id: EventID = "e1", at now: Instant = Samples.now, _ change: (inout Event) -> Void) {
        guard let index = events.firstIndex(where: { $0.event.id == id }) else { return }
        var event = events[index].event
        change(&event)
        event.version = Version(event.version.value + "'")
        event.modifiedAt = now
        events[index] = ObservedEvent.updating(events[index], with: event, at: now)
    }

    mutating func loseEvent(_ id: EventID = "e1") { events.removeAll { $0.event.id == id } }
}

extension Plan {
    var updatesOfEvents: [Operation.UpdateEvent] {
        operations.compactMap { if case .updateEvent(let update) = $0.action { update } else { nil } }
    }
    var updatesOfBookings: [Operation.UpdateBooking] {
        operations.compactMap { if case .updateBooking(let update) = $0.action { update } else { nil } }
    }
}
