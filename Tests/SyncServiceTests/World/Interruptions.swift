import CalendarModel
import SQLStore
import SyncEngine
import SyncService
import TestSupport

/// The process died here.
struct Crash: Error {}

/// The engine's memory in the database, until the process dies: before what it was asked to keep was kept, or after.
struct MortalStore: SyncStore {
    let base: any SyncStore
    let dice: Dice
    /// The share of calls at which the process dies.
    let mortality: Double
    let interruption: @Sendable () async -> Void

    private func living<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        await interruption()
        if dice.chance(mortality / 2) { throw Crash() }
        let value = try await body()
        if dice.chance(mortality / 2) { throw Crash() }
        return value
    }

    func begin(_ link: LinkID) async throws -> any SyncStore {
        let base = try await base.begin(link)
        return MortalStore(base: base, dice: dice, mortality: mortality, interruption: interruption)
    }
    func memory(of link: LinkID) async throws -> LinkMemory? { try await living { try await base.memory(of: link) } }
    func record(_ reading: RecordedReading, for link: LinkID) async throws {
        try await living { try await base.record(reading, for: link) }
    }
    func open(_ intent: Intent) async throws -> Intent { try await living { try await base.open(intent) } }
    func close(
        _ key: OperationKey, as outcome: Intent.Outcome, effects: [Effect], at now: Instant
    ) async throws {
        try await living { try await base.close(key, as: outcome, effects: effects, at: now) }
    }
    func apply(_ effects: [Effect], for link: LinkID, at now: Instant) async throws {
        try await living { try await base.apply(effects, for: link, at: now) }
    }
    func finish(_ report: PassReport) async throws { try await living { try await base.finish(report) } }
}

/// LoopBooking, where other people get in right after the engine looked.
struct BusyBookings: BookingSystem {
    let base: LoopBookingSystem
    let interruption: @Sendable () async -> Void

    func bookings(in room: RoomID, window: TimeSpan, known: Set<BookingID>) async throws(BookingError) -> [Booking] {
        let bookings = try await base.bookings(in: room, window: window, known: known)
        await interruption()
        return bookings
    }

    func slotsEnd(of room: RoomID) async throws(BookingError) -> Instant { try await base.slotsEnd(of: room) }

    func create(
        _ meeting: Meeting, in room: RoomID, key: OperationKey, slotTakenAt: Instant, because reason: String
    ) async throws(BookingError) -> Booking {
        try await base.create(meeting, in: room, key: key, slotTakenAt: slotTakenAt, because: reason)
    }

    func update(
        _ id: BookingID, to meeting: Meeting, parts: MeetingParts, ifRevision revision: Int64,
        because reason: String
    ) async throws(BookingError) -> Booking {
        try await base.update(id, to: meeting, parts: parts, ifRevision: revision, because: reason)
    }

    func updateTogether(_ updates: [BookingUpdate]) async throws(BookingError) -> [Booking] {
        try await base.updateTogether(updates)
    }

    func setStatus(
        _ id: BookingID, to status: Booking.Status, ifRevision revision: Int64, because reason: String
    ) async throws(BookingError) -> Booking {
        try await base.setStatus(id, to: status, ifRevision: revision, because: reason)
    }
}
