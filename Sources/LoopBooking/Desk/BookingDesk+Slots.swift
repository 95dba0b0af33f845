import CalendarModel
import ICalendar

/// One yes per slot, for single meetings and series alike.
extension BookingDesk {
    /// What a booking is to hold; throws when somebody else holds some of it. A slot it holds already is its own.
    ///
    /// - Parameter booking: loses the occurrences that are taken, and knows of it, when they are to be skipped.
    /// - Throws: ``DeskError/slotTaken(by:during:)``, ``DeskError/occurrencesTaken(_:)``.
    func claim(
        _ booking: inout Booking, in room: Room, onTaken: OnTaken = .refuse, now: Instant,
        in transaction: any BookingTransaction
    ) throws -> (holding: Holding, takesMore: Bool) {
        try roll(room, now: now, in: transaction)
        var slots = ClaimedSlots(of: booking, in: room, now: now)
        guard let first = slots.claims.first, let last = slots.claims.map(\.span.end).max() else {
            return (slots.holding, false)
        }
        let window = TimeSpan(start: first.span.start, end: last)
        let held = try transaction.slots(in: room.id, during: window)
        let id = booking.id
        let own = Set(held.lazy.filter { $0.booking == id }.map(\.span))
        let others =
            held.filter { $0.booking != id }
            + (try slotsToCome(in: room, during: window, except: id, in: transaction))
        let wanted = slots.claims.filter { !own.contains($0.span) }
        var conflicts: [TakenOccurrences.Conflict] = []
        var isOver: Set<TimeSpan> = []
        for (claim, holder) in Self.overlaps(of: wanted, with: others) {
            guard let original = claim.original else {
                throw DeskError.slotTaken(by: holder.booking, during: holder.span)
            }
            if claim.span.end <= now {
                // Who had the room then cannot be settled any more; a series goes on all the same.
                isOver.insert(claim.span)
            } else {
                conflicts.append(TakenOccurrences.Conflict(original: original, holder: holder))
            }
        }
        slots.claims.removeAll { isOver.contains($0.span) }
        let takesMore = wanted.contains { !isOver.contains($0.span) }
        guard let taken = TakenOccurrences(conflicts, of: slots.claims.count) else { return (slots.holding, takesMore) }
        guard onTaken == .skip, taken.count < taken.of else { throw DeskError.occurrencesTaken(taken) }
        return (try leaveOut(conflicts, of: &booking, slots: slots), takesMore)
    }

    /// The holding without some occurrences, which the booking loses.
    private func leaveOut(
        _ conflicts: [TakenOccurrences.Conflict], of booking: inout Booking, slots: ClaimedSlots
    ) throws -> Holding {
        let originals = Set(conflicts.map(\.original))
        booking.leaveOut(originals)
        var rest = slots
        rest.claims.removeAll { $0.original.map(originals.contains) ?? false }
        return rest.holding
    }

    /// Slots of series that are not written down yet because they are too far ahead; asked for by meetings that are
    /// further ahead still.
    private func slotsToCome(
        in room: Room, during window: TimeSpan, except: BookingID, in reading: any BookingReading
    ) throws -> [HeldSlot] {
        try reading.rolling(in: room.id, before: window.end).filter { $0.booking.id != except }.flatMap { series in
            let rest = TimeSpan(start: max(series.through, window.start), end: window.end)
            return series.booking.meeting.heldSpans(in: rest, roomZone: room.zone)
                .map { HeldSlot(booking: series.booking.id, span: $0) }
        }
    }

    /// Each claim that overlaps a slot, with the first slot it overlaps.
    /// - Parameter claims: in order of start.
    static func overlaps(
        of claims: [ClaimedSlots.Claim], with slots: [HeldSlot]
    ) -> [(claim: ClaimedSlots.Claim, holder: HeldSlot)] {
        let slots = slots.sorted { ($0.span.start, $0.booking) < ($1.span.start, $1.booking) }
        var result: [(ClaimedSlots.Claim, HeldSlot)] = []
        var passed = 0
        for claim in claims {
            while passed < slots.count, slots[passed].span.end <= claim.span.start { passed += 1 }
            var index = passed
            while index < slots.count, slots[index].span.start < claim.span.end {
                if slots[index].span.overlaps(claim.span) {
                    result.append((claim, slots[index]))
                    break
                }
                index += 1
            }
        }
        return result
    }

    // MARK: The rolling horizon

    /// Gives the room's endless series the slots that came nearer. Whoever took the room first keeps it: an occurrence
    /// that finds it taken is left out of its series, with the reason and an entry in the change feed.
    ///
    /// - Returns: the series that lost occurrences.
    @discardableResult
    package func extendSlots(of room: RoomID) async throws -> [Booking] {
        let now = now()
        return try await store.write { transaction in
            guard let room = try transaction.room(room) else { return [] }
            return try roll(room, now: now, in: transaction)
        }
    }

    @discardableResult
    func roll(_ room: Room, now: Instant, in transaction: any BookingTransaction) throws -> [Booking] {
        let due = try transaction.rolling(in: room.id, before: SlotHorizon.due(for: room, now: now))
        return try due.map(\.booking)
            .sorted { ($0.slotTakenAt, $0.id) < ($1.slotTakenAt, $1.id) }
            .compactMap { try roll($0, in: room, now: now, in: transaction) }
    }

    /// The series after it lost occurrences; nil when all of them fit.
    private func roll(
        _ series: Booking, in room: Room, now: Instant, in transaction: any BookingTransaction
    ) throws -> Booking? {
        let slots = ClaimedSlots(of: series, in: room, now: now)
        guard let first = slots.claims.first, let last = slots.claims.map(\.span.end).max() else {
            try transaction.hold(slots.holding, for: series.id)
            return nil
        }
        let held = try transaction.slots(in: room.id, during: TimeSpan(start: first.span.start, end: last))
        let own = Set(held.lazy.filter { $0.booking == series.id }.map(\.span))
        let clashes = Self.overlaps(
            of: slots.claims.filter { !own.contains($0.span) }, with: held.filter { $0.booking != series.id })
        guard !clashes.isEmpty else {
            try transaction.hold(slots.holding, for: series.id)
            return nil
        }
        var rest = slots
        let lost = Set(clashes.map(\.claim.span))
        rest.claims.removeAll { lost.contains($0.span) }
        let originals = Set(clashes.lazy.filter { $0.claim.span.end > now }.compactMap(\.claim.original))
        guard !originals.isEmpty else {
            try transaction.hold(rest.holding, for: series.id)
            return nil
        }
        var new = series
        new.leaveOut(originals)
        return try rewrite(
            series, to: &new, holding: rest.holding, fields: [.recurrence], by: .loopBooking,
            reason: SeriesWords.leftOut(originals.map(\.date)), now: now, in: transaction)
    }
}
