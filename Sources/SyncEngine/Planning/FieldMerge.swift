import CalendarModel
import ICalendar

/// The three-way merge of one meeting, part by part: what each side changed since the base, and whose value stands where
/// both changed the same part. The parts are the meeting's fields, and those of each occurrence of a series.
struct FieldMerge {
    /// The event's parts whose values go to the booking.
    private(set) var toBooking = MeetingParts()
    /// The meeting from which the booking takes them.
    private(set) var incoming: Meeting
    /// Occurrences among them of which the booking has changes of its own that are still to cross, with what both sides
    /// agree on of these.
    private(set) var unfinished: [WallTime: OccurrenceChange] = [:]
    /// The booking's parts whose values go to the event.
    private(set) var fromBooking = MeetingParts()
    /// The event's parts that must be written for `fromBooking`.
    private(set) var toEvent = MeetingParts()
    /// Fields that both sides changed, with the side whose value stands.
    private(set) var divergences: [MeetingField: Side] = [:]
    /// One side changed the time of a series, the other its rule: the calendar's part crosses first.
    private(set) var splitsPattern = false
    /// Something differs from the base although nothing need be written: both sides agree already.
    private(set) var needsRecording = false

    /// The fields that are merged one by one; of a series its time and rule go together.
    private static let pattern: Set<MeetingField> = [.time, .recurrence]

    /// - Parameter event: of our own invitation what is heard of it (``Pairing/heard(_:organizerCopy:)``).
    init(
        pairing: Pairing, booking: Booking, event: Event?, crossing: Crossing, divergence: LinkPolicy.Divergence,
        roomZone: ZoneID
    ) {
        let sides = Sides(
            pairing: pairing, booking: booking, event: event, crossing: crossing, divergence: divergence,
            roomZone: roomZone)
        incoming = sides.wantedInBooking
        mergeFields(sides)
        if sides.isSeries { mergeSeries(sides) }
        dropWhatStandsAlready(sides)
    }

    var isEmpty: Bool { toBooking.isEmpty && toEvent.isEmpty }

    /// Whose value stands where both sides changed the same part.
    static func leader(_ policy: LinkPolicy.Divergence, booking: Booking, event: Event?) -> Side {
        // Without a time from the vendor LoopBooking's is the only one known.
        policy.leading ?? event?.modifiedAt.map { $0 > booking.updatedAt ? .calendar : .loopBooking } ?? .loopBooking
    }

    // MARK: Fields

    private mutating func mergeFields(_ sides: Sides) {
        let (booking, crossing) = (sides.booking, sides.crossing)
        let alone: Set<MeetingField> = sides.isSeries ? Self.pattern : [.recurrence]
        var bookingChanges = booking.meeting.differences(
            from: sides.pairing.bookingBase,
            among: crossing.bookingFields(origin: sides.pairing.origin).subtracting(alone))
        defer {
            fromBooking.fields = bookingChanges
            toEvent.fields = crossing.eventFields(forBookingFields: bookingChanges)
        }
        // Only the organizer's copy of our invitation exists so far.
        guard let event = sides.event else { return }
        let eventChanges = event.meeting.differences(
            from: sides.pairing.eventBase, among: crossing.eventFields.subtracting(alone))
        for field in eventChanges.sorted() {
            let rivals = crossing.bookingFields(writing: field).intersection(bookingChanges)
            if rivals.isEmpty {
                toBooking.fields.insert(field)
            } else if sides.wantedInBooking.agrees(with: booking.meeting, in: field) {
                // Who booked it stands in the event's body too: then the text alone does not make them agree.
                guard sides.wantedInEvent.agrees(with: event.meeting, in: field) else { continue }
                bookingChanges.subtract(rivals)
                needsRecording = true
            } else if !rivals.contains(field) {
                // Not the same field, but one that is written into it: first this change, in the next plan that one.
                toBooking.fields.insert(field)
                bookingChanges.subtract(rivals)
            } else {
                let side = sides.leader
                divergences[field] = side
                if side == .calendar {
                    toBooking.fields.insert(field)
                    bookingChanges.subtract(rivals)
                }
            }
        }
    }

    // MARK: Series

