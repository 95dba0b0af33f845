import CalendarModel

/// Where one organization's rooms and bookings are kept. Everything in it belongs to that organization; nothing of
/// another can be reached through it.
package protocol BookingStore: Sendable {
    /// Runs `body` on one state of the data.
    func read<Value: Sendable>(_ body: @escaping @Sendable (any BookingReading) throws -> Value) async throws -> Value

    /// Runs `body` in one write transaction: everything it wrote stays when it returns, nothing when it throws. One
    /// at a time.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any BookingTransaction) throws -> Value
    ) async throws -> Value
}

package protocol BookingReading {
    /// Rooms that were removed are not found.
    func room(_ id: RoomID) throws -> Room?
    /// By name, those after `name`.
    func rooms(after name: String?, limit: Int) throws -> [Room]
    func booking(_ id: BookingID) throws -> Booking?
    /// By reach (``Holding/reach``): a series also when none of its occurrences falls between the bounds.
    func bookings(_ query: BookingQuery) throws -> [Booking]
    /// The booking that a write with this key made.
    func booking(madeBy key: OperationKey) throws -> Booking?
    /// The slots that overlap `span`, in order of time. No two slots of a room overlap.
    func slots(in room: RoomID, during span: TimeSpan) throws -> [HeldSlot]
    /// Series whose slots are kept up to an instant before `limit` only, because they go on beyond.
    func rolling(in room: RoomID, before limit: Instant) throws -> [RollingSeries]
    /// Bookings that are not cancelled or refused and whose reach ends after `instant`, in order of that end.
    func upcoming(in room: RoomID, after instant: Instant, limit: Int) throws -> [Booking]
    func changes(after position: Int64, limit: Int) throws -> [BookingChangeRecord]
    func changes(of booking: BookingID) throws -> [BookingChangeRecord]
    /// Whether a booking of the room can be promised now: a link that could not read its calendar for too long is not
    /// certain.
    func certainty(of room: RoomID, at now: Instant) throws -> RoomCertainty
    /// Why the room cannot be removed, in words; nil when nothing outside LoopBooking needs it.
    func useOutsideLoopBooking(of room: RoomID) throws -> String?
    /// What was answered to an earlier request with the same key.
    func answer<Entity: Codable & Sendable>(to request: RequestKey, as type: Entity.Type) throws -> (
        digest: String, entity: Entity
    )?
}

package protocol BookingTransaction: BookingReading {
    func insert(_ room: Room, at now: Instant) throws
    func update(_ room: Room, at now: Instant) throws
    func remove(_ room: RoomID, at now: Instant) throws
    func insert(_ booking: Booking, holding: Holding, key: OperationKey?) throws
    func update(_ booking: Booking, holding: Holding) throws
    /// Changes what a booking holds, and nothing else about it: no revision, no entry in the change feed.
    func hold(_ holding: Holding, for booking: BookingID) throws
    /// Appends to the change feed; the position is given by the store.
    func append(_ change: BookingChangeRecord) throws
    func remember<Entity: Codable & Sendable>(_ entity: Entity, answering request: RequestKey, at now: Instant) throws
}

/// Which bookings to list. In order of the start of their reach, then id.
package struct BookingQuery: Hashable, Sendable {
    package var room: RoomID?
    /// Bookings whose reach ends after this.
    package var from: Instant?
    /// Bookings whose reach starts before this.
    package var to: Instant?
    /// All when nil.
    package var status: Booking.Status?
    package var after: Place?
    package var limit: Int

    /// A place in the list: behind this booking.
    package struct Place: Hashable, Sendable {
        /// The start of the booking's reach.
        package var start: Instant
        package var id: BookingID

        package init(start: Instant, id: BookingID) {
            self.start = start
            self.id = id
        }
    }

    package init(
        room: RoomID? = nil, from: Instant? = nil, to: Instant? = nil, status: Booking.Status? = nil,
        after: Place? = nil, limit: Int = 50
    ) {
        self.room = room
        self.from = from
        self.to = to
        self.status = status
        self.after = after
        self.limit = limit
    }
}

/// Whether a room's calendar is known well enough to say yes.
package enum RoomCertainty: Hashable, Sendable {
    case certain
    /// The room itself is asked about each booking made here, and about each new time of one: held as pending until it
    /// answers, for this reason.
    case asksRoom(String)
    /// New bookings are held as pending, for this reason.
    case hold(String)
    /// New bookings are refused, for this reason.
    case refuse(String)
}

/// Makes one request of one client repeatable: the same key with the same content is answered the same again.
package struct RequestKey: Hashable, Sendable {
    /// Whose key it is: a token's id.
    package var client: String
    package var key: String
    /// A digest of what was asked for.
    package var digest: String

    package init(client: String, key: String, digest: String) {
        self.client = client
        self.key = key
        self.digest = digest
    }
}
