import CalendarModel
import CalendarTime

/// The name under which the engine knows one occurrence of a booking whose series its calendar cannot express:
/// `booking#2026-03-02T09:00:00`. It exists between the engine and LoopBooking only; people read of the booking.
struct OccurrenceBookingID: Hashable {
    var booking: BookingID
    var original: WallTime

    init(booking: BookingID, original: WallTime) {
        self.booking = booking
        self.original = original
    }

    /// Nil for the id of a whole booking.
    init?(_ id: BookingID) {
        let parts = id.rawValue.split(separator: "#", omittingEmptySubsequences: false)
        guard parts.count == 2, let original = try? Timestamps.parseWall(String(parts[1])) else { return nil }
        self.init(booking: BookingID(String(parts[0])), original: original)
    }

    var id: BookingID { BookingID("\(booking)#\(original)") }

    /// The booking that an id belongs to, whole or one occurrence.
    static func whole(_ id: BookingID) -> BookingID { OccurrenceBookingID(id)?.booking ?? id }
}
