import CalendarModel
import CalendarTime
import Foundation
import HTTPTransport
import SyncEngine

/// Reads one room's calendar, by whichever of the two readers works for it: asking for changes, or reading the whole
/// window. A series is one event: whatever came of it, it is read as a whole.
struct RoomReader: Sendable {
    let client: GraphClient
    let events: EventReader

    var address: String { events.address }

    /// What a reading brought, with the series in it that an interrupted write of ours left unfinished.
    struct Result: Sendable {
        var reading: Reading
        var unfinished: [ReadEvent] = []
    }

    func readChanges(since cursor: Cursor?, window: TimeSpan) async throws(GraphFault) -> Result {
        if let cursor, cursor.reader == .snapshot {
            let known = cursor.window == window ? SeriesDigests(cursor: cursor.value) : SeriesDigests()
            return try await snapshot(window, knowing: known, remarks: [])
        }
        if let cursor, cursor.window == window, !cursor.value.isEmpty {
            return try await goOn(from: cursor)
        }
        return try await fullRound(window, remarks: [])
    }

    /// Page sizes chosen so that one page normally suffices: each page is a request, and room calendars of delegates
    /// have been seen to refuse the second page of a delta round.
    static let deltaPage = 200
    static let snapshotPage = 500

    // MARK: Asking for changes

    private func goOn(from cursor: Cursor) async throws(GraphFault) -> Result {
        do throws(GraphFault) {
            let (round, link) = try await collect(from: cursor.value)
            return try await result(
                round, .changes, Cursor(value: link, window: cursor.window, reader: .delta), remarks: [])
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

    private func fullRound(_ window: TimeSpan, remarks: [String]) async throws(GraphFault) -> Result {
        let query = Self.windowQuery(window)
        do throws(GraphFault) {
            let (round, link) = try await collect(from: "\(GraphPath.user(address))/calendarView/delta?\(query)")
            let cursor = Cursor(value: link, window: window, reader: .delta)
            return try await result(round, .window(window), cursor, remarks: remarks)
        } catch {
            guard error.kind == .forbidden else { throw error }
            return try await switched(to: window, because: error)
        }
    }

    /// A delta round was refused. If the window can be read as a whole, it is the delta reader that does not work for
    /// this room; if not, it is the right to the room that is missing, and that is what is reported.
    private func switched(to window: TimeSpan, because fault: GraphFault) async throws(GraphFault) -> Result {
        let code = fault.error.diagnosis.vendorCode ?? "403"
        return try await snapshot(
            window, knowing: SeriesDigests(),
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

    /// The view shows occurrences only. Series of which each looks as it did are not read again.
    private func snapshot(
        _ window: TimeSpan, knowing known: SeriesDigests, remarks: [String]
    ) async throws(GraphFault) -> Result {
        let round = try await view(window, pageSize: Self.snapshotPage, operation: "events.window")
        var seen = SeriesDigests()
        var unchanged: Set<String> = []
        for (master, occurrences) in Dictionary(grouping: round.all, by: \.seriesID) {
            guard let master else { continue }
            let digest = SeriesDigests.digest(of: master, occurrences)
            seen.insert(digest)
            if known.contains(digest) { unchanged.insert(master) }
        }
        return try await result(
            round, .window(window), Cursor(value: seen.cursor, window: window, reader: .snapshot),
            unchanged: unchanged, remarks: remarks)
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
        "\(GraphPath.calendar(address))/calendarView?\(windowQuery(span, more: [("$top", String(pageSize))]))"
    }

    static func windowQuery(_ span: TimeSpan, more: [(String, String)] = []) -> String {
        WebText.query(
            [("startDateTime", Timestamps.rfc3339(span.start)), ("endDateTime", Timestamps.rfc3339(span.end))] + more)
    }

    func endless(_ operation: String) -> GraphFault {
        GraphFault(
            ConnectorError(
                .protocolViolation, operation: operation,
                diagnosis: GraphDiagnosis.unreadableAnswer(from: "Microsoft Graph")))
    }
}
