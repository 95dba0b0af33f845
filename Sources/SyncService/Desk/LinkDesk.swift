import CalendarModel
import ICalendar
import SQLStore
import SyncEngine

/// What people do to one organization's links, whether they press a button, call the REST API or type a command: pause,
/// resume, read again, run a pass, change the policy. Each refusal says why and what to do.
package struct LinkDesk: Sendable {
    let organization: OrganizationID
    let store: Store
    let worker: SyncWorker
    let connectors: any ConnectorSource
    let bell: WakeBell
    let now: @Sendable () -> Instant

    package init(
        organization: OrganizationID, store: Store, worker: SyncWorker, connectors: any ConnectorSource, bell: WakeBell,
        now: @escaping @Sendable () -> Instant
    ) {
        self.organization = organization
        self.store = store
        self.worker = worker
        self.connectors = connectors
        self.bell = bell
        self.now = now
    }

    /// What is to become of meetings that vanished from the calendar all at once.
    package enum HeldDeletions: String, Hashable, Sendable, CaseIterable {
        /// They were meant: their bookings are cancelled.
        case accept
        /// They were not meant: they are written into the calendar again.
        case restore
    }

    /// - Throws: ``LinkDeskError/noSuchLink(_:)``, also for other organizations' links.
    package func link(_ id: LinkID) async throws -> LinkRecord {
        guard let record = try await store.link(id, of: organization) else {
            throw LinkDeskError.noSuchLink(String(id.rawValue.prefix(64)))
        }
        return record
    }

    /// Stops the link for now. Nothing is lost; changes cross when it is resumed.
    package func pause(_ id: LinkID) async throws -> LinkRecord {
        let record = try await link(id)
        guard record.link.state != .paused else { return record }
        try await store.setState(.paused, of: id, now: now())
        return try await link(id)
    }

    /// Lets a paused or stopped link run again.
    /// - Parameter deletions: nil to read the calendar again from scratch: what is back by then is not cancelled.
    package func resume(_ id: LinkID, deletions: HeldDeletions? = nil) async throws -> LinkRecord {
        let record = try await link(id)
        if deletions != nil {
            guard case .held = record.link.state else { throw LinkDeskError.notHeld(record.link.title) }
        }
        if deletions == nil { try await store.forgetCursor(of: id) }
        try await store.setState(.active, of: id, approvingDeletions: deletions.map { $0 == .accept }, now: now())
        bell.ring()
        return try await link(id)
    }

    /// Lets the next pass, which is due at once, read the whole calendar again.
    package func readAgain(_ id: LinkID) async throws -> LinkRecord {
        let record = try await active(id)
        try await store.forgetCursor(of: id)
        bell.ring()
        return record
    }

    /// Runs a pass now, beside a running service, and tells how it went; nil when the link was removed meanwhile.
    /// - Throws: `LinkIsBusy` when another worker has it for longer than `patience`.
    package func sync(_ id: LinkID, fromScratch: Bool = false, patience: Duration) async throws -> PassReport? {
        _ = try await active(id)
        if fromScratch { try await store.forgetCursor(of: id) }
        try await worker.runNow(id, patience: patience)
        return try await store.link(id, of: organization)?.lastPass
    }

    /// The meetings of a stopped link that vanished, as far as they may be shown.
    package func vanished(from id: LinkID) async throws -> [VanishedMeeting] {
        let record = try await link(id)
        let now = now()
        return try await store.vanishedPairings(of: id).filter { pairing in
            pairing.bookingBase.reach(roomZone: record.link.roomZone).end > now
        }.map { VanishedMeeting($0, of: record.link) }
    }

    // MARK: Policy

    /// Gives a link another policy.
    /// - Throws: ``LinkDeskError/policyChanged(_:revision:)`` when somebody else was faster.
    package func change(_ id: LinkID, to policy: LinkPolicy, ifRevision revision: Int64?) async throws -> LinkRecord {
        let record = try await link(id)
        if let revision, revision != record.policyRevision {
            throw LinkDeskError.policyChanged(record.link.policy, revision: record.policyRevision)
        }
        let old = record.link.policy
        guard policy != old else { return record }
        guard policy.massDeletionShare > 0, policy.massDeletionShare <= 1, policy.massDeletionMinimum >= 1 else {
            throw LinkDeskError.badLimit
        }
        if policy.writing != old.writing {
            let connector = try await connectors.connector(for: record.link.connection)
            guard connector.capabilities.writingModes.contains(policy.writing) else {
                throw LinkDeskError.cannotInvite
            }
        }
        let isKept = try await store.setPolicy(
            policy, of: id, ifRevision: record.policyRevision, readAgain: policy.content != old.content)
        let fresh = try await link(id)
        guard isKept else {
            throw LinkDeskError.policyChanged(fresh.link.policy, revision: fresh.policyRevision)
        }
        bell.ring()
        return fresh
    }

    private func active(_ id: LinkID) async throws -> LinkRecord {
        let record = try await link(id)
        guard record.link.state == .active else {
            throw LinkDeskError.notActive(record.link.title, condition: record.condition(at: now()).rawValue)
        }
        return record
    }
}
