import CalendarModel
import HTTPTransport
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
        var found = try await client.getAll(
            GraphEvent.self,
            ids.map { "\(GraphPath.event(EventID($0), in: address))?\(EventReader.wholeQuery)" },
            operation: "events.series", mailbox: address)
        for index in found.indices {
            if let wire = found[index] { found[index] = try await withInstances(wire) }
        }
        return found
    }

    /// For how long, back and ahead, the occurrences of a series in an unnamed zone are asked for: further ahead than any
    /// link looks, and so far back that what is left of a series that ends soon means what all of it meant.
    private static let instancesAround: Duration = .seconds(560 * 86_400)

    /// A series whose zone has no name, with its occurrences; anything else as it is.
    func withInstances(_ wire: GraphEvent) async throws(GraphFault) -> GraphEvent {
        guard events.hidesItsZone(wire), let begin = wire.start.flatMap({ try? events.instant($0) }) else {
            return wire
        }
        let now = client.surroundings.now()
        let first = max(begin, now.advanced(by: .zero - Self.instancesAround))
        let query = Self.windowQuery(
            TimeSpan(start: first, end: max(first, now).advanced(by: Self.instancesAround)),
            more: [("$select", "id,type,start,end,isAllDay,originalStart"), ("$top", String(Self.snapshotPage))])
        var result = wire
        var target = "\(GraphPath.event(EventID(wire.id), in: address))/instances?\(query)"
        var seen: Set<String> = []
        while true {
            let page = try await client.get(
                GraphPage<GraphEvent>.self, GraphCall("events.instances", .get, target, mailbox: address))
            result.instances += page.items
            guard let next = page.nextLink else { return result }
            guard seen.insert(next).inserted else { throw endless("events.instances") }
            target = next
        }
    }
}
