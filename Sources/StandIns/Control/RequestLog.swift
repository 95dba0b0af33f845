import CalendarModel

/// What was asked of the stand-ins, newest last; the oldest go when it is full.
package actor RequestLog {
    /// One request and how it ended.
    package struct Entry: Sendable, Codable, Hashable {
        /// Numbered from 1 in the order of their ends, so that a reader who asks for what came after a number misses
        /// nothing.
        package var number: Int
        /// When the request came, RFC 3339 UTC.
        package var at: String
        package var method: String
        /// With its query, as sent.
        package var path: String
        /// 0 when the connection was cut.
        package var status: Int
        /// The mailbox named in the path.
        package var mailbox: String?
        /// The application of the access token.
        package var client: String?
        /// The kind of fault that hit.
        package var fault: String?
        package var milliseconds: Int
        /// How many requests a batch held.
        package var batched: Int

        package init(
            number: Int, at: String, method: String, path: String, status: Int, mailbox: String? = nil,
            client: String? = nil, fault: String? = nil, milliseconds: Int, batched: Int = 0
        ) {
            self.number = number
            self.at = at
            self.method = method
            self.path = path
            self.status = status
            self.mailbox = mailbox
            self.client = client
            self.fault = fault
            self.milliseconds = milliseconds
            self.batched = batched
        }
    }

    private let capacity: Int
    private var entries: [Entry] = []
    /// Where the oldest entry is, once the ring is full.
    private var start = 0
    private var count = 0

    package init(capacity: Int = 200_000) { self.capacity = max(1, capacity) }

    /// The number the next entry gets is given to the closure that makes it.
    @discardableResult
    package func append(_ make: @Sendable (Int) -> Entry) -> Entry {
        count += 1
        let entry = make(count)
        if entries.count < capacity {
            entries.append(entry)
        } else {
            entries[start] = entry
            start = (start + 1) % capacity
        }
        return entry
    }

    /// Entries after a number, those whose path contains a text, and the number to ask after next time.
    package func entries(after number: Int = 0, path: String? = nil) -> (next: Int, entries: [Entry]) {
        let ordered = entries[start...] + entries[..<start]
        let found = ordered.filter { $0.number > number && (path.map($0.path.contains) ?? true) }
        return (count, Array(found))
    }

    /// Forgets the entries; numbers go on.
    package func clear() {
        entries = []
        start = 0
    }
}
