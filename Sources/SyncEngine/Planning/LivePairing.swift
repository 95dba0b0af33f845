import CalendarModel

/// A pairing whose meeting is on, with what each side changed since the base.
struct LivePairing {
    var pairing: Pairing
    var booking: Booking
    /// Nil while the room's copy of an invitation has not arrived.
    var observed: ObservedEvent?
    var merge: FieldMerge
    /// When the meeting is to be, once both sides' changes are merged.
    var target: MeetingTime
    var slotTakenAt: Instant
    /// The side whose move decides `target`; nil when nobody moved it.
    var movedBy: Side?
}

/// What stands of a pairing.
enum PairingStanding {
    /// One side at least is over: what is left to do on the other.
    case over([Operation])
    case live(LivePairing)
}

extension Planner {
    func standing(of pairing: Pairing) -> PairingStanding {
        let booking = state.bookings[pairing.booking]
        let observed = pairing.event.flatMap { state.events[$0] }
        let bookingIsOn = booking?.status.holdsRoom ?? false
        let eventIsOn = pairing.event == nil ? pairing.isInvitation : observed?.event.holdsRoom ?? false

        switch (bookingIsOn, eventIsOn) {
        case (false, false):
            // Our own invitation is taken back from those who were invited, also when the room said no.
            if pairing.isInvitation, observed?.event.isCancelled != true {
                return .over(withdrawal(of: pairing, booking: booking, observed: observed))
            }
            // An item that the room keeps of a cancelled meeting, or that no longer holds the room, may stay.
            return .over([ended(pairing)])
        case (false, true):
            return .over(withdrawal(of: pairing, booking: booking, observed: observed))
        case (true, false):
            guard let booking else { return .over([ended(pairing)]) }
            return .over([cancellation(of: booking, pairing: pairing, event: observed?.event)])
        case (true, true):
            guard let booking else { return .over([ended(pairing)]) }
            return .live(live(pairing, booking: booking, observed: observed))
        }
    }

    private func live(_ pairing: Pairing, booking: Booking, observed: ObservedEvent?) -> LivePairing {
        let merge = FieldMerge(
            pairing: pairing, booking: booking, event: observed?.event, crossing: crossing,
            divergence: state.link.policy.divergence)
        var target = booking.meeting.time
        var movedBy: Side?
        if merge.toBooking.contains(.time), let observed {
            target = observed.event.meeting.time
            movedBy = .calendar
        } else if merge.fromBooking.contains(.time) {
            if let event = observed?.event, event.role == .attendee, !pairing.isInvitation {
                // Only its organizer can move it: the booking goes back, so the meeting wants the slot it has there.
                target = event.meeting.time
            } else {
                movedBy = .loopBooking
            }
        }
        let bookingTaken = booking.slotTakenAt
        let eventTaken = observed?.slotTakenAt ?? bookingTaken
        let taken =
            switch (movedBy, pairing.origin) {
            case (.calendar?, _), (nil, .calendar): eventTaken
            case (.loopBooking?, _), (nil, .loopBooking): bookingTaken
            }
        return LivePairing(
            pairing: pairing, booking: booking, observed: observed, merge: merge, target: target, slotTakenAt: taken,
            movedBy: movedBy)
    }

    private func ended(_ pairing: Pairing) -> Operation {
        Operation(.end(pairing: pairing.id), because: "The meeting is over with on both sides.")
    }

    /// The booking is off: the event follows, by the verb that fits who organizes it.
    private func withdrawal(of pairing: Pairing, booking: Booking?, observed: ObservedEvent?) -> [Operation] {
        let comment = booking?.reason ?? "Cancelled in LoopBooking."
        let refused = booking?.status == .refused
        if let event = observed?.event, event.role == .attendee, !pairing.isInvitation {
            let decline = Operation.DeclineEvent(
                pairing: pairing.id, event: event.id, occurrence: nil, comment: comment)
            return [Operation(.declineEvent(decline), because: reasons.declined(comment))]
        }
        if refused, pairing.origin == .calendar, let event = observed?.event {
            // Somebody wrote it into the room's calendar: it stays there to be seen, and no longer holds the room.
            return [refusal(of: event, pairing: pairing.id, reason: comment, clash: nil)]
        }
        let cancel = Operation.CancelEvent(
            pairing: pairing.id, reference: pairing.reference,
            version: pairing.isInvitation ? nil : observed?.event.version, comment: comment)
        return [Operation(.cancelEvent(cancel), because: reasons.withdrawn(comment))]
    }

    private func cancellation(of booking: Booking, pairing: Pairing, event: Event?) -> Operation {
        let reason = reasons.offInCalendar(event, invitation: pairing.isInvitation)
        let declined = pairing.isInvitation && event?.response == .declined
        return Operation(
            .setBookingStatus(
                Operation.SetBookingStatus(
                    booking: booking.id, revision: booking.revision, status: declined ? .refused : .cancelled)),
            because: reason)
    }

    /// Marks an event in the room's own calendar as not booked.
    func refusal(of event: Event, pairing: PairingID?, reason: String, clash: ClashNote?) -> Operation {
        let update = Operation.UpdateEvent(
            pairing: pairing, reference: EventReference(event: event.id), version: event.version,
            meeting: Refusal.marked(event.meeting, reason: reason),
            parts: MeetingParts(Refusal.fields(state.link.policy.content)), bookingParts: [],
            bookingMeeting: nil)
        return Operation(.updateEvent(update), because: reason, clash: clash)
    }
}
