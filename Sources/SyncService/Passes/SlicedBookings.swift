import CalendarModel
import ICalendar
import SyncEngine
import Synchronization

/// The booking side for a calendar that cannot express every series (Graph knows no further dates beside the rule, no two
/// days of the month). To the engine each occurrence of such a booking is a booking of its own, and becomes a single event;
/// what the engine then does to one of them is done to that occurrence. In LoopBooking it stays one booking.
final class SlicedBookings: BookingSystem {
    private let base: any BookingSystem
    private let roomZone: ZoneID
    private let expresses: @Sendable (Meeting) -> Bool
    /// The bookings as the engine last saw them, and as our own writes left them since: slices were all read at one
    /// revision, and one being written must not make the others look changed by somebody else.
    private let seen = Mutex<[BookingID: Seen]>([:])

    private struct Seen {
        var revision: Int64
        var booking: Booking
    }

    init(base: any BookingSystem, roomZone: ZoneID, expresses: @escaping @Sendable (Meeting) -> Bool) {
        self.base = base
        self.roomZone = roomZone
        self.expresses = expresses
    }

    func bookings(in room: RoomID, window: TimeSpan, known: Set<BookingID>) async throws(BookingError) -> [Booking] {
        let found = try await base.bookings(
            in: room, window: window, known: Set(known.map(OccurrenceBookingID.whole)))
        seen.withLock { seen in
            for booking in found { seen[booking.id] = Seen(revision: booking.revision, booking: booking) }
        }
        var knownSlices: [BookingID: Set<WallTime>] = [:]
        for slice in known.compactMap(OccurrenceBookingID.init) {
            knownSlices[slice.booking, default: []].insert(slice.original)
        }
        return found.flatMap { booking in
            presented(booking, window: window, known: known, slices: knownSlices[booking.id] ?? [])
        }
    }

    private func presented(
        _ booking: Booking, window: TimeSpan, known: Set<BookingID>, slices: Set<WallTime>
    ) -> [Booking] {
        // What was made in the calendar stands there as its organizer made it; it is never taken apart.
        guard booking.origin == .loopBooking, booking.meeting.recurrence != nil, !expresses(booking.meeting),
            let series = Series(booking.meeting, roomZone: roomZone)
        else {
            // Slices of a series that became expressible are over: it crosses as one event.
            return [booking]
                + slices.sorted().map { over(booking, OccurrenceBookingID(booking: booking.id, original: $0)) }
        }
        let coming = Set(series.occurrences(in: window).map(\.original))
        var result = coming.union(slices).sorted().map { slice(of: booking, $0) }
        // It crossed as one event while it was expressible.
        if known.contains(booking.id) { result.append(over(booking, nil)) }
        return result
    }

    private func over(_ booking: Booking, _ slice: OccurrenceBookingID?) -> Booking {
        var result = booking
        result.status = .cancelled
        result.meeting.recurrence = nil
        if let slice { result.id = slice.id }
        return result
    }

    private func slice(of booking: Booking, _ original: WallTime) -> Booking {
        let id = OccurrenceBookingID(booking: booking.id, original: original)
        guard let occurrence = Series(booking.meeting, roomZone: roomZone)?.occurrence(original) else {
            return over(booking, id)
        }
        var result = booking
        result.id = id.id
        result.meeting = booking.meeting.occurrence(at: occurrence.regularTime, occurrence.change)
        return result
    }

    func slotsEnd(of room: RoomID) async throws(BookingError) -> Instant { try await base.slotsEnd(of: room) }

    // MARK: Writing

    func create(
        _ meeting: Meeting, in room: RoomID, key: OperationKey, slotTakenAt: Instant, because reason: String
    ) async throws(BookingError) -> Booking {
        try await base.create(meeting, in: room, key: key, slotTakenAt: slotTakenAt, because: reason)
    }

    func update(
        _ id: BookingID, to meeting: Meeting, parts: MeetingParts, ifRevision revision: Int64, because reason: String
    ) async throws(BookingError) -> Booking {
        guard let slice = OccurrenceBookingID(id) else {
            return try await base.update(id, to: meeting, parts: parts, ifRevision: revision, because: reason)
        }
        return try await write(slice, ifRevision: revision, because: reason) { series, own, regular in
            .changed(series.change(to: own.taking(parts: parts, from: meeting), at: regular))
        }
    }

    func updateTogether(_ updates: [BookingUpdate]) async throws(BookingError) -> [Booking] {
        guard updates.contains(where: { OccurrenceBookingID($0.booking) != nil }) else {
            return try await base.updateTogether(updates)
        }
        // Slices of one booking cannot change places in one write; one after the other, each is told its own reason.
        throw .rejected("Occurrences of one booking are moved one by one.")
    }

    func setStatus(
        _ id: BookingID, to status: Booking.Status, ifRevision revision: Int64, because reason: String
    ) async throws(BookingError) -> Booking {
        guard let slice = OccurrenceBookingID(id) else {
            return try await base.setStatus(id, to: status, ifRevision: revision, because: reason)
        }
        guard status.holdsRoom else {
            return try await write(slice, ifRevision: revision, because: reason) { _, _, _ in .cancelled }
        }
        let present = try present(slice, ifRevision: revision)
        let booking = try await base.setStatus(
            slice.booking, to: status, ifRevision: present.revision, because: reason)
        keep(booking)
        return self.slice(of: booking, slice.original)
    }

    /// Changes one occurrence of a booking. An occurrence has no organizer, attendees or sensitivity of its own; what the
    /// calendar says of them for a single event stays there.
    private func write(
        _ slice: OccurrenceBookingID, ifRevision revision: Int64, because reason: String,
        _ change: (_ series: Meeting, _ own: Meeting, _ regular: MeetingTime) -> Recurrence.OccurrenceState
    ) async throws(BookingError) -> Booking {
        let present = try present(slice, ifRevision: revision)
        guard let occurrence = Series(present.meeting, roomZone: roomZone)?.occurrence(slice.original) else {
            throw .notFound
        }
        let own = present.meeting.occurrence(at: occurrence.regularTime, occurrence.change)
        var meeting = present.meeting
        meeting.recurrence?.set(change(present.meeting, own, occurrence.regularTime), of: slice.original)
        guard meeting.recurrence != present.meeting.recurrence else { return self.slice(of: present, slice.original) }
        let booking = try await base.update(
            present.id, to: meeting, parts: MeetingParts(occurrences: [slice.original]),
            ifRevision: present.revision, because: reason)
        keep(booking)
        return self.slice(of: booking, slice.original)
    }

    private func present(_ slice: OccurrenceBookingID, ifRevision revision: Int64) throws(BookingError) -> Booking {
        guard let known = seen.withLock({ $0[slice.booking] }) else { throw .notFound }
        guard known.revision == revision || known.booking.revision == revision else { throw .changed }
        return known.booking
    }

    private func keep(_ booking: Booking) { seen.withLock { $0[booking.id]?.booking = booking } }
}
