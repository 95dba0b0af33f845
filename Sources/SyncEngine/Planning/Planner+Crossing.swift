import CalendarModel

extension Planner {
    /// What brings a live pairing whose slot is its own to the same content on both sides.
    func crossingOperations(for live: LivePairing) -> [Operation] {
        let (pairing, booking, merge) = (live.pairing, live.booking, live.merge)
        var operations: [Operation] = []

        if !merge.toBooking.isEmpty, let event = live.observed?.event {
            operations.append(
                Operation(
                    .updateBooking(
                        Operation.UpdateBooking(
                            pairing: pairing.id, booking: booking.id, revision: booking.revision,
                            meeting: crossing.booking(from: event.meeting), parts: MeetingParts(merge.toBooking),
                            eventMeeting: event.meeting)),
                    because: reasons.changed(merge.toBooking, on: .calendar, merge: merge, to: event.meeting.time)))
        }
        if !merge.toEvent.isEmpty {
            operations.append(writeToEvent(live))
        }
        if merge.isEmpty, merge.needsRecording {
            operations.append(
                Operation(.settle(pairing: pairing.id), because: "Both sides agree; nothing to write."))
        }
        return operations + confirmation(of: live)
    }

    private func writeToEvent(_ live: LivePairing) -> Operation {
        let (pairing, booking, merge) = (live.pairing, live.booking, live.merge)
        if let event = live.observed?.event, event.role == .attendee, !pairing.isInvitation {
            // A person organizes it: the room may answer, not rewrite. The booking goes back to what the organizer said.
            let agreed = booking.meeting.taking(merge.fromBooking, from: crossing.booking(from: event.meeting))
            return Operation(
                .updateBooking(
                    Operation.UpdateBooking(
                        pairing: pairing.id, booking: booking.id, revision: booking.revision, meeting: agreed,
                        parts: MeetingParts(merge.fromBooking), eventMeeting: nil)),
                because: reasons.onlyOrganizer(event))
        }
        return Operation(
            .updateEvent(
                Operation.UpdateEvent(
                    pairing: pairing.id, reference: pairing.reference,
                    version: pairing.isInvitation ? nil : live.observed?.event.version,
                    meeting: crossing.event(from: booking.meeting, origin: pairing.origin),
                    parts: MeetingParts(merge.toEvent),
                    bookingParts: MeetingParts(merge.fromBooking), bookingMeeting: booking.meeting)),
            because: reasons.changed(merge.fromBooking, on: .loopBooking, merge: merge, to: booking.meeting.time))
    }

    /// A booking that waited for an answer gets it.
    private func confirmation(of live: LivePairing) -> [Operation] {
        guard live.booking.status == .pending || live.pairing.awaitsRoom else { return [] }
        func set(_ status: Booking.Status, _ reason: String) -> Operation {
            Operation(
                .setBookingStatus(
                    Operation.SetBookingStatus(
                        booking: live.booking.id, revision: live.booking.revision, status: status)),
                because: reason)
        }
        guard live.pairing.isInvitation, let organizerEvent = live.pairing.organizerEvent else {
            return [set(.confirmed, "The calendar holds the slot: confirmed.")]
        }
        let answer = live.observed?.event.response ?? live.pairing.roomResponse
        switch answer {
        case .accepted, .organizer:
            return live.booking.status == .pending ? [set(.confirmed, "The room accepted: confirmed.")] : []
        case .declined: return [set(.refused, "The room declined the meeting in the calendar.")]
        case .tentative, .notResponded, .none:
            let ask = Operation(
                .askRoom(pairing: live.pairing.id, organizerEvent: organizerEvent),
                because: "The room has not answered the invitation yet.")
            let hold = live.booking.status == .confirmed ? [set(.pending, "Waiting for the room's answer.")] : []
            return hold + [ask]
        }
    }
}
