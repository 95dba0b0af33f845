import CalendarModel
import ICalendar
import SyncEngine

extension InMemoryCalendar {
    package func create(_ draft: EventDraft, in address: String) async throws(ConnectorError) -> WriteOutcome {
        let fate = try await begin("events.create")
        if let known = existing(draft.tag) { return outcome(known, mode: draft.mode) }
        guard expresses(draft.meeting) else { throw error(.rejected, "events.create") }
        if let calls = fate.landsAfter {
            landing.append((calls: calls, draft: draft, sentAt: now()))
            throw error(.outcomeUnknown, "events.create")
        }
        var draft = draft
        let isCut = fate.halfDone && draft.meeting.recurrence?.irregular.isEmpty == false
        if isCut { draft.meeting = withoutExceptions(draft.meeting) }
        let item = insert(draft)
        if isCut { throw error(.outcomeUnknown, "events.create") }
        try await end("events.create", fate)
        return outcome(items[item.event.id] ?? invitations[item.event.id] ?? item, mode: draft.mode)
    }

    package func update(
        _ reference: EventReference, to meeting: Meeting, parts: MeetingParts, ifVersion version: Version?,
        in address: String
    ) async throws(ConnectorError) -> WriteOutcome {
        var parts = parts
        parts.fields.subtract([.organizer, .attendees])
        let operation = "events.update"
        let fate = try await begin(operation)
        if let id = reference.organizerEvent {
            guard var invitation = invitations[id] else { throw error(.notFound, operation) }
            invitation.event.meeting = pruned(invitation.event.meeting.taking(parts: parts, from: meeting))
            guard expresses(invitation.event.meeting) else { throw error(.rejected, operation) }
            invitation.event.modifiedAt = now()
            invitations[id] = invitation
            if parts.touchesTime { sendAgain(id) }
            try await end(operation, fate)
            return outcome(invitation, mode: .invite)
        }
        guard let id = reference.event, var item = items[id] else { throw error(.notFound, operation) }
        guard item.event.role == .organizer else { throw error(.forbidden, operation) }
        if let version, version != item.event.version { throw error(.preconditionFailed, operation) }
        let wanted = item.event.meeting.taking(parts: parts, from: meeting)
        guard expresses(wanted) else { throw error(.rejected, operation) }
        if fate.halfDone, let half = firstStep(of: item.event.meeting, to: wanted, parts: parts) {
            item.event.meeting = rewritten(half, parts)
            keep(item)
            throw error(.outcomeUnknown, operation)
        }
        item.event.meeting = rewritten(pruned(wanted), parts)
        keep(item, bumpsAgain: true)
        let written = items[id] ?? item
        try await end(operation, fate)
        return outcome(written, mode: .direct)
    }

    package func cancel(
        _ reference: EventReference, ifVersion version: Version?, comment: String, in address: String
    ) async throws(ConnectorError) {
        let operation = "events.cancel"
        let fate = try await begin(operation)
        if let id = reference.organizerEvent {
            guard let invitation = invitations.removeValue(forKey: id) else { return }
            unanswered.removeAll { $0 == id }
            if let copy = copy(of: invitation) { drop(copy.event.id) }
        } else {
            guard let id = reference.event, let item = items[id] else { return }
            // Its organizer cancels a meeting; who was invited declines it.
            guard item.event.role == .organizer else { throw error(.forbidden, operation) }
            if let version, version != item.event.version { throw error(.preconditionFailed, operation) }
            drop(id)
        }
        try await end(operation, fate)
    }

    package func decline(
        _ id: EventID, occurrence: WallTime?, comment: String, in address: String
    ) async throws(ConnectorError) {
        let fate = try await begin("events.decline")
        guard var item = items[id], item.event.response != .declined else { return }
        guard item.event.role == .attendee else { throw error(.forbidden, "events.decline") }
        if let occurrence {
            guard let series = Series(item.event.meeting, roomZone: zone), series.occurrence(occurrence) != nil else {
                return
            }
            item.event.meeting.recurrence?.set(.cancelled, of: occurrence)
        } else {
            item.event.response = .declined
        }
        keep(item)
        try await end("events.decline", fate)
    }

