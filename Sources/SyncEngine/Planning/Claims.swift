import CalendarModel
import ICalendar

/// One meeting's wish for the room in the contest for slots; a series has one wish an occurrence.
struct Claim {
    /// The number of the contestant in the contest; nil for a meeting that is over, which takes no part.
    var contestant: Int?
    /// Set for one occurrence of a series.
    var occurrence: WallTime?
    var span: TimeSpan
    var origin: Side
    var takenAt: Instant
    /// Breaks ties, the same way on every machine.
    var tieBreak: String
    var party: ClashNote.Party

    /// Whether both are of one meeting.
    func isOf(_ other: Claim) -> Bool {
        contestant != nil && contestant == other.contestant
            || party.booking != nil && party.booking == other.party.booking
    }

    /// Whether this claim comes before another one under the policy.
    func precedes(_ other: Claim, policy: LinkPolicy.Clash) -> Bool {
        if let leading = policy.leading, origin != other.origin { return origin == leading }
        if takenAt != other.takenAt { return takenAt < other.takenAt }
        if origin != other.origin { return origin == .loopBooking }
        if tieBreak != other.tieBreak { return tieBreak < other.tieBreak }
        return span.start < other.span.start
    }
}

/// The slots given away so far: spans that do not overlap, in order of time. A meeting without length takes nothing.
struct Slots {
    private var taken: [Claim] = []

    /// The claim of another meeting that already has part of the span.
    func holder(of span: TimeSpan, against claim: Claim? = nil) -> Claim? {
        overlapping(span).first { holder in claim.map { !holder.isOf($0) } ?? true }
    }

    /// Gives what is free of the claim's span to it: the occurrences of one meeting may overlap each other.
    mutating func give(_ claim: Claim) {
        var rest = claim
        for holder in overlapping(claim.span).reversed() {
            if rest.span.start < holder.span.start { insert(rest, until: holder.span.start) }
            rest.span.start = max(rest.span.start, min(holder.span.end, rest.span.end))
        }
        insert(rest, until: rest.span.end)
    }

    private mutating func insert(_ claim: Claim, until end: Instant) {
        var claim = claim
        claim.span.end = end
        guard !claim.span.isEmpty else { return }
        taken.insert(claim, at: firstIndex(startingAtOrAfter: claim.span.start))
    }

