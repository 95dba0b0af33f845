import CalendarModel
import Foundation
import HTTPTransport
import SyncEngine

extension GraphConnector {
    package func create(_ draft: EventDraft, in address: String) async throws(ConnectorError) -> WriteOutcome {
        try await atPort { () async throws(GraphFault) in
            switch draft.mode {
            case .direct: try await createDirectly(draft, in: address)
            case .invite: try await invite(draft, address)
            }
        }
    }

    package func update(
        _ reference: EventReference, to meeting: Meeting, parts: MeetingParts, ifVersion version: Version?,
        in address: String
    ) async throws(ConnectorError) -> WriteOutcome {
        try await atPort { () async throws(GraphFault) in
            let fields = parts.fields
            if let organizerEvent = reference.organizerEvent {
                let account = try organizer("events.update")
                let change = writer(address).fields(fields, of: meeting, inviting: true)
                let event = try await patch(
                    organizerEvent, in: account, change, toMatch: (meeting, fields), ifVersion: version)
                return WriteOutcome(event: event, organizerEvent: organizerEvent)
            }
            let id = try directEvent(reference, "events.update")
            let change = writer(address).fields(fields, of: meeting, inviting: false)
            if fields.contains(.time) {
                return try await move(id, change, toMatch: (meeting, fields), ifVersion: version, in: address)
            }
            return WriteOutcome(
                event: try await patch(id, in: address, change, toMatch: (meeting, fields), ifVersion: version))
        }
    }

    package func cancel(
        _ reference: EventReference, ifVersion version: Version?, comment: String, in address: String
    ) async throws(ConnectorError) {
        try await atPort { () async throws(GraphFault) in
            let call: GraphCall
            if let organizerEvent = reference.organizerEvent {
                let account = try organizer("events.cancel")
                call = GraphCall(
                    "events.cancel", .post, "\(GraphPath.event(organizerEvent, in: account))/cancel", mailbox: account,
                    body: GraphClient.encoded(OutgoingComment(comment: comment)))
            } else {
                call = GraphCall(
                    "events.delete", .delete,
                    GraphPath.event(try directEvent(reference, "events.delete"), in: address), mailbox: address,
                    ifMatch: version)
            }
            try await sendUnlessGone(call)
        }
    }

    package func decline(
        _ id: EventID, occurrence: WallTime?, comment: String, in address: String
    ) async throws(ConnectorError) {
        try await atPort { () async throws(GraphFault) in
            try await sendUnlessGone(
                GraphCall(
                    "events.decline", .post, "\(GraphPath.event(id, in: address))/decline", mailbox: address,
                    body: GraphClient.encoded(OutgoingRefusal(comment: comment, sendResponse: true))))
        }
    }

    package func propose(
        _ time: MeetingTime, for id: EventID, occurrence: WallTime?, comment: String, in address: String
    ) async throws(ConnectorError) {
        throw ConnectorError(.rejected, operation: "events.propose", diagnosis: GraphDiagnosis.noEvent)
    }

    package func resourceResponse(
        to organizerEvent: EventID, in address: String
    ) async throws(ConnectorError) -> Response? {
        try await atPort { () async throws(GraphFault) in
            let account = try organizer("events.response")
            guard let event = try await event(organizerEvent, in: account, operation: "events.response"),
                !event.isCancelled
            else { return nil }
            let room = event.meeting.attendees.first { $0.person.address.lowercased() == address.lowercased() }
            return room?.response ?? Response.none
        }
    }

    // MARK: Parts

    func writer(_ address: String) -> EventWriter {
        EventWriter(address: address, roomName: "", roomZone: zoneOfRoom(address))
    }

    private func sendUnlessGone(_ call: GraphCall) async throws(GraphFault) {
        do throws(GraphFault) {
            _ = try await client.send(call)
        } catch {
            if error.kind != .notFound { throw error }
        }
    }

    func organizer(_ operation: String) throws(GraphFault) -> String {
        guard let account = configuration.serviceAccount else {
            throw GraphFault(
                ConnectorError(.rejected, operation: operation, diagnosis: GraphDiagnosis.noInviteMode))
        }
        return account
    }

    private func directEvent(_ reference: EventReference, _ operation: String) throws(GraphFault) -> EventID {
        guard let id = reference.event else {
            throw GraphFault(ConnectorError(.rejected, operation: operation, diagnosis: GraphDiagnosis.noEvent))
        }
        return id
    }

    /// The room arbitrates, so nothing is read back: its answer comes in seconds.
    private func invite(_ draft: EventDraft, _ address: String) async throws(GraphFault) -> WriteOutcome {
        let account = try organizer("events.invite")
        let event: Event
        do throws(GraphFault) {
            let answer = try await client.send(
                GraphCall(
                    "events.invite", .post, "\(GraphPath.user(account))/events", mailbox: account,
                    body: GraphClient.encoded(writer(address).invitation(draft))))
            let wire = try GraphClient.decoded(GraphEvent.self, answer.reply.body, "events.invite")
            event = try read(wire, in: account, "events.invite")
        } catch {
            event = try await existing(draft.tag, in: account, after: error)
        }
        return WriteOutcome(event: event, organizerEvent: event.id)
    }

    /// Graph recognized the second attempt: the first one's event is the answer.
    func existing(_ tag: EventTag, in mailbox: String, after fault: GraphFault) async throws(GraphFault) -> Event {
        guard fault.kind == .conflict, let event = try await tagged(tag, in: mailbox) else { throw fault }
        return event
    }

    /// Changes fields of one event.
    private func patch(
        _ id: EventID, in mailbox: String, _ change: OutgoingEvent,
        toMatch wanted: (meeting: Meeting, fields: Set<MeetingField>), ifVersion version: Version?
    ) async throws(GraphFault) -> Event {
        let operation = "events.update"
        let body = GraphClient.encoded(change)
        do throws(GraphFault) {
            // Nothing that this side lets us write: the event stays as it is.
            if body == Data("{}".utf8) { return try await present(id, in: mailbox, operation) }
            let answer = try await client.send(
                GraphCall(
                    operation, .patch, GraphPath.event(id, in: mailbox), mailbox: mailbox, ifMatch: version, body: body)
            )
            let wire = try GraphClient.decoded(GraphEvent.self, answer.reply.body, operation)
            return try read(wire, in: mailbox, operation)
        } catch {
            return try await alreadyDone(id, in: mailbox, wanted, after: error)
        }
    }

    func present(_ id: EventID, in mailbox: String, _ operation: String) async throws(GraphFault) -> Event {
        if let event = try await event(id, in: mailbox, operation: operation) { return event }
        throw GraphFault(
            GraphDiagnosis.error(
                status: 404, body: Data(), operation: operation, retryAfter: nil, requestID: nil, subject: mailbox),
            status: 404)
    }

    /// A conditional update whose first answer was lost is refused the second time, because the first time it worked.
    func alreadyDone(
        _ id: EventID, in mailbox: String, _ wanted: (meeting: Meeting, fields: Set<MeetingField>),
        after fault: GraphFault
    ) async throws(GraphFault) -> Event {
        guard fault.kind == .preconditionFailed, fault.followsUnknown,
            let event = try await event(id, in: mailbox, operation: "events.update"),
            wanted.meeting.differences(
                from: event.meeting, among: wanted.fields.subtracting([.organizer, .attendees, .recurrence])
            ).isEmpty
        else { throw fault }
        return event
    }
}
