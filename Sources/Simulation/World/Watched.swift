import CalendarModel
import LoopBooking
import SyncEngine
import SyncService
import TestSupport

/// The engine's memory: what is written is looked at, and the process may die around each call.
struct WatchedStore: SyncStore {
    let base: any SyncStore
    let world: World

    func begin(_ link: LinkID) async throws -> any SyncStore {
        WatchedStore(
            base: try await world.living(.store, "Starting a pass") { try await base.begin(link) }, world: world)
    }

    func memory(of link: LinkID) async throws -> LinkMemory? {
        try await world.living(.store, "Reading the memory") { try await base.memory(of: link) }
    }

    func record(_ reading: RecordedReading, for link: LinkID) async throws {
        try await world.living(.store, "Keeping what was read") {
            try await base.record(reading, for: link)
            await world.kept(reading.observed, of: link)
        }
    }

    func open(_ intent: Intent) async throws -> Intent {
        try await world.living(.store, "Writing an intent down") {
            let opened = try await base.open(intent)
            await world.kept(opened)
            return opened
        }
    }

    func close(
        _ key: OperationKey, as outcome: Intent.Outcome, effects: [Effect], at now: Instant
    ) async throws {
        try await world.living(.store, "Closing an intent") {
            try await base.close(key, as: outcome, effects: effects, at: now)
            await world.kept(effects)
        }
    }

    func apply(_ effects: [Effect], for link: LinkID, at now: Instant) async throws {
        try await world.living(.store, "Keeping what was decided") {
            try await base.apply(effects, for: link, at: now)
            await world.kept(effects)
        }
    }

    func finish(_ report: PassReport) async throws {
        try await world.living(.store, "Keeping the report") { try await base.finish(report) }
    }
}

/// LoopBooking behind the engine's port.
struct WatchedBookings: BookingSystem {
    let base: LoopBookingSystem
    let world: World
    let room: Int

    private func living<Value: Sendable>(
        _ name: String, _ call: Call = .desk, _ body: @Sendable () async throws(BookingError) -> Value
    ) async throws(BookingError) -> Value {
        do {
            return try await world.living(call, name, body)
        } catch let error as BookingError { throw error } catch { throw .unavailable("The process died.") }
    }

    func bookings(in room: RoomID, window: TimeSpan, known: Set<BookingID>) async throws(BookingError) -> [Booking] {
        try await living("Reading the bookings", .bookings) { () async throws(BookingError) in
            try await base.bookings(in: room, window: window, known: known)
        }
    }

    func slotsEnd(of room: RoomID) async throws(BookingError) -> Instant { try await base.slotsEnd(of: room) }

    func create(
        _ meeting: Meeting, in room: RoomID, key: OperationKey, slotTakenAt: Instant, because reason: String
    ) async throws(BookingError) -> Booking {
        let booking = try await living("Making a booking") { () async throws(BookingError) in
            try await base.create(meeting, in: room, key: key, slotTakenAt: slotTakenAt, because: reason)
        }
        await world.wrote([booking], in: self.room)
        return booking
    }

    func update(
        _ id: BookingID, to meeting: Meeting, parts: MeetingParts, ifRevision revision: Int64, because reason: String
    ) async throws(BookingError) -> Booking {
        let before = world.bookings.booking(id)
        let booking = try await living("Changing a booking") { () async throws(BookingError) in
            try await base.update(id, to: meeting, parts: parts, ifRevision: revision, because: reason)
        }
        await world.wrote([booking], in: room)
        await world.wrote(before?.meeting, booking.meeting, "booking \(id)")
        return booking
    }

    func updateTogether(_ updates: [BookingUpdate]) async throws(BookingError) -> [Booking] {
        let bookings = try await living("Moving bookings together") { () async throws(BookingError) in
            try await base.updateTogether(updates)
        }
        await world.wrote(bookings, in: room)
        return bookings
    }

    func setStatus(
        _ id: BookingID, to status: Booking.Status, ifRevision revision: Int64, because reason: String
    ) async throws(BookingError) -> Booking {
        try await living("Changing a booking's status") { () async throws(BookingError) in
            try await base.setStatus(id, to: status, ifRevision: revision, because: reason)
        }
    }
}

