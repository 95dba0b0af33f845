import CalendarModel
import SyncEngine

/// A calendar system of its own with one room, in memory: ids, versions that are checked, changes since a cursor, direct
/// writes that nobody checks for clashes, a second version bump after each write, bodies that come back with other
/// spacing, invitations that the room answers in its own time. And faults, from a seed.
package actor InMemoryCalendar: CalendarConnector {
    package nonisolated let capabilities = ConnectorCapabilities(
        conditionalUpdates: true, checksClashes: false, writingModes: [.direct, .invite],
        concurrentCallsPerResource: 4, proposesNewTimes: true)

    package nonisolated func expresses(_ meeting: Meeting) -> Bool { true }

    struct Item {
        var event: Event
        var tag: EventTag?
        /// Its place in the log of changes.
        var change: Int
        /// As it stood before its last change, while a reading may still bring that.
        var before: Event?
        /// A version bump without a change of content is still to come.
        var bumpsAgain = false
    }

    package struct Proposal: Hashable, Sendable {
        package var event: EventID
        package var occurrence: WallTime?
        package var time: MeetingTime
    }

    let room: Person
    let account = Person(name: "Company Booking", address: "booking@contoso.example")
    let now: @Sendable () -> Instant
    let dice: Dice
    var faults = CalendarFaults.none
    var reader = Cursor.Reader.delta
    /// Runs at the edges of every call: where other people get in between.
    var interruption: (@Sendable () async -> Void)?

    /// What stands in the room's calendar.
    var items: [EventID: Item] = [:]
    /// The service account's copies of its invitations.
    var invitations: [EventID: Item] = [:]
    /// The room's answers that are still to come: organizers' copies.
    var unanswered: [EventID] = []
    var tombstones: [EventID: Int] = [:]
    /// Other times that the room proposed to organizers.
    package var proposals: [Proposal] = []
    var changes = 0
    var epoch = 0
    var counter = 0
    var landing: [(calls: Int, draft: EventDraft)] = []
    /// Keys that made an event once; a late create under one of them does nothing.
    var usedKeys: Set<OperationKey> = []
    /// Calls that changed something.
    package private(set) var writes = 0
    package private(set) var calls: [String] = []

    package init(
        room: Person = Samples.mirror, dice: Dice = Dice(seed: 1), now: @escaping @Sendable () -> Instant
    ) {
        self.room = room
        self.dice = dice
        self.now = now
    }

    package func set(_ faults: CalendarFaults) {
        if self.faults.looksEmpty != faults.looksEmpty { epoch += 1 }
        self.faults = faults
    }
    package func set(_ reader: Cursor.Reader) { self.reader = reader }
    package func interrupt(with interruption: (@Sendable () async -> Void)?) { self.interruption = interruption }

    // MARK: Reading

    package func discoverResources() async throws(ConnectorError) -> [Resource] {
        try await begin("resources.list")
        return [Resource(address: room.address, name: room.name)]
    }

    package func resource(at address: String) async throws(ConnectorError) -> Resource {
        try await begin("resources.get")
        guard address == room.address else { throw error(.notFound, "resources.get") }
        return Resource(address: room.address, name: room.name)
    }

    package func fetch(_ id: EventID, in address: String) async throws(ConnectorError) -> Event? {
        try await begin("events.fetch")
        return faults.looksEmpty ? nil : items[id]?.event
    }

    package func find(_ tag: EventTag, in address: String) async throws(ConnectorError) -> Event? {
        try await begin("events.find")
        return existing(tag)?.event
    }

    package func tags(of ids: [EventID], in address: String) async throws(ConnectorError) -> [EventID: EventTag] {
        try await begin("events.tags")
        return Dictionary(ids.compactMap { id in items[id]?.tag.map { (id, $0) } }, uniquingKeysWith: { $1 })
    }

    package func resourceResponse(
        to organizerEvent: EventID, in address: String
    ) async throws(ConnectorError) -> Response? {
        try await begin("events.response")
        guard let invitation = invitations[organizerEvent] else { return nil }
        return invitation.event.meeting.attendees.first { $0.role == .resource }?.response
    }

    package func diagnose(_ addresses: [String]) async -> [Finding] {
        [Finding(check: "memory.calendar", verdict: .good, evidence: "It is in memory.")]
    }

    func existing(_ tag: EventTag) -> Item? {
        (items.values.sorted { $0.event.id < $1.event.id } + invitations.values)
            .first { $0.tag?.key == tag.key && $0.tag?.link == tag.link }
    }

    // MARK: Calls

    /// What happens before a call does anything.
    func begin(_ operation: String) async throws(ConnectorError) {
        calls.append(operation)
        await interruption?()
        land()
        if faults.rightsRevoked { throw error(.forbidden, operation) }
        if dice.chance(faults.beforeEffect) {
            let isThrottled = dice.chance(0.4)
            throw error(isThrottled ? .throttled : .transient, operation, retryAfter: isThrottled ? .seconds(3) : nil)
        }
    }

    /// What happens to the answer of a call that changed something.
    func end(_ operation: String) async throws(ConnectorError) {
        writes += 1
        await interruption?()
        if dice.chance(faults.lostAnswer) { throw error(.outcomeUnknown, operation) }
    }

    func error(
        _ kind: ConnectorError.Kind, _ operation: String, retryAfter: Duration? = nil
    ) -> ConnectorError {
        ConnectorError(
            kind, operation: operation, retryAfter: retryAfter,
            diagnosis: Diagnosis(
                code: "memory.\(kind.rawValue)", summary: "The calendar in memory says \(kind.rawValue).",
                remedy: "Nothing."))
    }

    // MARK: Storage

    func newID(_ prefix: String) -> String {
        counter += 1
        return "\(prefix)\(counter)"
    }

    /// Keeps an item as changed now.
    func keep(_ item: Item, bumpsAgain: Bool = false, isModified: Bool = true) {
        var item = item
        changes += 1
        item.before = items[item.event.id]?.event
        item.change = changes
        item.event.version = Version(newID("v"))
        if isModified { item.event.modifiedAt = now() }
        item.bumpsAgain = bumpsAgain
        items[item.event.id] = item
    }

    func drop(_ id: EventID) {
        guard items.removeValue(forKey: id) != nil else { return }
        changes += 1
        tombstones[id] = changes
    }

    /// Creates that were thought lost arrive.
    private func land() {
        for index in landing.indices { landing[index].calls -= 1 }
        let arrived = landing.filter { $0.calls <= 0 }
        landing.removeAll { $0.calls <= 0 }
        for (_, draft) in arrived where !usedKeys.contains(draft.tag.key) { _ = insert(draft) }
    }
}
