import CalendarModel
import Foundation
import HTTPTransport
import SyncEngine

/// Exchange does not check direct writes for clashes. So each write that takes a slot brings back, in the same request, what
/// else holds the room then; the pass's reading just before was the check before it.
extension GraphConnector {
    func createDirectly(_ draft: EventDraft, in address: String) async throws(GraphFault) -> WriteOutcome {
        let operation = "events.create"
        let write = BatchRequest(
            Self.write, .post, "\(GraphPath.calendar(address))/events",
            body: JSONValue(encoding: writer(address).direct(draft)))
        let outcome = try await client.sendBatch(
            [write, overlapRequest(draft.meeting.span, in: address)], operation: operation, mailbox: address)
        let event: Event
        if let fault = client.fault(of: Self.write, in: outcome, operation: operation, mailbox: address) {
            event = try await existing(draft.tag, in: address, after: fault)
        } else {
            event = try written(outcome, in: address, operation)
        }
        return WriteOutcome(
            event: event,
            overlapping: try await overlapping(event, draft.meeting.span, outcome, in: address, operation))
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
            event = try written(outcome, in: address, operation)
        }
        return WriteOutcome(
            event: event, overlapping: try await overlapping(event, span, outcome, in: address, operation))
    }

    private static let write = "write"
    private static let overlap = "overlap"
    private static let overlapPage = 100

    private func overlapRequest(_ span: TimeSpan, in address: String) -> BatchRequest {
        BatchRequest(
            Self.overlap, .get, RoomReader.viewPath(address, span, pageSize: Self.overlapPage),
            pageSize: Self.overlapPage, after: Self.write)
    }

    private func written(_ outcome: BatchOutcome, in address: String, _ operation: String) throws(GraphFault) -> Event {
        let body = outcome.answers[Self.write]?.data ?? Data()
        return try read(try GraphClient.decoded(GraphEvent.self, body, operation), in: address, operation)
    }

    /// Other events that hold the room in the span. When the batch did not bring them, they are read on their own; when that
    /// fails too, the write counts as unknown, so that it is looked up and checked later.
    private func overlapping(
        _ event: Event, _ span: TimeSpan, _ outcome: BatchOutcome, in address: String, _ operation: String
    ) async throws(GraphFault) -> [Event] {
        let items: [GraphEvent]
        if let answer = outcome.answers[Self.overlap], answer.isSuccess,
            let page = try? JSONDecoder().decode(GraphPage<GraphEvent>.self, from: answer.data), page.nextLink == nil
        {
            items = page.items
        } else {
            do throws(GraphFault) {
                items = try await reader(of: address)
                    .view(span, pageSize: Self.overlapPage, operation: "events.overlap").events
            } catch {
                throw GraphFault(
                    ConnectorError(
                        error.kind == .cancelled ? .cancelled : .outcomeUnknown, operation: operation,
                        diagnosis: GraphDiagnosis.overlapNotRead), followsUnknown: true)
            }
        }
        let events = reader(of: address).events
        return items.compactMap { try? events.event($0) }
            .filter { $0.id != event.id && $0.holdsRoom && $0.meeting.span.overlaps(span) }
    }
}
