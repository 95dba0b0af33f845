import CalendarModel

/// One organization's access to one calendar system: the same few verbs for every vendor. What is special about a vendor
/// (batching, paging, throttling, its words for errors) stays behind this protocol. A capability that a vendor lacks is
/// declared in ``capabilities``, not faked.
package protocol CalendarConnector: Sendable {
    var capabilities: ConnectorCapabilities { get }

    /// Whether the calendar system can hold this meeting as one event. A series that it cannot is written as single events
    /// that stay one booking.
    func expresses(_ meeting: Meeting) -> Bool

    /// The rooms the calendar system lists.
    func discoverResources() async throws(ConnectorError) -> [Resource]

    /// One resource by its address, also when it is not listed yet; proves the right to read its calendar.
    func resource(at address: String) async throws(ConnectorError) -> Resource

    /// What changed in a resource's calendar since `cursor`; everything in `window` when `cursor` is nil, stems from
    /// another window, or is no longer valid.
    func readChanges(of address: String, since cursor: Cursor?, window: TimeSpan) async throws(ConnectorError)
        -> Reading

    /// One event as it stands now; nil when it is not there any more.
    func fetch(_ id: EventID, in address: String) async throws(ConnectorError) -> Event?

    /// The event that carries this tag; nil when there is none. How an unknown outcome is cleared up.
    func find(_ tag: EventTag, in address: String) async throws(ConnectorError) -> Event?

    /// The tags of those among `ids` that carry one.
    func tags(of ids: [EventID], in address: String) async throws(ConnectorError) -> [EventID: EventTag]

    /// Writes a new event. Repeating it with the same key makes no second one.
    func create(_ draft: EventDraft, in address: String) async throws(ConnectorError) -> WriteOutcome

    /// Rewrites the given parts of an event that the resource (or the service account) organizes. Fails with
    /// `.preconditionFailed` when the event is no longer at `version`. Afterwards the parts stand as in `meeting`, whatever
    /// steps the vendor needs for it; a series keeps what differs from its rule although the rule changed.
    func update(
        _ reference: EventReference, to meeting: Meeting, parts: MeetingParts, ifVersion version: Version?,
        in address: String
    ) async throws(ConnectorError) -> WriteOutcome

    /// Takes away an event that the resource (or the service account) organizes. Succeeds when it is already gone.
    func cancel(
        _ reference: EventReference, ifVersion version: Version?, comment: String, in address: String
    ) async throws(ConnectorError)

    /// Answers no to the organizer of a meeting the resource was invited to, with the reason; for a series to one of its
    /// occurrences only, when `occurrence` names it. Succeeds when the meeting is already gone or declined.
    func decline(
        _ id: EventID, occurrence: WallTime?, comment: String, in address: String
    ) async throws(ConnectorError)

    /// Proposes another time to the organizer of a meeting the resource was invited to; the meeting stays as it is until the
    /// organizer moves it. Only where ``ConnectorCapabilities/proposesNewTimes``.
    func propose(
        _ time: MeetingTime, for id: EventID, occurrence: WallTime?, comment: String, in address: String
    ) async throws(ConnectorError)

    /// The organizer's copy of a meeting to which the service account invited the resource (invite mode), as it stands
    /// now; nil when it is gone.
    func organizerCopy(_ organizerEvent: EventID, in address: String) async throws(ConnectorError) -> Event?

    /// Checks every prerequisite that can be checked from here: sign-in, consent, rights. One finding a prerequisite,
    /// good ones included.
    func diagnose(_ addresses: [String]) async -> [Finding]

    /// Whether these people are still in the organization's directory, by their addresses as given. Those that cannot be
    /// known are `.unknown`. Only where ``ConnectorCapabilities/knowsPeople``.
    func people(_ addresses: [String]) async throws(ConnectorError) -> [String: Presence]
}

/// Whether somebody is (still) in an organization's directory.
package enum Presence: String, Hashable, Sendable, Codable, CaseIterable {
    case present
    /// There, but may not sign in any more.
    case disabled
    case gone
    /// Another organization's address, or one of no person: a room, a list.
    case notAPerson
    /// The directory may not be asked, or did not answer.
    case unknown
}

extension CalendarConnector {
    package func people(_ addresses: [String]) async throws(ConnectorError) -> [String: Presence] {
        Dictionary(addresses.map { ($0, .unknown) }, uniquingKeysWith: { $1 })
    }
}

extension CalendarConnector {
    /// What the invited resource answered to a meeting that the service account organizes (invite mode); nil when the
    /// meeting is off.
    package func resourceResponse(
        to organizerEvent: EventID, in address: String
    ) async throws(ConnectorError) -> Response? {
        guard let copy = try await organizerCopy(organizerEvent, in: address), !copy.isCancelled else { return nil }
        let room = copy.meeting.attendees.first { $0.person.address.lowercased() == address.lowercased() }
        return room?.response ?? Response.none
    }
}