    /// Those that overlap the span, the last one first.
    private func overlapping(_ span: TimeSpan) -> [Claim] {
        guard !span.isEmpty else { return [] }
        var result: [Claim] = []
        var index = firstIndex(startingAtOrAfter: span.end)
        while index > 0, taken[index - 1].span.overlaps(span) {
            result.append(taken[index - 1])
            index -= 1
        }
        return result
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

/// Some spans of time, joined where they overlap, to ask quickly whether another one touches any of them.
struct SpanSet {
    private var joined: [TimeSpan] = []

    init(_ spans: [TimeSpan]) {
        for span in spans.sorted(by: { $0.start < $1.start }) where !span.isEmpty {
            if let last = joined.last, span.start <= last.end {
                joined[joined.count - 1].end = max(last.end, span.end)
            } else {
                joined.append(span)
            }
        }
    }

    /// From the first to the last; nil when there is none.
    var hull: TimeSpan? {
        guard let first = joined.first, let last = joined.last else { return nil }
        return TimeSpan(start: first.start, end: last.end)
    }

    func overlaps(_ span: TimeSpan) -> Bool {
        var low = 0
        var high = joined.count
        while low < high {
            let middle = (low + high) / 2
            if joined[middle].start < span.end { low = middle + 1 } else { high = middle }
        }
        return low > 0 && joined[low - 1].overlaps(span)
    }
}

extension Planner {
    /// When in the window a meeting wants the room, from now on: once for a single meeting, once an occurrence.
    func wishes(of meeting: Meeting) -> [(occurrence: WallTime?, span: TimeSpan)] {
        guard let series = Series(meeting, roomZone: state.link.roomZone) else { return [(nil, meeting.span)] }
        return series.occurrences(in: coming).map { ($0.original, $0.span) }
    }

    /// Where slots are contested: as far ahead as LoopBooking gives them away, without what is over.
    var coming: TimeSpan {
        TimeSpan(start: max(state.now, state.window.start), end: max(state.now, state.slotsEnd))
    }

    func claims(of live: LivePairing, as contestant: Int) -> [Claim] {
        let moved = newlyTaken(by: live)
        return wishes(of: live.target).map { occurrence, span in
            Claim(
                contestant: contestant, occurrence: occurrence, span: span, origin: live.pairing.origin,
                takenAt: occurrence != nil && moved.isNew(span) ? moved.at : live.slotTakenAt,
                tieBreak: live.pairing.id.rawValue,
                party: ClashNote.Party(
                    origin: live.pairing.origin, booking: live.booking.id, event: live.pairing.event,
                    occurrence: occurrence, span: span))
        }
    }

    func claims(of observed: ObservedEvent, as contestant: Int) -> [Claim] {
        wishes(of: crossing.booking(from: observed.event.meeting)).map { occurrence, span in
            Claim(
                contestant: contestant, occurrence: occurrence, span: span, origin: .calendar,
                takenAt: observed.slotTakenAt, tieBreak: observed.event.id.rawValue,
                party: ClashNote.Party(
                    origin: .calendar, booking: nil, event: observed.event.id, occurrence: occurrence, span: span))
        }
    }

    func claims(of booking: Booking, as contestant: Int) -> [Claim] {
        wishes(of: booking.meeting).map { occurrence, span in
            Claim(
                contestant: contestant, occurrence: occurrence, span: span, origin: .loopBooking,
                takenAt: booking.slotTakenAt, tieBreak: booking.id.rawValue,
                party: ClashNote.Party(
                    origin: .loopBooking, booking: booking.id, event: nil, occurrence: occurrence, span: span))
        }
    }

    /// What bookings that are over hold of slots that are wanted: of a meeting that was made or moved to begin before now.
    func pastClaims(touching claims: [Claim]) -> [Claim] {
        let wanted = SpanSet(claims.map(\.span).filter { $0.start < state.now })
        guard let hull = wanted.hull else { return [] }
        let past = TimeSpan(start: hull.start, end: state.now)
        return state.bookings.values.filter(\.status.holdsRoom).sorted { $0.id < $1.id }.flatMap { booking in
            let series = Series(booking.meeting, roomZone: state.link.roomZone)
            let held: [(original: WallTime?, span: TimeSpan)] =
                series?.occurrences(in: past).map { ($0.original, $0.span) } ?? [(nil, booking.meeting.span)]
            return held.filter { $0.span.end <= state.now && wanted.overlaps($0.span) }
                .map { occurrence, span in
                    Claim(
                        contestant: nil, occurrence: occurrence, span: span, origin: booking.origin,
                        takenAt: booking.slotTakenAt, tieBreak: booking.id.rawValue,
                        party: ClashNote.Party(
                            origin: booking.origin, booking: booking.id, event: nil, occurrence: occurrence, span: span)
                    )
                }
        }
    }

    /// Which slots of a series were taken only by its last change, and when that was.
    private func newlyTaken(by live: LivePairing) -> (at: Instant, isNew: (TimeSpan) -> Bool) {
        guard let movedBy = live.movedBy, live.target.recurrence != nil else {
            return (live.slotTakenAt, { _ in false })
        }
        let changed = movedBy == .calendar ? live.observed?.event.modifiedAt : live.booking.updatedAt
        let before = Set(wishes(of: crossing.asBooking(live.agreed, of: movedBy)).map(\.span))
        return (changed ?? state.now, { !before.contains($0) })
    }
}

extension Crossing {
    /// A side's meeting in the booking's form.
    func asBooking(_ meeting: Meeting, of side: Side) -> Meeting {
        side == .calendar ? booking(from: meeting) : meeting
    }
}
