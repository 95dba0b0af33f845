import CalendarModel
import CalendarTime
import Foundation
import GraphConnector
import StandIns
import SyncEngine
import Testing

/// A write in several steps that is cut short anywhere: whoever reads next finds the series as it was meant.
@Suite("The connector against loopsim: interrupted writes of series", .serialized, .timeLimit(.minutes(5)))
struct SeriesInterruptedTests {
    private typealias Fixture = SeriesFixture

    private func before() throws -> Meeting {
        try Fixture.weekly(
            cancelled: [Fixture.wall(9)], exceptions: [Fixture.wall(16): try Fixture.moved(17, 14, "Moved")])
    }

    /// Lets some requests through, and cuts all that follow.
    private func cut(_ world: StandInWorld, after number: Int, _ kind: Fault.Kind) async {
        await world.fault(
            .init(Fault(.slow, milliseconds: 0), path: "/v1.0/", limit: number), .init(Fault(kind), path: "/v1.0/"))
    }

    @Test(arguments: 0..<9, [Fault.Kind.cutBefore, .cutAfter])
    func `A create`(_ number: Int, _ kind: Fault.Kind) async throws {
        try await StandInWorld.run { world in
            let wanted = try before()
            let draft = StandInWorld.draft(wanted)
            _ = try await world.read()
            await cut(world, after: number, kind)
            let outcome = try? await world.create(draft)
            await world.sim.faults.clear()
            world.settle()
            // Whoever looks first, by whatever way.
            let found =
                number % 2 == 0
                ? try await world.connector.find(draft.tag, in: StandInWorld.room)
                : try await world.read().changed.first
            if outcome != nil { #expect(found != nil) }
            if let found {
                #expect(wanted.differences(from: found.meeting, among: Fixture.content) == [])
                let again = try await world.create(draft)
                #expect(again.event.id == found.id)
            }
            let reading = try await world.read()
            #expect(reading.changed.count == (found == nil ? 0 : 1))
        }
    }

    @Test(arguments: 0..<10, [Fault.Kind.cutBefore, .cutAfter])
    func `A change of the rule with exceptions present`(_ number: Int, _ kind: Fault.Kind) async throws {
        try await StandInWorld.run { world in
            let old = try before()
            let event = try await world.create(StandInWorld.draft(old)).event
            world.settle()
            let first = try await world.read()
            let present = try #require(first.changed.first)
            var wanted = old
            wanted.recurrence?.rule.end = .after(count: 12)
            wanted.recurrence?.set(.asRule, of: Fixture.wall(9))
            wanted.recurrence?.set(.cancelled, of: Fixture.wall(23))
            await cut(world, after: number, kind)
            let outcome = try? await world.update(present, to: wanted, [.recurrence])
            await world.sim.faults.clear()
            world.settle()
            let found = try #require(
                number % 2 == 0
                    ? try await world.fetch(event.id)
                    : try await world.read(since: first.cursor).changed.first ?? present)
            // Before or after, never in between.
            let isDone = wanted.differences(from: found.meeting, among: Fixture.content).isEmpty
            #expect(isDone || old.differences(from: found.meeting, among: Fixture.content).isEmpty)
            if outcome != nil { #expect(isDone) }
            let again = try await world.update(found, to: wanted, [.recurrence])
            #expect(wanted.differences(from: again.event.meeting, among: Fixture.content) == [])
        }
    }
}
