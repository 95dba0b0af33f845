import CalendarModel

/// What a booking holds of its room.
package struct Holding: Hashable, Sendable {
    /// From the first start to the last end, whatever the booking's status; an endless series reaches to
    /// ``CalendarModel/Instant/distantFuture``.
    package var reach: TimeSpan
    /// The slots in which it keeps others out, in order; none has no length and no two overlap. Empty when the booking
    /// does not hold its room.
    package var slots: [TimeSpan]
    /// The slots are complete up to here, and the series goes on; nil when there are no more.
    package var through: Instant?

    package init(reach: TimeSpan, slots: [TimeSpan] = [], through: Instant? = nil) {
        self.reach = reach
        self.slots = slots
        self.through = through
    }
}

/// A slot and the booking that holds it.
package struct HeldSlot: Hashable, Sendable {
    package var booking: BookingID
    package var span: TimeSpan

    package init(booking: BookingID, span: TimeSpan) {
        self.booking = booking
        self.span = span
    }
}

/// A series that goes on beyond the slots it holds now.
package struct RollingSeries: Hashable, Sendable {
    package var booking: Booking
    package var through: Instant

    package init(booking: Booking, through: Instant) {
        self.booking = booking
        self.through = through
    }
}
