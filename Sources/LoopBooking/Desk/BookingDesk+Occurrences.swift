import CalendarModel
import ICalendar

/// Single occurrences of a series, each known by its original start.
extension BookingDesk {
    /// Changes one occurrence: its time, subject, body, location, or how it is shown.
    package func changeOccurrence(
        _ original: WallTime, of id: BookingID, _ change: BookingChange, ifRevision revision: Int64? = nil,
        by author: ChangeAuthor
    ) async throws -> Booking {
        let now = now()
        return try await store.write { transaction in
            let (old, room, series) = try series(id, original, ifRevision: revision, in: transaction)
            guard !series.recurrence.cancelled.contains(original) else { throw DeskError.occurrenceCancelled(original) }
            let edit = MeetingEdit(room: room, now: now).exception(change, at: original, of: series)
            guard let wanted = edit.value else { throw DeskError.rulesBroken(edit.violations) }
            var new = old
            new.meeting.recurrence?.set(.changed(wanted), of: original)
            try requireRules(new.meeting, over: old.meeting, in: room, now: now)
            return try store(
                &new, over: old, in: room, onTaken: .refuse, by: author, reason: nil, now: now, transaction)
        }
    }

    /// Takes one occurrence out; when it was the last one, the booking is cancelled. Taking it out again changes nothing.
    package func cancelOccurrence(
        _ original: WallTime, of id: BookingID, ifRevision revision: Int64? = nil, by author: ChangeAuthor,
        reason: String? = nil
    ) async throws -> Booking {
        let now = now()
        try requireGood(reason: reason)
        return try await store.write { transaction in
            let (old, room, _) = try series(id, original, ifRevision: revision, in: transaction)
            var new = old
            new.meeting.recurrence?.set(.cancelled, of: original)
            if let rest = Series(new.meeting, roomZone: room.zone), !SeriesRules.hasOccurrence(rest, now: now) {
                new.status = .cancelled
                new.reason = reason
                return try rewrite(
                    old, to: &new, holding: Holding(of: new, in: room, now: now), fields: [.recurrence], by: author,
                    reason: reason, now: now, in: transaction)
            }
            return try store(
                &new, over: old, in: room, onTaken: .refuse, by: author, reason: reason, now: now, transaction)
        }
    }

    /// Puts one occurrence back as the series has it: one that was cancelled takes its slot again, a changed one loses its
    /// changes.
    package func restoreOccurrence(
        _ original: WallTime, of id: BookingID, ifRevision revision: Int64? = nil, by author: ChangeAuthor,
        request: RequestKey? = nil
    ) async throws -> Made<Booking> {
        let now = now()
        return try await store.write { transaction in
            if let earlier = try earlierAnswer(to: request, as: Booking.self, in: transaction) { return earlier }
            let (old, room, _) = try series(id, original, ifRevision: revision, in: transaction)
            var new = old
            new.meeting.recurrence?.set(.asRule, of: original)
            try requireRules(new.meeting, over: old.meeting, in: room, now: now)
            // What the reason said was done to an occurrence may be undone.
            if new.meeting != old.meeting, new.status == .confirmed { new.reason = nil }
            let result = try store(
                &new, over: old, in: room, onTaken: .refuse, by: author, reason: nil, now: now, transaction)
            if let request { try transaction.remember(result, answering: request, at: now) }
            return Made(entity: result, isReplay: false)
        }
    }

    private func series(
        _ id: BookingID, _ original: WallTime, ifRevision revision: Int64?, in reading: any BookingReading
    ) throws -> (Booking, Room, Series) {
        let booking = try existing(id, ifRevision: revision, in: reading)
        let room = try openRoom(of: booking, in: reading)
        guard let series = Series(booking.meeting, roomZone: room.zone) else { throw DeskError.notASeries }
        guard series.has(original) else { throw DeskError.noSuchOccurrence(original) }
        return (booking, room, series)
    }

    private func requireRules(_ new: Meeting, over old: Meeting, in room: Room, now: Instant) throws {
        let violations = SeriesRules.violations(of: new, previous: old, in: room, now: now)
        guard violations.isEmpty else { throw DeskError.rulesBroken(violations) }
    }
}
