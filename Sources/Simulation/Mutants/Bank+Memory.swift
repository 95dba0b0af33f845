import CalendarModel
import SyncEngine
import SyncService
import Synchronization

extension Mutant {
    /// What is remembered is wrong.
    static let memory: [Mutant] = [
        .store("stale-base", "After a write the base keeps what stood before it (vdirsyncer).") { store, scratch in
            store.effects = { effects in
                effects.map { effect in
                    guard case .pair(var pairing) = effect else { return effect }
                    scratch.pairings.withLock { known in
                        if let old = known[pairing.id] {
                            pairing.bookingBase = old.bookingBase
                            pairing.eventBase = old.eventBase
                        }
                        known[pairing.id] = pairing
                    }
                    return .pair(pairing)
                }
            }
        },
        .store("cursor-first", "The cursor is kept before what it brought (cal.com).") { store, _ in
            store.record = { base, reading, link in
                var empty = reading
                (empty.observed, empty.gone) = ([], [])
                try await base.record(empty, for: link)
                try await base.record(reading, for: link)
            }
        },
        .store("cursor-without-deletions", "The cursor is kept, and what it said to be gone is not.") { store, _ in
            store.record = { base, reading, link in
                var part = reading
                part.gone = []
                try await base.record(part, for: link)
            }
        },
        .store("new-key", "A call without an answer is made again under another key.") { store, _ in
            store.open = { base, intent in
                guard case .createEvent = intent.operation.action else { return try await base.open(intent) }
                let earlier = try await base.open(intent)
                guard earlier.key != intent.key else { return earlier }
                try await base.close(earlier.key, as: .abandoned, effects: [], at: intent.openedAt)
                return try await base.open(intent)
            }
        },
        .store("amnesia", "Open intents are forgotten when a process starts (no look for what landed).") { store, _ in
            store.memory = { $0.openIntents = [] }
        },
        .store("says-it-was-read", "A calendar that could not be read counts as read.") { store, _ in
            store.finish = { base, report in
                if !report.read, let cursor = try await base.memory(of: report.link)?.cursor {
                    let reading = RecordedReading(observed: [], gone: [], cursor: cursor, at: report.finishedAt)
                    try await base.record(reading, for: report.link)
                }
                try await base.finish(report)
            }
        },
        .store("policy-lost", "The link's content policy is forgotten: everything crosses.") { store, _ in
            store.memory = { $0.link.policy.content = .everything }
        },
        Mutant("talkative-history", "The story of a booking names its subject, whatever the policy.") {
            environment, scratch in
            var calendar = AlteredCalendar(environment.connector)
            calendar.reading = { (_, _, reading) async throws(ConnectorError) in
                let events = reading.changed
                scratch.subjects.withLock { for event in events { $0[event.id] = event.meeting.subject } }
            }
            var store = AlteredStore(environment.store)
            store.effects = { effects in
                effects.map { effect in
                    guard case .tell(var entry) = effect, let event = entry.event else { return effect }
                    entry.sentence += scratch.subjects.withLock { $0[event] } ?? ""
                    return .tell(entry)
                }
            }
            environment.connector = calendar
            environment.store = store
        },
        .store("all-for-one", "A pass that fails stops the next one, whichever link it is of.") { store, scratch in
            store.memory = { _ in
                let hasFailed = scratch.hasFailed.withLock { flag in
                    defer { flag = false }
                    return flag
                }
                if hasFailed { throw BrokenStore() }
            }
            store.finish = { base, report in
                if report.failure != nil { scratch.hasFailed.withLock { $0 = true } }
                try await base.finish(report)
            }
        },
    ]

    private struct BrokenStore: Error {}
}
