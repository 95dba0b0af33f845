import CalendarModel
import ICalendar

/// What the sync writes for meetings that stand in the calendar. The rules for people (opening hours, horizon,
/// length) do not hold here: the calendar system has rules of its own. One booking per slot holds always.
extension BookingDesk {
    /// Every booking of the room whose reach touches the window and that was not cancelled, and those among `known`
    /// whatever their time and status. A series is among them also when none of its occurrences falls into the window.
    package func bookings(in room: RoomID, window: TimeSpan, known: Set<BookingID>) async throws -> [Booking] {
        try await store.read { reading in
            let query = BookingQuery(room: room, from: window.start, to: window.end, limit: .max)
            var result = try reading.bookings(query).filter { $0.status != .cancelled || known.contains($0.id) }
            let missing = known.subtracting(result.map(\.id))
            for id in missing.sorted() {
                // A booking never leaves its room; an id of another room is not this link's business.
                if let booking = try reading.booking(id), booking.room == room { result.append(booking) }
            }
            return result
        }
    }

    /// Up to where series hold slots of the room, as of now, and a month more: for a long meeting at the edge.
    package func slotsEnd(of room: RoomID) async throws -> Instant {
        let now = now()
        return try await store.read { reading in
            SlotHorizon.end(for: try existing(room, in: reading), now: now).advanced(by: .seconds(32 * 86_400))
        }
    }

    /// A booking for a meeting made in the calendar. The same key returns the first one.
    package func createFromCalendar(
        _ meeting: Meeting, in room: RoomID, key: OperationKey, slotTakenAt: Instant, by author: ChangeAuthor,
        because reason: String
    ) async throws -> Booking {
        let now = now()
        let id = BookingID(newID())
        return try await store.write { transaction in
            if let earlier = try transaction.booking(madeBy: key) { return earlier }
            let room = try existing(room, in: transaction)
            var booking = Booking(
                id: id, organization: organization, room: room.id, meeting: meeting, status: .confirmed,
                origin: .calendar, createdAt: now, updatedAt: now, slotTakenAt: slotTakenAt)
            let (holding, _) = try claim(&booking, in: room, now: now, in: transaction)
            try insert(booking, holding: holding, key: key, by: author, reason: reason, transaction)
            return booking
        }
    }

    /// Takes some parts over from the calendar's meeting, when the booking is still at `revision`.
    package func updateFromCalendar(
        _ id: BookingID, to meeting: Meeting, parts: MeetingParts, ifRevision revision: Int64,
        by author: ChangeAuthor, because reason: String
    ) async throws -> Booking {
        let change = CalendarChange(
            booking: id, meeting: meeting, parts: parts, revision: revision, reason: reason)
        let now = now()
        return try await store.write { transaction in
            let old = try existing(id, ifRevision: revision, in: transaction)
            return try take(change, over: old, by: author, now: now, in: transaction)
        }
    }

    /// Several changes at once, all or nothing: each is checked against the slots as they are when all have left theirs.
    package func updateFromCalendar(_ changes: [CalendarChange], by author: ChangeAuthor) async throws -> [Booking] {
        let now = now()
        return try await store.write { transaction in
            let bookings = try changes.map { change in
                try existing(change.booking, ifRevision: change.revision, in: transaction)
            }
            for booking in bookings where booking.status.holdsRoom {
                // Only for the rest of this transaction: it steps aside for the others.
                let room = try existing(booking.room, in: transaction)
                let reach = booking.meeting.reach(roomZone: room.zone)
                try transaction.hold(Holding(reach: reach), for: booking.id)
            }
            return try zip(changes, bookings).map { change, old in
                try take(change, over: old, by: author, now: now, in: transaction)
            }
        }
    }

    private func take(
        _ change: CalendarChange, over old: Booking, by author: ChangeAuthor, now: Instant,
        in transaction: any BookingTransaction
    ) throws -> Booking {
        var new = old
        new.meeting = old.meeting.taking(parts: change.parts, from: change.meeting)
        let (holding, takesMore) = try claimIfOpen(&new, now: now, in: transaction)
        let changed = MeetingRevision.fields(from: old.meeting, to: new.meeting)
        guard !changed.isEmpty else {
            try transaction.hold(holding, for: old.id)
            return old
        }
        if MeetingRevision.takesSlotsAnew(from: old.meeting, to: new.meeting, takesMore: takesMore) {
            new.slotTakenAt = now
        }
        // The person who booked sees what was done to the booking; why it is held goes before that.
        if new.status == .confirmed { new.reason = change.reason }
        return try rewrite(
            old, to: &new, holding: holding, fields: changed, by: author, reason: change.reason, now: now,
            in: transaction)
    }

    func claimIfOpen(
        _ booking: inout Booking, now: Instant, in transaction: any BookingTransaction
    ) throws -> (holding: Holding, takesMore: Bool) {
        guard booking.status.holdsRoom else { return (try holding(of: booking, in: transaction, now: now), false) }
        return try claim(&booking, in: existing(booking.room, in: transaction), now: now, in: transaction)
    }

    /// Confirms, holds, refuses or cancels, when the booking is still at `revision`; the reason becomes the booking's
    /// own.
    package func setStatus(
        _ id: BookingID, to status: Booking.Status, ifRevision revision: Int64, by author: ChangeAuthor,
        because reason: String
    ) async throws -> Booking {
        let now = now()
        return try await store.write { transaction in
            let old = try existing(id, ifRevision: revision, in: transaction)
            guard old.status != status else { return old }
            var new = old
            new.status = status
            // A booking that stands has nothing to explain but what was left out of it.
            new.reason = status == .confirmed ? nil : reason
            let (holding, _) = try claimIfOpen(&new, now: now, in: transaction)
            if status.holdsRoom, !old.status.holdsRoom { new.slotTakenAt = now }
            return try rewrite(
                old, to: &new, holding: holding, fields: [], by: author, reason: reason, now: now, in: transaction)
        }
    }
}
