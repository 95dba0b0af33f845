import CalendarModel

/// What must be remembered otherwise so that the next plan sees an item of drift as it is and mends it.
package enum DriftRepair {
    /// What becomes of meetings that are missing on the side where they were before.
    package enum Missing: String, Hashable, Sendable, Codable, CaseIterable {
        /// As a pass would have it, had it seen them vanish: they are cancelled on the other side.
        case follow
        /// They are written again.
        case restore
    }

    /// - Parameters:
    ///   - state: both sides as they were just read, with the live pairings.
    /// - Returns: the effects, and what they do in words.
    package static func effects(
        for item: DriftItem, in state: LinkState, missing: Missing
    ) -> (effects: [Effect], sentence: String) {
        let pairing = state.pairings.first { $0.id == item.pairing }
        let observed = item.event.flatMap { state.events[$0] }
        let look: [Effect] = observed.map { [.observe($0)] } ?? item.event.map { [.forget($0)] } ?? []
        switch item.kind {
        case .missingHere, .missingThere:
            guard let pairing else {
                let sentence =
                    item.kind == .missingHere ? "It is booked in LoopBooking." : "It is written into the calendar."
                return (look, sentence)
            }
            guard missing == .restore else { return (look, "It is treated as cancelled where it vanished.") }
            return (look + [.end(pairing.id)], "It is written again where it vanished.")
        case .stalePairing:
            guard let pairing else { return ([], "It is over with already.") }
            return (look + [.end(pairing.id)], "It is watched no longer.")
        case .differs, .differsInOccurrence:
            guard let pairing, let observed, let booking = state.bookings[pairing.booking] else {
                return (look, "It is looked at anew.")
            }
            let leader = leader(pairing, booking: booking, event: observed.event, policy: state.link.policy)
            let place = leader == .calendar ? "the calendar" : "LoopBooking"
            let rebased = rebased(
                pairing, item, booking: booking, event: observed.event, leader: leader,
                crossing: Crossing(policy: state.link.policy))
            return (look + [.pair(rebased)], "The value in \(place) is taken over on the other side.")
        case .unreadable: return ([], "It cannot be mended from here: look at it in the calendar.")
        }
    }

    /// Whose value stands: the organizer's where only they may change the meeting, else as the link's policy says.
    private static func leader(
        _ pairing: Pairing, booking: Booking, event: Event, policy: LinkPolicy
    ) -> Side {
        if event.role == .attendee, !pairing.isInvitation { return .calendar }
        return FieldMerge.leader(policy.divergence, booking: booking, event: event)
    }

    /// The pairing with a base to which only the leading side looks changed.
    private static func rebased(
        _ pairing: Pairing, _ item: DriftItem, booking: Booking, event: Event, leader: Side, crossing: Crossing
    ) -> Pairing {
        var parts = MeetingParts(Set([item.field].compactMap { $0 }))
        if let occurrence = item.occurrence { parts.occurrences = [occurrence] }
        var result = pairing
        result.reopen()
        switch leader {
        case .loopBooking:
            result.bookingBase = pairing.bookingBase.taking(parts: parts, from: crossing.booking(from: event.meeting))
            result.eventBase = pairing.eventBase.taking(parts: parts, from: event.meeting)
        case .calendar:
            result.bookingBase = pairing.bookingBase.taking(parts: parts, from: booking.meeting)
            result.eventBase = pairing.eventBase.taking(
                parts: parts, from: crossing.event(from: booking.meeting, origin: pairing.origin))
        }
        return result
    }
}
