import CalendarModel
import ICalendar
import SyncEngine

/// A calendar system of its own with one room, in memory: ids, versions that are checked, changes since a cursor, direct
/// writes that nobody checks for clashes, a second version bump after each write, bodies that come back with other
/// spacing, invitations that the room answers in its own time, series as one event. And faults: from a seed, or as told.
package actor InMemoryCalendar: CalendarConnector {
    package nonisolated let capabilities = ConnectorCapabilities(
        conditionalUpdates: true, checksClashes: false, writingModes: [.direct, .invite],
        concurrentCallsPerResource: 4, proposesNewTimes: true, knowsPeople: true)

    struct Item {
        var event: Event
        var tag: EventTag?
        /// Its place in the log of changes.
        var change: Int
        /// Its place in the order of creation.
        var number = 0
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
    /// Where all-day meetings are held.
    package nonisolated let zone: ZoneID
    /// Which series fit into one event.
    package nonisolated let dialect: CalendarDialect
    let now: @Sendable () -> Instant
    let dice: Dice
    var faults = CalendarFaults.none
    var reader = Cursor.Reader.delta
    /// Runs at the edges of every call: where other people get in between.
    var interruption: (@Sendable () async -> Void)?
    /// Says what goes wrong with each call, in place of the dice.
    var director: (@Sendable (_ call: String) async -> CallFate)?

    /// What stands in the room's calendar.
    var items: [EventID: Item] = [:]
    /// The service account's copies of its invitations.
    var invitations: [EventID: Item] = [:]
    /// The room's answers that are still to come: organizers' copies.
    var unanswered: [EventID] = []
    var tombstones: [EventID: Int] = [:]
    /// Who is in the directory, by lower-case address.
    var directory: [String: Presence] = [:]
    /// What a check finds, in place of the one finding that all is well.
    var findings: [Finding]?
    /// Other times that the room proposed to organizers.
    package var proposals: [Proposal] = []
    var changes = 0
    var epoch = 0
    var counter = 0
    var landing: [(calls: Int, draft: EventDraft, sentAt: Instant)] = []
    /// A create that has not arrived after this long never does.
    private let longestWay = Duration.seconds(540)
    /// Keys that made an event once; a late create under one of them does nothing.
    var usedKeys: Set<OperationKey> = []
    /// Calls that changed something.
    package private(set) var writes = 0
    package private(set) var calls: [String] = []

    /// - Parameter firstNumber: where ids start to count, for calendars side by side.
    package init(
        room: Person = Samples.mirror, zone: ZoneID = Times.oslo, dialect: CalendarDialect = .complete,
        firstNumber: Int = 0, dice: Dice = Dice(seed: 1), now: @escaping @Sendable () -> Instant
    ) {
        self.room = room
        self.zone = zone
        self.dialect = dialect
        self.dice = dice
        counter = firstNumber
        self.now = now
    }

    package nonisolated func expresses(_ meeting: Meeting) -> Bool { dialect.expresses(meeting) }

    package func set(_ faults: CalendarFaults) {
        if self.faults.looksEmpty != faults.looksEmpty { epoch += 1 }
        self.faults = faults
    }
    package func set(_ reader: Cursor.Reader) { self.reader = reader }
    package func setDirectory(_ directory: [String: Presence]) { self.directory = directory }
    package func setFindings(_ findings: [Finding]?) { self.findings = findings }
    package func interrupt(with interruption: (@Sendable () async -> Void)?) { self.interruption = interruption }
    package func direct(_ director: (@Sendable (_ call: String) async -> CallFate)?) { self.director = director }

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

    package func organizerCopy(
        _ organizerEvent: EventID, in address: String
    ) async throws(ConnectorError) -> Event? {
        try await begin("events.organizerCopy")
        return invitations[organizerEvent]?.event
    }

    package func diagnose(_ addresses: [String]) async -> [Finding] {
        if let findings { return findings }
        return [Finding(check: "memory.calendar", verdict: .good, evidence: "It is in memory.")]
    }

    package func people(_ addresses: [String]) async throws(ConnectorError) -> [String: Presence] {
        try await begin("people.find")
        return Dictionary(addresses.map { ($0, directory[$0] ?? .unknown) }, uniquingKeysWith: { $1 })
    }

    /// The oldest event with the tag: copies carry it too.
    func existing(_ tag: EventTag) -> Item? {
        (Array(items.values) + Array(invitations.values))
            .filter { $0.tag?.key == tag.key && $0.tag?.link == tag.link }
            .min { $0.number < $1.number }
    }

    // MARK: Calls

    /// What happens before a call does anything; returns what is to go wrong later.
    @discardableResult
    func begin(_ operation: String) async throws(ConnectorError) -> CallFate {
        calls.append(operation)
        await interruption?()
        land()
        let fate = await director?(operation) ?? faults.fate(dice)
        if faults.rightsRevoked { throw error(.forbidden, operation) }
        if let refusal = fate.refusal {
            throw error(refusal, operation, retryAfter: refusal == .throttled ? .seconds(3) : nil)
        }
        return fate
    }

    /// What happens to the answer of a call that changed something.
    func end(_ operation: String, _ fate: CallFate) async throws(ConnectorError) {
        writes += 1
        await interruption?()
        if fate.losesAnswer { throw error(.outcomeUnknown, operation) }
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

    func nextNumber() -> Int {
        counter += 1
        return counter
    }

    func newID(_ prefix: String) -> String { "\(prefix)\(nextNumber())" }

    /// Keeps an item as changed now.
    func keep(_ item: Item, bumpsAgain: Bool = false, isModified: Bool = true) {
        var item = item
        changes += 1
        if item.number == 0 { item.number = nextNumber() }
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
        guard !landing.isEmpty else { return }
        for index in landing.indices { landing[index].calls -= 1 }
        landing.removeAll { now().since($0.sentAt) > longestWay }
        let arrived = landing.filter { $0.calls <= 0 }
        landing.removeAll { $0.calls <= 0 }
        for (_, draft, _) in arrived where !usedKeys.contains(draft.tag.key) { _ = insert(draft) }
    }
}

/// Which series a calendar system can hold as one event.
package enum CalendarDialect: String, Hashable, Sendable, CaseIterable {
    /// Everything that RFC 5545 has, as CalDAV servers do.
    case complete
    /// One day pattern a rule, and no occurrences beside the rule's, as Exchange has it.
    case plain

    package func expresses(_ meeting: Meeting) -> Bool {
        guard self == .plain, let recurrence = meeting.recurrence else { return true }
        let rule = recurrence.rule
        return recurrence.additions.isEmpty && rule.daysOfYear.isEmpty && rule.weeksOfYear.isEmpty
            && rule.months.count <= 1 && rule.daysOfMonth.count <= 1 && rule.ordinalDays.count <= 1
            && rule.positions.count <= 1 && rule.daysOfMonth.allSatisfy { $0 > 0 }
    }
}
