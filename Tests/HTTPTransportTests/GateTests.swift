import CalendarModel
import HTTPTransport
import Synchronization
import Testing

@Suite("Calls keep to the speed limit", .timeLimit(.minutes(1))) struct GateTests {
    /// Waits until a condition holds, letting others run.
    private func until(_ condition: @Sendable () -> Bool) async {
        while !condition() { await Task.yield() }
    }

    private final class Flag: Sendable {
        private let state = Mutex(false)
        var isUp: Bool { state.withLock { $0 } }
        func raise() { state.withLock { $0 = true } }
    }

    private final class Order: Sendable {
        private let state = Mutex<[Int]>([])
        var all: [Int] { state.withLock { $0 } }
        func append(_ number: Int) { state.withLock { $0.append(number) } }
    }

    private final class Peak: Sendable {
        private let state = Mutex((now: 0, most: 0))
        var most: Int { state.withLock(\.most) }
        var now: Int { state.withLock(\.now) }
        func enter() {
            state.withLock { state in
                state.now += 1
                state.most = max(state.most, state.now)
            }
        }
        func leave() { state.withLock { $0.now -= 1 } }
    }

    @Test func `Never more than the limit, and everybody gets through`() async throws {
        let gate = Gate(capacity: 4)
        let peak = Peak()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    try await gate.withPermits {
                        peak.enter()
                        for _ in 0..<5 { await Task.yield() }
                        peak.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(peak.most == 4)
        #expect(gate.usage == (0, 0))
    }

    @Test func `Who came first goes first, and a heavy call is not passed over`() async throws {
        let gate = Gate(capacity: 4)
        let order = Order()
        let release = Flag()
        let holder = Task {
            try await gate.withPermits(4) { await until { release.isUp } }
        }
        await until { gate.usage.taken == 4 }
        var waiters: [Task<Void, any Error>] = []
        for (index, weight) in [3, 4, 1, 1].enumerated() {
            waiters.append(
                Task { try await gate.withPermits(weight) { order.append(index) } })
            await until { gate.usage.waiting == index + 1 }
        }
        release.raise()
        try await holder.value
        for waiter in waiters { try await waiter.value }
        #expect(Array(order.all.prefix(2)) == [0, 1])
        #expect(gate.usage == (0, 0))
    }

    @Test func `A cancelled waiter leaves at once and holds nothing`() async throws {
        let gate = Gate(capacity: 1)
        let release = Flag()
        let holder = Task { try await gate.withPermits { await until { release.isUp } } }
        await until { gate.usage.taken == 1 }
        let waiter = Task { try await gate.withPermits {} }
        await until { gate.usage.waiting == 1 }
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
        #expect(gate.usage == (1, 0))
        release.raise()
        try await holder.value
        try await gate.withPermits {}
        #expect(gate.usage == (0, 0))
    }

    @Test func `A task that is cancelled before it comes never enters`() async {
        let gate = Gate(capacity: 1)
        let task = Task {
            await until { Task.isCancelled }
            try await gate.withPermits {}
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(gate.usage == (0, 0))
    }

    @Test func `When a heavy waiter gives up, the light ones behind it go on`() async throws {
        let gate = Gate(capacity: 4)
        let release = Flag()
        let holder = Task { try await gate.withPermits(2) { await until { release.isUp } } }
        await until { gate.usage.taken == 2 }
        let heavy = Task { try await gate.withPermits(4) {} }
        await until { gate.usage.waiting == 1 }
        let light = Task { try await gate.withPermits(2) {} }
        await until { gate.usage.waiting == 2 }
        heavy.cancel()
        try await light.value
        release.raise()
        try await holder.value
    }

    @Test func `Nobody calls a mailbox before the instant that the vendor named`() async throws {
        let clock = Mutex(Instant(seconds: 1000))
        let slept = Mutex<[Duration]>([])
        let gates = Gates(
            now: { clock.withLock { $0 } },
            sleep: { duration in
                slept.withLock { $0.append(duration) }
                clock.withLock { $0 = $0.advanced(by: duration) }
            })
        gates.hold("oslo", until: Instant(seconds: 1007))
        gates.hold("oslo", until: Instant(seconds: 1003))
        try await gates.pass("bergen") {}
        #expect(slept.withLock { $0 }.isEmpty)
        let at = try await gates.pass("oslo") { clock.withLock { $0 } }
        #expect(slept.withLock { $0 } == [.seconds(7)])
        #expect(at == Instant(seconds: 1007))
        #expect(gates.notBefore("oslo") == nil)
    }

    @Test func `One key's crowd leaves room for another's`() async throws {
        let gates = Gates(perKey: 2, over: 3, now: { Instant(seconds: 0) }, sleep: { _ in })
        let release = Flag()
        let peak = Peak()
        let crowd = (0..<6).map { _ in
            Task {
                try await gates.pass("oslo") {
                    peak.enter()
                    await until { release.isUp }
                    peak.leave()
                }
            }
        }
        await until { peak.now == 2 }
        try await gates.pass("bergen") {}
        #expect(peak.most == 2)
        release.raise()
        for task in crowd { try await task.value }
        #expect(peak.most == 2)
    }
}
