import CalendarModel
import SyncEngine
import Synchronization

/// The engine's memory with one fault.
struct AlteredStore: SyncStore {
    private var base: any SyncStore
    var memory: @Sendable (inout LinkMemory) async throws -> Void = { _ in }
    var record: @Sendable (any SyncStore, RecordedReading, LinkID) async throws -> Void = {
        try await $0.record($1, for: $2)
    }
    var open: @Sendable (any SyncStore, Intent) async throws -> Intent = { try await $0.open($1) }
    var effects: @Sendable ([Effect]) async -> [Effect] = { $0 }
    var finish: @Sendable (any SyncStore, PassReport) async throws -> Void = { try await $0.finish($1) }

    init(_ base: any SyncStore) { self.base = base }

    func begin(_ link: LinkID) async throws -> any SyncStore {
        var result = self
        result.base = try await base.begin(link)
        return result
    }

    func memory(of link: LinkID) async throws -> LinkMemory? {
        guard var result = try await base.memory(of: link) else { return nil }
        try await memory(&result)
        return result
    }

    func record(_ reading: RecordedReading, for link: LinkID) async throws { try await record(base, reading, link) }
    func open(_ intent: Intent) async throws -> Intent { try await open(base, intent) }
    func close(_ key: OperationKey, as outcome: Intent.Outcome, effects: [Effect], at now: Instant) async throws {
        try await base.close(key, as: outcome, effects: await self.effects(effects), at: now)
    }
    func apply(_ effects: [Effect], for link: LinkID, at now: Instant) async throws {
        try await base.apply(await self.effects(effects), for: link, at: now)
    }
    func finish(_ report: PassReport) async throws { try await finish(base, report) }
}

/// What a broken engine remembers from pass to pass, within one world.
package final class Scratch: Sendable {
    let pairings = Mutex<[PairingID: Pairing]>([:])
    let subjects = Mutex<[EventID: String]>([:])
    let lastWrite = Mutex<Instant?>(nil)
    let hasFailed = Mutex(false)
}