    private mutating func mergeSeries(_ sides: Sides) {
        let ruleOfBooking = Self.changedPattern(sides.booking.meeting, sides.pairing.bookingBase)
        let bookingMoved = !ruleOfBooking.isEmpty
        // What differs from a rule that has no such occurrence means nothing.
        let ofBooking = Self.occurrences(
            Self.changedOccurrences(sides.booking.meeting, sides.pairing.bookingBase), of: sides.booking.meeting, sides)
        guard let event = sides.event else {
            return take(fromBooking: bookingMoved ? MeetingParts(Self.pattern) : MeetingParts(occurrences: ofBooking))
        }
        let ofEvent = Self.occurrences(
            Self.changedOccurrences(event.meeting, sides.pairing.eventBase), of: event.meeting, sides)
        let ruleOfEvent = Self.changedPattern(event.meeting, sides.pairing.eventBase)
        let eventMoved = !ruleOfEvent.isEmpty
        switch (bookingMoved, eventMoved) {
        case (false, false): mergeOccurrences(ofBooking, ofEvent, sides)
        case (true, false):
            // Occurrences changed on the side whose rule stands cross first; then the new rule goes the other way.
            let kept = sides.missingInBooking(Self.occurrences(ofEvent, of: sides.booking.meeting, sides))
            if kept.isEmpty { take(fromBooking: MeetingParts(Self.pattern)) } else { toBooking.occurrences = kept }
        case (false, true):
            let kept =
                sides.isWritable ? sides.missingInEvent(Self.occurrences(ofBooking, of: event.meeting, sides)) : []
            if kept.isEmpty {
                toBooking.fields.formUnion(Self.pattern)
            } else {
                take(fromBooking: MeetingParts(occurrences: kept))
            }
        case (true, true):
            if Self.pattern.allSatisfy({ sides.wantedInBooking.agrees(with: sides.booking.meeting, in: $0) }) {
                needsRecording = true
            } else if sides.wantedInBooking.differences(from: sides.booking.meeting, among: ruleOfEvent).isEmpty {
                take(fromBooking: MeetingParts(Self.pattern))
            } else if ruleOfBooking.isDisjoint(with: ruleOfEvent) {
                // One side changed the time, the other the rule: first the calendar's part, in the next plan the other one.
                toBooking.fields.formUnion(ruleOfEvent)
                splitsPattern = true
            } else {
                divergences[.recurrence] = sides.leader
                if sides.leader == .calendar {
                    toBooking.fields.formUnion(Self.pattern)
                } else {
                    take(fromBooking: MeetingParts(Self.pattern))
                }
            }
        }
    }

    private mutating func mergeOccurrences(_ ofBooking: Set<WallTime>, _ ofEvent: Set<WallTime>, _ sides: Sides) {
        var ofBooking = ofBooking
        for original in ofEvent {
            guard ofBooking.contains(original) else {
                toBooking.occurrences.insert(original)
                continue
            }
            let one = MeetingParts(occurrences: [original])
            if sides.wantedInBooking.differingParts(from: sides.booking.meeting, among: one).isEmpty {
                ofBooking.remove(original)
                needsRecording = true
                continue
            }
            guard let merge = sides.merge(of: original) else {
                divergences[.recurrence] = sides.leader
                if sides.leader == .calendar {
                    toBooking.occurrences.insert(original)
                    ofBooking.remove(original)
                }
                continue
            }
            if merge.isDivergent { divergences[.recurrence] = sides.leader }
            incoming.recurrence?.set(.changed(merge.booking), of: original)
            // Nothing of the calendar's stands: the booking's occurrence goes there as it is.
            if incoming.differingParts(from: sides.booking.meeting, among: one).isEmpty { continue }
            toBooking.occurrences.insert(original)
            ofBooking.remove(original)
            if !merge.agreed.agrees(with: merge.booking) { unfinished[original] = merge.agreed }
        }
        take(fromBooking: MeetingParts(occurrences: ofBooking))
    }

    private mutating func take(fromBooking parts: MeetingParts) {
        fromBooking.fields.formUnion(parts.fields)
        toEvent.fields.formUnion(parts.fields)
        fromBooking.occurrences.formUnion(parts.occurrences)
        toEvent.occurrences.formUnion(parts.occurrences)
    }

