import CalendarModel
import CalendarTime
import SQLStore
import SyncEngine

/// A meeting whose event vanished from a stopped link's calendar, as far as the link's policy lets it be shown.
package struct VanishedMeeting: Encodable, Sendable, Hashable {
    package var booking: String
    package var title: String
    package var organizer: String?
    /// RFC 3339, UTC; of a series its first occurrence.
    package var start: String
    package var end: String
    package var isSeries: Bool
    /// `loopBooking` or `calendar`: where it was made.
    package var origin: String

    init(_ pairing: Pairing, of link: Link) {
        let meeting = pairing.bookingBase
        booking = OccurrenceBookingID.whole(pairing.booking).rawValue
        title = Privacy.title(of: meeting, policy: link.policy.content)
        organizer = Privacy.organizer(of: meeting, policy: link.policy.content).map {
            $0.name.isEmpty ? $0.address : $0.name
        }
        start = Timestamps.rfc3339(meeting.span.start)
        end = Timestamps.rfc3339(meeting.span.end)
        isSeries = meeting.recurrence != nil
        origin = pairing.origin.rawValue
    }
}
