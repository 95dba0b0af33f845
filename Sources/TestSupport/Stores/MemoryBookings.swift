import CalendarModel
import LoopBooking
import Synchronization

/// One organization's rooms and bookings without a database. It keeps the same contract as the one in SQL; one suite of
/// tests holds both to it.
package final class MemoryBookings: BookingStore {
    private let shelf = Mutex(BookingShelf())
    /// Whether a room's bookings can be promised.
    private let certainty: @Sendable (RoomID, Instant) -> RoomCertainty

    package init(certainty: @escaping @Sendable (RoomID, Instant) -> RoomCertainty = { _, _ in .certain }) {
        self.certainty = certainty
    }

    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any BookingReading) throws -> Value
    ) async throws -> Value {
        let shelf = shelf.withLock { $0 }
        return try body(MemoryBookingTransaction(shelf: shelf, certainty: certainty))
    }

    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (any BookingTransaction) throws -> Value
    ) async throws -> Value {
        try shelf.withLock { shelf in
            // Taken out of the lock's hands, so that writing need not copy what nobody else looks at.
            let transaction = MemoryBookingTransaction(shelf: shelf, certainty: certainty)
            let value = try body(transaction)
            shelf = transaction.shelf
            return value
        }
    }

    /// Every booking, by id.
    package var all: [Booking] { shelf.withLock { $0.bookings.values.sorted { $0.id < $1.id } } }
    package func booking(_ id: BookingID) -> Booking? { shelf.withLock { $0.bookings[id] } }
    /// Counts up with everything that is written.
    package var revision: Int { shelf.withLock { $0.revision } }
}

/// What is kept.
struct BookingShelf {
    var rooms: [RoomID: Room] = [:]
    var bookings: [BookingID: Booking] = [:]
    var keys: [OperationKey: BookingID] = [:]
    /// Per room, in order of time; no two overlap.
    var slots: [RoomID: [HeldSlot]] = [:]
    var holdings: [BookingID: Holding] = [:]
    var feed: [BookingChangeRecord] = []
    var answers: [String: (digest: String, entity: any Codable & Sendable)] = [:]
    var revision = 0
}

/// One transaction's view; what it wrote is the shelf's when it ends well.
final class MemoryBookingTransaction: BookingTransaction {
    fileprivate(set) var shelf: BookingShelf
    private let certainty: @Sendable (RoomID, Instant) -> RoomCertainty

    init(shelf: BookingShelf, certainty: @escaping @Sendable (RoomID, Instant) -> RoomCertainty) {
        self.shelf = shelf
        self.certainty = certainty
    }

    // MARK: Reading

    func room(_ id: RoomID) throws -> Room? { shelf.rooms[id] }

    func rooms(after name: String?, limit: Int) throws -> [Room] {
        let sorted = shelf.rooms.values.sorted { $0.name < $1.name }
        return Array(sorted.filter { room in name.map { room.name > $0 } ?? true }.prefix(limit))
    }

    func booking(_ id: BookingID) throws -> Booking? { shelf.bookings[id] }

    func bookings(_ query: BookingQuery) throws -> [Booking] {
        let found = shelf.bookings.values.compactMap { booking -> (start: Instant, booking: Booking)? in
            if let room = query.room, room != booking.room { return nil }
            if let status = query.status, status != booking.status { return nil }
            let reach = shelf.holdings[booking.id]?.reach ?? booking.meeting.span
            if let from = query.from, reach.end <= from { return nil }
            if let to = query.to, reach.start >= to { return nil }
            if let place = query.after, (reach.start, booking.id) <= (place.start, place.id) { return nil }
            return (reach.start, booking)
        }
        let inOrder = found.sorted { ($0.start, $0.booking.id) < ($1.start, $1.booking.id) }
        return inOrder.prefix(query.limit).map(\.booking)
    }

    func booking(madeBy key: OperationKey) throws -> Booking? { shelf.keys[key].flatMap { shelf.bookings[$0] } }

    func slots(in room: RoomID, during span: TimeSpan) throws -> [HeldSlot] {
        span.isEmpty ? [] : (shelf.slots[room] ?? []).filter { $0.span.overlaps(span) }
    }

