import SyncEngine
import SyncService

/// A deliberately broken engine: a pass whose surroundings lie to it in one way. A simulation that does not notice is not
/// worth much.
package struct Mutant: Sendable {
    package let name: String
    /// What it does wrong, in one sentence.
    package let fault: String
    /// Whether only series show it.
    package let needsSeries: Bool
    let change: @Sendable (inout PassEnvironment, Scratch) -> Void

    init(
        _ name: String, _ fault: String, needsSeries: Bool = false,
        change: @escaping @Sendable (inout PassEnvironment, Scratch) -> Void
    ) {
        self.name = name
        self.fault = fault
        self.needsSeries = needsSeries
        self.change = change
    }

    /// Every broken engine, by what is broken.
    package static let all = memory + calendars + bookings + plans + series
}

// MARK: - Ways to break a pass

extension Mutant {
    static func store(
        _ name: String, _ fault: String, _ alter: @escaping @Sendable (inout AlteredStore, Scratch) -> Void
    ) -> Mutant {
        Mutant(name, fault) { environment, scratch in
            var store = AlteredStore(environment.store)
            alter(&store, scratch)
            environment.store = store
        }
    }

    static func calendar(
        _ name: String, _ fault: String, needsSeries: Bool = false,
        _ alter: @escaping @Sendable (inout AlteredCalendar, Scratch) -> Void
    ) -> Mutant {
        Mutant(name, fault, needsSeries: needsSeries) { environment, scratch in
            var calendar = AlteredCalendar(environment.connector)
            alter(&calendar, scratch)
            environment.connector = calendar
        }
    }

    /// A planner that sees something else.
    static func state(
        _ name: String, _ fault: String, _ alter: @escaping @Sendable (inout LinkState) -> Void
    ) -> Mutant {
        Mutant(name, fault) { environment, _ in
            environment.plan = { state in
                var state = state
                alter(&state)
                return Planner.plan(state)
            }
        }
    }

    /// A planner whose operations become others; nil leaves one out.
    static func operations(
        _ name: String, _ fault: String, _ alter: @escaping @Sendable (Operation) -> Operation?
    ) -> Mutant {
        Mutant(name, fault) { environment, _ in
            environment.plan = { state in
                var plan = Planner.plan(state)
                plan.operations = plan.operations.compactMap(alter)
                return plan
            }
        }
    }
}