package struct ConnectorCapabilities: Hashable, Sendable {
    /// Whether the vendor refuses an update whose version is out of date.
    package var conditionalUpdates: Bool
    /// Whether direct writes are checked for clashes by the vendor. Exchange does not.
    package var checksClashes: Bool
    package var writingModes: Set<WritingMode>
    /// Calls that may be under way at one time for one resource.
    package var concurrentCallsPerResource: Int
    /// Whether the resource can propose another time to an organizer.
    package var proposesNewTimes: Bool
    /// Whether the directory of people can be asked.
    package var knowsPeople: Bool

    package init(
        conditionalUpdates: Bool, checksClashes: Bool, writingModes: Set<WritingMode>,
        concurrentCallsPerResource: Int, proposesNewTimes: Bool = false, knowsPeople: Bool = false
    ) {
        self.proposesNewTimes = proposesNewTimes
        self.knowsPeople = knowsPeople
        self.conditionalUpdates = conditionalUpdates
        self.checksClashes = checksClashes
        self.writingModes = writingModes
        self.concurrentCallsPerResource = concurrentCallsPerResource
    }
}

/// How an event is written: straight into the room's calendar, or as an invitation by the service account.
package enum WritingMode: String, Hashable, Sendable, Codable, CaseIterable { case direct, invite }

/// Where reading resumes. Opaque to everybody but the connector that made it.
package struct Cursor: Hashable, Sendable, Codable {
    package var value: String
    /// The window that the reading it came from covered. It cannot slide: a new window needs a new first reading.
    package var window: TimeSpan
    package var reader: Reader

    /// How changes are read: asking for changes, or reading the whole window and comparing.
    package enum Reader: String, Hashable, Sendable, Codable { case delta, snapshot }

    package init(value: String, window: TimeSpan, reader: Reader) {
        self.value = value
        self.window = window
        self.reader = reader
    }
}

/// What one reading of a resource's calendar brought.
package struct Reading: Sendable {
    package enum Coverage: Hashable, Sendable {
        /// Only what changed; silence about an event means nothing.
        case changes
        /// Every event in the window; an event of the window that is missing here is gone.
        case window(TimeSpan)
    }

    package var changed: [Event]
    /// Seen in the window, and as they were when the cursor was made; not read again. Only with `.window` coverage.
    package var unchanged: Set<EventID>
    /// Said to be gone. A hint: vendors also say it of events that only left the window, so known ones are fetched before
    /// anything is cancelled.
    package var removed: [EventID]
    package var coverage: Coverage
    package var cursor: Cursor
    /// What people should know about how it was read, in words, such as a switch of the reader with its reason.
    package var remarks: [String]
    /// How many items of the calendar could not be understood and were left out.
    package var unreadable: Int

    package init(
        changed: [Event], unchanged: Set<EventID> = [], removed: [EventID], coverage: Coverage, cursor: Cursor,
        remarks: [String] = [], unreadable: Int = 0
    ) {
        self.changed = changed
        self.unchanged = unchanged
        self.removed = removed
        self.coverage = coverage
        self.cursor = cursor
        self.remarks = remarks
        self.unreadable = unreadable
    }
}

/// The mark on every event that we create: whose it is, and by which write it came.
package struct EventTag: Hashable, Sendable, Codable {
    package var link: LinkID
    package var booking: BookingID
    package var key: OperationKey

    package init(link: LinkID, booking: BookingID, key: OperationKey) {
        self.link = link
        self.booking = booking
        self.key = key
    }
}

package struct EventDraft: Hashable, Sendable, Codable {
    package var meeting: Meeting
    package var tag: EventTag
    package var mode: WritingMode

    package init(meeting: Meeting, tag: EventTag, mode: WritingMode) {
        self.meeting = meeting
        self.tag = tag
        self.mode = mode
    }
}

/// How an event is written to: by its copy in the resource's calendar, or by the organizer's copy in the service account's
/// mailbox (invite mode).
package struct EventReference: Hashable, Sendable, Codable {
    package var event: EventID?
    package var organizerEvent: EventID?

    package init(event: EventID?, organizerEvent: EventID? = nil) {
        self.event = event
        self.organizerEvent = organizerEvent
    }
}

/// What a write left behind.
package struct WriteOutcome: Sendable {
    /// The event as it stands after the write. In invite mode the organizer's copy.
    package var event: Event
    /// In invite mode: the id of the organizer's copy in the service account's mailbox.
    package var organizerEvent: EventID?
    /// Other events that hold the room at the same time, read after the write; the planner decides who stays.
    package var overlapping: [Event]

    package init(event: Event, organizerEvent: EventID? = nil, overlapping: [Event] = []) {
        self.event = event
        self.organizerEvent = organizerEvent
        self.overlapping = overlapping
    }
}
