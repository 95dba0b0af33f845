import CalendarModel
import CalendarTime
import ICalendar

/// Compares both sides of a link as they stand, with nothing remembered but which booking and which event are one meeting.
package struct DriftCheck {
    let state: LinkState
    let crossing: Crossing
    var zone: ZoneID { state.link.roomZone }
    var content: LinkPolicy.Content { state.link.policy.content }

    /// - Parameter state: the bookings and events as they were just read, and the live pairings.
    /// - Returns: what is not as it should be, in the order of kinds, then of time.
    package static func items(in state: LinkState) -> [DriftItem] {
        let check = DriftCheck(state: state, crossing: Crossing(policy: state.link.policy))
        let found = state.pairings.flatMap(check.items) + check.unpaired()
        let order = DriftItem.Kind.allCases
        return found.sorted { left, right in
            let places = [left, right].map { order.firstIndex(of: $0.kind) ?? 0 }
            return places[0] == places[1] ? left.sentence < right.sentence : places[0] < places[1]
        }
    }

    // MARK: What stands on one side only

    private func unpaired() -> [DriftItem] {
        let pairedEvents = Set(state.pairings.compactMap(\.event))
        let pairedBookings = Set(state.pairings.map(\.booking))
        let awaited = Set(state.pairings.filter { $0.event == nil }.compactMap(\.uid))
        var items: [DriftItem] = []
        for observed in state.events.values where !pairedEvents.contains(observed.event.id) {
            let event = observed.event
            if let uid = event.uid, awaited.contains(uid) { continue }
            guard event.holdsRoom, isToCome(event.meeting) else { continue }
            items.append(missingHere(event, pairing: nil))
        }
        for booking in state.bookings.values where !pairedBookings.contains(booking.id) {
            guard booking.status.holdsRoom, isToCome(booking.meeting) else { continue }
            items.append(missingThere(booking, pairing: nil))
        }
        return items
    }

    private func isToCome(_ meeting: Meeting) -> Bool {
        let reach = meeting.reach(roomZone: zone)
        return reach.end > state.now && reach.overlaps(state.window)
    }

    private func missingHere(_ event: Event, pairing: Pairing?) -> DriftItem {
        DriftItem(
            .missingHere, booking: pairing?.booking, event: event.id, pairing: pairing?.id,
            sentence: "\(when(event.meeting)): the calendar has a meeting that LoopBooking has not.",
            there: Privacy.title(of: event.meeting, policy: content))
    }

    private func missingThere(_ booking: Booking, pairing: Pairing?) -> DriftItem {
        DriftItem(
            .missingThere, booking: booking.id, event: pairing?.event, pairing: pairing?.id,
            sentence: "\(when(booking.meeting)): LoopBooking has a meeting that the calendar has not.",
            here: Privacy.title(of: booking.meeting, policy: content))
    }

    // MARK: Pairs

    private func items(of pairing: Pairing) -> [DriftItem] {
        let booking = state.bookings[pairing.booking]
        let event = pairing.event.flatMap { state.events[$0] }?.event
        let bookingHolds = booking?.status.holdsRoom ?? false
        // The room's copy of an invitation arrives in its own time.
        if pairing.event == nil, pairing.isInvitation { return [] }
        switch (bookingHolds, event?.holdsRoom ?? false) {
        case (false, false):
            return [
                DriftItem(
                    .stalePairing, booking: pairing.booking, event: pairing.event, pairing: pairing.id,
                    sentence:
                        "\(when(pairing.bookingBase)): a meeting that is over with on both sides is still watched.")
            ]
        case (false, true): return event.map { [missingHere($0, pairing: pairing)] } ?? []
        case (true, false): return booking.map { [missingThere($0, pairing: pairing)] } ?? []
        case (true, true):
            guard let booking, let event else { return [] }
            return differences(booking, event, pairing)
        }
    }

    private func differences(_ booking: Booking, _ event: Event, _ pairing: Pairing) -> [DriftItem] {
        let own = booking.meeting
        let theirs = crossing.booking(from: event.meeting)
        let words = Values(
            zone: zone, mayQuote: [own, theirs].allSatisfy { Privacy.mayQuote($0, policy: content) })
        let common = crossing.bookingFields(origin: pairing.origin).intersection(crossing.eventFields)
        var fields: Set<MeetingField> = pairing.isInvitation ? [.time] : common
        fields.subtract([.organizer, .attendees, .location, .recurrence])
        // Until it is confirmed it may be shown as tentative.
        if booking.status == .pending { fields.remove(.showAs) }
        if isVendorsSpelling(of: .body, booking, event, pairing) { fields.remove(.body) }
        let plain = own.differences(from: theirs, among: fields).sorted().map { field in
            DriftItem(
                .differs, booking: booking.id, event: event.id, pairing: pairing.id, field: field,
                sentence: "\(when(own)): \(Values.name(field)) is not the same on both sides.",
                here: words.value(field, of: own), there: words.value(field, of: theirs))
        }
        return plain + seriesDifferences(own, theirs, booking, event, pairing)
    }

    /// Vendors turn text into HTML and back; what both sides agreed on in two spellings is no drift.
    private func isVendorsSpelling(
        of field: MeetingField, _ booking: Booking, _ event: Event, _ pairing: Pairing
    ) -> Bool {
        booking.meeting.agrees(with: pairing.bookingBase, in: field)
            && event.meeting.agrees(with: pairing.eventBase, in: field)
    }

    // MARK: Series

    private func seriesDifferences(
        _ own: Meeting, _ theirs: Meeting, _ booking: Booking, _ event: Event, _ pairing: Pairing
    ) -> [DriftItem] {
        let series = [own.recurrence, theirs.recurrence].map { $0?.comparable(content) }
        guard let left = series[0], let right = series[1], left.samePattern(as: right) else {
            guard series[0] != nil || series[1] != nil else { return [] }
            return [
                DriftItem(
                    .differs, booking: booking.id, event: event.id, pairing: pairing.id, field: .recurrence,
                    sentence: "\(when(own)): how the meeting repeats is not the same on both sides.")
            ]
        }
        return left.occurrences(differingFrom: right).sorted().map { original in
            DriftItem(
                .differsInOccurrence, booking: booking.id, event: event.id, pairing: pairing.id,
                occurrence: original,
                sentence: """
                    The meeting on \(TimeWords.date(original.date)) of the series from \(when(own)) is not the same on \
                    both sides.
                    """, here: words(left.state(of: original)), there: words(right.state(of: original)))
        }
    }

    private func words(_ state: Recurrence.OccurrenceState) -> String {
        switch state {
        case .asRule: "as the series has it"
        case .cancelled: "cancelled"
        case .changed(let change): change.time.map { "moved to \(TimeWords.time($0, in: zone))" } ?? "changed"
        }
    }

    func when(_ meeting: Meeting) -> String { TimeWords.time(meeting.time, in: zone) }
}

