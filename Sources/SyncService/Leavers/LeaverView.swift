import CalendarModel
import CalendarTime
import SQLStore
import SyncEngine

/// People who left and what they still hold, as people see it.
package struct LeaverReportView: Encodable, Sendable {
    package struct Leaver: Encodable, Sendable {
        package var name: String
        package var address: String
        /// `gone` or `disabled`.
        package var presence: String
        package var bookings: [Booking]
    }

    package struct Booking: Encodable, Sendable {
        package var id: String
        package var room: String
        package var roomName: String
        package var start: String
        package var end: String
        package var isSeries: Bool
        package var subject: String?
    }

    package var askedAt: String
    package var isCheckable: Bool
    package var asked: Int
    package var unknown: Int
    package var obstacles: [Diagnosis]
    package var people: [Leaver]

    package init(_ report: LeaverReport) {
        askedAt = Timestamps.rfc3339(report.askedAt)
        isCheckable = report.isCheckable
        asked = report.asked
        unknown = report.unknown
        obstacles = report.obstacles
        people = report.people.map { leaver in
            Leaver(
                name: leaver.person.name, address: leaver.person.address, presence: leaver.presence.rawValue,
                bookings: leaver.bookings.map { booking in
                    Booking(
                        id: booking.id.rawValue, room: booking.room.rawValue, roomName: booking.roomName,
                        start: Timestamps.rfc3339(booking.span.start), end: Timestamps.rfc3339(booking.span.end),
                        isSeries: booking.isSeries, subject: booking.subject)
                })
        }
    }
}
