import CalendarModel

/// One mailbox' calendar: its items, and the log of changes that delta reads.
package struct Mailbox: Sendable {
    /// The owner's address in lower case.
    package var address: String
    /// Stands for the mailbox inside ids.
    let tag: UInt64
    private(set) var items: [UInt32: MailboxItem] = [:]
    /// Counts up with every change; an item remembers the number of its last one. Starts above 0, which is where a first
    /// delta round reads from: a round after one that found nothing is not a first one.
    private(set) var sequence = 1
    private(set) var tombstones: [Tombstone] = []
    /// Delta tokens of an earlier epoch are refused, in the manner of `deltaExpiry`.
    private(set) var deltaEpoch = 0
    private(set) var deltaExpiry = DeltaExpiry.gone
    private var nextNumber: UInt32 = 1
    private var transactions: [String: UInt32] = [:]

    /// What is left of an item, or of one occurrence, that was removed.
    struct Tombstone: Sendable {
        var sequence: Int
        var id: GraphIdentifier
    }

    /// How Graph says that a delta token is of no use any more.
    package enum DeltaExpiry: String, Sendable {
        case gone = "410"
        case syncStateNotFound
    }

    package init(address: String) {
        self.address = address.lowercased()
        tag = GraphIdentifier.tag(of: address)
    }

    /// The items in the order in which they were made.
    var ordered: [MailboxItem] { items.values.sorted { $0.number < $1.number } }

    /// The item that a POST with this `transactionId` made, while it exists.
    func item(transaction: String) -> MailboxItem? { transactions[transaction].flatMap { items[$0] } }

    func item(uid: String) -> MailboxItem? { items.values.first { $0.uid == uid } }

    /// Puts a new item into the calendar and gives it its number.
    @discardableResult
    mutating func insert(at now: Instant, _ make: (UInt32) -> MailboxItem) -> MailboxItem {
        var item = make(nextNumber)
        nextNumber += 1
        sequence += 1
        item.change = sequence
        item.changeKey = sequence
        item.modifiedAt = now
        items[item.number] = item
        if let transaction = item.transactionID { transactions[transaction] = item.number }
        return item
    }

    /// Changes an item: new change key, new modification time, and traces of the occurrences that it no longer has.
    mutating func change(_ number: UInt32, at now: Instant, _ body: (inout MailboxItem) -> Void) {
        guard var item = items[number] else { return }
        let before = item
        body(&item)
        sequence += 1
        item.change = sequence
        item.changeKey = sequence
        // What was due a moment ago may be done after what was asked for just now; time does not run back for it.
        item.modifiedAt = max(now, before.modifiedAt)
        items[number] = item
        guard before.series != nil else { return }
        if before.series?.recurrence == item.series?.recurrence, before.series?.cancelled == item.series?.cancelled,
            before.content.start == item.content.start
        {
            return
        }
        let left = Set(item.occurrenceDates())
        for date in before.occurrenceDates() where !left.contains(date) {
            tombstones.append(
                Tombstone(sequence: sequence, id: item.identifier(in: tag, occurrence: date, immutable: false)))
        }
    }

    mutating func awaitSecondChangeKey(_ number: UInt32, _ awaits: Bool) {
        items[number]?.awaitsSecondChangeKey = awaits
    }

    mutating func remove(_ number: UInt32) {
        guard let item = items.removeValue(forKey: number) else { return }
        sequence += 1
        tombstones.append(Tombstone(sequence: sequence, id: item.identifier(in: tag, immutable: false)))
        for date in item.occurrenceDates() {
            tombstones.append(
                Tombstone(sequence: sequence, id: item.identifier(in: tag, occurrence: date, immutable: false)))
        }
    }

    mutating func expireDelta(_ how: DeltaExpiry) {
        deltaEpoch += 1
        deltaExpiry = how
    }
}
