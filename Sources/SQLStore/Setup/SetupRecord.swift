import CalendarModel
import SyncEngine

/// The set-up of one connection, as far as it has come. It can be left and taken up again. The connection that comes of it has
/// the same id.
package struct SetupRecord: Hashable, Sendable {
    package var id: ConnectionID
    package var organization: OrganizationID
    /// The calendar system, such as `microsoft`.
    package var kind: String
    /// What was entered, secrets apart, as JSON.
    package var content: String
    /// Counts up by one with each change of the content.
    package var revision: Int64
    package var changedBy: String
    package var createdAt: Instant
    package var changedAt: Instant
    /// Counts up by one with each change of the mapping.
    package var mappingRevision: Int64
    package var mappingBy: String?
    package var mappingAt: Instant?

    package init(
        id: ConnectionID, organization: OrganizationID, kind: String, content: String, revision: Int64 = 1,
        changedBy: String, createdAt: Instant
    ) {
        self.id = id
        self.organization = organization
        self.kind = kind
        self.content = content
        self.revision = revision
        self.changedBy = changedBy
        self.createdAt = createdAt
        changedAt = createdAt
        mappingRevision = 0
    }
}

/// A room of the calendar system as the set-up knows it.
package struct SetupResource: Hashable, Sendable, Codable {
    package var resource: Resource
    /// Whether the calendar system lists it; false for one that was added by its address.
    package var isListed: Bool
    /// It was listed once, and is not any more.
    package var isGone: Bool
    /// What the last look at its rights found; empty before.
    package var findings: [Finding]
    package var probedAt: Instant?
    /// Since when somebody waits for its rights to be looked at.
    package var wantedAt: Instant?

    package init(_ resource: Resource, isListed: Bool, wantedAt: Instant?) {
        self.resource = resource
        self.isListed = isListed
        self.wantedAt = wantedAt
        isGone = false
        findings = []
    }
}

extension SetupResource {
    /// How a resource stands, for counting.
    package enum State: String, Hashable, Sendable, CaseIterable { case good, bad, gone, unknown }

    package var state: State {
        if isGone { return .gone }
        guard probedAt != nil else { return .unknown }
        return findings.contains { $0.verdict == .bad } ? .bad : .good
    }
}

/// How many resources of a set-up there are.
package struct SetupResourceCounts: Hashable, Sendable {
    package var byState: [SetupResource.State: Int] = [:]
    /// Those whose rights are to be looked at.
    package var waiting = 0

    package init() {}

    package var all: Int { byState.values.reduce(0, +) }
    package func count(_ state: SetupResource.State) -> Int { byState[state] ?? 0 }
}

/// A LoopBooking room and the resource that is to mirror it.
package struct SetupMapping: Hashable, Sendable {
    package var room: RoomID
    package var resource: String
    package var policy: LinkPolicy

    package init(room: RoomID, resource: String, policy: LinkPolicy) {
        self.room = room
        self.resource = resource
        self.policy = policy
    }
}

/// What would happen to one room, as it was last worked out.
package struct SetupPreviewRecord: Hashable, Sendable {
    package var room: RoomID
    package var resource: String
    package var wantedAt: Instant?
    package var madeAt: Instant?
    /// A few numbers, as JSON.
    package var counts: String
    /// All of it, as JSON; empty in lists.
    package var content: String
    /// What somebody decided, by item, as JSON.
    package var decisions: String
}

/// Why a set-up was not changed.
package enum SetupStoreError: Error, Hashable, Sendable {
    case noSuchSetup
    /// Somebody else was faster.
    case changed(revision: Int64, by: String)
}
