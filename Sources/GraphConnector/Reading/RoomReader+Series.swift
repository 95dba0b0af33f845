import CalendarModel
import SyncEngine

extension RoomReader {
    /// From items to events. What cannot be read is left out and counted; a series that was seen and cannot be read
    /// does not count as gone.
    func result(
        _ round: CollectedRound, _ coverage: Reading.Coverage, _ cursor: Cursor, unchanged: Set<String> = [],
        remarks: [String]
    ) async throws(GraphFault) -> Result {
        var changed: [Event] = []
        var removed = round.removed
        var unchanged = unchanged
        var unfinished: [ReadEvent] = []
        var failures = round.unreadable
        for item in round.singles {
            do { changed.append(try events.event(item)) } catch { failures += 1 }
        }
        let wanted = round.series.filter { !unchanged.contains($0) }
        for (id, wire) in zip(wanted, try await wholeSeries(wanted)) {
            guard let wire else {
                // Deleted between the round and now.
                removed.insert(id)
                continue
            }
            removed.remove(id)
            do {
                let series = try events.whole(wire)
                if series.journal != nil { unfinished.append(series) }
                changed.append(series.event)
            } catch {
                failures += 1
                if coverage != .changes { unchanged.insert(id) }
            }
        }
        var remarks = remarks
        if failures > 0 {
            remarks.append("\(failures) item(s) of this calendar could not be read and were left out.")
        }
        return Result(
            reading: Reading(
                changed: changed, unchanged: Set(unchanged.map { EventID($0) }),
                removed: removed.sorted().map { EventID($0) }, coverage: coverage, cursor: cursor, remarks: remarks,
                unreadable: failures),
            unfinished: unfinished)
    }

    /// Series masters with all that differs from their rules; nil where one is gone.
    func wholeSeries(_ ids: [String]) async throws(GraphFault) -> [GraphEvent?] {
        guard !ids.isEmpty else { return [] }
        return try await client.getAll(
            GraphEvent.self,
            ids.map { "\(GraphPath.event(EventID($0), in: address))?\(EventReader.wholeQuery)" },
            operation: "events.series", mailbox: address)
    }
}