    package func propose(
        _ time: MeetingTime, for id: EventID, occurrence: WallTime?, comment: String, in address: String
    ) async throws(ConnectorError) {
        let fate = try await begin("events.propose")
        guard let item = items[id] else { throw error(.notFound, "events.propose") }
        guard item.event.role == .attendee else { throw error(.forbidden, "events.propose") }
        proposals.append(Proposal(event: id, occurrence: occurrence, time: time))
        try await end("events.propose", fate)
    }

    // MARK: Parts

    func insert(_ draft: EventDraft) -> Item {
        usedKeys.insert(draft.tag.key)
        var event = Event(
            id: EventID(newID(draft.mode == .direct ? "event" : "invitation")), version: Version("new"),
            uid: newID("uid"), meeting: pruned(draft.meeting), createdAt: now(), modifiedAt: now())
        if draft.mode == .invite {
            event.meeting.organizer = account
            event.meeting.attendees = [Attendee(person: room, role: .resource, response: .notResponded)]
            let item = Item(event: event, tag: draft.tag, change: 0, number: nextNumber())
            invitations[event.id] = item
            unanswered.append(event.id)
            return item
        }
        event.meeting = rewritten(event.meeting, MeetingParts([.body, .recurrence]))
        event.meeting.organizer = room
        keep(Item(event: event, tag: draft.tag, change: 0), bumpsAgain: true)
        return items[event.id] ?? Item(event: event, tag: draft.tag, change: 0)
    }

    private func outcome(_ item: Item, mode: WritingMode) -> WriteOutcome {
        guard mode == .direct else { return WriteOutcome(event: item.event, organizerEvent: item.event.id) }
        let rivals = rivals(of: item.event)
        return WriteOutcome(event: item.event, overlapping: rivals.sorted { $0.id < $1.id })
    }

    /// A body that went through HTML and back.
    private func rewritten(_ meeting: Meeting, _ parts: MeetingParts) -> Meeting {
        var result = meeting
        if parts.fields.contains(.body) { result.body = throughHTML(meeting.body) }
        for (original, change) in meeting.recurrence?.exceptions ?? [:]
        where parts.fields.contains(.recurrence) || parts.occurrences.contains(original) {
            result.recurrence?.exceptions[original]?.body = change.body.map(throughHTML)
        }
        return result
    }

    private func throughHTML(_ body: String) -> String {
        guard !body.isEmpty else { return body }
        return body.split(separator: "\n", omittingEmptySubsequences: false).map { $0 + " " }
            .joined(separator: "\n\n") + "\n"
    }

    // MARK: Series

    /// What differs from the rule where the series has no occurrence means nothing, and is not kept.
    func pruned(_ meeting: Meeting) -> Meeting {
        guard let series = Series(meeting, roomZone: zone), !series.recurrence.irregular.isEmpty else { return meeting }
        var result = meeting
        for original in series.recurrence.irregular where !series.has(original) {
            result.recurrence?.set(.asRule, of: original)
        }
        return result
    }

    /// A change of a series takes several steps: its own time and rule first, which loses what differs from it; then the
    /// single occurrences. This is how it stands when only the first one was done; nil when one step is enough.
    private func firstStep(of meeting: Meeting, to wanted: Meeting, parts: MeetingParts) -> Meeting? {
        guard wanted.recurrence != nil, meeting.recurrence != nil else { return nil }
        let isPatternChanged = parts.fields.contains(.time) || parts.fields.contains(.recurrence)
        if isPatternChanged { return withoutExceptions(wanted) }
        guard parts.occurrences.count > 1, let first = parts.occurrences.min() else { return nil }
        return meeting.taking(parts: MeetingParts(parts.fields, occurrences: [first]), from: wanted)
    }

    func withoutExceptions(_ meeting: Meeting) -> Meeting {
        var result = meeting
        result.recurrence?.cancelled = []
        result.recurrence?.exceptions = [:]
        return result
    }
}
