import CalendarModel
import Foundation
import HTTPTransport
import SyncEngine

extension GraphConnector {
    package func create(_ draft: EventDraft, in address: String) async throws(ConnectorError) -> WriteOutcome {
        try await atPort { () async throws(GraphFault) in
            switch draft.mode {
            case .direct: try await createDirectly(draft, in: address)
            case .invite: try await organizing(in: address).invite(draft, address)
            }
        }
    }

    package func update(
        _ reference: EventReference, to meeting: Meeting, parts: MeetingParts, ifVersion version: Version?,
        in address: String
    ) async throws(ConnectorError) -> WriteOutcome {
        try await atPort { () async throws(GraphFault) in
            guard reference.organizerEvent == nil else {
                return try await organizing(in: address).rewrite(reference, meeting, parts, version, address)
            }
            return try await rewrite(reference, meeting, parts, version, address)
        }
    }

    private func rewrite(
        _ reference: EventReference, _ meeting: Meeting, _ parts: MeetingParts, _ version: Version?, _ address: String
    ) async throws(GraphFault) -> WriteOutcome {
        let invited = reference.organizerEvent
        let place = try place(of: reference, in: address, "events.update")
        if meeting.recurrence != nil || parts.fields.contains(.recurrence) || !parts.occurrences.isEmpty {
            let event = try await bring(place, to: meeting, parts: parts, ifVersion: version)
            guard invited == nil, parts.touchesTime else {
                return WriteOutcome(event: event, organizerEvent: invited)
            }
            return WriteOutcome(event: event, overlapping: try await overlapping(event, in: address))
        }
        let fields = parts.fields
        let change = writer(address).fields(fields, of: meeting, inviting: place.inviting)
        if fields.contains(.time), invited == nil {
            return try await move(place.id, change, toMatch: (meeting, fields), ifVersion: version, in: address)
        }
        let event = try await patch(
            place.id, in: place.mailbox, change, toMatch: (meeting, fields), ifVersion: version)
        return WriteOutcome(event: event, organizerEvent: invited)
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
            let operation = "events.decline"
            guard let target = try await addressee(id, occurrence, in: address, operation) else { return }
            try await sendUnlessGone(
                GraphCall(
                    operation, .post, "\(GraphPath.event(target, in: address))/decline", mailbox: address,
                    body: GraphClient.encoded(OutgoingRefusal(comment: comment, sendResponse: true))))
        }
    }

    /// Answers "tentative, rather then": the room stays held until the organizer decides.
    package func propose(
        _ time: MeetingTime, for id: EventID, occurrence: WallTime?, comment: String, in address: String
    ) async throws(ConnectorError) {
        try await atPort { () async throws(GraphFault) in
            let operation = "events.propose"
            guard let target = try await addressee(id, occurrence, in: address, operation) else {
                throw GraphFault(GraphDiagnosis.gone(operation, address), status: 404)
            }
            let (start, end) = writer(address).times(time)
            let body = OutgoingProposal(
                comment: comment, sendResponse: true, proposedNewTime: .init(start: start, end: end))
            do throws(GraphFault) {
                _ = try await client.send(
                    GraphCall(
                        operation, .post, "\(GraphPath.event(target, in: address))/tentativelyAccept",
                        mailbox: address, body: GraphClient.encoded(body)))
            } catch {
                guard error.kind == .rejected else { throw error }
                var refused = error
                refused.error.diagnosis = GraphDiagnosis.noProposal
                refused.error.diagnosis.vendorCode = error.error.diagnosis.vendorCode
                throw refused
            }
        }
    }

    /// Whom an answer is about: the meeting, or one occurrence of it; nil when the occurrence is not there (any more).
    private func addressee(
        _ id: EventID, _ occurrence: WallTime?, in address: String, _ operation: String
    ) async throws(GraphFault) -> EventID? {
        guard let occurrence else { return id }
        return try await occurrenceID(occurrence, of: id, in: address, operation)
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

    private func place(
        of reference: EventReference, in address: String, _ operation: String
    ) throws(GraphFault) -> SeriesPlace {
        if let invited = reference.organizerEvent {
            return SeriesPlace(
                id: invited, mailbox: try organizer(operation), address: address, inviting: true)
        }
        return SeriesPlace(
            id: try directEvent(reference, operation), mailbox: address, address: address, inviting: false)
    }

    private func directEvent(_ reference: EventReference, _ operation: String) throws(GraphFault) -> EventID {
        guard let id = reference.event else {
            throw GraphFault(ConnectorError(.rejected, operation: operation, diagnosis: GraphDiagnosis.noEvent))
        }
        return id
    }

    /// The room arbitrates, so nothing is read back: its answer comes in seconds.
    private func invite(_ draft: EventDraft, _ address: String) async throws(GraphFault) -> WriteOutcome {
        let operation = "events.invite"
        let account = try organizer(operation)
        let event: Event
        let body = try outgoing(operation) { () throws(InexpressibleSeries) in
            try writer(address).invitation(draft)
        }
        do throws(GraphFault) {
            let answer = try await client.send(
                GraphCall(
                    operation, .post, "\(GraphPath.user(account))/events", mailbox: account,
                    body: GraphClient.encoded(body)))
            let wire = try GraphClient.decoded(GraphEvent.self, answer.reply.body, operation)
            event = try read(wire, in: account, operation)
        } catch {
            event = try await existing(draft.tag, in: account, after: error)
        }
        let place = SeriesPlace(id: event.id, mailbox: account, address: address, inviting: true)
        return WriteOutcome(event: try await completed(event, draft, place), organizerEvent: event.id)
    }

    func outgoing(
        _ operation: String, _ make: () throws(InexpressibleSeries) -> OutgoingEvent
    ) throws(GraphFault) -> OutgoingEvent {
        do { return try make() } catch { throw GraphFault(.inexpressible(error, operation)) }
    }

    /// A series that was just made gets what differs from its rule; also when an earlier attempt had made it.
    func completed(_ event: Event, _ draft: EventDraft, _ place: SeriesPlace) async throws(GraphFault) -> Event {
        guard draft.meeting.recurrence != nil else { return event }
        return try await bring(place, to: draft.meeting, parts: [.time, .recurrence])
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
            return try await present(wire, in: mailbox, operation)
        } catch {
            return try await alreadyDone(id, in: mailbox, wanted, after: error)
        }
    }

    private func present(_ id: EventID, in mailbox: String, _ operation: String) async throws(GraphFault) -> Event {
        if let event = try await event(id, in: mailbox, operation: operation) { return event }
        throw GraphFault(GraphDiagnosis.gone(operation, mailbox), status: 404)
    }

    /// An event that a write answered with. When it is a series, it is read as a whole.
    func present(_ wire: GraphEvent, in mailbox: String, _ operation: String) async throws(GraphFault) -> Event {
        if let event = try await event(wire, in: mailbox, operation) { return event }
        throw GraphFault(GraphDiagnosis.gone(operation, mailbox), status: 404)
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
