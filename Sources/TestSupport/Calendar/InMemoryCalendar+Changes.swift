import CalendarModel
import SyncEngine

extension InMemoryCalendar {
    package func readChanges(
        of address: String, since cursor: Cursor?, window: TimeSpan
    ) async throws(ConnectorError) -> Reading {
        try await begin("events.changes")
        for item in items.values.sorted(by: { $0.event.id < $1.event.id }) where item.bumpsAgain {
            keep(item, isModified: false)
        }
        if dice.chance(faults.expiredCursor) { epoch += 1 }
        let since = cursor.flatMap { place(of: $0, window: window) }
        let next = Cursor(value: "\(epoch):\(changes)", window: window, reader: reader)
        guard reader == .delta, let since else { return whole(window, next) }
        return changed(since: since, window: window, next)
    }

    private func place(of cursor: Cursor, window: TimeSpan) -> Int? {
        let parts = cursor.value.split(separator: ":").compactMap { Int($0) }
        guard cursor.window == window, cursor.reader == .delta, parts.count == 2, parts[0] == epoch else { return nil }
        return parts[1]
    }

    private func whole(_ window: TimeSpan, _ next: Cursor) -> Reading {
        let events = inOrder().map(\.event).filter { $0.meeting.span.overlaps(window) }
        return Reading(
            changed: faults.looksEmpty ? [] : events, removed: noise(), coverage: .window(window), cursor: next)
    }

    private func changed(since place: Int, window: TimeSpan, _ next: Cursor) -> Reading {
        if faults.looksEmpty {
            return Reading(changed: [], removed: inOrder().map(\.event.id), coverage: .changes, cursor: next)
        }
        var events: [Event] = []
        var removed = tombstones.filter { $0.value > place }.map(\.key).sorted()
        for item in inOrder() {
            guard item.change > place else {
                if item.event.meeting.span.overlaps(window), dice.chance(faults.duplicate) { events.append(item.event) }
                continue
            }
            guard item.event.meeting.span.overlaps(window) else {
                removed.append(item.event.id)
                continue
            }
            if let before = item.before, dice.chance(faults.stale) {
                // A replica that lags behind: the change itself comes next time.
                events.append(before)
                var again = item
                changes += 1
                again.change = changes
                again.before = nil
                items[item.event.id] = again
            } else {
                events.append(item.event)
            }
        }
        return Reading(changed: events, removed: removed + noise(), coverage: .changes, cursor: next)
    }

    private func inOrder() -> [Item] { items.values.sorted { ($0.change, $0.event.id) < ($1.change, $1.event.id) } }

    private func noise() -> [EventID] { dice.chance(faults.noise) ? [EventID(newID("outside"))] : [] }
}
