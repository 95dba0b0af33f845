import CalendarModel

/// The booking side of a link. LoopBooking is built in; another booking system can take its place behind this protocol.
package protocol BookingSystem: Sendable {
    /// Every booking of the room that touches the window and was not cancelled, and those among `known` whatever their
    /// time and status.
    func bookings(in room: RoomID, window: TimeSpan, known: Set<BookingID>) async throws(BookingError) -> [Booking]

    /// Up to where series hold slots of the room, as of now.
    func slotsEnd(of room: RoomID) async throws(BookingError) -> Instant

    /// Writes a booking for a meeting made on the calendar side. Repeating it with the same key returns the first one.
    func create(_ meeting: Meeting, in room: RoomID, key: OperationKey, slotTakenAt: Instant, because reason: String)
        async throws(BookingError) -> Booking

    /// Rewrites the given parts. Fails with `.changed` when the booking is no longer at `revision`, with `.slotTaken` when
    /// the new time is not free.
    func update(
        _ id: BookingID, to meeting: Meeting, parts: MeetingParts, ifRevision revision: Int64, because reason: String
    ) async throws(BookingError) -> Booking

    /// Several updates at once, all or nothing, so that meetings can take each other's slots.
    func updateTogether(_ updates: [BookingUpdate]) async throws(BookingError) -> [Booking]

    /// Changes the status, and says why in the booking's own reason.
    func setStatus(_ id: BookingID, to status: Booking.Status, ifRevision revision: Int64, because reason: String)
        async throws(BookingError) -> Booking
}

/// One rewriting among several that belong together.
package struct BookingUpdate: Hashable, Sendable {
    package var booking: BookingID
    package var meeting: Meeting
    package var parts: MeetingParts
    /// The revision that was read.
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

/// Why the booking system did not do what was asked.
package enum BookingError: Error, Hashable, Sendable {
    case notFound
    /// The booking was changed since it was read.
    case changed
    /// Another booking holds the room at that time.
    case slotTaken(by: BookingID)
    case rejected(String)
    /// The booking system could not be reached or failed inside; worth a retry.
    case unavailable(String)
}
