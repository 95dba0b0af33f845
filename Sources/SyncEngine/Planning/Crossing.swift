import CalendarModel

/// What a meeting looks like on the other side: the link's content policy, and saying who booked.
struct Crossing {
    let policy: LinkPolicy

    /// The fields that cross from a booking to an event. The organizer crosses as words, in the body or the subject; into
    /// an event that was made in the calendar it does not: that one says itself who organizes it.
    func bookingFields(origin: Side) -> Set<MeetingField> {
        let fields: Set<MeetingField> =
            switch policy.content {
            case .everything: [.time, .recurrence, .subject, .body, .sensitivity, .showAs, .organizer]
            case .busyWithOrganizer: [.time, .recurrence, .showAs, .organizer]
            case .busyOnly: [.time, .recurrence, .showAs]
            }
        return origin == .calendar ? fields.subtracting([.organizer]) : fields
    }

    /// The fields that cross from an event to a booking.
    var eventFields: Set<MeetingField> {
        switch policy.content {
        case .everything:
            [.time, .recurrence, .subject, .body, .sensitivity, .showAs, .organizer, .attendees, .location]
        case .busyWithOrganizer: [.time, .recurrence, .showAs, .organizer]
        case .busyOnly: [.time, .recurrence, .showAs]
        }
    }

    /// The event fields that must be written when these booking fields changed.
    func eventFields(forBookingFields fields: Set<MeetingField>) -> Set<MeetingField> {
        var result = fields
        if result.remove(.organizer) != nil {
            switch policy.content {
            case .everything: result.insert(.body)
            case .busyWithOrganizer: result.insert(.subject)
            case .busyOnly: break
            }
        }
        return result
    }

    /// The booking fields that a change of one event field competes with.
    func bookingFields(writing field: MeetingField) -> Set<MeetingField> {
        switch (field, policy.content) {
        case (.body, .everything): [.body, .organizer]
        case (.subject, .busyWithOrganizer): [.organizer]
        default: [field]
        }
    }

    /// A booking's meeting as it is written into the calendar, into an event of this origin.
    func event(from booking: Meeting, origin: Side) -> Meeting {
        var meeting = booking
        meeting.attendees = []
        meeting.recurrence = booking.recurrence.map { eventRecurrence(from: $0, of: booking, origin: origin) }
        switch policy.content {
        case .everything:
            if origin == .loopBooking { meeting.body = Footer.added(to: booking.body, organizer: booking.organizer) }
        case .busyWithOrganizer:
            meeting.subject = booking.organizer?.name ?? Self.busy
            meeting.body = ""
            meeting.sensitivity = .normal
            meeting.location = ""
        case .busyOnly:
            meeting.subject = Self.busy
            meeting.body = ""
            meeting.sensitivity = .normal
            meeting.organizer = nil
            meeting.location = ""
        }
        return meeting
    }

    /// An event's meeting as it is written into LoopBooking.
    func booking(from event: Meeting) -> Meeting {
        var meeting = event
        meeting.attendees = event.attendees.filter { $0.role != .resource }
        meeting.recurrence = event.recurrence.map(bookingRecurrence)
        switch policy.content {
        case .everything:
            meeting.body = Footer.removed(from: event.body)
        case .busyWithOrganizer:
            meeting.subject = event.organizer?.name ?? Self.busy
            meeting.body = ""
            meeting.attendees = []
            meeting.sensitivity = .normal
            meeting.location = ""
        case .busyOnly:
            meeting.subject = Self.busy
            meeting.body = ""
            meeting.attendees = []
            meeting.organizer = nil
            meeting.sensitivity = .normal
            meeting.location = ""
        }
        return meeting
    }

    static let busy = "Busy"
}

/// The last line of an event's body that says who booked: a direct write has the room as its organizer.
enum Footer {
    private static let opening = "Booked in LoopBooking by "

    static func added(to body: String, organizer: Person?) -> String {
        guard let organizer, !organizer.name.isEmpty || !organizer.address.isEmpty else { return body }
        let name = organizer.name.isEmpty ? organizer.address : organizer.name
        let address = organizer.address.isEmpty || organizer.name.isEmpty ? "" : " (\(organizer.address))"
        let line = opening + name + address
        return body.isEmpty ? line : body + "\n\n" + line
    }

    static func removed(from body: String) -> String {
        var lines = body.split(separator: "\n", omittingEmptySubsequences: false)
        while let last = lines.last, last.allSatisfy(\.isWhitespace) { lines.removeLast() }
        guard let last = lines.last, canonicalLine(String(last)).hasPrefix(opening) else { return body }
        lines.removeLast()
        while let last = lines.last, last.allSatisfy(\.isWhitespace) { lines.removeLast() }
        return lines.joined(separator: "\n")
    }
}

/// How an event that lost its slot is shown: still there, no longer holding the room, saying why.
enum Refusal {
    static let mark = "Not booked: "

    static func marked(_ meeting: Meeting, reason: String) -> Meeting {
        var result = meeting
        if !result.subject.hasPrefix(mark) { result.subject = mark + result.subject }
        result.showAs = .free
        result.body = reason + (meeting.body.isEmpty ? "" : "\n\n" + meeting.body)
        return result
    }

    /// Where the content of events is not read, it is not overwritten either.
    static func fields(_ policy: LinkPolicy.Content) -> Set<MeetingField> {
        policy == .everything ? [.subject, .showAs, .body] : [.showAs]
    }
}

/// What may be kept of an event under the link's content policy.
package enum Privacy {
    /// The event without what the policy does not let cross; applied before anything is stored.
    package static func redacted(_ event: Event, policy: LinkPolicy.Content) -> Event {
        guard policy != .everything else { return event }
        var result = event
        result.meeting.subject = ""
        result.meeting.body = ""
        result.meeting.attendees = []
        result.meeting.location = ""
        result.meeting.recurrence = event.meeting.recurrence?.withoutContent
        if policy == .busyOnly { result.meeting.organizer = nil }
        return result
    }
}
