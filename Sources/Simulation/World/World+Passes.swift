import CalendarModel
import LoopBooking
import SyncEngine
import SyncService
import TestSupport

/// The process died here.
struct Crash: Error {}

/// Running the engine's real pass, with what happens to its calls.
extension World {
    /// Runs a pass; returns it with what happened during it.
    func run(_ pass: Pass) async -> Pass {
        let site = sites[pass.room]
        running.append(RunningPass(pass: pass, planned: inventor == nil ? pass.mishaps : nil))
        let before = PassWatch(self, pass.room)
        var report: PassReport?
        var death: (any Error)?
        do { report = try await LinkPass.run(site.link.id, in: environment(pass)) } catch { death = error }
        let done = running.removeLast()
        passes += 1
        if let report { observe(report, pass.room) }
        if sites[pass.room].isEmpty, case .held = sync.memory(site.link.id)?.link.state {
            sites[pass.room].stoppedWhileEmpty = true
        }
        if let death, !(death is Crash) {
            note(.faultStaysSmall, "A pass of link \(pass.room) ended with an error of its store: \(death).")
        }
        await judge(report, done, before)
        await compareSides(pass.room, settled: true)
        var result = done.pass
        if inventor == nil { result.mishaps = pass.mishaps }
        return result
    }

    private func observe(_ report: PassReport, _ room: Int) {
        let steps = report.steps.map { $0.action + ($0.failure == nil ? "" : " (refused)") }
        digest(steps.joined(separator: ",") + (report.failure?.code ?? ""))
        for step in report.steps {
            tell("\(step.action): \(step.sentence)" + (step.failure.map { " Refused: \($0.summary)" } ?? ""))
        }
        tell(
            "The pass did: \(steps.isEmpty ? "nothing" : steps.joined(separator: ", "))"
                + (report.failure.map { "; it ended early: \($0.summary)" } ?? "")
                + (report.hold == nil ? "." : "; and stopped the link, to ask."))
    }

    private func environment(_ pass: Pass) -> PassEnvironment {
        let site = sites[pass.room]
        let skew = Duration.seconds(pass.node == 1 ? surroundings.nodeSkew : 0)
        let (clock, identifiers) = (clock, identifiers)
        var environment = PassEnvironment(
            store: WatchedStore(base: sync, world: self),
            connector: WatchedCalendar(base: site.calendar, world: self, room: pass.room),
            bookings: WatchedBookings(
                base: LoopBookingSystem(desk: desk, link: site.link.id), world: self, room: pass.room),
            now: { clock.now.advanced(by: skew) }, newID: { identifiers.next() }, settings: Self.settings,
            refusals: site.refusals[pass.node])
        mutant?.change(&environment, scratch)
        return environment
    }

    // MARK: Calls

    /// The calendar is called: what is to go wrong.
    func called(_ connector: String) async -> CallFate { await happen(at: Call(connector: connector), connector) }

    /// What happens at a call: invented, or as it was.
    private func happen(at call: Call, _ name: String) async -> CallFate {
        guard let current = running.indices.last else { return .fair }
        calls += 1
        running[current].calls += 1
        running[current].counts[name, default: 0] += 1
        let place = CallPlace(name: name, number: running[current].counts[name] ?? 1)
        let mishap: Mishap?
        if let planned = running[current].planned {
            mishap = planned[place]
            if case .meanwhile(let steps)? = mishap {
                for step in steps where violation == nil { _ = await perform(step) }
            }
        } else {
            mishap = await inventMishap(at: call, during: running[current].pass)
            if let mishap { running[current].pass.mishaps[place] = mishap }
        }
        guard let mishap else { return .fair }
        running[current].isDisturbed = true
        if let words = mishap.words { tell("\(name) \(words).") }
        switch mishap {
        case .call(let fate): return fate
        case .crash(let afterwards):
            if afterwards {
                running[current].diesAfter = running[current].calls
                return .fair
            }
            running[current].isDead = true
            var fate = CallFate()
            fate.refusal = .cancelled
            return fate
        case .meanwhile: return .fair
        }
    }

    /// Runs a call of a pass that may die before or after it.
    func living<Value: Sendable>(
        _ call: Call, _ name: String, _ body: @Sendable () async throws -> Value
    ) async throws -> Value {
        if call.isConnector {
            // The calendar says itself when it is called.
            if isDead { throw Crash() }
        } else {
            _ = await happen(at: call, name)
            if isDead { throw Crash() }
        }
        let number = (running.last?.calls ?? 0) + (call.isConnector ? 1 : 0)
        let value = try await body()
        if let dies = running.last?.diesAfter, dies >= number, !isDead {
            running[running.count - 1].isDead = true
            throw Crash()
        }
        return value
    }

    var isDead: Bool { running.last?.isDead ?? false }

    // MARK: Inventing

    private func inventMishap(at call: Call, during pass: Pass) async -> Mishap? {
        guard var inventor else { return nil }
        let weather = surroundings.weather
        defer { self.inventor = inventor }
        if inventor.dice.chance(weather.crashes) { return .crash(afterwards: inventor.dice.chance(0.5)) }
        let isNested = running.count > 1
        if !isNested, call.maySeeStall, inventor.dice.chance(weather.stalls) {
            // The node stands still; others go on, and its lease runs out.
            self.inventor = inventor
            var steps = [await perform(Step(seconds: 300, act: .restart))]
            for _ in 0..<4 {
                if let step = await inventStep(within: nil) { steps.append(await perform(other(step, pass))) }
            }
            let late = Step(seconds: 5, act: .pass(Pass(room: pass.room, node: 1 - pass.node)))
            steps.append(await perform(late))
            if let changed = self.inventor { inventor = changed }
            return .meanwhile(steps)
        }
        if inventor.dice.chance(isNested ? weather.meddling / 2 : weather.meddling) {
            self.inventor = inventor
            var steps: [Step] = []
            if let step = await inventStep(within: pass) { steps.append(await perform(step)) }
            if let changed = self.inventor { inventor = changed }
            return .meanwhile(steps)
        }
        guard call.isConnector else { return nil }
        return inventor.fate(of: call, weather).map(Mishap.call)
    }

    /// What the standing node would have done, another one does.
    private func other(_ step: Step, _ pass: Pass) -> Step {
        guard case .pass(var other) = step.act else { return step }
        other.node = 1 - pass.node
        return Step(seconds: step.seconds, act: .pass(other))
    }
}
