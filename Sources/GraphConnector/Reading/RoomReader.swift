import CalendarModel
import CalendarTime
import Foundation
import HTTPTransport
import SyncEngine

/// Reads one room's calendar, by whichever of the two readers works for it: asking for changes, or reading the whole window.
struct RoomReader: Sendable {
    let client: GraphClient
    let events: EventReader

    var address: String { events.address }

    func readChanges(since cursor: Cursor?, window: TimeSpan) async throws(GraphFault) -> Reading {
        if cursor?.reader == .snapshot { return try await snapshot(window, remarks: []) }
        if let cursor, cursor.window == window, !cursor.value.isEmpty {
            return try await goOn(from: cursor)
        }
        return try await fullRound(window, remarks: [])
    }

    /// Page sizes chosen so that one page normally suffices: each page is a request, and room calendars of delegates have been
    /// seen to refuse the second page of a delta round.
    static let deltaPage = 200
    static let snapshotPage = 500

    // MARK: Asking for changes

    private func goOn(from cursor: Cursor) async throws(GraphFault) -> Reading {
        do throws(GraphFault) {
            let (round, link) = try await collect(from: cursor.value)
            return try await reading(round, .changes, Cursor(value: link, window: cursor.window, reader: .delta), [])
        } catch {
            switch error.kind {
            case .cursorExpired:
                return try await fullRound(
                    cursor.window,
                    remarks: ["Microsoft had forgotten where reading stopped; the whole window was read again."])
            case .forbidden:
                return try await switched(to: cursor.window, because: error)
            default: throw error
            }
        }
    }

    private func fullRound(_ window: TimeSpan, remarks: [String]) async throws(GraphFault) -> Reading {
        let query = WebText.query([
            ("startDateTime", Timestamps.rfc3339(window.start)), ("endDateTime", Timestamps.rfc3339(window.end)),
        ])
        do throws(GraphFault) {
            let (round, link) = try await collect(from: "\(GraphPath.user(address))/calendarView/delta?\(query)")
            let cursor = Cursor(value: link, window: window, reader: .delta)
            return try await reading(round, .window(window), cursor, remarks)
        } catch {
            guard error.kind == .forbidden else { throw error }
            return try await switched(to: window, because: error)
        }
    }

    /// A delta round was refused. If the window can be read as a whole, it is the delta reader that does not work for this
    /// room; if not, it is the right to the room that is missing, and that is what is reported.
    private func switched(to window: TimeSpan, because fault: GraphFault) async throws(GraphFault) -> Reading {
        let code = fault.error.diagnosis.vendorCode ?? "403"
        return try await snapshot(
            window,
            remarks: [
                "Microsoft refuses to list changes of this room (\(code)); from now on the whole window is read each time."
            ])
    }

    private func collect(from first: String) async throws(GraphFault) -> (CollectedRound, deltaLink: String) {
        var round = CollectedRound()
        var target = first
        var seen: Set<String> = []
        while true {
            let page = try await client.get(
                GraphPage<GraphEvent>.self,
                GraphCall("events.delta", .get, target, mailbox: address, pageSize: Self.deltaPage))
            round.add(page)
            if let link = page.deltaLink { return (round, link) }
            guard let next = page.nextLink, seen.insert(next).inserted else { throw endless("events.delta") }
            target = next
        }
    }

    // MARK: Reading the whole window

    private func snapshot(_ window: TimeSpan, remarks: [String]) async throws(GraphFault) -> Reading {
        let round = try await view(window, pageSize: Self.snapshotPage, operation: "events.window")
        return try await reading(
            round, .window(window), Cursor(value: "", window: window, reader: .snapshot), remarks)
    }

    /// Everything that touches a span.
    func view(_ span: TimeSpan, pageSize: Int, operation: String) async throws(GraphFault) -> CollectedRound {
        var round = CollectedRound()
        var target = Self.viewPath(address, span, pageSize: pageSize)
        var seen: Set<String> = []
        while true {
            let page = try await client.get(
                GraphPage<GraphEvent>.self,
                GraphCall(operation, .get, target, mailbox: address, pageSize: pageSize))
            round.add(page)
            guard let next = page.nextLink else { return round }
            guard seen.insert(next).inserted else { throw endless(operation) }
            target = next
        }
    }

    static func viewPath(_ address: String, _ span: TimeSpan, pageSize: Int) -> String {
        let query = WebText.query([
            ("startDateTime", Timestamps.rfc3339(span.start)), ("endDateTime", Timestamps.rfc3339(span.end)),
            ("$top", String(pageSize)),
        ])
        return "\(GraphPath.calendar(address))/calendarView?\(query)"
    }

    private func endless(_ operation: String) -> GraphFault {
        GraphFault(
            ConnectorError(
                .protocolViolation, operation: operation,
                diagnosis: GraphDiagnosis.unreadableAnswer(from: "Microsoft Graph")))
    }
}

extension RoomReader {
    // MARK: From items to events

    private func reading(
        _ round: CollectedRound, _ coverage: Reading.Coverage, _ cursor: Cursor, _ remarks: [String]
    ) async throws(GraphFault) -> Reading {
        var remarks = remarks
        let whole = try await completed(round)
        var changed: [Event] = []
        var failures = round.unreadable
        for item in whole {
            do { changed.append(try events.event(item)) } catch { failures += 1 }
        }
        if failures > 0 {
            remarks.append("\(failures) item(s) of this calendar could not be read and were left out.")
        }
        return Reading(
            changed: changed, removed: round.removed.sorted().map { EventID($0) }, coverage: coverage, cursor: cursor,
            remarks: remarks, unreadable: failures)
    }

    /// Skeletons get what they have in common with their series; exceptions, which differ from it, are fetched.
    private func completed(_ round: CollectedRound) async throws(GraphFault) -> [GraphEvent] {
        let items = round.events
        let skeletons = items.filter { $0.isSkeleton && $0.isOccurrence }
        guard !skeletons.isEmpty else { return items }
        let missingMasters = Set(skeletons.filter { $0.type == "occurrence" }.compactMap(\.seriesMasterID))
            .subtracting(round.masters.keys)
        let exceptions = skeletons.filter { $0.type == "exception" }.map(\.id)
        let fetched = try await fetch(missingMasters.sorted() + exceptions)
        return items.compactMap { item in
            guard item.isSkeleton, item.isOccurrence else { return item }
            if item.type == "exception" { return fetched[item.id] }
            guard let id = item.seriesMasterID, let master = round.masters[id] ?? fetched[id] else { return nil }
            return item.completed(from: master)
        }
    }

    /// Events by id, as many as there still are.
    private func fetch(_ ids: [String]) async throws(GraphFault) -> [String: GraphEvent] {
        var found: [String: GraphEvent] = [:]
        for start in stride(from: 0, to: ids.count, by: GraphClient.batchLimit) {
            let some = ids[start..<min(start + GraphClient.batchLimit, ids.count)]
            let outcome = try await client.sendBatch(
                some.enumerated().map { index, id in
                    BatchRequest(String(index), .get, GraphPath.event(EventID(id), in: address))
                }, operation: "events.complete", mailbox: address)
            for (index, id) in some.enumerated() {
                if let fault = client.fault(
                    of: String(index), in: outcome, operation: "events.complete", mailbox: address)
                {
                    // Deleted between the round and now: the next round says so.
                    if fault.kind == .notFound { continue }
                    throw fault
                }
                found[id] = try GraphClient.decoded(
                    GraphEvent.self, outcome.answers[String(index)]?.data ?? .init(), "events.complete")
            }
        }
        return found
    }
}
