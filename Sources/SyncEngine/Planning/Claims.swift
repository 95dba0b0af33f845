import CalendarModel

/// One meeting's wish for the room, in the contest for slots.
struct Claim {
    enum Holder: Hashable {
        case pairing(Int)
        case event(EventID)
        case booking(BookingID)
    }

    var holder: Holder
    var span: TimeSpan
    var origin: Side
    var takenAt: Instant
    /// Breaks ties, the same way on every machine.
    var tieBreak: String
    var party: ClashNote.Party

    /// Whether this claim comes before another one under the policy.
    func precedes(_ other: Claim, policy: LinkPolicy.Clash) -> Bool {
        let leading: Side? =
            switch policy {
            case .firstConfirmed: nil
            case .loopBookingLeads: .loopBooking
            case .calendarLeads: .calendar
            }
        if let leading, origin != other.origin { return origin == leading }
        if takenAt != other.takenAt { return takenAt < other.takenAt }
        if origin != other.origin { return origin == .loopBooking }
        return tieBreak < other.tieBreak
    }
}

/// The slots given away so far: spans that do not overlap, in order of time. A meeting without length takes nothing.
struct Slots {
    private var taken: [(span: TimeSpan, claim: Claim)] = []

    /// The claim that already has part of the span.
    func holder(of span: TimeSpan) -> Claim? {
        // The spans do not overlap one another, so at most the last one that starts before `span.end` and those before it
        // back to `span.start` can overlap; the nearest is enough.
        let index = firstIndex(startingAtOrAfter: span.end)
        guard !span.isEmpty, index > 0, taken[index - 1].span.overlaps(span) else { return nil }
        return taken[index - 1].claim
    }

    mutating func give(_ claim: Claim) {
        guard !claim.span.isEmpty else { return }
        taken.insert((claim.span, claim), at: firstIndex(startingAtOrAfter: claim.span.start))
    }

    private func firstIndex(startingAtOrAfter instant: Instant) -> Int {
        var low = 0
        var high = taken.count
        while low < high {
            let middle = (low + high) / 2
            if taken[middle].span.start < instant { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
