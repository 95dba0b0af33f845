import CalendarModel

extension Planner {
    /// What happens to those who did not get their slot: told on their own side, with the reason; nothing is deleted
    /// silently.
    func losses(_ verdict: SlotContest.Verdict) -> [Operation] {
        var slots = verdict.slots
        return verdict.losses.map { loss in
            let note = ClashNote(winner: loss.winner.party, loser: loss.claim.party)
            let reason = reasons.slotTaken(note)
            switch loss.contestant {
            case .event(let observed):
                if observed.event.role == .attendee {
                    let decline = Operation.DeclineEvent(
                        pairing: nil, event: observed.event.id, occurrence: nil, comment: reason)
                    return Operation(.declineEvent(decline), because: reason, clash: note)
                }
                return refusal(of: observed.event, pairing: nil, reason: reason, clash: note)
            case .booking(let booking):
                return refused(booking, because: reason, clash: note)
            case .pairing(let live):
                return moveBack(live, from: loss, slots: &slots, because: reason, clash: note)
                    ?? refused(live.booking, because: reason, clash: note)
            }
        }
    }

    private func refused(_ booking: Booking, because reason: String, clash: ClashNote) -> Operation {
        Operation(
            .setBookingStatus(
                Operation.SetBookingStatus(booking: booking.id, revision: booking.revision, status: .refused)),
            because: reason, clash: clash)
    }

    /// A meeting that was moved into a taken slot goes back to its old one when that is still free.
    private func moveBack(
        _ live: LivePairing, from loss: SlotContest.Loss, slots: inout Slots, because reason: String, clash: ClashNote
    ) -> Operation? {
        guard let movedBy = live.movedBy else { return nil }
        let agreed = movedBy == .calendar ? live.pairing.eventBase : live.pairing.bookingBase
        guard agreed.span.end > state.now, slots.holder(of: agreed.span) == nil else { return nil }

        let back: Operation
        switch movedBy {
        case .loopBooking:
            let update = Operation.UpdateBooking(
                pairing: live.pairing.id, booking: live.booking.id, revision: live.booking.revision,
                meeting: live.booking.meeting.taking([.time], from: agreed), parts: [.time], eventMeeting: nil)
            back = Operation(.updateBooking(update), because: reasons.movedBack(reason), clash: clash)
        case .calendar:
            guard let event = live.observed?.event, event.role == .organizer, !live.pairing.isInvitation else {
                return nil
            }
            let update = Operation.UpdateEvent(
                pairing: live.pairing.id, reference: live.pairing.reference, version: event.version,
                meeting: event.meeting.taking([.time], from: agreed), parts: [.time], bookingParts: [],
                bookingMeeting: nil)
            back = Operation(.updateEvent(update), because: reasons.movedBack(reason), clash: clash)
        }
        var claim = loss.claim
        claim.span = agreed.span
        slots.give(claim)
        return back
    }
}
