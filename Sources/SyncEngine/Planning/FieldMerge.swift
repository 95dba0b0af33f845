import CalendarModel

/// The three-way merge of one meeting, field by field: what each side changed since the base, and whose value stands where
/// both changed the same field.
struct FieldMerge {
    /// Event fields whose values go to the booking.
    private(set) var toBooking: Set<MeetingField> = []
    /// Booking fields whose values go to the event.
    private(set) var fromBooking: Set<MeetingField> = []
    /// Event fields that must be written for `fromBooking`.
    private(set) var toEvent: Set<MeetingField> = []
    /// Fields that both sides changed, with the side whose value stands.
    private(set) var divergences: [MeetingField: Side] = [:]
    /// Something differs from the base although nothing need be written: both sides agree already.
    private(set) var needsRecording = false

    init(
        pairing: Pairing, booking: Booking, event: Event?, crossing: Crossing, divergence: LinkPolicy.Divergence
    ) {
        var bookingChanges = booking.meeting.differences(
            from: pairing.bookingBase, among: crossing.bookingFields(origin: pairing.origin))
        guard let event else {
            // Only the organizer's copy of our invitation exists so far.
            fromBooking = bookingChanges
            toEvent = crossing.eventFields(forBookingFields: bookingChanges)
            needsRecording = booking.revision != pairing.bookingRevision
            return
        }
        // Of our own invitation, what differs in the room's copy is the booking attendant's doing (subject := organizer,
        // body dropped, private flag cleared), never a person's.
        let eventChanges =
            pairing.isInvitation
            ? [] : event.meeting.differences(from: pairing.eventBase, among: crossing.eventFields)
        let wantedInBooking = crossing.booking(from: event.meeting)
        let wantedInEvent = crossing.event(from: booking.meeting, origin: pairing.origin)

        for field in eventChanges {
            let rivals = crossing.bookingFields(writing: field).intersection(bookingChanges)
            if rivals.isEmpty {
                toBooking.insert(field)
            } else if wantedInBooking.agrees(with: booking.meeting, in: field) {
                // Who booked it stands in the event's body too: then the text alone does not make them agree.
                guard wantedInEvent.agrees(with: event.meeting, in: field) else { continue }
                bookingChanges.subtract(rivals)
                needsRecording = true
            } else if !rivals.contains(field) {
                // Not the same field, but one that is written into it: first this change, in the next plan that one.
                toBooking.insert(field)
                bookingChanges.subtract(rivals)
            } else {
                let side = Self.leader(divergence, booking: booking, event: event)
                divergences[field] = side
                if side == .calendar {
                    toBooking.insert(field)
                    bookingChanges.subtract(rivals)
                }
            }
        }
        fromBooking = bookingChanges
        toEvent = crossing.eventFields(forBookingFields: bookingChanges)

        // What stands there already need not be written: a call whose answer was lost may have worked.
        let agreedInBooking = toBooking.filter { wantedInBooking.agrees(with: booking.meeting, in: $0) }
        toBooking.subtract(agreedInBooking)
        if !pairing.isInvitation {
            toEvent = toEvent.filter { !wantedInEvent.agrees(with: event.meeting, in: $0) }
        }
        if toEvent.isEmpty, !fromBooking.isEmpty {
            fromBooking = []
            needsRecording = true
        }
        if !agreedInBooking.isEmpty || booking.revision != pairing.bookingRevision
            || event.version != pairing.eventVersion || event.response != pairing.roomResponse && pairing.isInvitation
        {
            needsRecording = true
        }
    }

    var isEmpty: Bool { toBooking.isEmpty && toEvent.isEmpty }

    static func leader(_ policy: LinkPolicy.Divergence, booking: Booking, event: Event) -> Side {
        switch policy {
        case .loopBookingLeads: .loopBooking
        case .calendarLeads: .calendar
        case .latestChange:
            // Without a time from the vendor LoopBooking's is the only one known.
            event.modifiedAt.map { $0 > booking.updatedAt ? .calendar : .loopBooking } ?? .loopBooking
        }
    }
}
