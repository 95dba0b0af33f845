import CalendarModel
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
            copy.event.meeting.subject = account.name
            copy.event.meeting.body = ""
            copy.event.meeting.sensitivity = .normal
            let isTaken = items.values.contains {
                $0.event.id != copy.event.id && $0.event.holdsRoom
                    && $0.event.meeting.span.overlaps(copy.event.meeting.span)
            }
            copy.event.response = isTaken ? .declined : .accepted
            keep(copy)
            invitation.event.meeting.attendees = [
                Attendee(person: room, role: .resource, response: copy.event.response)
            ]
            invitations[id] = invitation
        }
        unanswered = []
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
            copy.event.response = .notResponded
            keep(copy)
        }
        if !unanswered.contains(id) { unanswered.append(id) }
    }
}