    func rolling(in room: RoomID, before limit: Instant) throws -> [RollingSeries] {
        let found = shelf.bookings.values.compactMap { booking -> RollingSeries? in
            guard booking.room == room, let through = shelf.holdings[booking.id]?.through, through < limit else {
                return nil
            }
            return RollingSeries(booking: booking, through: through)
        }
        return found.sorted { $0.booking.id < $1.booking.id }
    }

    func upcoming(in room: RoomID, after instant: Instant, limit: Int) throws -> [Booking] {
        func end(_ booking: Booking) -> Instant { (shelf.holdings[booking.id]?.reach ?? booking.meeting.span).end }
        let found = shelf.bookings.values.filter { $0.room == room && $0.status.holdsRoom && end($0) > instant }
        return Array(found.sorted { (end($0), $0.id) < (end($1), $1.id) }.prefix(limit))
    }

    func changes(after position: Int64, limit: Int) throws -> [BookingChangeRecord] {
        Array(shelf.feed.filter { $0.position > position }.prefix(limit))
    }

    func changes(of booking: BookingID) throws -> [BookingChangeRecord] {
        shelf.feed.filter { $0.booking == booking }.sorted { $0.revision < $1.revision }
    }

    func certainty(of room: RoomID, at now: Instant) throws -> RoomCertainty { certainty(room, now) }
    func useOutsideLoopBooking(of room: RoomID) throws -> String? { nil }

    func answer<Entity: Codable & Sendable>(to request: RequestKey, as type: Entity.Type) throws -> (
        digest: String, entity: Entity
    )? {
        guard let answer = shelf.answers[Self.name(request)] else { return nil }
        guard answer.digest == request.digest, let entity = answer.entity as? Entity else {
            throw DeskError.requestKeyReused
        }
        return (answer.digest, entity)
    }

    private static func name(_ request: RequestKey) -> String { "\(request.client)\n\(request.key)" }

    // MARK: Writing

    func insert(_ room: Room, at now: Instant) throws {
        shelf.rooms[room.id] = room
        shelf.revision += 1
    }

    func update(_ room: Room, at now: Instant) throws { try insert(room, at: now) }

    func remove(_ room: RoomID, at now: Instant) throws {
        shelf.rooms[room] = nil
        shelf.revision += 1
    }

    func insert(_ booking: Booking, holding: Holding, key: OperationKey?) throws {
        guard shelf.bookings[booking.id] == nil else { throw MemoryStoreError.noSuchRow(booking.id.rawValue) }
        shelf.bookings[booking.id] = booking
        try hold(holding, for: booking.id)
        if let key { shelf.keys[key] = booking.id }
    }

    func update(_ booking: Booking, holding: Holding) throws {
        guard shelf.bookings[booking.id] != nil else { throw MemoryStoreError.noSuchRow(booking.id.rawValue) }
        shelf.bookings[booking.id] = booking
        try hold(holding, for: booking.id)
    }

    func hold(_ holding: Holding, for booking: BookingID) throws {
        guard let room = shelf.bookings[booking]?.room else { throw MemoryStoreError.noSuchRow(booking.rawValue) }
        var slots = shelf.slots[room] ?? []
        slots.removeAll { $0.booking == booking }
        slots += holding.slots.map { HeldSlot(booking: booking, span: $0) }
        slots.sort { $0.span.start < $1.span.start }
        for (left, right) in zip(slots, slots.dropFirst()) where left.span.overlaps(right.span) {
            throw MemoryStoreError.slotTaken(by: left.booking)
        }
        shelf.slots[room] = slots
        shelf.holdings[booking] = holding
        shelf.revision += 1
    }

    func append(_ change: BookingChangeRecord) throws {
        var change = change
        change.position = Int64(shelf.feed.count) + 1
        shelf.feed.append(change)
    }

    func remember<Entity: Codable & Sendable>(
        _ entity: Entity, answering request: RequestKey, at now: Instant
    ) throws {
        shelf.answers[Self.name(request)] = (request.digest, entity)
    }
}
