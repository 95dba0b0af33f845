import CalendarModel
import ICalendar
import SyncEngine

/// What people do in the calendar, past LoopBooking Sync.
extension InMemoryCalendar {
    /// How a person's meeting comes into the room's calendar.
    package enum Way: Hashable, Sendable {
        /// Written straight into it: the room is its organizer.
        case written
        /// By an invitation, which the room accepts without looking.
        case invited
        /// By an invitation, which the attendant answers: it declines what clashes.
        case asked
    }

    /// Writes a meeting into the room's calendar, or invites the room, which accepts without looking.
    @discardableResult
    package func personCreates(_ meeting: Meeting, invitingRoom: Bool = false) -> EventID {
        personCreates(meeting, by: invitingRoom ? .invited : .written)
    }

    @discardableResult
    package func personCreates(_ meeting: Meeting, by way: Way) -> EventID {
        var meeting = pruned(meeting)
        if way == .written { meeting.organizer = room }
        var event = Event(
            id: EventID(newID("event")), version: Version("new"), uid: newID("uid"), meeting: meeting,
            role: way == .written ? .organizer : .attendee, response: way == .written ? .organizer : .accepted,
            createdAt: now(), modifiedAt: now())
        if way == .asked { event = answered(event) }
        keep(Item(event: event, change: 0))
        return event.id
    }

    /// A person changes a meeting, or a series as a whole. When the time or the rule of a series becomes another, the
    /// series is made anew, and what differed from the old one is lost, as in Exchange; unless the person changed that
    /// too. A series that the calendar cannot hold cannot be typed into it either.
    package func personChanges(_ id: EventID, _ change: @Sendable (inout Meeting) -> Void) {
        guard var item = items[id], !item.event.isCancelled else { return }
        let before = item.event.meeting
        change(&item.event.meeting)
        guard item.event.meeting != before else { return }
        if let old = before.recurrence, let new = item.event.meeting.recurrence {
            let isAnew = !old.samePattern(as: new) || !before.agrees(with: item.event.meeting, in: .time)
            let isKept = old.cancelled == new.cancelled && old.exceptions == new.exceptions
            if isAnew, isKept { item.event.meeting = withoutExceptions(item.event.meeting) }
        }
        guard expresses(item.event.meeting) else { return }
        item.event.meeting = pruned(item.event.meeting)
        keep(item)
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

    /// Copies a meeting with all that is hidden in it, our tag included, to another time.
    @discardableResult
    package func personCopies(_ id: EventID, to time: MeetingTime) -> EventID? {
        guard let original = items[id] else { return nil }
        var event = original.event
        event.id = EventID(newID("event"))
        event.uid = newID("uid")
        event.meeting.time = time
        event.meeting.organizer = room
        event.role = .organizer
        event.response = .organizer
        event.isCancelled = false
        event.createdAt = now()
        keep(Item(event: event, tag: original.tag, change: 0))
        return event.id
    }

    // MARK: Single occurrences

    /// A person changes one occurrence of a series: moves it, renames it, shows it as free.
    package func personChanges(
        _ id: EventID, occurrence original: WallTime, _ change: @Sendable (inout Meeting) -> Void
    ) {
        guard var item = items[id], !item.event.isCancelled, let series = Series(item.event.meeting, roomZone: zone),
            let occurrence = series.occurrence(original)
        else { return }
        var meeting = series.meeting.occurrence(at: occurrence.regularTime, occurrence.change)
        change(&meeting)
        let difference = series.meeting.change(to: meeting, at: occurrence.regularTime)
        guard difference != occurrence.change ?? OccurrenceChange() else { return }
        item.event.meeting.recurrence?.set(.changed(difference), of: original)
        keep(item)
    }

    /// A person deletes one occurrence, or puts a deleted one back as the rule has it.
    package func personSets(_ id: EventID, occurrence original: WallTime, cancelled: Bool) {
        guard var item = items[id], !item.event.isCancelled, let series = Series(item.event.meeting, roomZone: zone),
            series.has(original), series.recurrence.cancelled.contains(original) != cancelled
        else { return }
        item.event.meeting.recurrence?.set(cancelled ? .cancelled : .asRule, of: original)
        keep(item)
    }

    // MARK: At the service account's mailbox

    /// Whoever sits there changes a meeting to which the service account invited the room; the room's copy waits at the
    /// new time.
    package func serviceAccountChanges(_ organizerEvent: EventID, _ change: @Sendable (inout Meeting) -> Void) {
        guard var invitation = invitations[organizerEvent] else { return }
        change(&invitation.event.meeting)
        invitation.event.modifiedAt = now()
        invitations[organizerEvent] = invitation
        sendAgain(organizerEvent)
    }

    // MARK: Looking

    package var events: [Event] { items.values.sorted { $0.number < $1.number }.map(\.event) }
    package var holdingEvents: [Event] { events.filter(\.holdsRoom) }
    package func event(_ id: EventID) -> Event? { items[id]?.event }
    package func tag(of id: EventID) -> EventTag? { items[id]?.tag }
    package var invitationCount: Int { invitations.count }
    /// Everything in the invitations that the service account sent.
    package var invitationTexts: [String] { invitations.values.map { "\($0.event)" } }
    /// Whether an answer or a create is still under way.
    package var hasLoose: Bool { !landing.isEmpty || !unanswered.isEmpty }
    /// Drops creates under way: after the storm nothing lands any more.
    package func calmDown() { landing = [] }
}
