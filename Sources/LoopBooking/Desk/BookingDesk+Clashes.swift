import CalendarModel
import CalendarTime
import ICalendar

/// What the clash desk does to bookings, inside the transaction of its decision. The rules for people do not hold here;
/// one booking per slot holds always.
extension BookingDesk {
    /// How far ahead an endless series is checked against other bookings.
    private static let reach: Duration = .seconds(400 * 86_400)

    /// Brings bookings to the given standings: first those that give their slot up, then those that take one.
    /// - Parameter because: why, for the change feed.
    /// - Throws: `DeskError.slotTaken` when a slot is not free.
    package func restore(
        _ standings: [BookingStanding], by author: ChangeAuthor, because reason: String,
        in transaction: any BookingTransaction
    ) throws {
        let now = now()
        let leaving = standings.filter { !$0.status.holdsRoom || $0.occurrenceIsCancelled }
        for standing in leaving + standings.filter({ !leaving.contains($0) }) {
            let old = try existing(standing.booking, in: transaction)
            var new = old
            new.status = standing.status
            new.reason = standing.reason
            new.meeting = standing.applied(to: old.meeting)
            new.slotTakenAt = standing.slotTakenAt
            guard new != old else { continue }
            let (holding, _) = try claimIfOpen(&new, now: now, in: transaction)
            let fields = MeetingRevision.fields(from: old.meeting, to: new.meeting)
            _ = try rewrite(
                old, to: &new, holding: holding, fields: fields, by: author, reason: reason, now: now,
                in: transaction)
        }
    }

    /// Books another room for a meeting that gives its own up.
    package func book(
        _ meeting: Meeting, in room: Room, by author: ChangeAuthor, because reason: String,
        in transaction: any BookingTransaction
    ) throws -> Booking {
        let now = now()
        var booking = Booking(
            id: BookingID(newID()), organization: organization, room: room.id,
            meeting: Self.meeting(meeting, in: room.zone), reason: reason, origin: .loopBooking, createdAt: now,
            updatedAt: now, slotTakenAt: now)
        let (holding, _) = try claim(&booking, in: room, now: now, in: transaction)
        try promise(&booking, in: transaction, now: now)
        try insert(booking, holding: holding, by: author, reason: reason, transaction)
        return booking
    }

    /// The rooms that are open and free for the whole meeting and hold at least as many people as its own, by name.
    package func freeRooms(
        for meeting: Meeting, insteadOf own: RoomID, most: Int = .max, in reading: any BookingReading
    ) throws -> [Room] {
        let least = try reading.room(own)?.capacity
        let now = now()
        let candidates = try reading.rooms(after: nil, limit: .max).filter { room in
            room.id != own && (least == nil || (room.capacity ?? 0) >= least ?? 0)
        }
        var free: [Room] = []
        for room in candidates where free.count < most {
            let isFree = try spans(of: Self.meeting(meeting, in: room.zone), in: room, now: now).allSatisfy { span in
                let taken = try reading.slots(in: room.id, during: span).map(\.span)
                return OpeningTimes.free(in: room, during: span, taken: taken).contains { $0.contains(span) }
            }
            if isFree { free.append(room) }
        }
        return free
    }

    /// The room with its rules, as it stands in this transaction.
    package func room(_ id: RoomID, in reading: any BookingReading) throws -> Room { try existing(id, in: reading) }

    private func spans(of meeting: Meeting, in room: Room, now: Instant) -> [TimeSpan] {
        let window = TimeSpan(start: now, end: max(now, meeting.span.start).advanced(by: Self.reach))
        return meeting.heldSpans(in: window, roomZone: room.zone)
    }

    /// All-day meetings float with their room.
    private static func meeting(_ meeting: Meeting, in zone: ZoneID) -> Meeting {
        func there(_ time: MeetingTime) -> MeetingTime {
            guard case .allDay(let days) = time else { return time }
            return (try? Zones.allDay(first: days.first, end: days.end, zone: zone)).map { .allDay($0) } ?? time
        }
        var result = meeting
        result.time = there(meeting.time)
        result.recurrence?.exceptions =
            meeting.recurrence?.exceptions.mapValues { change in
                var change = change
                change.time = change.time.map(there)
                return change
            } ?? [:]
        return result
    }
}
