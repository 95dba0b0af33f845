import CalendarModel

/// A booking that somebody asks for in LoopBooking. Nothing in it was checked yet.
package struct BookingDraft: Hashable, Sendable {
    package var room: RoomID
    package var time: TimeDraft
    package var subject: String
    package var body: String
    package var organizer: Person?
    package var attendees: [Attendee]
    package var sensitivity: Sensitivity
    package var showAs: ShowAs
    package var location: String
    package var recurrence: RecurrenceChange?
    package var onTaken: OnTaken

    package init(
        room: RoomID, time: TimeDraft, subject: String = "", body: String = "", organizer: Person? = nil,
        attendees: [Attendee] = [], sensitivity: Sensitivity = .normal, showAs: ShowAs = .busy,
        location: String = "", recurrence: RecurrenceChange? = nil, onTaken: OnTaken = .refuse
    ) {
        self.room = room
        self.time = time
        self.subject = subject
        self.body = body
        self.organizer = organizer
        self.attendees = attendees
        self.sensitivity = sensitivity
        self.showAs = showAs
        self.location = location
        self.recurrence = recurrence
        self.onTaken = onTaken
    }

    /// The meeting asked for, at a time that was checked, before it repeats.
    func meeting(at time: MeetingTime) -> Meeting {
        Meeting(
            time: time, subject: subject, body: body, organizer: organizer, attendees: attendees,
            sensitivity: sensitivity, showAs: showAs, location: location)
    }
}
