import CalendarModel
import SyncEngine
import TestSupport

/// A room with very many meetings, to measure what planning it costs.
package struct PlanningBenchmark {
    private var state: LinkState
    private let changed: EventID

    /// - Parameter meetings: how many meetings stand paired on both sides, half an hour each, one after the other.
    package init(meetings: Int) {
        var pairings: [Pairing] = []
        var bookings: [BookingID: Booking] = [:]
        var events: [EventID: ObservedEvent] = [:]
        var start = Samples.now
        for number in 0..<meetings {
            let span = TimeSpan(start: start, end: start.advanced(by: .seconds(1800)))
            start = span.end
            let meeting = Samples.meeting(
                "Meeting \(number)", Times.timed(span), body: "Agenda of meeting \(number)\n\nSee you there.",
                attendees: [Attendee(person: Samples.erik), Attendee(person: Samples.mirror, role: .resource)],
                location: "Oslo")
            let booking = Samples.booking(BookingID("booking-\(number)"), meeting)
            let event = Samples.event(EventID("event-\(number)"), meeting)
            pairings.append(Samples.pairing(PairingID("pairing-\(number)"), booking, event))
            bookings[booking.id] = booking
            events[event.id] = Samples.observed(event)
        }
        state = LinkState(
            link: Samples.link(), pairings: pairings, bookings: bookings, events: events,
            window: TimeSpan(start: Samples.now, end: start.advanced(by: .seconds(86_400))), now: Samples.now)
        changed = EventID("event-\(meetings / 2)")
    }

    /// Plans; how many operations came of it.
    package func plan() -> Int { Planner.plan(state).operations.count }

    /// The least that any planner has to do: looks up both sides of each pairing, and compares their versions.
    package func compareVersions() -> Int {
        state.pairings.count { pairing in
            state.bookings[pairing.booking]?.revision == pairing.bookingRevision
                && pairing.event.map { state.events[$0]?.event.version == pairing.eventVersion } ?? false
        }
    }

    /// Plans after one event was moved by a quarter of an hour.
    package mutating func moveOne() {
        guard var event = state.events[changed]?.event else { return }
        let span = event.meeting.span
        event.meeting.time = Times.timed(
            TimeSpan(start: span.start.advanced(by: .seconds(300)), end: span.end.advanced(by: .seconds(-300))))
        event.version = Version("moved")
        state.events[changed] = ObservedEvent.updating(state.events[changed], with: event, at: state.now)
    }
}
