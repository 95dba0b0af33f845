import CalendarModel
import SQLStore
import SyncEngine
import TestSupport

/// The process died here.
struct Crash: Error {}

/// The engine's memory in the database, until the process dies: before what it was asked to keep was kept, or after.
struct MortalStore: SyncStore {
    let base: SQLSyncStore
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
