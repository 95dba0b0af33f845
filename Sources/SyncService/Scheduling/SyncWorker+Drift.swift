import CalendarModel
import Logging
import SQLStore
import SyncEngine

/// Comparing a link's whole window: on a schedule after a pass, or because somebody asks.
extension SyncWorker {
    /// Compares both sides of a link now; waits for its lease, at most `patience`.
    /// - Throws: ``LinkIsBusy``; what fails while comparing is in the report.
    package func checkDrift(_ link: LinkID, patience: Duration) async throws -> DriftReport {
        let due = try await claim(link, patience: patience)
        do {
            let report = try await reconciliation(of: due)?.check(.asked)
            try await giveBack(due)
            guard let report else { throw LinkIsBusy() }
            return report
        } catch {
            try? await giveBack(due)
            throw error
        }
    }

    /// Mends items of the link's newest report, all open ones when `ids` is nil, and runs a pass.
    /// - Returns: what was done with each, in words.
    package func repairDrift(
        _ link: LinkID, ids: Set<String>?, missing: DriftRepair.Missing, patience: Duration
    ) async throws -> [(item: DriftItem, outcome: String)] {
        let due = try await claim(link, patience: patience)
        do {
            let results = try await reconciliation(of: due)?.repair(ids, missing: missing) ?? []
            await runPass(due)
            return results
        } catch {
            try? await giveBack(due)
            throw error
        }
    }

    /// The nightly comparison, when its time has come and the pass left nothing open.
    func reconcileIfDue(_ due: DueLink, after report: PassReport) async throws {
        guard let nightly = settings.nightly, report.isClean, let record = try await store.link(due.link) else {
            return
        }
        let now = surroundings.now()
        let next = try await store.nextReconciliation(of: due.link)
        if let next, next > now { return }
        let turn = nightly.next(after: now, in: record.link.roomZone, chance: surroundings.chance())
        try await store.setNextReconciliation(of: due.link, at: turn)
        // A new link's turn comes in its first night.
        guard next != nil else { return }
        guard let drift = try await reconciliation(of: due)?.check(.scheduled) else { return }
        logger.notice(
            "A link's whole window was compared",
            metadata: ["link": "\(due.link)", "items": "\(drift.items.count)", "code": "\(drift.failure?.code ?? "")"])
    }

    private func reconciliation(of due: DueLink) async throws -> Reconciliation? {
        guard let record = try await store.link(due.link) else { return nil }
        let connector = try await connectors.connector(for: due.connection)
        return Reconciliation(record, store: store, in: environment(of: record, connector: connector))
    }

    /// Gives a claimed link back without a pass; it is due at once.
    func giveBack(_ due: DueLink) async throws {
        try await store.release(due, owner: settings.node, next: surroundings.now(), failures: due.failures)
    }
}
