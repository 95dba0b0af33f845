import CalendarModel
import ICalendar
import SyncEngine

/// The booking attendant: answers invitations in its own time, one meeting a slot.
extension InMemoryCalendar {
    package func answerInvitations() {
        for id in unanswered {
            guard var invitation = invitations[id] else { continue }
            var copy =
                copy(of: invitation)
                ?? Item(
                    event: Event(
                        id: EventID(newID("copy")), version: Version("new"), uid: invitation.event.uid,
                        meeting: invitation.event.meeting, role: .attendee, createdAt: now(), modifiedAt: now()),
                    change: 0)
            copy.event.meeting.time = invitation.event.meeting.time
            copy.event.meeting.recurrence = invitation.event.meeting.recurrence
            copy.event.meeting.subject = account.name
            copy.event.meeting.body = ""
            copy.event.meeting.sensitivity = .normal
            copy.event = answered(copy.event)
            keep(copy)
            invitation.event.meeting.attendees = [
                Attendee(person: room, role: .resource, response: copy.event.response)
            ]
            invitations[id] = invitation
        }
        unanswered = []
    }

    /// An invitation as the attendant leaves it: accepted where the room is free. Of a series the occurrences that clash
    /// are declined one by one, and missing from the room's copy; one that clashes throughout is declined as a whole.
    func answered(_ event: Event) -> Event {
        var event = event
        event.response = .accepted
        let others = heldSpans(of: rivals(of: event))
        guard let series = Series(event.meeting, roomZone: zone) else {
            if others.contains(where: { $0.overlaps(event.meeting.span) }) { event.response = .declined }
            return event
        }
        let occurrences = series.occurrences(in: horizon)
        let clashing = occurrences.filter { occurrence in others.contains { $0.overlaps(occurrence.span) } }
        if !clashing.isEmpty, clashing.count == occurrences.count { event.response = .declined }
        if event.response == .accepted {
            for occurrence in clashing { event.meeting.recurrence?.set(.cancelled, of: occurrence.original) }
        }
        return event
    }

    /// Other events that hold the room at the same time.
    func rivals(of event: Event) -> [Event] {
        let own = event.meeting.heldSpans(in: horizon, roomZone: zone)
        let reach = event.meeting.reach(roomZone: zone)
        return items.values.map(\.event).filter { other in
            other.id != event.id && other.holdsRoom && other.meeting.reach(roomZone: zone).overlaps(reach)
                && other.meeting.heldSpans(in: horizon, roomZone: zone)
                    .contains { span in own.contains { $0.overlaps(span) } }
        }
    }

    private func heldSpans(of events: [Event]) -> [TimeSpan] {
        events.flatMap { $0.meeting.heldSpans(in: horizon, roomZone: zone) }
    }

    /// How far the attendant looks: half a year, as Exchange does unless told otherwise.
    private var horizon: TimeSpan {
        TimeSpan(start: now().advanced(by: .seconds(-86_400)), end: now().advanced(by: .seconds(180 * 86_400)))
    }

    func copy(of invitation: Item) -> Item? {
        items.values.first { $0.event.uid == invitation.event.uid && $0.event.role == .attendee }
    }

    /// A changed time is asked anew: the room's copy waits at the new time.
    func sendAgain(_ id: EventID) {
        guard var invitation = invitations[id] else { return }
        invitation.event.meeting.attendees = [Attendee(person: room, role: .resource, response: .notResponded)]
        invitations[id] = invitation
        if var copy = copy(of: invitation) {
            copy.event.meeting.time = invitation.event.meeting.time
            copy.event.meeting.recurrence = invitation.event.meeting.recurrence
            copy.event.response = .notResponded
            keep(copy)
        }
        if !unanswered.contains(id) { unanswered.append(id) }
    }
}
