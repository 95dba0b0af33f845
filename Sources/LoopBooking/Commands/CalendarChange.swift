import CalendarModel

/// What a booking takes over from the calendar's meeting, when it is still at the revision that was read.
package struct CalendarChange: Hashable, Sendable {
    package var booking: BookingID
    package var meeting: Meeting
    package var fields: Set<MeetingField>
    package var revision: Int64
    package var reason: String

    package init(
        booking: BookingID, meeting: Meeting, fields: Set<MeetingField>, revision: Int64, reason: String
    ) {
        self.booking = booking
        self.meeting = meeting
        self.fields = fields
        self.revision = revision
        self.reason = reason
    }
}
