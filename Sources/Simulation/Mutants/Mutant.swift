import SyncService

/// A deliberately broken engine: a pass whose surroundings lie to it in one way. A simulation that does not notice is not
/// worth much.
package struct Mutant: Sendable {
    package let name: String
    /// What it does wrong, in one sentence.
    package let fault: String
    /// Whether only series show it.
    package let needsSeries: Bool
    let change: @Sendable (inout PassEnvironment) -> Void

    init(
        _ name: String, _ fault: String, needsSeries: Bool = false,
        change: @escaping @Sendable (inout PassEnvironment) -> Void
    ) {
        self.name = name
        self.fault = fault
        self.needsSeries = needsSeries
        self.change = change
    }
}
