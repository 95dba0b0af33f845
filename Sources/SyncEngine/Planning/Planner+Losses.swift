import CalendarModel
import ICalendar

extension Planner {
    /// A series that has not crossed yet is taken as long as at least this share of its coming occurrences fits; the others
    /// are left out one by one. With fewer it is refused as a whole: nobody wants a series of holes.
    static let leastShareThatFits = 0.5

    /// What happens to those who did not get their slot: told on their own side, with the reason; nothing is deleted
    /// silently.
    func losses(_ verdict: SlotContest.Verdict, settled: [SettledPairing]) -> [Operation] {
        var slots = TakenSlots(contested: verdict.slots, settled: settled, state: state)
        return verdict.losses.flatMap { loss in
            if isPartial(loss) { return partialLoss(loss, slots: &slots) }
            return [wholeLoss(loss, slots: &slots)]
        }
    }

    private func isPartial(_ loss: SlotContest.Loss) -> Bool {
        guard loss.granted > 0, loss.lost.allSatisfy({ $0.claim.occurrence != nil }) else { return false }
        if case .pairing = loss.contestant { return true }
        return Double(loss.granted) >= Self.leastShareThatFits * Double(loss.granted + loss.lost.count)
    }

    private func notes(_ loss: SlotContest.Loss) -> [ClashNote] {
        loss.lost.map { ClashNote(winner: $0.winner.party, loser: $0.claim.party) }
    }

    // MARK: The whole meeting

    private func wholeLoss(_ loss: SlotContest.Loss, slots: inout TakenSlots) -> Operation {
        let notes = notes(loss)
        let reason = notes.first.map(reasons.slotTaken) ?? ""
        switch loss.contestant {
        case .event(let observed):
            if observed.event.role == .attendee {
                let decline = Operation.DeclineEvent(
                    pairing: nil, event: observed.event.id, occurrence: nil, comment: reason)
                return Operation(.declineEvent(decline), because: reason, clashes: notes)
            }
            return refusal(of: observed.event, pairing: nil, reason: reason, clashes: notes)
        case .booking(let booking):
            return refused(booking, because: reason, clashes: notes)
        case .pairing(let live):
            return moveBack(live, loss, slots: &slots, because: reason, clashes: notes)
                ?? refused(live.booking, because: reason, clashes: notes)
        }
    }

    private func refused(_ booking: Booking, because reason: String, clashes: [ClashNote]) -> Operation {
        Operation(
            .setBookingStatus(
                Operation.SetBookingStatus(booking: booking.id, revision: booking.revision, status: .refused)),
            because: reason, clashes: clashes)
    }

    /// A meeting that was moved into a taken slot goes back to its old one when that is still free.
    private func moveBack(
        _ live: LivePairing, _ loss: SlotContest.Loss, slots: inout TakenSlots, because reason: String,
        clashes: [ClashNote]
    ) -> Operation? {
        guard let movedBy = live.movedBy else { return nil }
        let before = crossing.asBooking(live.agreed, of: movedBy)
        let wishes = wishes(of: before)
        guard !wishes.isEmpty, wishes.allSatisfy({ $0.span.end > state.now && slots.isFree($0.span) })
        else { return nil }
        let parts: MeetingParts =
            live.target.recurrence == nil && before.recurrence == nil ? [.time] : [.time, .recurrence]
        guard let back = restored(parts, of: live, on: movedBy, because: reasons.movedBack(reason), clashes: clashes)
        else { return nil }
        for wish in wishes {
            guard var claim = loss.lost.first?.claim else { continue }
            (claim.occurrence, claim.span) = (wish.occurrence, wish.span)
            slots.give(claim)
        }
        return back
    }

    /// The side that changed some parts gets back what was agreed. An event in an organizer's hands is not rewritten.
    private func restored(
        _ parts: MeetingParts, of live: LivePairing, on side: Side, because reason: String, clashes: [ClashNote]
    ) -> Operation? {
        switch side {
        case .loopBooking:
            let update = Operation.UpdateBooking(
                pairing: live.pairing.id, booking: live.booking.id, revision: live.booking.revision,
                meeting: live.booking.meeting.taking(parts: parts, from: live.pairing.bookingBase), parts: parts,
                eventMeeting: nil)
            return Operation(.updateBooking(update), because: reason, clashes: clashes)
        case .calendar:
            let isInvitation = live.pairing.isInvitation
            guard let event = live.observed?.event, event.role == .organizer || isInvitation else { return nil }
            let update = Operation.UpdateEvent(
                pairing: live.pairing.id, reference: live.pairing.reference,
                version: isInvitation ? nil : event.version,
                meeting: event.meeting.taking(parts: parts, from: live.pairing.eventBase), parts: parts,
                bookingParts: [], bookingMeeting: nil)
            return Operation(.updateEvent(update), because: reason, clashes: clashes)
        }
    }

    // MARK: Some occurrences of a series