/// The calendar behind the engine's port.
struct WatchedCalendar: CalendarConnector {
    let base: InMemoryCalendar
    let world: World
    let room: Int

    var capabilities: ConnectorCapabilities { base.capabilities }
    func expresses(_ meeting: Meeting) -> Bool { base.expresses(meeting) }
    func diagnose(_ addresses: [String]) async -> [Finding] { await base.diagnose(addresses) }

    private func living<Value: Sendable>(
        _ call: String, _ body: @Sendable () async throws(ConnectorError) -> Value
    ) async throws(ConnectorError) -> Value {
        do {
            return try await world.living(Call(connector: call), call, body)
        } catch let error as ConnectorError { throw error } catch {
            throw ConnectorError(
                .cancelled, operation: call,
                diagnosis: Diagnosis(code: "simulation.died", summary: "The process died.", remedy: "None."))
        }
    }

    func discoverResources() async throws(ConnectorError) -> [Resource] { try await base.discoverResources() }
    func resource(at address: String) async throws(ConnectorError) -> Resource {
        try await base.resource(at: address)
    }

    func readChanges(of address: String, since cursor: Cursor?, window: TimeSpan) async throws(ConnectorError)
        -> Reading
    {
        let reading = try await living("events.changes") { () async throws(ConnectorError) in
            try await base.readChanges(of: address, since: cursor, window: window)
        }
        await world.wasRead(room)
        return reading
    }

    func fetch(_ id: EventID, in address: String) async throws(ConnectorError) -> Event? {
        try await living("events.fetch") { () async throws(ConnectorError) in try await base.fetch(id, in: address) }
    }

    func find(_ tag: EventTag, in address: String) async throws(ConnectorError) -> Event? {
        try await living("events.find") { () async throws(ConnectorError) in try await base.find(tag, in: address) }
    }

    func tags(of ids: [EventID], in address: String) async throws(ConnectorError) -> [EventID: EventTag] {
        try await living("events.tags") { () async throws(ConnectorError) in try await base.tags(of: ids, in: address) }
    }

    func create(_ draft: EventDraft, in address: String) async throws(ConnectorError) -> WriteOutcome {
        await world.writes(draft.meeting, to: room)
        return try await living("events.create") { () async throws(ConnectorError) in
            try await base.create(draft, in: address)
        }
    }

    func update(
        _ reference: EventReference, to meeting: Meeting, parts: MeetingParts, ifVersion version: Version?,
        in address: String
    ) async throws(ConnectorError) -> WriteOutcome {
        await world.writes(meeting, to: room)
        let before = if let id = reference.event { await base.event(id) } else { Event?.none }
        await world.marks(reference.event, meeting)
        let outcome = try await living("events.update") { () async throws(ConnectorError) in
            try await base.update(reference, to: meeting, parts: parts, ifVersion: version, in: address)
        }
        if reference.organizerEvent == nil, version == before?.version {
            await world.wrote(before?.meeting, outcome.event.meeting, "event \(outcome.event.id)")
        }
        return outcome
    }

    func cancel(
        _ reference: EventReference, ifVersion version: Version?, comment: String, in address: String
    ) async throws(ConnectorError) {
        try await living("events.cancel") { () async throws(ConnectorError) in
            try await base.cancel(reference, ifVersion: version, comment: comment, in: address)
        }
    }

    func decline(
        _ id: EventID, occurrence: WallTime?, comment: String, in address: String
    ) async throws(ConnectorError) {
        try await living("events.decline") { () async throws(ConnectorError) in
            try await base.decline(id, occurrence: occurrence, comment: comment, in: address)
        }
        if comment.isEmpty { await world.note(.nothingLost, "A meeting was declined without a reason.") }
    }

    func propose(
        _ time: MeetingTime, for id: EventID, occurrence: WallTime?, comment: String, in address: String
    ) async throws(ConnectorError) {
        try await living("events.propose") { () async throws(ConnectorError) in
            try await base.propose(time, for: id, occurrence: occurrence, comment: comment, in: address)
        }
    }

    func organizerCopy(_ organizerEvent: EventID, in address: String) async throws(ConnectorError) -> Event? {
        try await living("events.organizerCopy") { () async throws(ConnectorError) in
            try await base.organizerCopy(organizerEvent, in: address)
        }
    }
}
