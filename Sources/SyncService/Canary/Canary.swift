import CalendarModel
import Logging
import LoopBooking
import SQLStore
import SyncEngine

/// Sends a booking on a round trip through a link and measures it: made in LoopBooking, seen in the calendar, removed there,
/// cancelled in LoopBooking by the sync. The passes are the service's own; nothing here hurries them.
package struct Canary: Sendable {
    package struct Settings: Sendable {
        /// For the whole trip.
        package var limit: Duration
        package var step: Duration

        package init(limit: Duration = .seconds(120), step: Duration = .milliseconds(500)) {
            self.limit = limit
            self.step = step
        }
    }

    private let store: Store
    private let connectors: any ConnectorSource
    private let surroundings: SyncWorker.Surroundings
    private let settings: Settings
    private let logger: Logger

    package init(
        store: Store, connectors: any ConnectorSource, surroundings: SyncWorker.Surroundings,
        settings: Settings = Settings(), logger: Logger
    ) {
        self.store = store
        self.connectors = connectors
        self.surroundings = surroundings
        self.settings = settings
        self.logger = logger
    }

    /// One round trip now. What goes wrong is in the result; nil when there is no such link.
    package func fly(_ id: LinkID) async throws -> CanaryRun? {
        guard let record = try await store.link(id) else { return nil }
        var run = CanaryRun(id: surroundings.newID(), link: id, startedAt: surroundings.now())
        if let obstacle = obstacle(record) {
            run.outcome = .skipped
            run.diagnosis = obstacle
            run.finishedAt = surroundings.now()
            try await store.keep(run)
            return run
        }
        try await store.keep(run)
        do {
            try await travel(record, &run)
            run.outcome = .passed
        } catch let stop as CanaryStop {
            run.outcome = .failed
            run.diagnosis = stop.diagnosis
        } catch let error as any DiagnosedError {
            run.outcome = .failed
            run.diagnosis = error.diagnosis
        } catch {
            await land(run, of: record.link)
            throw error
        }
        await land(run, of: record.link)
        return try await store.canaryRuns(of: id).first { $0.id == run.id } ?? run
    }

    /// Clears away what runs left that began before and never came to their end: when the service starts.
    package func clearAway(before: Instant) async {
        do {
            for var run in try await store.openCanaryRuns() where run.startedAt < before {
                guard let record = try await store.link(run.link) else { continue }
                run.outcome = .failed
                run.diagnosis = CanaryStop.interrupted.diagnosis
                await land(run, of: record.link)
            }
        } catch {
            logger.error("Round trips could not be cleared away", metadata: ["error": "\(error)"])
        }
    }

    // MARK: The trip

    private func obstacle(_ record: LinkRecord) -> Diagnosis? {
        switch record.condition(at: surroundings.now()) {
        case .inSync, .catchingUp: nil
        case .notCertain, .stopped, .paused:
            Diagnosis(
                code: "canary.linkRests",
                summary:
                    "The link is \(record.condition(at: surroundings.now()).rawValue): there is nothing to measure.",
                remedy: "Try again when it is in sync.")
        }
    }

    private func travel(_ record: LinkRecord, _ run: inout CanaryRun) async throws {
        let link = record.link
        let connector = try await connectors.connector(for: link.connection)
        let deadline = run.startedAt.advanced(by: settings.limit)
        let booking = try await book(link)
        run.booking = booking.id
        try await store.keep(run)
        let made = surroundings.now()
        let pairing = try await until(deadline, or: .notSeen) { try await seen(booking, link, connector) }
        run.outboundSeconds = surroundings.now().since(made).inSeconds
        try await store.keep(run)
        guard link.policy.massDeletionMinimum > 1 else { throw CanaryStop.oneWay }
        try await connector.cancel(
            EventReference(
                event: pairing.organizerEvent == nil ? pairing.event : nil, organizerEvent: pairing.organizerEvent),
            ifVersion: nil, comment: "This was a check of the sync.", in: link.resourceAddress)
        let removed = surroundings.now()
        let desk = desk(link)
        _ = try await until(deadline, or: .notCancelled) {
            try await desk.booking(booking.id).status == .cancelled ? true : nil
        }
        run.inboundSeconds = surroundings.now().since(removed).inSeconds
        if pairing.organizerEvent != nil, let copy = pairing.event {
            // Rooms keep cancelled meetings unless told otherwise.
            try? await connector.cancel(
                EventReference(event: copy), ifVersion: nil, comment: "", in: link.resourceAddress)
        }
    }

    private func book(_ link: Link) async throws -> Booking {
        let desk = desk(link)
        let room = try await desk.room(link.room)
        for time in CanaryTimes.candidates(in: room, now: surroundings.now()) {
            do {
                return try await desk.create(
                    BookingDraft(
                        room: link.room, time: TimeDraft(time), subject: "Sync check",
                        body: "LoopBooking Sync measures how long a booking takes. It is removed at once."),
                    by: .loopBooking
                ).entity
            } catch is DeskError {
                // Taken, or against a rule of the room: another time.
                continue
            }
        }
        throw CanaryStop.noTime
    }

    /// The booking's pairing once its event was seen in the calendar, and the room has accepted it where it is asked.
    private func seen(
        _ booking: Booking, _ link: Link, _ connector: any CalendarConnector
    ) async throws -> Pairing? {
        let standing = try await desk(link).booking(booking.id)
        guard standing.status.holdsRoom else { throw CanaryStop.refused(standing.reason) }
        guard let pairing = try await store.livePairing(of: booking.id, link: link.id), let event = pairing.event,
            let found = try await connector.fetch(event, in: link.resourceAddress), found.holdsRoom,
            pairing.organizerEvent == nil || found.response == .accepted
        else { return nil }
        return pairing
    }

    private func until<Value: Sendable>(
        _ deadline: Instant, or stop: CanaryStop, _ look: () async throws -> Value?
    ) async throws -> Value {
        while true {
            if let value = try await look() { return value }
            guard surroundings.now() < deadline else { throw stop }
            try await surroundings.sleep(settings.step)
        }
    }

    // MARK: The end

    private func desk(_ link: Link) -> BookingDesk {
        store.desk(of: link.organization, now: surroundings.now, newID: surroundings.newID)
    }

    /// Cancels the booking where it still stands (the sync removes its event then), and closes the run. In a task of its
    /// own: whoever cancels the trip does not cancel its being cleared away.
    private func land(_ run: CanaryRun, of link: Link) async {
        await Task {
            do {
                if let booking = run.booking {
                    _ = try await desk(link).cancel(booking, by: .loopBooking, reason: "The check of the sync is over.")
                }
                var closed = run
                if closed.outcome == .underWay {
                    closed.outcome = .failed
                    closed.diagnosis = CanaryStop.interrupted.diagnosis
                }
                closed.finishedAt = surroundings.now()
                try await store.keep(closed)
            } catch {
                logger.error(
                    "A round trip could not be cleared away", metadata: ["link": "\(link.id)", "error": "\(error)"])
            }
        }.value
    }
}
