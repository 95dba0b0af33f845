import CalendarModel
import ICalendar

/// A pairing whose meeting is on, with what each side changed since the base.
struct LivePairing {
    var pairing: Pairing
    var booking: Booking
    /// Of our invitation what is heard of it; nil while the room's copy has not arrived.
    var observed: ObservedEvent?
    var merge: FieldMerge
    /// The booking's meeting as it is to be once both sides' changes are merged; its times are what the room is wanted for.
    var target: Meeting
    var slotTakenAt: Instant
    /// The side whose change of time or rule decides `target`; nil when nobody moved it.
    var movedBy: Side?

    /// Whether the booking is to get a slot that it does not have yet.
    var takesAnotherSlot: Bool { movedBy != nil || !target.time.sameTime(as: booking.meeting.time) }

    /// What the side that moved the meeting had agreed on before.
    var agreed: Meeting { movedBy == .calendar ? pairing.eventBase : pairing.bookingBase }
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
        let eventIsOn = pairing.event == nil ? pairing.isInvitation : observed.map(isOn) ?? false

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
            // Old events are cleared away by people and retention rules; the meeting took place all the same.
            if observed == nil, booking.meeting.reach(roomZone: state.link.roomZone).end <= state.now {
                return .over([ended(pairing)])
            }
            return .over([cancellation(of: booking, pairing: pairing, event: observed?.event)])
        case (true, true):
            guard let booking else { return .over([ended(pairing)]) }
            return .live(live(pairing, booking: booking, observed: observed))
        }
    }

    /// A series whose occurrences were all taken out is off, though its shell may stand.
    private func isOn(_ observed: ObservedEvent) -> Bool {
        observed.event.holdsRoom
            && Series(observed.event.meeting, roomZone: state.link.roomZone)?.isEmpty != true
    }

    func live(_ pairing: Pairing, booking: Booking, observed: ObservedEvent?) -> LivePairing {
        let observed = observed.map { pairing.heard($0, organizerCopy: state.organizerCopies[pairing.id]) }
        let merge = FieldMerge(
            pairing: pairing, booking: booking, event: observed?.event, crossing: crossing,
            divergence: state.link.policy.divergence, roomZone: state.link.roomZone)
        var target = booking.meeting
        var movedBy: Side?
        if merge.toBooking.touchesTime, observed != nil {
            target = target.taking(parts: merge.toBooking, from: merge.incoming)
            movedBy = .calendar
        } else if merge.fromBooking.touchesTime {
            if let event = observed?.event, event.role == .attendee, !pairing.isInvitation {
                // Only its organizer can move it: the booking goes back, so the meeting wants the slot it has there.
                target = target.taking(parts: merge.fromBooking, from: crossing.booking(from: event.meeting))
            } else {
                movedBy = .loopBooking
            }
        }
        return LivePairing(
            pairing: pairing, booking: booking, observed: observed, merge: merge, target: target,
            slotTakenAt: slotTaken(pairing, booking, observed, movedBy: movedBy), movedBy: movedBy)
    }

    /// Since when the meeting has its slot. A single meeting that was moved has it since the move; of a series only the
    /// occurrences that are new somewhere count from then on.
    func slotTaken(_ pairing: Pairing, _ booking: Booking, _ observed: ObservedEvent?, movedBy: Side?) -> Instant {
        let side = booking.meeting.recurrence == nil ? movedBy ?? pairing.origin : pairing.origin
        return side == .calendar ? observed?.slotTakenAt ?? booking.slotTakenAt : booking.slotTakenAt
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
            return [refusal(of: event, pairing: pairing.id, reason: comment, clashes: [])]
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
    func refusal(of event: Event, pairing: PairingID?, reason: String, clashes: [ClashNote]) -> Operation {
        let update = Operation.UpdateEvent(
            pairing: pairing, reference: EventReference(event: event.id), version: event.version,
            meeting: Refusal.marked(event.meeting, reason: reason),
            parts: MeetingParts(Refusal.fields(state.link.policy.content)), bookingParts: [],
            bookingMeeting: nil)
        return Operation(.updateEvent(update), because: reason, clashes: clashes)
    }

    /// A series in which some occurrences are marked as not booked.
    func marked(_ originals: Set<WallTime>, of meeting: Meeting, reason: String) -> Meeting {
        guard let series = Series(meeting, roomZone: state.link.roomZone) else { return meeting }
        var result = meeting
        for original in originals {
            guard let regular = series.regularTime(of: original) else { continue }
            let occurrence = meeting.occurrence(at: regular, series.recurrence.exceptions[original])
            var marked = Refusal.marked(occurrence, reason: reason)
            if state.link.policy.content != .everything {
                (marked.subject, marked.body) = (meeting.subject, meeting.body)
            }
            result.recurrence?.set(.changed(meeting.change(to: marked, at: regular)), of: original)
        }
        return result
    }
}
