import CalendarModel
import ICalendar
import SyncEngine

extension InMemoryCalendar {
    package func readChanges(
        of address: String, since cursor: Cursor?, window: TimeSpan
    ) async throws(ConnectorError) -> Reading {
        let fate = try await begin("events.changes")
        for item in items.values.filter(\.bumpsAgain).sorted(by: { $0.number < $1.number }) {
            keep(item, isModified: false)
        }
        if fate.cursorExpires { epoch += 1 }
        let since = cursor.flatMap { place(of: $0, window: window) }
        let next = Cursor(value: "\(epoch):\(changes)", window: window, reader: reader)
        guard reader == .delta, let since else { return whole(window, next, fate) }
        return changed(since: since, window: window, next, fate)
    }

    private func place(of cursor: Cursor, window: TimeSpan) -> Int? {
        let parts = cursor.value.split(separator: ":").compactMap { Int($0) }
        guard cursor.window == window, cursor.reader == .delta, parts.count == 2, parts[0] == epoch else { return nil }
        return parts[1]
    }

    private func whole(_ window: TimeSpan, _ next: Cursor, _ fate: CallFate) -> Reading {
        let events = inOrder().map(\.event).filter { isWithin(window, $0.meeting) }
        return Reading(
            changed: faults.looksEmpty ? [] : events, removed: noise(fate), coverage: .window(window), cursor: next)
    }

    private func changed(since place: Int, window: TimeSpan, _ next: Cursor, _ fate: CallFate) -> Reading {
        if faults.looksEmpty {
            return Reading(changed: [], removed: inOrder().map(\.event.id), coverage: .changes, cursor: next)
        }
        var events: [Event] = []
        var removed = tombstones.filter { $0.value > place }.map(\.key).sorted()
        for item in inOrder() {
            // Every third is enough for some to come and some not.
            let isPicked = item.number % 3 == next.value.utf8.count % 3
            guard item.change > place else {
                if fate.repeats, isPicked, isWithin(window, item.event.meeting) { events.append(item.event) }
                continue
            }
            guard isWithin(window, item.event.meeting) else {
                removed.append(item.event.id)
                continue
            }
            if fate.lags, let before = item.before {
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
        return Reading(changed: events, removed: removed + noise(fate), coverage: .changes, cursor: next)
    }

    /// Whether the meeting, or an occurrence of the series, is in the window.
    private func isWithin(_ window: TimeSpan, _ meeting: Meeting) -> Bool {
        guard let series = Series(meeting, roomZone: zone) else { return meeting.span.overlaps(window) }
        return !series.occurrences(in: window).isEmpty
    }

    private func inOrder() -> [Item] { items.values.sorted { ($0.change, $0.number) < ($1.change, $1.number) } }

    private func noise(_ fate: CallFate) -> [EventID] { fate.isNoisy ? [EventID(newID("outside"))] : [] }
}