    private static func changedPattern(_ meeting: Meeting, _ base: Meeting) -> Set<MeetingField> {
        var changed: Set<MeetingField> = meeting.agrees(with: base, in: .time) ? [] : [.time]
        switch (meeting.recurrence, base.recurrence) {
        case (nil, nil): break
        case (let own?, let before?): if !own.samePattern(as: before) { changed.insert(.recurrence) }
        default: changed.insert(.recurrence)
        }
        return changed
    }

    private static func changedOccurrences(_ meeting: Meeting, _ base: Meeting) -> Set<WallTime> {
        guard let own = meeting.recurrence, let before = base.recurrence else { return [] }
        return own.occurrences(differingFrom: before)
    }

    /// Those of the occurrences that a series has.
    private static func occurrences(_ originals: Set<WallTime>, of meeting: Meeting, _ sides: Sides) -> Set<WallTime> {
        guard !originals.isEmpty, let series = Series(meeting, roomZone: sides.roomZone) else { return [] }
        return originals.filter(series.has)
    }

    // MARK: Agreement

    /// What stands there already need not be written: a call whose answer was lost may have worked.
    private mutating func dropWhatStandsAlready(_ sides: Sides) {
        let (pairing, booking) = (sides.pairing, sides.booking)
        guard let event = sides.event else {
            needsRecording = booking.revision != pairing.bookingRevision
            return
        }
        let open = incoming.differingParts(from: booking.meeting, among: toBooking)
        if open != toBooking {
            toBooking = open
            needsRecording = true
        }
        if !pairing.isInvitation { toEvent = sides.wantedInEvent.differingParts(from: event.meeting, among: toEvent) }
        if toEvent.isEmpty, !fromBooking.isEmpty {
            fromBooking = []
            needsRecording = true
        }
        // While the room has not answered, its copy is still to be heard.
        let isHeard = !pairing.awaitsRoom || event.response != .notResponded && event.response != .none
        if booking.revision != pairing.bookingRevision || isHeard && event.version != pairing.eventVersion
            || event.response != pairing.roomResponse && pairing.isInvitation
        {
            needsRecording = true
        }
    }
}

/// Both sides of one pairing, and what each would look like on the other.
private struct Sides {
    let pairing: Pairing
    let booking: Booking
    let event: Event?
    let crossing: Crossing
    let divergence: LinkPolicy.Divergence
    let roomZone: ZoneID
    let wantedInBooking: Meeting
    let wantedInEvent: Meeting

    init(
        pairing: Pairing, booking: Booking, event: Event?, crossing: Crossing, divergence: LinkPolicy.Divergence,
        roomZone: ZoneID
    ) {
        self.pairing = pairing
        self.booking = booking
        self.event = event
        self.crossing = crossing
        self.divergence = divergence
        self.roomZone = roomZone
        wantedInBooking = crossing.booking(from: event?.meeting ?? pairing.eventBase)
        wantedInEvent = crossing.event(from: booking.meeting, origin: pairing.origin)
    }

    var isSeries: Bool {
        booking.meeting.recurrence != nil || pairing.bookingBase.recurrence != nil
            || pairing.eventBase.recurrence != nil || event?.meeting.recurrence != nil
    }

    /// Those of the event's occurrences that the booking does not have like that yet.
    func missingInBooking(_ originals: Set<WallTime>) -> Set<WallTime> {
        wantedInBooking.differingParts(from: booking.meeting, among: MeetingParts(occurrences: originals)).occurrences
    }

    /// Those of the booking's occurrences that the event does not have like that yet.
    func missingInEvent(_ originals: Set<WallTime>) -> Set<WallTime> {
        guard let event else { return originals }
        return wantedInEvent.differingParts(from: event.meeting, among: MeetingParts(occurrences: originals))
            .occurrences
    }

    /// Whether we may rewrite the event: a person's meeting is the person's.
    var isWritable: Bool { pairing.isInvitation || event?.role != .attendee }

    /// Nil when the occurrence is off on one of the sides.
    func merge(of original: WallTime) -> OccurrenceMerge? {
        let base = crossing.booking(from: pairing.eventBase)
        let states = [booking.meeting, pairing.bookingBase, wantedInBooking, base].compactMap {
            $0.recurrence?.state(of: original)
        }
        guard states.count == 4 else { return nil }
        return OccurrenceMerge(
            booking: states[0], bookingBase: states[1], event: states[2], eventBase: states[3], leader: leader)
    }

    var leader: Side { FieldMerge.leader(divergence, booking: booking, event: event) }
}
