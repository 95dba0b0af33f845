import CalendarModel

/// The items of one reading as they come in over several pages: doubles are folded, removals noted.
struct CollectedRound: Sendable {
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

    /// In the order they came.
    var all: [GraphEvent] { order.compactMap { items[$0] } }

    /// Those that belong to no series.
    var singles: [GraphEvent] { all.filter { $0.seriesID == nil } }

    /// The masters of the series that something came of, in the order they came.
    var series: [String] {
        var seen: Set<String> = []
        return all.compactMap(\.seriesID).filter { seen.insert($0).inserted }
    }

    /// The last word about an id counts, except that an older state of the same event never replaces a newer one:
    /// replays come in any order.
    private mutating func add(_ item: GraphEvent) {
        if item.removed != nil {
            items[item.id] = nil
            removed.insert(item.id)
            return
        }
        removed.remove(item.id)
        if seen.insert(item.id).inserted { order.append(item.id) }
        items[item.id] = Self.newer(items[item.id], item)
    }

    private static func newer(_ known: GraphEvent?, _ item: GraphEvent) -> GraphEvent {
        guard let known, let before = EventReader.instant(known.lastModifiedDateTime) else { return item }
        guard let after = EventReader.instant(item.lastModifiedDateTime) else { return known }
        return after < before ? known : item
    }
}