extension Recurrence {
    /// What of single occurrences crosses both ways. An occurrence shown as free does not take place in the room.
    fileprivate func comparable(_ content: LinkPolicy.Content) -> Recurrence {
        var result = self
        for (original, change) in exceptions {
            if change.showAs == .free {
                result.set(.cancelled, of: original)
            } else {
                let subject = content == .everything ? change.subject : nil
                let plain = OccurrenceChange(time: change.time, subject: subject, showAs: change.showAs)
                if !cancelled.contains(original) { result.set(.changed(plain), of: original) }
            }
        }
        return result
    }
}

/// Values of fields in words.
private struct Values {
    let zone: ZoneID
    /// Whether what people wrote may be repeated.
    let mayQuote: Bool

    func value(_ field: MeetingField, of meeting: Meeting) -> String? {
        switch field {
        case .time: TimeWords.time(meeting.time, in: zone)
        case .showAs: meeting.showAs.rawValue
        case .sensitivity: meeting.sensitivity.rawValue
        case .subject: mayQuote ? canonicalLine(meeting.subject) : nil
        case .body: mayQuote ? "\(meeting.body.count) characters" : nil
        case .organizer, .attendees, .location, .recurrence: nil
        }
    }

    static func name(_ field: MeetingField) -> String {
        switch field {
        case .time: "the time"
        case .subject: "the subject"
        case .body: "the text"
        case .organizer: "who booked it"
        case .attendees: "the list of attendees"
        case .sensitivity: "the private flag"
        case .showAs: "free/busy"
        case .location: "the location"
        case .recurrence: "how it repeats"
        }
    }
}
