import CalendarModel
import Foundation
import HTTPTransport
import SyncEngine

extension GraphConnector {
    package func readChanges(
        of address: String, since cursor: Cursor?, window: TimeSpan
    ) async throws(ConnectorError) -> Reading {
        try await atPort { () async throws(GraphFault) in
            var result = try await reader(of: address).readChanges(since: cursor, window: window)
            for unfinished in result.unfinished {
                let finished = try await finished(unfinished, in: address)
                result.reading.changed.removeAll { $0.id == finished.id }
                result.reading.changed.append(finished)
            }
            return result.reading
        }
    }

    /// Nil when Graph says that the event is not there, and for an occurrence: a series is one event. Graph also says
    /// so of a private event when the service account may not see private items; with Full Access, which the set-up
    /// asks for, it may.
    package func fetch(_ id: EventID, in address: String) async throws(ConnectorError) -> Event? {
        try await atPort { () async throws(GraphFault) in
            try await event(id, in: address, operation: "events.fetch")
        }
    }

    package func organizerCopy(_ organizerEvent: EventID, in address: String) async throws(ConnectorError) -> Event? {
        try await atPort { () async throws(GraphFault) in
            let operation = "events.organizerCopy"
            let account = try organizer(operation)
            let organizing = organizing(in: address)
            guard let read = try await organizing.whole(organizerEvent, in: account, operation) else { return nil }
            return try await organizing.finished(read, in: account)
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
        return try await event(wire, in: address, operation)
    }

    /// An event of which the plain form came: a series is read as a whole. Nil for an occurrence, and when it is gone.
    func event(_ wire: GraphEvent, in address: String, _ operation: String) async throws(GraphFault) -> Event? {
        if wire.isOccurrence { return nil }
        guard wire.isMaster else { return try read(wire, in: address, operation) }
        guard let series = try await whole(EventID(wire.id), in: address, operation) else { return nil }
        return try await finished(series, in: address)
    }

    /// An event with all that differs from its rule, as it stands; nil when it is gone.
    func whole(_ id: EventID, in address: String, _ operation: String) async throws(GraphFault) -> ReadEvent? {
        let call = GraphCall(
            operation, .get, "\(GraphPath.event(id, in: address))?\(EventReader.wholeQuery)", mailbox: address)
        let reader = reader(of: address)
        let wire: GraphEvent
        do throws(GraphFault) {
            wire = try await reader.withInstances(try await client.get(GraphEvent.self, call))
        } catch {
            if error.kind == .notFound { return nil }
            throw error
        }
        do {
            return try reader.events.whole(wire)
        } catch {
            throw Self.unreadable(error, operation)
        }
    }

    func read(_ wire: GraphEvent, in address: String, _ operation: String) throws(GraphFault) -> Event {
        do {
            return try reader(of: address).events.event(wire)
        } catch {
            throw Self.unreadable(error, operation)
        }
    }

    private static func unreadable(_ failure: EventReader.Failure, _ operation: String) -> GraphFault {
        GraphFault(
            ConnectorError(
                .protocolViolation, operation: operation, diagnosis: GraphDiagnosis.unreadableEvent(failure.reason)))
    }

    /// Looks in the resource's calendar, and then among the meetings that the service account organizes.
    package func find(_ tag: EventTag, in address: String) async throws(ConnectorError) -> Event? {
        try await atPort { () async throws(GraphFault) in
            if let event = try await tagged(tag, in: address) { return event }
            guard let account = configuration.serviceAccount else { return nil }
            do throws(GraphFault) {
                return try await organizing(in: address).tagged(tag, in: account)
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
        return try await event(wire, in: mailbox, "events.find")
    }

    package func tags(of ids: [EventID], in address: String) async throws(ConnectorError) -> [EventID: EventTag] {
        try await atPort { () async throws(GraphFault) in
            let query = WebText.query([("$select", "id"), ("$expand", EventTags.expansion())])
            let wires = try await client.getAll(
                GraphEvent.self, ids.map { "\(GraphPath.event($0, in: address))?\(query)" },
                operation: "events.tags", mailbox: address)
            var found: [EventID: EventTag] = [:]
            for (id, wire) in zip(ids, wires) { found[id] = wire.flatMap(EventTags.tag(in:)) }
            return found
        }
    }
}
