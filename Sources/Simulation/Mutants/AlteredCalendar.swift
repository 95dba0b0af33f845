import CalendarModel
import SyncEngine

/// A calendar's connector with one fault.
struct AlteredCalendar: CalendarConnector {
    typealias Base = any CalendarConnector

    struct Update: Sendable {
        var reference: EventReference
        var meeting: Meeting
        var parts: MeetingParts
        var version: Version?
    }

    let base: Base
    /// What a person's eyes would not see: applied to each event that is read.
    var seen: @Sendable (Meeting) -> Meeting = { $0 }
    /// Applied to each meeting that is written.
    var written: @Sendable (Meeting) -> Meeting = { $0 }
    var reading: @Sendable (Base, String, inout Reading) async throws(ConnectorError) -> Void = {
        (_, _, _) async throws(ConnectorError) in
    }
    var onFetch: @Sendable (Base, EventID, String) async throws(ConnectorError) -> Event? = {
        (base, id, address) async throws(ConnectorError) in try await base.fetch(id, in: address)
    }
    var onCreate: @Sendable (Base, EventDraft, String) async throws(ConnectorError) -> WriteOutcome = {
        (base, draft, address) async throws(ConnectorError) in try await base.create(draft, in: address)
    }
    var onUpdate: @Sendable (Base, Update, String) async throws(ConnectorError) -> WriteOutcome = {
        (base, update, address) async throws(ConnectorError) in
        try await base.update(
            update.reference, to: update.meeting, parts: update.parts, ifVersion: update.version, in: address)
    }
    var onCancel: @Sendable (Base, EventReference, Version?, String, String) async throws(ConnectorError) -> Void = {
        (base, reference, version, comment, address) async throws(ConnectorError) in
        try await base.cancel(reference, ifVersion: version, comment: comment, in: address)
    }

    var onDecline: @Sendable (Base, EventID, WallTime?, String, String) async throws(ConnectorError) -> Void = {
        (base, id, occurrence, comment, address) async throws(ConnectorError) in
        try await base.decline(id, occurrence: occurrence, comment: comment, in: address)
    }

    init(_ base: Base) { self.base = base }

    var capabilities: ConnectorCapabilities { base.capabilities }
    func expresses(_ meeting: Meeting) -> Bool { base.expresses(meeting) }
    func discoverResources() async throws(ConnectorError) -> [Resource] { try await base.discoverResources() }
    func resource(at address: String) async throws(ConnectorError) -> Resource { try await base.resource(at: address) }
    func diagnose(_ addresses: [String]) async -> [Finding] { await base.diagnose(addresses) }

    func readChanges(
        of address: String, since cursor: Cursor?, window: TimeSpan
    ) async throws(ConnectorError) -> Reading {
        var result = try await base.readChanges(of: address, since: cursor, window: window)
        try await reading(base, address, &result)
        result.changed = result.changed.map { seen($0) }
        return result
    }

    func fetch(_ id: EventID, in address: String) async throws(ConnectorError) -> Event? {
        try await onFetch(base, id, address).map { seen($0) }
    }

    func find(_ tag: EventTag, in address: String) async throws(ConnectorError) -> Event? {
        try await base.find(tag, in: address).map { seen($0) }
    }

    func tags(of ids: [EventID], in address: String) async throws(ConnectorError) -> [EventID: EventTag] {
        try await base.tags(of: ids, in: address)
    }

    func create(_ draft: EventDraft, in address: String) async throws(ConnectorError) -> WriteOutcome {
        var draft = draft
        draft.meeting = written(draft.meeting)
        return seen(try await onCreate(base, draft, address))
    }

    func update(
        _ reference: EventReference, to meeting: Meeting, parts: MeetingParts, ifVersion version: Version?,
        in address: String
    ) async throws(ConnectorError) -> WriteOutcome {
        let wish = Update(reference: reference, meeting: written(meeting), parts: parts, version: version)
        return seen(try await onUpdate(base, wish, address))
    }

    func cancel(
        _ reference: EventReference, ifVersion version: Version?, comment: String, in address: String
    ) async throws(ConnectorError) {
        try await onCancel(base, reference, version, comment, address)
    }

    func decline(_ id: EventID, occurrence: WallTime?, comment: String, in address: String) async throws(ConnectorError)
    {
        try await onDecline(base, id, occurrence, comment, address)
    }

    func propose(
        _ time: MeetingTime, for id: EventID, occurrence: WallTime?, comment: String, in address: String
    ) async throws(ConnectorError) {
        try await base.propose(time, for: id, occurrence: occurrence, comment: comment, in: address)
    }

    func organizerCopy(_ organizerEvent: EventID, in address: String) async throws(ConnectorError) -> Event? {
        try await base.organizerCopy(organizerEvent, in: address).map { seen($0) }
    }

    private func seen(_ event: Event) -> Event {
        var result = event
        result.meeting = seen(event.meeting)
        return result
    }

    private func seen(_ outcome: WriteOutcome) -> WriteOutcome {
        var result = outcome
        result.event = seen(outcome.event)
        return result
    }
}
