import CalendarModel

/// What a booking takes over from the calendar's meeting, when it is still at the revision that was read.
package struct CalendarChange: Hashable, Sendable {
    package var booking: BookingID
    package var meeting: Meeting
    package var parts: MeetingParts
    package var revision: Int64
    package var reason: String

    package init(
        booking: BookingID, meeting: Meeting, parts: MeetingParts, revision: Int64, reason: String
    ) {
        self.booking = booking
        self.meeting = meeting
        self.parts = parts
        self.revision = revision
        self.reason = reason
    }
}
