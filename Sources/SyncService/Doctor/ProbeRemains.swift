import CalendarModel
import Logging
import SQLStore
import SyncEngine

/// Clears away what probe meetings left in calendars.
package struct ProbeRemains: Sendable {
    private let store: Store
    private let surroundings: SyncWorker.Surroundings
    /// How long the room's copy of a cancelled meeting has to say so.
    private let patience = Duration.seconds(20)

    package init(store: Store, surroundings: SyncWorker.Surroundings) {
        self.store = store
        self.surroundings = surroundings
    }

    /// Removes what stands of every probe that is not known to be removed and began before: when the service starts.
    package func removeAll(before: Instant, by connectors: any ConnectorSource, logger: Logger) async {
        do {
            for probe in try await store.openProbes() where probe.startedAt < before {
                guard let connector = try? await connectors.connector(for: probe.connection) else { continue }
                await remove(probe, by: connector)
            }
        } catch {
            logger.error("Probe meetings could not be cleared away", metadata: ["error": "\(error)"])
        }
    }

    /// Removes what stands of one probe, and notes it when nothing is left. What cannot be removed now stays noted.
    func remove(_ probe: ProbeRecord, by connector: any CalendarConnector) async {
        var record = probe
        var isClear = true
        for written in probe.written {
            do { try await remove(written, of: probe, by: connector) } catch { isClear = false }
        }
        if isClear { record.removedAt = surroundings.now() }
        // The findings are kept either way.
        try? await store.keep(record)
    }

    private func remove(
        _ written: ProbeRecord.Written, of probe: ProbeRecord, by connector: any CalendarConnector
    ) async throws {
        var (event, organizerEvent, uid) = (written.event, written.organizerEvent, written.uid)
        if event == nil, organizerEvent == nil, let found = try await connector.find(written.tag, in: probe.address) {
            // The answer to the write never came.
            if written.mode == .direct { event = found.id } else { organizerEvent = found.id }
            uid = found.uid
        }
        if let event {
            try await connector.cancel(
                EventReference(event: event), ifVersion: nil, comment: "", in: probe.address)
        }
        if let organizerEvent {
            try await connector.cancel(
                EventReference(event: nil, organizerEvent: organizerEvent), ifVersion: nil,
                comment: "This was a check of the room's settings.", in: probe.address)
        }
        if written.mode == .invite, let uid { try await removeCopy(uid, written.span, probe, connector) }
    }

    /// Rooms keep cancelled meetings unless told otherwise.
    private func removeCopy(
        _ uid: String, _ span: TimeSpan, _ probe: ProbeRecord, _ connector: any CalendarConnector
    ) async throws {
        let deadline = surroundings.now().advanced(by: patience)
        while true {
            let copy = try await connector.readChanges(of: probe.address, since: nil, window: span).changed
                .first { $0.uid == uid }
            guard let copy else { return }
            guard copy.isCancelled || surroundings.now() >= deadline else {
                try await surroundings.sleep(.seconds(1))
                continue
            }
            return try await connector.cancel(
                EventReference(event: copy.id), ifVersion: nil, comment: "", in: probe.address)
        }
    }
}
