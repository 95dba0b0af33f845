import CalendarModel
import ICalendar
import SQLStore
import SyncEngine

/// Reads a link's whole window fresh and lists what is not the same on both sides. Writes to neither side. Runs under the
/// link's lease, so that no pass changes anything meanwhile.
package struct Reconciliation {
    let environment: PassEnvironment
    let store: Store
    let record: LinkRecord

    package init(_ record: LinkRecord, store: Store, in environment: PassEnvironment) {
        self.record = record
        self.store = store
        self.environment = environment
    }

    private var link: Link { record.link }

    /// Both sides as they stand.
    struct Sight {
        var state: LinkState
        var remarks: [String]
        var unreadable: Int
        var underWay = 0
    }

    /// Compares and keeps the report. A calendar that cannot be read is the report's failure.
    package func check(_ occasion: DriftReport.Occasion) async throws -> DriftReport {
        let start = environment.now()
        var report = DriftReport(
            id: environment.newID(), link: link.id, occasion: occasion, startedAt: start, window: window(at: start))
        do {
            let sight = try await look(at: report.window)
            report.items = DriftCheck.items(in: sight.state) + Self.unreadable(sight.unreadable)
            report.bookings = sight.state.bookings.values.filter(\.status.holdsRoom).count
            report.events = sight.state.events.values.filter(\.event.holdsRoom).count
            report.remarks = sight.remarks
            report.underWay = sight.underWay
        } catch let error as ConnectorError {
            report.failure = error.diagnosis
        } catch let error as BookingError {
            report.failure = Diagnosis(error)
        }
        report.finishedAt = environment.now()
        try await store.keep(report)
        return report
    }

    /// Makes the engine see the chosen items of the newest report as they are by now. Those that are no more need nothing.
    /// - Parameter ids: all open ones when nil.
    /// - Returns: what was done with each, in words.
    package func repair(
        _ ids: Set<String>?, missing: DriftRepair.Missing
    ) async throws -> [(item: DriftItem, outcome: String)] {
        guard let latest = try await store.latestDrift(of: link.id) else { return [] }
        let chosen = latest.open.filter { ids?.contains($0.id) ?? true }
        guard !chosen.isEmpty else { return [] }
        var state = try await look(at: window(at: environment.now())).state
        let present = Set(DriftCheck.items(in: state).map(\.id))
        var results: [(item: DriftItem, outcome: String)] = []
        for item in chosen {
            guard present.contains(item.id) || item.kind == .unreadable else {
                let outcome = "It was as it should be already."
                try await store.repair(
                    item, of: latest.report.id, link: link.id, effects: [], outcome: outcome, at: environment.now())
                results.append((item, outcome))
                continue
            }
            let (effects, outcome) = DriftRepair.effects(for: item, in: state, missing: missing)
            let told = HistoryEntry(
                link: link.id, booking: item.booking.map(OccurrenceBookingID.whole), event: item.event,
                at: environment.now(), action: "drift.repair",
                sentence: "The two sides were found not to agree. \(item.sentence) \(outcome)")
            try await store.repair(
                item, of: latest.report.id, link: link.id, effects: effects + [.tell(told)], outcome: outcome,
                at: environment.now())
            for case .pair(let pairing) in effects {
                // Several fields of one meeting are mended one upon the other.
                state.pairings = state.pairings.map { $0.id == pairing.id ? pairing : $0 }
            }
            results.append((item, outcome))
        }
        return results
    }

    // MARK: Looking

    private func window(at now: Instant) -> TimeSpan {
        record.cursor?.window ?? PassWindow(zone: link.roomZone, settings: environment.settings).wanted(at: now)
    }

    private func look(at window: TimeSpan) async throws -> Sight {
        let now = environment.now()
        let memory = try await environment.store.memory(of: link.id)
        let pairings = (memory?.pairings.values.sorted { $0.id < $1.id } ?? []).filter { pairing in
            [pairing.bookingBase, pairing.eventBase].contains { $0.reach(roomZone: link.roomZone).end > window.start }
        }
        let reading = try await environment.connector.readChanges(of: link.resourceAddress, since: nil, window: window)
        var events: [EventID: ObservedEvent] = [:]
        func see(_ event: Event) {
            var known = memory?.events[event.id]
            // What stands there now counts, whatever its time says.
            known?.event.modifiedAt = nil
            let kept = Privacy.redacted(event, policy: link.policy.content)
            events[event.id] = ObservedEvent.updating(known, with: kept, at: now)
        }
        reading.changed.forEach(see)
        for id in pairings.compactMap(\.event) where events[id] == nil {
            // It may have left the window only.
            if let event = try await environment.connector.fetch(id, in: link.resourceAddress) { see(event) }
        }
        let connector = environment.connector
        let sliced = SlicedBookings(
            base: environment.bookings, roomZone: link.roomZone, expresses: { connector.expresses($0) })
        let bookings = try await sliced.bookings(
            in: link.room, window: window, known: Set(pairings.map(\.booking)))
        var sight = Sight(
            state: LinkState(
                link: link, pairings: pairings,
                bookings: Dictionary(bookings.map { ($0.id, $0) }, uniquingKeysWith: { $1 }), events: events,
                window: window, now: now),
            remarks: reading.remarks, unreadable: reading.unreadable)
        leaveOutUnderWay(&sight)
        return sight
    }

    /// What was changed after a settled link was last read crosses with its next pass.
    private func leaveOutUnderWay(_ sight: inout Sight) {
        guard record.lastPass?.isClean == true, let read = record.lastReadAt else { return }
        let bookings = Set(sight.state.bookings.values.filter { $0.updatedAt > read }.map(\.id))
        let events = Set(
            sight.state.events.values.filter { $0.event.modifiedAt.map { $0 > read } ?? false }.map(\.event.id))
        let touched = sight.state.pairings.filter { pairing in
            bookings.contains(pairing.booking) || pairing.event.map(events.contains) ?? false
        }
        sight.underWay =
            bookings.union(touched.map(\.booking)).count + events.subtracting(touched.compactMap(\.event)).count
        let ids = Set(touched.map(\.id))
        sight.state.pairings.removeAll { ids.contains($0.id) }
        for id in bookings.union(touched.map(\.booking)) { sight.state.bookings[id] = nil }
        for id in events.union(touched.compactMap(\.event)) { sight.state.events[id] = nil }
    }

    private static func unreadable(_ count: Int) -> [DriftItem] {
        guard count > 0 else { return [] }
        return [
            DriftItem(
                .unreadable,
                sentence: "\(count) item(s) of the calendar could not be understood and were left out.")
        ]
    }
}
