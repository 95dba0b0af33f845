import CalendarModel

/// The three-way merge of one occurrence of a series that both sides changed, field by field. The calendar's part crosses
/// first; what LoopBooking changed in other fields stays a change of its own, and crosses in the next plan.
struct OccurrenceMerge {
    /// What the booking's occurrence is to be.
    private(set) var booking: OccurrenceChange
    /// What both sides agree on then: less than `booking` where LoopBooking's own changes are still to cross.
    private(set) var agreed: OccurrenceChange
    /// Both sides changed one field, each in its own way.
    private(set) var isDivergent = false

    /// Everything in the booking's form.
    /// - Parameter leader: whose value stands where both sides changed the same field.
    /// - Returns: nil when the occurrence is off, or was, on one of the sides: then it is one part.
    init?(
        booking: Recurrence.OccurrenceState, bookingBase: Recurrence.OccurrenceState,
        event: Recurrence.OccurrenceState, eventBase: Recurrence.OccurrenceState, leader: Side
    ) {
        guard let own = booking.change, let ownBase = bookingBase.change, let theirs = event.change,
            let theirBase = eventBase.change
        else { return nil }
        let disputed = own.differences(from: ownBase).intersection(own.differences(from: theirs))
        var taken = theirs.differences(from: theirBase)
        isDivergent = !taken.isDisjoint(with: disputed)
        if leader == .loopBooking { taken.subtract(disputed) }
        self.booking = own.taking(taken, from: theirs)
        agreed = ownBase.taking(taken, from: theirs)
    }
}

extension Recurrence.OccurrenceState {
    /// What differs from the series; nil for one that is off.
    fileprivate var change: OccurrenceChange? {
        switch self {
        case .asRule: OccurrenceChange()
        case .cancelled: nil
        case .changed(let change): change
        }
    }
}
