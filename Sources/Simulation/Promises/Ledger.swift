import CalendarModel
import SyncEngine

/// What people did, kept apart from everything the engine knows: who made what, who took it back, and which changes are
/// still to cross.
struct Ledger {
    struct Entry {
        let label: Label
        let room: Int
        let side: Side
        /// The meeting as it stands on each side now; nil before it crossed.
        var booking: BookingID?
        var event: EventID?
        /// Somebody cancelled it, or gave its slot back.
        var isTakenBack = false
        /// The engine wrote into it why it was not booked.
        var isMarked = false
        /// What both sides last agreed on, as it was seen.
        var agreed: [Facet: FacetValue] = [:]
        /// What people made of it since, per side.
        var pending: [Side: [Facet: FacetValue]] = [:]
        /// What need not be as somebody wanted it last: of a series whose time or rule was changed, what differed from the old
        /// one.
        var loose: Set<Facet> = []
        /// What was changed on one side after the other side's change had come there.
        var seen: Set<Facet> = []
        /// It was made anew from its other side; as that has it, it is from then on.
        var isRemade = false
        /// What people ever wanted.
        var wishes: [Facet: Set<FacetValue>] = [:]
        /// How many clashes were told about it; a move that lost its slot goes back.
        var clashes = 0
        /// Before the last change by a person, per side.
        var earlier: [Side: Meeting] = [:]
    }

    private(set) var entries: [Label: Entry] = [:]
    private(set) var labels: [Label] = []
    private var bookings: [BookingID: Label] = [:]
    private var events: [EventID: Label] = [:]
    /// Every partner a meeting ever had: one meeting is one booking and one event.
    private(set) var pairs: Set<PairOfIDs> = []

    struct PairOfIDs: Hashable {
        var booking: BookingID
        var event: EventID
    }

    subscript(label: Label) -> Entry? {
        get { entries[label] }
        set { entries[label] = newValue }
    }

    func label(of booking: BookingID) -> Label? { bookings[Self.whole(booking)] }
    func label(of event: EventID) -> Label? { events[event] }

    mutating func made(_ label: Label, room: Int, booking: BookingID, facets: Facets) {
        add(Entry(label: label, room: room, side: .loopBooking, booking: booking), facets)
        bookings[booking] = label
    }

    mutating func made(_ label: Label, room: Int, event: EventID, facets: Facets) {
        add(Entry(label: label, room: room, side: .calendar, event: event), facets)
        events[event] = label
    }

    private mutating func add(_ entry: Entry, _ facets: Facets) {
        var entry = entry
        entry.pending[entry.side] = facets.values
        for (facet, value) in facets.values { entry.wishes[facet] = [value] }
        entries[entry.label] = entry
        labels.append(entry.label)
    }

    /// Where the calendar cannot express a series, the engine knows each occurrence as `booking#original`.
    static func whole(_ id: BookingID) -> BookingID {
        id.rawValue.firstIndex(of: "#").map { BookingID(String(id.rawValue[..<$0])) } ?? id
    }

    /// The engine recorded that a booking and an event are one meeting.
    mutating func paired(_ booking: BookingID, _ event: EventID) {
        guard Self.whole(booking) == booking else {
            events[event] = bookings[Self.whole(booking)]
            return
        }
        guard pairs.insert(PairOfIDs(booking: booking, event: event)).inserted else { return }
        let known = bookings[booking] ?? events[event]
        guard let label = known else { return }
        if let other = events[event], other != label { join(other, into: label) }
        // What somebody still wanted of a booking that is no more went with it.
        if let before = entries[label]?.booking, before != booking { forget(label, .loopBooking) }
        if let before = entries[label]?.event, before != event { forget(label, .calendar) }
        bookings[booking] = label
        events[event] = label
        entries[label]?.booking = booking
        entries[label]?.event = event
    }

