import CalendarModel

/// Where the engine's knowledge is kept: observations and what was agreed, never work still to do. Intents are written down
/// before a call and closed together with what the call left behind, in one transaction.
package protocol SyncStore: Sendable {
    /// The store for one pass that starts now. An earlier pass of the link, whose lease ran out perhaps while its node stood
    /// still, can write nothing from here on: every write of its store throws ``PassSuperseded``. As every call to a vendor
    /// has its intent written down before it, a late node does not get far.
    func begin(_ link: LinkID) async throws -> any SyncStore

    /// What is known about a link; nil when there is no such link.
    func memory(of link: LinkID) async throws -> LinkMemory?

    /// Keeps what a reading brought together with the cursor behind it.
    func record(_ reading: RecordedReading, for link: LinkID) async throws

    /// Writes an intent down before its call. When the same intent (by its action's name and subject) is open already, that
    /// one is returned with its key, so that a repeated call is the same call to the vendor.
    func open(_ intent: Intent) async throws -> Intent

    /// Closes an intent with its outcome and keeps what the call left behind.
    func close(_ key: OperationKey, as outcome: Intent.Outcome, effects: [Effect], at now: Instant) async throws

    /// Keeps effects that no call belongs to.
    func apply(_ effects: [Effect], for link: LinkID, at now: Instant) async throws

    /// Records how a pass ended.
    func finish(_ report: PassReport) async throws
}

/// Another pass of the link started since, or the link is no more: what this pass knows is out of date.
package struct PassSuperseded: Error, Hashable {
    package init() {}
}

