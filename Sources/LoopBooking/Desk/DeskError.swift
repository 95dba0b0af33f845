import CalendarModel

/// Why the desk did not do what was asked.
package enum DeskError: Error, Hashable, Sendable {
    case noSuchRoom(RoomID)
    case noSuchBooking(BookingID)
    /// Every rule that the request breaks.
    case rulesBroken([RuleViolation])
    /// Another booking holds the room during this time.
    case slotTaken(by: BookingID, during: TimeSpan)
    /// Other bookings hold the room during occurrences of the series.
    case occurrencesTaken(TakenOccurrences)
    /// The booking is a single meeting.
    case notASeries
    /// The series has no occurrence with this original start.
    case noSuchOccurrence(WallTime)
    /// The occurrence was cancelled, so it cannot be changed.
    case occurrenceCancelled(WallTime)
    /// It was changed since it was read; its revision now.
    case changed(revision: Int64)
    /// A booking in this status cannot be changed any more.
    case closed(Booking.Status)
    /// The room's calendar could not be read for too long, and the link refuses bookings then; the reason in words.
    case notCertain(String)
    case roomNameTaken(String)
    /// The room cannot be removed or put into another zone; why, in words.
    case roomInUse(String)
    /// The request's idempotency key was used for another request.
    case requestKeyReused
}

/// The occurrences of a series for which its room is taken.
package struct TakenOccurrences: Hashable, Sendable {
    package struct Conflict: Hashable, Sendable {
        /// The occurrence that does not fit, by its original start.
        package var original: WallTime
        /// Who holds the room then, and how long.
        package var holder: HeldSlot
    }

    package static let mostListed = 50

    package let first: Conflict
    /// In order of time, the first among them; at most ``mostListed``.
    package let conflicts: [Conflict]
    /// How many occurrences are taken.
    package let count: Int
    /// How many were looked at.
    package let of: Int

    /// Nil when there is no conflict.
    package init?(_ conflicts: [Conflict], of occurrences: Int) {
        guard let first = conflicts.first else { return nil }
        self.first = first
        self.conflicts = Array(conflicts.prefix(Self.mostListed))
        count = conflicts.count
        of = occurrences
    }
}
