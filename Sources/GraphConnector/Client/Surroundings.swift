import CalendarModel
import HTTPTransport

/// What the connector takes from the world around it, passed in so that tests own it.
package struct Surroundings: Sendable {
    package let now: @Sendable () -> Instant
    package let sleep: @Sendable (Duration) async throws -> Void
    /// From 0 to below 1.
    package let random: @Sendable () -> Double
    /// A new GUID.
    package let newID: @Sendable () -> String

    package init(
        now: @escaping @Sendable () -> Instant, sleep: @escaping @Sendable (Duration) async throws -> Void,
        random: @escaping @Sendable () -> Double, newID: @escaping @Sendable () -> String
    ) {
        self.now = now
        self.sleep = sleep
        self.random = random
        self.newID = newID
    }
}