/// What is remembered of one link.
package struct LinkMemory: Sendable {
    package var link: Link
    /// Live ones.
    package var pairings: [PairingID: Pairing]
    package var events: [EventID: ObservedEvent]
    package var cursor: Cursor?
    /// Intents whose outcome is not known, and recent ones that may still land.
    package var openIntents: [Intent]
    /// The meetings whose events had vanished when somebody said that they may be cancelled.
    package var approvedDeletions: Set<PairingID>
    /// When the calendar was last read without an error.
    package var lastReadAt: Instant?
    /// Clashes that somebody decided, as long as their meetings are not over.
    package var rulings: [ClashRuling]

    package init(
        link: Link, pairings: [Pairing], events: [ObservedEvent], cursor: Cursor?, openIntents: [Intent],
        approvedDeletions: Set<PairingID>, lastReadAt: Instant?, rulings: [ClashRuling] = []
    ) {
        self.link = link
        self.pairings = Dictionary(pairings.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        self.events = Dictionary(events.map { ($0.event.id, $0) }, uniquingKeysWith: { $1 })
        self.cursor = cursor
        self.openIntents = openIntents
        self.approvedDeletions = approvedDeletions
        self.lastReadAt = lastReadAt
        self.rulings = rulings
    }
}

/// An operation that was decided, with the key under which it is done. Written down before the call.
package struct Intent: Hashable, Sendable, Codable {
    package enum Outcome: String, Hashable, Sendable, Codable {
        case done
        /// The other side said no, or somebody was faster; the plan decides anew.
        case refused
        /// Given up: nobody wants it any more.
        case abandoned
    }

    package var key: OperationKey
    package var link: LinkID
    package var operation: Operation
    package var openedAt: Instant
    /// When it was tried last, if that was more than once.
    package var triedAgainAt: Instant?
    /// How often it was tried.
    package var attempts: Int

    package init(key: OperationKey, link: LinkID, operation: Operation, openedAt: Instant, attempts: Int = 0) {
        self.key = key
        self.link = link
        self.operation = operation
        self.openedAt = openedAt
        self.attempts = attempts
    }

    package var isCreate: Bool { if case .createEvent = operation.action { true } else { false } }

    /// Since when its call may be under way.
    package var calledAt: Instant { triedAgainAt ?? openedAt }

    /// This intent as the repetition of an earlier one: the same call, under its key.
    package func repeating(_ earlier: Intent) -> Intent {
        var result = self
        result.key = earlier.key
        result.openedAt = earlier.openedAt
        result.triedAgainAt = openedAt
        result.attempts = earlier.attempts
        // An earlier create may have landed: repeated with other content it would be another call.
        if case .createEvent = operation.action { result.operation = earlier.operation }
        return result
    }
}

/// A change of what is remembered.
package enum Effect: Hashable, Sendable {
    case pair(Pairing)
    case end(PairingID)
    case observe(ObservedEvent)
    case forget(EventID)
    case tell(HistoryEntry)
    case clash(ClashRecord)
    case setState(Link.State)
}

/// A reading, ready to be kept.
package struct RecordedReading: Sendable {
    package var observed: [ObservedEvent]
    package var gone: [EventID]
    package var cursor: Cursor
    package var at: Instant

    package init(observed: [ObservedEvent], gone: [EventID], cursor: Cursor, at: Instant) {
        self.observed = observed
        self.gone = gone
        self.cursor = cursor
        self.at = at
    }
}

/// One line of a booking's story, in words for people.
package struct HistoryEntry: Hashable, Sendable, Codable {
    package var link: LinkID
    package var booking: BookingID?
    package var event: EventID?
    package var at: Instant
    /// What was done, from a bounded set, such as `event.create`.
    package var action: String
    package var sentence: String

    package init(
        link: LinkID, booking: BookingID?, event: EventID?, at: Instant, action: String, sentence: String
    ) {
        self.link = link
        self.booking = booking
        self.event = event
        self.at = at
        self.action = action
        self.sentence = sentence
    }
}

/// A clash that was decided, kept for people to look at.
package struct ClashRecord: Hashable, Sendable, Codable {
    package var link: LinkID
    package var note: ClashNote
    package var reason: String
    package var at: Instant

    package init(link: LinkID, note: ClashNote, reason: String, at: Instant) {
        self.link = link
        self.note = note
        self.reason = reason
        self.at = at
    }
}

/// How one pass went.
package struct PassReport: Sendable, Codable {
    package struct Step: Sendable, Codable, Hashable {
        package var action: String
        package var sentence: String
        /// Set when the step did not work.
        package var failure: Diagnosis?
        /// How long a change took to the other side; nil where that is not known.
        package var latency: Latency?

        package init(action: String, sentence: String, failure: Diagnosis? = nil, latency: Latency? = nil) {
            self.action = action
            self.sentence = sentence
            self.failure = failure
            self.latency = latency
        }
    }

    /// From a change on one side until it stood on the other. The calendar's times are by the vendor's clock.
    package struct Latency: Sendable, Codable, Hashable {
        /// The side that it was brought to.
        package var toward: Side
        package var changedAt: Instant
        package var stoodAt: Instant

        package init(toward: Side, changedAt: Instant, stoodAt: Instant) {
            self.toward = toward
            self.changedAt = changedAt
            self.stoodAt = stoodAt
        }

        /// Never below zero: clocks differ a little.
        package var duration: Duration { max(.zero, stoodAt.since(changedAt)) }
    }

    package var link: LinkID
    package var startedAt: Instant
    package var finishedAt: Instant
    package var steps: [Step]
    package var remarks: [String]
    package var reader: Cursor.Reader?
    /// Whether the calendar was read.
    package var read: Bool
    /// Why the pass ended early, when it did.
    package var failure: Diagnosis?
    package var failureKind: ConnectorError.Kind?
    package var hold: MassDeletion?
    /// The vendor's wish, when it throttled.
    package var retryAfterSeconds: Double?
    /// Changes read from the calendar side.
    package var changesRead: Int
    /// The start of the next meeting, for the pace of polling.
    package var nextStart: Instant?

    package init(link: LinkID, startedAt: Instant) {
        self.link = link
        self.startedAt = startedAt
        finishedAt = startedAt
        steps = []
        remarks = []
        read = false
        changesRead = 0
    }

    /// Whether the link is settled: read, nothing failed, nothing asked.
    package var isClean: Bool { read && failure == nil && hold == nil && steps.allSatisfy { $0.failure == nil } }

    /// What is wrong first of all; nil when nothing is.
    package var problem: Diagnosis? { failure ?? steps.lazy.compactMap(\.failure).first }
}
