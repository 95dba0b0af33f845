import CalendarModel
import CalendarTime
import ICalendar
import SQLStore
import SyncEngine

/// Finds out how a room's mailbox is set up by what it makes of a meeting: a short private one, far ahead, at a free time.
/// Everything that was written is removed again, also after a failure or a cancellation, and by the next start when the
/// process died (``ProbeRemains``). A linked room's lease is held meanwhile, so that no pass takes the meeting for somebody's.
package struct ProbeMeeting: Sendable {
    /// Whose room it is and how it is reached.
    package struct Place: Sendable {
        package var organization: OrganizationID
        package var connection: ConnectionID
        package var address: String
        package var zone: ZoneID

        package init(organization: OrganizationID, connection: ConnectionID, address: String, zone: ZoneID) {
            self.organization = organization
            self.connection = connection
            self.address = address
            self.zone = zone
        }
    }

    package struct Settings: Sendable {
        /// How long the room has to answer.
        package var patience: Duration
        package var step: Duration

        package init(patience: Duration = .seconds(60), step: Duration = .seconds(2)) {
            self.patience = patience
            self.step = step
        }
    }

    let worker: SyncWorker
    let settings: Settings

    package init(worker: SyncWorker, settings: Settings = Settings()) {
        self.worker = worker
        self.settings = settings
    }

    package var store: Store { worker.store }
    package var surroundings: SyncWorker.Surroundings { worker.surroundings }

    /// Holds the probe now.
    /// - Parameter patience: how long a pass that is under way is waited for.
    /// - Throws: ``LinkIsBusy``; a calendar that cannot be read or written is a finding.
    package func hold(at place: Place, patience: Duration = .seconds(30)) async throws -> [Finding] {
        let link = try await store.links(of: place.organization).first {
            $0.link.connection == place.connection
                && $0.link.resourceAddress.lowercased() == place.address.lowercased()
        }
        guard let link else { return try await probe(place, link: nil) }
        let due = try await worker.claim(link.link.id, patience: patience)
        do {
            let findings = try await probe(place, link: link.link)
            try await worker.giveBack(due)
            return findings
        } catch {
            try? await worker.giveBack(due)
            throw error
        }
    }

    private func probe(_ place: Place, link: Link?) async throws -> [Finding] {
        let connector = try await worker.connectors.connector(for: place.connection)
        var record = ProbeRecord(
            id: surroundings.newID(), organization: place.organization, connection: place.connection,
            address: place.address, startedAt: surroundings.now())
        let words = ProbeFindings(address: place.address, link: link)
        do {
            record.findings = try await findings(place, connector, words, link, &record)
        } catch let error as ConnectorError {
            record.findings = words.failed(error.diagnosis)
        } catch {
            await remove(record, connector)
            throw error
        }
        await remove(record, connector)
        return record.findings
    }

    /// A task of its own: whoever cancels the probe does not cancel its being cleared away.
    private func remove(_ record: ProbeRecord, _ connector: any CalendarConnector) async {
        let remains = ProbeRemains(store: store, surroundings: surroundings)
        await Task { await remains.remove(record, by: connector) }.value
    }

    // MARK: Probing

    private func findings(
        _ place: Place, _ connector: any CalendarConnector, _ words: ProbeFindings, _ link: Link?,
        _ record: inout ProbeRecord
    ) async throws -> [Finding] {
        guard let slot = try await freeSlot(place, connector, daysAhead: 14) else { return words.noFreeTime }
        guard connector.capabilities.writingModes.contains(.invite) else {
            return try await direct(slot, place, connector, words, &record)
        }
        let near = try await write(.invite, slot, place, connector, &record)
        let answer = try await answer(to: near, place, connector)
        var seen: Event?
        if answer == .accepted || answer == .tentative { seen = try await roomCopy(of: near, place, connector) }
        var findings = [words.answered(answer)] + words.kept(seen)
        guard answer == .accepted else { return findings + [words.windowNotChecked] }
        let days = worker.settings.pass.daysAhead
        guard let farSlot = try await freeSlot(place, connector, daysAhead: days - 7) else {
            return findings + [words.windowNotChecked]
        }
        let far = try await write(.invite, farSlot, place, connector, &record)
        findings.append(words.window(try await self.answer(to: far, place, connector), days: days))
        return findings
    }

    /// What an application that cannot invite can see: whether what is written stays as it is.
    private func direct(
        _ slot: TimeSpan, _ place: Place, _ connector: any CalendarConnector, _ words: ProbeFindings,
        _ record: inout ProbeRecord
    ) async throws -> [Finding] {
        let written = try await write(.direct, slot, place, connector, &record)
        try await surroundings.sleep(settings.step)
        guard let id = written.event else { return words.noInvitation }
        let event = try await connector.fetch(id, in: place.address)
        return words.kept(event) + words.noInvitation
    }

    private func write(
        _ mode: WritingMode, _ slot: TimeSpan, _ place: Place, _ connector: any CalendarConnector,
        _ record: inout ProbeRecord
    ) async throws -> ProbeRecord.Written {
        let tag = EventTag(
            link: "probe", booking: BookingID(record.id), key: OperationKey(surroundings.newID()))
        var written = ProbeRecord.Written(tag: tag, mode: mode, span: slot)
        record.written.append(written)
        try await store.keep(record)
        let outcome = try await connector.create(
            EventDraft(meeting: try ProbeFindings.meeting(at: slot, zone: place.zone), tag: tag, mode: mode),
            in: place.address)
        written.event = mode == .direct ? outcome.event.id : nil
        written.organizerEvent = outcome.organizerEvent
        written.uid = outcome.event.uid
        record.written[record.written.count - 1] = written
        try await store.keep(record)
        return written
    }

    /// What the room answers in time; `.notResponded` when it does not.
    private func answer(
        to written: ProbeRecord.Written, _ place: Place, _ connector: any CalendarConnector
    ) async throws -> Response {
        guard let id = written.organizerEvent else { return .notResponded }
        let deadline = surroundings.now().advanced(by: settings.patience)
        while true {
            let response = try await connector.resourceResponse(to: id, in: place.address)
            switch response {
            case .accepted, .declined, .tentative: return response ?? .notResponded
            case .organizer, .notResponded, .none?, nil: break
            }
            guard surroundings.now() < deadline else { return .notResponded }
            try await surroundings.sleep(settings.step)
        }
    }

    private func roomCopy(
        of written: ProbeRecord.Written, _ place: Place, _ connector: any CalendarConnector
    ) async throws -> Event? {
        try await connector.readChanges(of: place.address, since: nil, window: written.span).changed
            .first { $0.uid != nil && $0.uid == written.uid }
    }

    // MARK: Time

    /// A quarter of an hour on a workday from about then on, at which nothing stands in the room's calendar.
    private func freeSlot(
        _ place: Place, _ connector: any CalendarConnector, daysAhead: Int
    ) async throws -> TimeSpan? {
        guard let today = Zones.date(of: surroundings.now(), in: place.zone) else { return nil }
        let first = Zones.date(today, addingDays: daysAhead)
        let days = (0..<6).map { Zones.date(first, addingDays: $0) }
            .filter { ![.saturday, .sunday].contains(Zones.weekday(of: $0)) }
        let slots = days.flatMap { day in
            // Rooms may take meetings in working hours only.
            [(8, 0), (16, 30), (12, 0), (9, 0), (14, 0)].compactMap { hour, minute -> TimeSpan? in
                let wall = WallTime(date: day, hour: hour, minute: minute)
                return Zones.instant(of: wall, in: place.zone).map {
                    TimeSpan(start: $0, end: $0.advanced(by: .seconds(900)))
                }
            }
        }
        guard let start = slots.map(\.start).min(), let end = slots.map(\.end).max() else { return nil }
        let window = TimeSpan(start: start, end: end)
        let taken = try await connector.readChanges(of: place.address, since: nil, window: window).changed
            .filter(\.holdsRoom).flatMap { $0.meeting.heldSpans(in: window, roomZone: place.zone) }
        return slots.first { slot in !taken.contains { $0.overlaps(slot) } }
    }
}
