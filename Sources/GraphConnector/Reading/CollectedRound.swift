import CalendarModel

/// The items of one reading as they come in over several pages: doubles are folded, masters kept apart, removals noted.
struct CollectedRound: Sendable {
    private(set) var masters: [String: GraphEvent] = [:]
    private(set) var removed: Set<String> = []
    private var items: [String: GraphEvent] = [:]
    /// The order in which ids first came.
    private var order: [String] = []
    private var seen: Set<String> = []
    private(set) var unreadable = 0

    mutating func add(_ page: GraphPage<GraphEvent>) {
        unreadable += page.unreadable
        for item in page.items { add(item) }
    }

    /// Those that are not masters, in the order they came.
    var events: [GraphEvent] { order.compactMap { items[$0] } }

    /// The last word about an id counts, except that an older state of the same event never replaces a newer one: replays
    /// come in any order.
    private mutating func add(_ item: GraphEvent) {
        if item.removed != nil {
            items[item.id] = nil
            masters[item.id] = nil
            removed.insert(item.id)
            return
        }
        removed.remove(item.id)
        if item.isMaster {
            masters[item.id] = Self.newer(masters[item.id], item)
        } else {
            if seen.insert(item.id).inserted { order.append(item.id) }
            items[item.id] = Self.newer(items[item.id], item)
        }
    }

    private static func newer(_ known: GraphEvent?, _ item: GraphEvent) -> GraphEvent {
        guard let known, let before = EventReader.instant(known.lastModifiedDateTime) else { return item }
        guard let after = EventReader.instant(item.lastModifiedDateTime) else { return known.isSkeleton ? item : known }
        return after < before ? known : item
    }
}

extension GraphEvent {
    /// A skeleton occurrence with what it has in common with its series.
    func completed(from master: GraphEvent) -> GraphEvent {
        var whole = master
        whole.id = id
        whole.etag = etag ?? master.etag
        whole.changeKey = changeKey ?? master.changeKey
        whole.type = type
        whole.seriesMasterID = seriesMasterID ?? master.id
        whole.uid = uid ?? master.uid
        whole.start = start
        whole.end = end
        whole.isAllDay = isAllDay ?? master.isAllDay
        whole.isCancelled = isCancelled ?? master.isCancelled
        whole.originalStart = originalStart
        whole.originalStartTimeZone = originalStartTimeZone ?? master.originalStartTimeZone
        whole.singleValueExtendedProperties = nil
        return whole
    }
}
