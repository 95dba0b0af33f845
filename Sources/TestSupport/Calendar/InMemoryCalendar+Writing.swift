import CalendarModel
import SyncEngine

extension InMemoryCalendar {
    package func create(_ draft: EventDraft, in address: String) async throws(ConnectorError) -> WriteOutcome {
        try await begin("events.create")
        if let known = existing(draft.tag) { return outcome(known, mode: draft.mode) }
        if dice.chance(faults.lateCreate) {
            landing.append((calls: dice.roll(1..<12), draft: draft))
            throw error(.outcomeUnknown, "events.create")
        }
        let item = insert(draft)
        try await end("events.create")
        return outcome(items[item.event.id] ?? invitations[item.event.id] ?? item, mode: draft.mode)
    }

    package func update(
        _ reference: EventReference, to meeting: Meeting, parts: MeetingParts, ifVersion version: Version?,
        in address: String
    ) async throws(ConnectorError) -> WriteOutcome {
        var parts = parts
        parts.fields.subtract([.organizer, .attendees])
        let operation = "events.update"
        try await begin(operation)
        if let id = reference.organizerEvent {
            guard var invitation = invitations[id] else { throw error(.notFound, operation) }
            invitation.event.meeting = invitation.event.meeting.taking(parts: parts, from: meeting)
            invitations[id] = invitation
            if parts.touchesTime { sendAgain(id) }
            try await end(operation)
            return outcome(invitation, mode: .invite)
        }
        guard let id = reference.event, var item = items[id] else { throw error(.notFound, operation) }
        guard item.event.role == .organizer else { throw error(.forbidden, operation) }
        if let version, version != item.event.version { throw error(.preconditionFailed, operation) }
        item.event.meeting = rewritten(item.event.meeting.taking(parts: parts, from: meeting), parts.fields)
        keep(item, bumpsAgain: true)
        let written = items[id] ?? item
        try await end(operation)
        return outcome(written, mode: .direct)
    }

    package func cancel(
        _ reference: EventReference, ifVersion version: Version?, comment: String, in address: String
    ) async throws(ConnectorError) {
        let operation = "events.cancel"
        try await begin(operation)
        if let id = reference.organizerEvent {
            guard let invitation = invitations.removeValue(forKey: id) else { return }
            unanswered.removeAll { $0 == id }
            if let copy = copy(of: invitation) { drop(copy.event.id) }
        } else {
            guard let id = reference.event, let item = items[id] else { return }
            if let version, version != item.event.version { throw error(.preconditionFailed, operation) }
            drop(id)
        }
        try await end(operation)
    }

    package func decline(
        _ id: EventID, occurrence: WallTime?, comment: String, in address: String
    ) async throws(ConnectorError) {
        try await begin("events.decline")
        guard var item = items[id], item.event.response != .declined else { return }
        item.event.response = .declined
        keep(item)
        try await end("events.decline")
    }

    package func propose(
        _ time: MeetingTime, for id: EventID, occurrence: WallTime?, comment: String, in address: String
    ) async throws(ConnectorError) {
        try await begin("events.propose")
        proposals.append(Proposal(event: id, occurrence: occurrence, time: time))
        try await end("events.propose")
    }

    // MARK: Parts

    func insert(_ draft: EventDraft) -> Item {
        usedKeys.insert(draft.tag.key)
        var event = Event(
            id: EventID(newID(draft.mode == .direct ? "event" : "invitation")), version: Version("new"),
            uid: newID("uid"), meeting: draft.meeting, createdAt: now(), modifiedAt: now())
        if draft.mode == .invite {
            event.meeting.organizer = account
            event.meeting.attendees = [Attendee(person: room, role: .resource, response: .notResponded)]
            let item = Item(event: event, tag: draft.tag, change: 0)
            invitations[event.id] = item
            unanswered.append(event.id)
            return item
        }
        event.meeting = rewritten(event.meeting, [.body])
        event.meeting.organizer = room
        keep(Item(event: event, tag: draft.tag, change: 0), bumpsAgain: true)
        return items[event.id] ?? Item(event: event, tag: draft.tag, change: 0)
    }

    private func outcome(_ item: Item, mode: WritingMode) -> WriteOutcome {
        guard mode == .direct else { return WriteOutcome(event: item.event, organizerEvent: item.event.id) }
        let others = items.values.map(\.event)
            .filter { $0.id != item.event.id && $0.holdsRoom && $0.meeting.span.overlaps(item.event.meeting.span) }
        return WriteOutcome(event: item.event, overlapping: others.sorted { $0.id < $1.id })
    }

    /// A body that went through HTML and back.
    private func rewritten(_ meeting: Meeting, _ fields: Set<MeetingField>) -> Meeting {
        guard fields.contains(.body), !meeting.body.isEmpty else { return meeting }
        var result = meeting
        result.body =
            meeting.body.split(separator: "\n", omittingEmptySubsequences: false).map { $0 + " " }
            .joined(separator: "\n\n") + "\n"
        return result
    }
}
