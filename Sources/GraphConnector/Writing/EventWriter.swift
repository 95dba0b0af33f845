import CalendarModel
import CalendarTime
import SyncEngine

/// Makes Graph's events of meetings.
struct EventWriter: Sendable {
    let address: String
    let roomName: String
    let roomZone: ZoneID

    /// A new event straight in the room's calendar. Without attendees: with them, Exchange would send invitations in
    /// the room's name.
    func direct(_ draft: EventDraft) throws(InexpressibleSeries) -> OutgoingEvent {
        var event = try new(draft, inviting: false)
        event.responseRequested = false
        return event
    }

    /// A new event in the service account's mailbox, which invites the room and the person who booked.
    func invitation(_ draft: EventDraft) throws(InexpressibleSeries) -> OutgoingEvent {
        var event = try new(draft, inviting: true)
        event.responseRequested = true
        return event
    }

    /// A series is made without what differs from its rule, and with a note of it.
    private func new(_ draft: EventDraft, inviting: Bool) throws(InexpressibleSeries) -> OutgoingEvent {
        var event = fields(Set(MeetingField.allCases), of: draft.meeting, inviting: inviting)
        event.isReminderOn = false
        event.allowNewTimeProposals = false
        event.transactionId = TransactionID.text(for: draft.tag.key)
        event.singleValueExtendedProperties = [EventTags.property(for: draft.tag)]
        if let recurrence = draft.meeting.recurrence {
            if let reason = draft.meeting.inexpressible(roomZone: roomZone) { throw reason }
            event.take(try SeriesForm(draft.meeting, recurrence, roomZone: roomZone))
            if !recurrence.irregular.isEmpty { event.note(SeriesJournal(draft.meeting, recurrence)) }
        }
        return event
    }

    /// The given fields only, of a single event or an occurrence; a series' times go with its rule (``SeriesForm``).
    /// The organizer is never written (Exchange decides it); in an invitation the person who booked is an attendee.
    func fields(_ fields: Set<MeetingField>, of meeting: Meeting, inviting: Bool) -> OutgoingEvent {
        var event = OutgoingEvent()
        if fields.contains(.time) {
            (event.start, event.end) = times(meeting.time)
            event.isAllDay = meeting.time.isAllDay
        }
        if fields.contains(.subject) { event.subject = meeting.subject }
        if fields.contains(.body) { event.body = GraphBody(contentType: "text", content: meeting.body) }
        if fields.contains(.showAs) { event.showAs = Self.text(of: meeting.showAs) }
        if fields.contains(.sensitivity) { event.sensitivity = meeting.sensitivity.rawValue }
        if fields.contains(.location) { event.location = location(meeting.location) }
        if inviting, !fields.isDisjoint(with: [.attendees, .organizer]) { event.attendees = attendees(of: meeting) }
        return event
    }

    /// Wall time in the meeting's own zone, so that it says there what it says here; UTC where Windows has no name for
    /// it.
    func times(_ time: MeetingTime) -> (GraphDateTime, GraphDateTime) {
        switch time {
        case .timed(let timed):
            if let name = Zones.windowsName(for: timed.zone), Self.keepsInstants(timed) {
                return (
                    GraphDateTime(dateTime: Timestamps.graphWall(timed.start), timeZone: name),
                    GraphDateTime(dateTime: Timestamps.graphWall(timed.end), timeZone: name)
                )
            }
            return (utc(timed.span.start), utc(timed.span.end))
        case .allDay(let allDay):
            let name = Zones.windowsName(for: roomZone) ?? "UTC"
            let midnights = [allDay.first, allDay.end].map { date in
                GraphDateTime(
                    dateTime: Timestamps.graphWall(WallTime(date: date, hour: 0, minute: 0)), timeZone: name)
            }
            return (midnights[0], midnights[1])
        }
    }

    /// In the hour that autumn repeats, the wall time alone does not say which of the two instants is meant.
    private static func keepsInstants(_ timed: TimedSpan) -> Bool {
        Zones.instant(of: timed.start, in: timed.zone) == timed.span.start
            && Zones.instant(of: timed.end, in: timed.zone) == timed.span.end
    }

    private func utc(_ instant: Instant) -> GraphDateTime {
        let text = Timestamps.rfc3339(instant, fractionDigits: 7)
        return GraphDateTime(dateTime: String(text.dropLast()), timeZone: "UTC")
    }

    private func location(_ name: String) -> GraphLocation {
        GraphLocation(displayName: name, locationType: "conferenceRoom", locationEmailAddress: address)
    }

    /// The room as the resource, the person who booked, and everybody else, each once.
    private func attendees(of meeting: Meeting) -> [GraphAttendee] {
        var list = [
            GraphAttendee(
                type: "resource",
                emailAddress: GraphAddress(name: roomName.isEmpty ? nil : roomName, address: address))
        ]
        var seen: Set<String> = [address.lowercased(), ""]
        let organizer = meeting.organizer.map { Attendee(person: $0, role: .required) }
        for attendee in [organizer].compactMap({ $0 }) + meeting.attendees
        where attendee.role != .resource && seen.insert(attendee.person.address.lowercased()).inserted {
            list.append(
                GraphAttendee(
                    type: attendee.role.rawValue,
                    emailAddress: GraphAddress(
                        name: attendee.person.name.isEmpty ? nil : attendee.person.name,
                        address: attendee.person.address)))
        }
        return list
    }

    private static func text(of showAs: ShowAs) -> String { showAs == .outOfOffice ? "oof" : showAs.rawValue }
}

extension OutgoingEvent {
    mutating func take(_ form: SeriesForm) {
        start = form.start
        end = form.end
        isAllDay = form.isAllDay
        recurrence = .repeating(form.recurrence)
    }

    mutating func note(_ journal: SeriesJournal) {
        guard let property = journal.property else { return }
        singleValueExtendedProperties = (singleValueExtendedProperties ?? []) + [property]
    }
}
