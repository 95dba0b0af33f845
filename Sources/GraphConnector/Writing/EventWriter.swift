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

    func times(_ time: MeetingTime) -> (GraphDateTime, GraphDateTime) {
        switch time {
        case .timed(let timed):
            return (
                GraphDateTime(timed.start, at: timed.span.start, in: timed.zone),
                GraphDateTime(timed.end, at: timed.span.end, in: timed.zone)
            )
        case .allDay(let allDay):
            let name = Zones.windowsName(for: roomZone) ?? "UTC"
            return (GraphDateTime(allDay.first, in: name), GraphDateTime(allDay.end, in: name))
        }
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

extension GraphDateTime {
    /// Wall time in the meeting's own zone, so that it says there what it says here. UTC where Windows has no name for the
    /// zone, and in the hour that autumn repeats, whose wall times do not say which of the two is meant. Start and end are
    /// looked at on their own: Exchange shows a meeting in the zone of its start.
    init(_ wall: WallTime, at instant: Instant, in zone: ZoneID) {
        if let name = Zones.windowsName(for: zone), Zones.instant(of: wall, in: zone) == instant {
            self.init(dateTime: Timestamps.graphWall(wall), timeZone: name)
        } else {
            let text = Timestamps.rfc3339(instant, fractionDigits: 7)
            self.init(dateTime: String(text.dropLast()), timeZone: "UTC")
        }
    }
}

extension GraphDateTime {
    /// Midnight.
    init(_ date: CivilDate, in zoneName: String) {
        self.init(
            dateTime: Timestamps.graphWall(WallTime(date: date, hour: 0, minute: 0)), timeZone: zoneName)
    }
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
