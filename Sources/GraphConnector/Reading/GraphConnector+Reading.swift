import CalendarModel
import Foundation
import HTTPTransport
import SyncEngine

extension GraphConnector {
    package func readChanges(
        of address: String, since cursor: Cursor?, window: TimeSpan
    ) async throws(ConnectorError) -> Reading {
        try await atPort { () async throws(GraphFault) in
            try await reader(of: address).readChanges(since: cursor, window: window)
        }
    }

    /// Nil when Graph says that the event is not there. Graph also says so of a private event when the service account may not
    /// see private items; with Full Access, which the set-up asks for, it may.
    package func fetch(_ id: EventID, in address: String) async throws(ConnectorError) -> Event? {
        try await atPort { () async throws(GraphFault) in
            try await event(id, in: address, operation: "events.fetch")
        }
    }

    /// One event of any mailbox; nil when it is gone.
    func event(_ id: EventID, in address: String, operation: String) async throws(GraphFault) -> Event? {
        let wire: GraphEvent
        do throws(GraphFault) {
            wire = try await client.get(
                GraphEvent.self, GraphCall(operation, .get, GraphPath.event(id, in: address), mailbox: address))
        } catch {
            if error.kind == .notFound { return nil }
            throw error
        }
        return try read(wire, in: address, operation)
    }

    func read(_ wire: GraphEvent, in address: String, _ operation: String) throws(GraphFault) -> Event {
        do {
            return try reader(of: address).events.event(wire)
        } catch {
            throw GraphFault(
                ConnectorError(
                    .protocolViolation, operation: operation,
                    diagnosis: GraphDiagnosis.unreadableEvent(error.reason)))
        }
    }

    /// Looks in the resource's calendar, and then among the meetings that the service account organizes.
    package func find(_ tag: EventTag, in address: String) async throws(ConnectorError) -> Event? {
        try await atPort { () async throws(GraphFault) in
            if let event = try await tagged(tag, in: address) { return event }
            guard let account = configuration.serviceAccount else { return nil }
            do throws(GraphFault) {
                return try await tagged(tag, in: account)
            } catch {
                // A service account without a mailbox organizes nothing.
                if error.kind == .forbidden || error.kind == .notFound { return nil }
                throw error
            }
        }
    }

    func tagged(_ tag: EventTag, in mailbox: String) async throws(GraphFault) -> Event? {
        let query = WebText.query([("$filter", EventTags.filter(for: tag)), ("$top", "5")])
        let page = try await client.get(
            GraphPage<GraphEvent>.self,
            GraphCall("events.find", .get, "\(GraphPath.user(mailbox))/events?\(query)", mailbox: mailbox))
        guard let wire = page.items.first(where: { $0.isCancelled != true }) ?? page.items.first else { return nil }
        return try read(wire, in: mailbox, "events.find")
    }

    package func tags(of ids: [EventID], in address: String) async throws(ConnectorError) -> [EventID: EventTag] {
        try await atPort { () async throws(GraphFault) in
            var found: [EventID: EventTag] = [:]
            for start in stride(from: 0, to: ids.count, by: GraphClient.batchLimit) {
                let some = Array(ids[start..<min(start + GraphClient.batchLimit, ids.count)])
                for (id, tag) in try await tags(ofFew: some, in: address) { found[id] = tag }
            }
            return found
        }
    }

    private func tags(ofFew ids: [EventID], in address: String) async throws(GraphFault) -> [(EventID, EventTag)] {
        let query = WebText.query([("$select", "id"), ("$expand", EventTags.expansion)])
        let outcome = try await client.sendBatch(
            ids.enumerated().map { index, id in
                BatchRequest(String(index), .get, "\(GraphPath.event(id, in: address))?\(query)")
            }, operation: "events.tags", mailbox: address)
        var found: [(EventID, EventTag)] = []
        for (index, id) in ids.enumerated() {
            if let fault = client.fault(of: String(index), in: outcome, operation: "events.tags", mailbox: address) {
                if fault.kind == .notFound { continue }
                throw fault
            }
            let wire = try GraphClient.decoded(
                GraphEvent.self, outcome.answers[String(index)]?.data ?? .init(), "events.tags")
            if let tag = EventTags.tag(in: wire) { found.append((id, tag)) }
        }
        return found
    }
}
