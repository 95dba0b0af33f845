import CalendarModel

/// Why the desk did not do what was asked.
package enum DeskError: Error, Hashable, Sendable {
    case noSuchRoom(RoomID)
    case noSuchBooking(BookingID)
    /// Every rule that the request breaks.
    case rulesBroken([RuleViolation])
    /// Another booking holds the room during this time.
    case slotTaken(by: BookingID, during: TimeSpan)
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
