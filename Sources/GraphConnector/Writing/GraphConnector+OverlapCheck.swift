import CalendarModel
import Foundation
import HTTPTransport
import ICalendar
import SyncEngine

/// Exchange does not check direct writes for clashes. So each write that takes a slot brings back, in the same request,
/// what else holds the room then; the pass's reading just before was the check before it.
extension GraphConnector {
    func createDirectly(_ draft: EventDraft, in address: String) async throws(GraphFault) -> WriteOutcome {
        let operation = "events.create"
        let body = try outgoing(operation) { () throws(InexpressibleSeries) in try writer(address).direct(draft) }
        let write = BatchRequest(
            Self.write, .post, "\(GraphPath.calendar(address))/events", body: JSONValue(encoding: body))
        let window = checked(draft.meeting, in: address)
        let outcome = try await client.sendBatch(
            [write, overlapRequest(window, in: address)], operation: operation, mailbox: address)
        var event: Event
        if let fault = client.fault(of: Self.write, in: outcome, operation: operation, mailbox: address) {
            event = try await existing(draft.tag, in: address, after: fault)
        } else {
            event = try read(try answer(outcome, operation), in: address, operation)
        }
        let place = SeriesPlace(id: event.id, mailbox: address, address: address, inviting: false)
        event = try await completed(event, draft, place)
        return WriteOutcome(
            event: event, overlapping: try await overlapping(event, window, outcome, in: address, operation))
    }

    /// An update that takes another slot.
    func move(
        _ id: EventID, _ change: OutgoingEvent, toMatch wanted: (meeting: Meeting, fields: Set<MeetingField>),
        ifVersion version: Version?, in address: String
    ) async throws(GraphFault) -> WriteOutcome {
        let operation = "events.move"
        let write = BatchRequest(
            Self.write, .patch, GraphPath.event(id, in: address), ifMatch: version, body: JSONValue(encoding: change))
        let span = wanted.meeting.span
        let outcome = try await client.sendBatch(
            [write, overlapRequest(span, in: address)], operation: operation, mailbox: address)
        let event: Event
        if let fault = client.fault(of: Self.write, in: outcome, operation: operation, mailbox: address) {
            event = try await alreadyDone(id, in: address, wanted, after: fault)
        } else {
            event = try await present(try answer(outcome, operation), in: address, operation)
        }
        return WriteOutcome(
            event: event, overlapping: try await overlapping(event, span, outcome, in: address, operation))
    }

    private static let write = "write"
    private static let overlap = "overlap"
    private static let overlapPage = 100
    private static let overlapPageOfSeries = 500
    /// How far a series is checked: what lies beyond is found by later readings, long before it takes place.
    private static let daysChecked: Int64 = 400

    /// The time in which a write is checked for clashes.
    private func checked(_ meeting: Meeting, in address: String) -> TimeSpan {
        guard meeting.recurrence != nil else { return meeting.span }
        let reach = meeting.reach(roomZone: zoneOfRoom(address))
        let start = max(reach.start, client.surroundings.now())
        return TimeSpan(
            start: start, end: max(start, min(reach.end, start.advanced(by: .seconds(Self.daysChecked * 86_400)))))
    }

    private static func page(for span: TimeSpan) -> Int {
        span.duration > .seconds(8 * 86_400) ? overlapPageOfSeries : overlapPage
    }

    private func overlapRequest(_ span: TimeSpan, in address: String) -> BatchRequest {
        let size = Self.page(for: span)
        return BatchRequest(
            Self.overlap, .get, RoomReader.viewPath(address, span, pageSize: size), pageSize: size,
            after: Self.write)
    }

    private func answer(_ outcome: BatchOutcome, _ operation: String) throws(GraphFault) -> GraphEvent {
        try GraphClient.decoded(GraphEvent.self, outcome.answers[Self.write]?.data ?? Data(), operation)
    }

    /// What else holds the room while a series does that was just written.
    func overlapping(_ event: Event, in address: String) async throws(GraphFault) -> [Event] {
        try await overlapping(
            event, checked(event.meeting, in: address), BatchOutcome(), in: address, "events.series")
    }

    /// Other events that hold the room in the span. When the batch did not bring them, they are read on their own; when
    /// that fails too, the write counts as unknown, so that it is looked up and checked later.
    private func overlapping(
        _ event: Event, _ span: TimeSpan, _ outcome: BatchOutcome, in address: String, _ operation: String
    ) async throws(GraphFault) -> [Event] {
        do throws(GraphFault) {
            let items: [GraphEvent]
            if let answer = outcome.answers[Self.overlap], answer.isSuccess,
                let page = try? JSONDecoder().decode(GraphPage<GraphEvent>.self, from: answer.data),
                page.nextLink == nil
            {
                items = page.items
            } else {
                items = try await reader(of: address)
                    .view(span, pageSize: Self.page(for: span), operation: "events.overlap").all
            }
            return try await others(than: event, among: items, in: span, address)
        } catch {
            throw GraphFault(
                ConnectorError(
                    error.kind == .cancelled ? .cancelled : .outcomeUnknown, operation: operation,
                    diagnosis: GraphDiagnosis.overlapNotRead), followsUnknown: true)
        }
    }

    /// The events to which the items belong that hold the room at the same time as another event: series as a whole.
    private func others(
        than event: Event, among items: [GraphEvent], in window: TimeSpan, _ address: String
    ) async throws(GraphFault) -> [Event] {
        let spans =
            event.meeting.recurrence == nil
            ? [window] : event.meeting.heldSpans(in: window, roomZone: zoneOfRoom(address))
        let reader = reader(of: address)
        var found: [Event] = []
        var series: [String] = []
        for item in items where item.id != event.id.rawValue && item.seriesID != event.id.rawValue {
            guard let other = try? reader.events.event(item), other.holdsRoom,
                spans.contains(where: { $0.overlaps(other.meeting.span) })
            else { continue }
            if let master = item.seriesID {
                if !series.contains(master) { series.append(master) }
            } else {
                found.append(other)
            }
        }
        for wire in try await reader.wholeSeries(series) {
            if let wire, let whole = try? reader.events.whole(wire) { found.append(whole.event) }
        }
        return found
    }
}
