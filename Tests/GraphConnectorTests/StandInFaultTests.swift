import CalendarModel
import Foundation
import GraphConnector
import StandIns
import SyncEngine
import Testing

@Suite("The connector against loopsim: when things go wrong", .timeLimit(.minutes(3))) struct StandInFaultTests {
    /// The events of the room that are there and not cancelled, as the vendor sees them.
    private func events(_ world: StandInWorld) async throws -> [Event] {
        world.clock.pass(.seconds(10))
        await world.sim.faults.clear()
        return try await world.read().changed.filter { !$0.isCancelled }
    }

    @Test(arguments: [true, false])
    func `A create whose answer is lost after it worked makes one event`(_ duplicateIsConflict: Bool) async throws {
        var settings = WorldSettings()
        settings.graph.duplicateTransactionConflicts = duplicateIsConflict
        try await StandInWorld.run(settings: settings) { world in
            await world.fault(.init(Fault(.cutAfter), method: "POST", path: "$batch", limit: 2))
            let outcome = try await world.create(StandInWorld.draft(try StandInWorld.meeting()))
            let left = try await events(world)
            #expect(left.map(\.id) == [outcome.event.id])
        }
    }

    @Test func `A create that never hears an answer says so, and can be looked up`() async throws {
        try await StandInWorld.run { world in
            await world.fault(.init(Fault(.cutAfter), method: "POST", path: "$batch"))
            let draft = StandInWorld.draft(try StandInWorld.meeting())
            let error = await #expect(throws: ConnectorError.self) {
                try await world.connector.create(draft, in: StandInWorld.room)
            }
            #expect(error?.kind == .outcomeUnknown)
            await world.sim.faults.clear()
            let found = try await world.connector.find(draft.tag, in: StandInWorld.room)
            #expect(found != nil)
            let again = try await world.create(draft)
            #expect(again.event.id == found?.id)
            let left = try await events(world)
            #expect(left.count == 1)
        }
    }

    @Test func `A create that was cut before it worked is tried again`() async throws {
        try await StandInWorld.run { world in
            await world.fault(.init(Fault(.cutBefore), method: "POST", path: "$batch", limit: 2))
            _ = try await world.create(StandInWorld.draft(try StandInWorld.meeting()))
            let left = try await events(world)
            #expect(left.count == 1)
        }
    }

    @Test func `A conditional move whose answer is lost is recognized as done`() async throws {
        try await StandInWorld.run { world in
            let outcome = try await world.create(StandInWorld.draft(try StandInWorld.meeting()))
            world.clock.pass(.seconds(10))
            let present = try await world.fetch(outcome.event.id)
            let event = try #require(present)
            for (fields, path) in [(Set([MeetingField.time]), "$batch"), (Set([MeetingField.subject]), "/events/")] {
                let before = try await world.fetch(event.id)
                await world.fault(.init(Fault(.cutAfter), path: path, limit: 1))
                let wanted = try StandInWorld.meeting("Renamed", at: 16)
                let updated = try await world.connector.update(
                    EventReference(event: event.id), to: wanted, parts: MeetingParts(fields),
                    ifVersion: before?.version,
                    in: StandInWorld.room)
                #expect(wanted.differences(from: updated.event.meeting, among: fields) == [])
                world.clock.pass(.seconds(10))
            }
        }
    }

    @Test func `Throttling is waited for, and nothing is done twice`() async throws {
        try await StandInWorld.run { world in
            await world.fault(
                .init(Fault(.throttle, retryAfter: "1.5"), path: "$batch", limit: 1),
                .init(Fault(.throttle, retryAfter: "date+3"), path: "delta", limit: 1))
            _ = try await world.create(StandInWorld.draft(try StandInWorld.meeting()))
            #expect(world.clock.slept.contains(.milliseconds(1500)))
            let reading = try await world.read()
            #expect(reading.changed.count == 1)
            #expect(world.clock.slept.contains { $0 > .seconds(1) && $0 <= .seconds(3) })
        }
    }

    @Test func `An expired token is replaced, and thirty readers share one sign-in`() async throws {
        try await StandInWorld.run { world in
            _ = try await world.read()
            await world.world.expireAccessTokens()
            let mark = await world.mark()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<30 { group.addTask { _ = try await world.read() } }
                try await group.waitForAll()
            }
            let signIns = await world.sim.requests.entries(after: mark, path: "/oauth2/v2.0/token").entries
            #expect(signIns.count == 1)
        }
    }

    @Test func `Never more than four calls are under way for one mailbox`() async throws {
        var settings = WorldSettings()
        settings.graph.processingMilliseconds = 5
        try await StandInWorld.run(settings: settings) { world in
            var ids: [EventID] = []
            for hour in 8..<12 {
                ids.append(try await world.create(StandInWorld.draft(try StandInWorld.meeting(at: hour))).event.id)
            }
            let mark = await world.mark()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask { [ids] in
                        if number % 4 == 0 {
                            _ = try await world.connector.tags(of: ids, in: StandInWorld.room)
                        } else {
                            _ = try await world.connector.fetch(ids[number % ids.count], in: StandInWorld.room)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let refused = await world.sim.requests.entries(after: mark).entries.filter { $0.status == 429 }
            #expect(refused.isEmpty)
            #expect(world.clock.slept.isEmpty, "no inner 429 either")
        }
    }

    @Test func `A refused delta round switches the room to whole windows`() async throws {
        try await StandInWorld.run { world in
            let outcome = try await world.create(StandInWorld.draft(try StandInWorld.meeting()))
            await world.fault(.init(Fault(.forbidden), path: "calendarView/delta"))
            let reading = try await world.read()
            #expect(reading.cursor.reader == .snapshot)
            #expect(reading.remarks.count == 1)
            #expect(reading.changed.map(\.id) == [outcome.event.id])
            let mark = await world.mark()
            let next = try await world.read(since: reading.cursor)
            #expect(await world.graphRequests(after: mark).count == 1)
            #expect(next.coverage == .window(StandInWorld.window))
            #expect(next.changed.map(\.id) == [outcome.event.id])
        }
    }

    @Test func `A delegate whose second page is refused is switched, as the bug report says`() async throws {
        var settings = WorldSettings()
        settings.deltaNextLinkForbidden = true
        try await StandInWorld.run(settings: settings) { world in
            _ = try await world.annaBooks(
                "Daily", at: 7, day: 2,
                more: """
                    ,"recurrence":{"pattern":{"type":"daily","interval":1},
                    "range":{"type":"endDate","startDate":"2026-03-02","endDate":"2026-07-30"}}
                    """)
            _ = try await world.annaBooks(
                "Also daily", at: 15, day: 2,
                more: """
                    ,"recurrence":{"pattern":{"type":"daily","interval":1},
                    "range":{"type":"endDate","startDate":"2026-03-02","endDate":"2026-07-30"}}
                    """)
            let reading = try await world.read()
            #expect(reading.cursor.reader == .snapshot)
            #expect(reading.changed.count == 2)
            #expect(reading.changed.allSatisfy { $0.meeting.recurrence != nil })
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `In a storm of faults every booking becomes one event`(_ seed: UInt64) async throws {
        try await StandInWorld.run { world in
            await world.sim.faults.set(
                .init(
                    seed: seed,
                    rules: [
                        .init(Fault(.cutAfter), probability: 0.15, path: "/v1.0/"),
                        .init(Fault(.cutBefore), probability: 0.1, path: "/v1.0/"),
                        .init(Fault(.serverError), probability: 0.15, path: "/v1.0/"),
                        .init(Fault(.throttle, retryAfter: "0.5"), probability: 0.1, path: "/v1.0/"),
                        .init(Fault(.unauthorized), probability: 0.05, path: "/v1.0/"),
                    ]))
            var wanted: Set<EventID> = []
            for number in 0..<12 {
                let draft = StandInWorld.draft(
                    try StandInWorld.meeting(at: 8 + number % 12), key: "seed \(seed) \(number)")
                var event: EventID?
                for _ in 0..<50 where event == nil {
                    event = try? await world.create(draft).event.id
                }
                wanted.insert(try #require(event))
            }
            let left = try await events(world)
            #expect(left.count == 12)
            #expect(Set(left.map(\.id)) == wanted)
        }
    }
}
