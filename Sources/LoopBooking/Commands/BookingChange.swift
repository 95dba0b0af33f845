import CalendarModel

/// What somebody wants changed about a booking; nil leaves a part as it is.
package struct BookingChange: Hashable, Sendable {
    package var time: TimeChange?
    package var subject: String?
    package var body: String?
    package var organizer: Replacement<Person>?
    package var attendees: [Attendee]?
    package var sensitivity: Sensitivity?
    package var showAs: ShowAs?
    package var location: String?
    /// Only to be able to say no: a booking stays in its room.
    package var room: RoomID?
    /// Nothing: a single meeting.
    package var recurrence: Replacement<RecurrenceChange>?
    package var onTaken: OnTaken

    /// A new value for a part that may also be taken away.
    package enum Replacement<Value: Hashable & Sendable>: Hashable, Sendable {
        case value(Value)
        case nothing
    }

    package init(
        time: TimeChange? = nil, subject: String? = nil, body: String? = nil, organizer: Replacement<Person>? = nil,
        attendees: [Attendee]? = nil, sensitivity: Sensitivity? = nil, showAs: ShowAs? = nil,
        location: String? = nil, room: RoomID? = nil, recurrence: Replacement<RecurrenceChange>? = nil,
        onTaken: OnTaken = .refuse
    ) {
        self.time = time
        self.subject = subject
        self.body = body
        self.organizer = organizer
        self.attendees = attendees
        self.sensitivity = sensitivity
        self.showAs = showAs
        self.location = location
        self.room = room
        self.recurrence = recurrence
        self.onTaken = onTaken
    }

    /// What one occurrence has instead of its series' values, as a wish again.
    package init(_ change: OccurrenceChange) {
        self.init(
            time: change.time.map(TimeChange.init), subject: change.subject, body: change.body, showAs: change.showAs,
            location: change.location)
    }

    /// The meeting with everything but the time and the recurrence changed.
    func applied(to meeting: Meeting) -> Meeting {
        var result = meeting
        if let subject { result.subject = subject }
        if let body { result.body = body }
        switch organizer {
        case .value(let person): result.organizer = person
        case .nothing: result.organizer = nil
        case nil: break
        }
        if let attendees { result.attendees = attendees }
        if let sensitivity { result.sensitivity = sensitivity }
        if let showAs { result.showAs = showAs }
        if let location { result.location = location }
        return result
    }
}