    /// Time and rule need not be as somebody wanted them.
    mutating func loosen(_ label: Label) {
        let wished = entries[label]?.wishes.keys.filter(\.concernsTime) ?? []
        entries[label]?.loose.formUnion(wished + [.time, .zone, .pattern])
    }

    private mutating func forget(_ label: Label, _ side: Side) {
        entries[label]?.pending[side] = [:]
        entries[label]?.isRemade = true
    }

    /// The engine took two meetings for one.
    private mutating func join(_ other: Label, into label: Label) {
        guard let old = entries.removeValue(forKey: other) else { return }
        labels.removeAll { $0 == other }
        if old.isTakenBack { entries[label]?.isTakenBack = true }
        for (side, facets) in old.pending { entries[label]?.pending[side, default: [:]].merge(facets) { $1 } }
    }

    /// A person changed the meeting on one side.
    /// - Parameter onlyOff: only occurrences that are off now count.
    mutating func changed(
        _ label: Label, on side: Side, from before: Facets, to after: Facets, onlyOff: Bool = false
    ) {
        let different = after.differences(from: before)
        if different.contains(.time) || different.contains(.pattern) {
            entries[label]?.loose.formUnion(before.keys.union(after.keys).filter(\.isOccurrence))
        }
        for facet in different where !onlyOff || after[facet] == .off {
            // Whoever changes what came from the other side has seen it; when its answer was lost, the engine cannot know.
            if entries[label]?.pending[side.other]?[facet] == before[facet] { entries[label]?.seen.insert(facet) }
            entries[label]?.pending[side, default: [:]][facet] = after[facet]
            entries[label]?.wishes[facet, default: [before[facet]]].insert(after[facet])
        }
    }

    /// Both sides were seen to agree on some facets. Returns those whose values nobody wanted, or somebody who does not lead.
    /// - Parameter leading: the side whose texts stand when both were changed at once; nil when the later change does.
    mutating func agreed(_ label: Label, _ values: [(Facet, FacetValue)], leading: Side?) -> [Facet] {
        guard var entry = entries[label] else { return [] }
        defer {
            entry.isRemade = false
            entries[label] = entry
        }
        // When one side changed the time and the other the rule, one side's time and rule stand.
        let movedBothSides = Side.allCases.allSatisfy { side in
            entry.pending[side]?.keys.contains { $0.concernsTime && !$0.isOccurrence } ?? false
        }
        return values.filter { facet, value in
            let wanted = Side.allCases.compactMap { entry.pending[$0]?[facet] }
            var allowed = Set(wanted)
            if wanted.isEmpty { allowed.insert(entry.agreed[facet] ?? .asRule) }
            // What was changed and changed back is no change.
            let isDisputed =
                wanted.count > 1 && !facet.concernsTime && entry.seen.remove(facet) == nil
                && entry.agreed[facet].map { !wanted.contains($0) } ?? false
            if isDisputed, let leading, let first = entry.pending[leading]?[facet] {
                allowed = [first]
            }
            if facet.concernsTime, entry.clashes > 0 || movedBothSides {
                allowed.formUnion(entry.wishes[facet] ?? [])
                allowed.insert(entry.agreed[facet] ?? .asRule)
            }
            if facet.concernsTime, entry.clashes > 0 { allowed.insert(.off) }
            let isWanted =
                allowed.contains(value)
                || wanted.count > 1 && value.isMix(of: wanted + [entry.agreed[facet] ?? .asRule])
                || entry.loose.remove(facet) != nil
            entry.agreed[facet] = value
            for side in Side.allCases { entry.pending[side]?[facet] = nil }
            return !isWanted && !entry.isRemade && !(entry.isMarked && !facet.concernsTime)
        }.map(\.0)
    }

    mutating func clash(_ note: ClashNote) {
        for party in [note.winner, note.loser] {
            let label = party.booking.flatMap { bookings[$0] } ?? party.event.flatMap { events[$0] }
            if let label { entries[label]?.clashes += 1 }
        }
    }
}
