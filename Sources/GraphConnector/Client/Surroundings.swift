import CalendarModel
import Foundation

/// What the connector takes from the world around it, passed in so that tests own it.
package struct Surroundings: Sendable {
    package let now: @Sendable () -> Instant
    package let sleep: @Sendable (Duration) async throws -> Void
    /// From 0 to below 1.
    package let random: @Sendable () -> Double
    /// A new GUID.
    package let newID: @Sendable () -> String
    /// What the machine's clock says, where `now` is another time.
    package let machineClock: @Sendable () -> Instant

    package init(
        now: @escaping @Sendable () -> Instant, sleep: @escaping @Sendable (Duration) async throws -> Void,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
        newID: @escaping @Sendable () -> String = { UUID().uuidString.lowercased() },
        machineClock: (@Sendable () -> Instant)? = nil
    ) {
        self.machineClock = machineClock ?? now
        self.now = now
        self.sleep = sleep
        self.random = random
        self.newID = newID
    }
}
