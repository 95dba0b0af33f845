import CalendarModel
import ICalendar

extension BookingDesk {
    /// A series that was cut in two.
    package struct Split: Hashable, Sendable, Codable {
        /// The booking that ends before the cut.
        package var booking: Booking
        /// The new booking that goes on.
        package var following: Booking
    }

    /// "This and following": ends a series before one of its occurrences and goes on from there as a booking of its own,
    /// with a change. Both are written, or neither.
    package func split(
        _ id: BookingID, from original: WallTime, _ change: BookingChange = BookingChange(),
        ifRevision revision: Int64? = nil, by author: ChangeAuthor, request: RequestKey? = nil
    ) async throws -> Made<Split> {
        let now = now()
        let newID = BookingID(newID())
        return try await store.write { transaction in
            if let earlier = try earlierAnswer(to: request, as: Split.self, in: transaction) { return earlier }
            let old = try existing(id, ifRevision: revision, in: transaction)
            let room = try openRoom(of: old, in: transaction)
            try requireSameRoom(change, old)
            guard let series = Series(old.meeting, roomZone: room.zone) else { throw DeskError.notASeries }
            guard series.has(original) else { throw DeskError.noSuchOccurrence(original) }
            guard let cut = SeriesCut(series, from: original) else { throw DeskError.rulesBroken([Self.nothingBefore]) }
            let edit = MeetingEdit(room: room, now: now).apply(change, to: cut.tail)
            guard let result = edit.value else { throw DeskError.rulesBroken(edit.violations) }

            let head = try end(
                old, as: cut.head, in: room, by: author,
                reason: "Cut in two: booking \(newID) goes on from \(original.date).", now: now, transaction)
            var following = Booking(
                id: newID, organization: organization, room: room.id, meeting: result.meeting, status: old.status,
                reason: old.status == .pending ? old.reason : nil, leftOut: old.leftOut, origin: .loopBooking,
                createdAt: now, updatedAt: now, slotTakenAt: old.slotTakenAt)
            following.forgetWhatIsNotLeftOut()
            let (holding, takesMore) = try claim(
                &following, in: room, onTaken: change.onTaken, now: now, in: transaction)
            let isAnew = !result.meeting.hasSameSlots(as: cut.tail)
            if isAnew { following.slotTakenAt = now }
            try promise(&following, takesMore: isAnew && takesMore, in: transaction, now: now)
            let reason = Booking.inOneText([
                "It goes on from booking \(old.id).", Self.words(for: result.fellAway), following.explanation,
            ])
            try insert(following, holding: holding, by: author, reason: reason, transaction)
            let split = Split(booking: head, following: following)
            if let request { try transaction.remember(split, answering: request, at: now) }
            return Made(entity: split, isReplay: false)
        }
    }

    /// The first part: shorter, or cancelled when none of its occurrences is left.
    private func end(
        _ old: Booking, as head: Meeting, in room: Room, by author: ChangeAuthor, reason: String, now: Instant,
        _ transaction: any BookingTransaction
    ) throws -> Booking {
        var new = old
        new.meeting = head
        if let series = Series(head, roomZone: room.zone), !SeriesRules.hasOccurrence(series, now: now) {
            new.status = .cancelled
            new.reason = reason
        } else {
            try promise(&new, over: old, takesMore: false, in: transaction, now: now)
        }
        // It only gives slots back, so none of them can be taken.
        return try rewrite(
            old, to: &new, holding: Holding(of: new, in: room, now: now),
            fields: MeetingRevision.fields(from: old.meeting, to: head), by: author, reason: reason, now: now,
            in: transaction)
    }

    private static let nothingBefore = RuleViolation(
        code: "nothing-before", field: "from",
        message: "This is the first occurrence, so there is nothing to cut off. Change the booking itself.")
}

extension Meeting {
    fileprivate func hasSameSlots(as other: Meeting) -> Bool {
        time == other.time && recurrence == other.recurrence && showAs == other.showAs
    }
}
