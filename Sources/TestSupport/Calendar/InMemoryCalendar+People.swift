import CalendarModel
import SyncEngine

/// What people do in the calendar, past LoopBooking Sync.
extension InMemoryCalendar {
    /// Writes a meeting into the room's calendar, or invites the room, which accepts without looking.
    @discardableResult
    package func personCreates(_ meeting: Meeting, invitingRoom: Bool = false) -> EventID {
        var meeting = meeting
        meeting.organizer = invitingRoom ? meeting.organizer : room
        let event = Event(
            id: EventID(newID("event")), version: Version("new"), uid: newID("uid"), meeting: meeting,
            role: invitingRoom ? .attendee : .organizer, response: invitingRoom ? .accepted : .organizer,
            createdAt: now(), modifiedAt: now())
        keep(Item(event: event, change: 0))
        return event.id
    }

    package func personChanges(_ id: EventID, _ change: @Sendable (inout Meeting) -> Void) {
        guard var item = items[id], !item.event.isCancelled else { return }
        let before = item.event.meeting
        change(&item.event.meeting)
        if item.event.meeting != before { keep(item) }
    }

    /// Deletes a meeting from the room's calendar; of an organizer's meeting the room may keep the cancelled item.
    package func personCancels(_ id: EventID, roomKeepsItem: Bool = false) {
        guard var item = items[id] else { return }
        if item.event.role == .attendee, roomKeepsItem {
            item.event.isCancelled = true
            keep(item)
        } else {
            drop(id)
        }
    }

    /// Somebody or something changed the event's version only.
    package func touches(_ id: EventID) {
        if let item = items[id] { keep(item) }
    }

    // MARK: Looking

    package var events: [Event] { items.values.map(\.event).sorted { $0.id < $1.id } }
    package var holdingEvents: [Event] { events.filter(\.holdsRoom) }
    package func event(_ id: EventID) -> Event? { items[id]?.event }
    package func tag(of id: EventID) -> EventTag? { items[id]?.tag }
    package var invitationCount: Int { invitations.count }
    /// Whether an answer or a create is still under way.
    package var hasLoose: Bool { !landing.isEmpty || !unanswered.isEmpty }
    /// Drops creates under way: after the storm nothing lands any more.
    package func calmDown() { landing = [] }
}