    private func partialLoss(_ loss: SlotContest.Loss, slots: inout TakenSlots) -> [Operation] {
        let notes = notes(loss)
        let lost = Set(loss.lost.compactMap(\.claim.occurrence))
        let reason = notes.first.map { reasons.occurrencesTaken(lost, $0) } ?? ""
        switch loss.contestant {
        case .event(let observed): return notHeld(lost, of: observed.event, pairing: nil, reason, notes)
        case .booking(let booking): return [leftOut(lost, of: booking, because: reason, clashes: notes)]
        case .pairing(let live):
            return partialLoss(loss, of: live, lost, slots: &slots, because: reason)
        }
    }

    /// An occurrence that was moved into a taken slot goes back to where it was; one that has nowhere to go is off. The
    /// base stays as it is, so that what is done here crosses to the other side like any change.
    private func partialLoss(
        _ loss: SlotContest.Loss, of live: LivePairing, _ lost: Set<WallTime>, slots: inout TakenSlots,
        because reason: String
    ) -> [Operation] {
        let notes = notes(loss)
        if live.merge.splitsPattern {
            // The time of one side and the rule of the other do not fit together: the calendar's part is not taken.
            let parts = MeetingParts(live.merge.toBooking.fields.intersection([.time, .recurrence]))
            return [
                restored(parts, of: live, on: .calendar, because: reasons.movedBack(reason), clashes: notes)
                    ?? wholeLoss(loss, slots: &slots)
            ]
        }
        var back: Set<WallTime> = []
        if let movedBy = live.movedBy {
            let before = wishes(of: crossing.asBooking(live.agreed, of: movedBy))
            for (occurrence, span) in before {
                guard let occurrence, lost.contains(occurrence), slots.isFree(span),
                    live.merge.toBooking.fields.union(live.merge.fromBooking.fields)
                        .isDisjoint(with: [.time, .recurrence])
                else { continue }
                back.insert(occurrence)
                guard var claim = loss.lost.first?.claim else { continue }
                (claim.occurrence, claim.span) = (occurrence, span)
                slots.give(claim)
            }
            if !back.isEmpty,
                let operation = restored(
                    MeetingParts(occurrences: back), of: live, on: movedBy, because: reasons.movedBack(reason),
                    clashes: notes.filter { $0.loser.occurrence.map(back.contains) ?? false })
            {
                // What is left of the loss is for the next plan: one write of one meeting at a time.
                return [operation]
            }
        }
        // A new rule that has not crossed yet has its occurrences on the side that made it only.
        let isNewRule = !live.merge.toBooking.fields.union(live.merge.fromBooking.fields)
            .isDisjoint(with: [.time, .recurrence])
        let side = isNewRule ? live.movedBy ?? live.pairing.origin : live.pairing.origin
        let inBooking = lost.filter { holds($0, of: live.booking.meeting) }
        guard !live.pairing.isInvitation, let event = live.observed?.event else {
            return [leftOut(lost, of: live.booking, because: reason, clashes: notes)]
        }
        // What one side let go already is told on the other.
        let inEvent = lost.filter { holds($0, of: event.meeting) }
        guard !inEvent.isEmpty || !inBooking.isEmpty else { return [wholeLoss(loss, slots: &slots)] }
        let isOfEvent = side == .calendar ? !inEvent.isEmpty : inBooking.isEmpty
        return isOfEvent
            ? notHeld(inEvent, of: event, pairing: live.pairing.id, reason, notes)
            : [leftOut(inBooking, of: live.booking, because: reason, clashes: notes)]
    }

    /// Whether an occurrence of the series is on, and takes the room.
    private func holds(_ original: WallTime, of meeting: Meeting) -> Bool {
        guard let occurrence = Series(meeting, roomZone: state.link.roomZone)?.occurrence(original) else {
            return false
        }
        return occurrence.change?.showAs?.holdsRoom ?? true
    }

    /// Occurrences that a booking does not get are off in LoopBooking.
    private func leftOut(
        _ lost: Set<WallTime>, of booking: Booking, because reason: String, clashes: [ClashNote]
    ) -> Operation {
        var meeting = booking.meeting
        for original in lost { meeting.recurrence?.set(.cancelled, of: original) }
        let update = Operation.UpdateBooking(
            pairing: nil, booking: booking.id, revision: booking.revision, meeting: meeting,
            parts: MeetingParts(occurrences: lost), eventMeeting: nil)
        return Operation(.updateBooking(update), because: reason, clashes: clashes)
    }

    /// Occurrences that an event does not get: declined where a person organizes it; else they stay to be seen, hold the
    /// room no longer, and say why.
    private func notHeld(
        _ lost: Set<WallTime>, of event: Event, pairing: PairingID?, _ reason: String, _ notes: [ClashNote]
    ) -> [Operation] {
        if event.role == .attendee {
            return lost.sorted().map { original in
                let decline = Operation.DeclineEvent(
                    pairing: pairing, event: event.id, occurrence: original, comment: reason)
                return Operation(
                    .declineEvent(decline), because: reason, clashes: notes.filter { $0.loser.occurrence == original })
            }
        }
        let update = Operation.UpdateEvent(
            pairing: nil, reference: EventReference(event: event.id), version: event.version,
            meeting: marked(lost, of: event.meeting, reason: reason), parts: MeetingParts(occurrences: lost),
            bookingParts: [], bookingMeeting: nil)
        return [Operation(.updateEvent(update), because: reason, clashes: notes)]
    }
}
