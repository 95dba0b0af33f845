import CalendarModel
import SyncEngine

/// What a pass needs from outside: the two sides, the memory, time and ids. All passed in, so that a simulated world can
/// run the same code.
package struct PassEnvironment: Sendable {
    package var store: any SyncStore
    package var connector: any CalendarConnector
    package var bookings: any BookingSystem
    package var now: @Sendable () -> Instant
    /// A fresh UUID in lower case.
    package var newID: @Sendable () -> String
    package var settings: PassSettings
    package var refusals: RefusalMemory
    /// The planner, or in a simulation a broken one.
    package var plan: @Sendable (LinkState) -> Plan

    package init(
        store: any SyncStore, connector: any CalendarConnector, bookings: any BookingSystem,
        now: @escaping @Sendable () -> Instant, newID: @escaping @Sendable () -> String,
        settings: PassSettings = PassSettings(), refusals: RefusalMemory,
        plan: @escaping @Sendable (LinkState) -> Plan = Planner.plan
    ) {
        self.store = store
        self.connector = connector
        self.bookings = bookings
        self.now = now
        self.newID = newID
        self.settings = settings
        self.refusals = refusals
        self.plan = plan
    }
}

package struct PassSettings: Sendable, Hashable {
    /// How far back the window reaches, in days before today in the room's zone.
    package var daysBehind: Int
    /// How far ahead the window reaches.
    package var daysAhead: Int
    /// A window that lags behind by more days than this is moved, with a full reading.
    package var slideAfterDays: Int
    /// How long an event that may still land from a call without an answer is watched for.
    package var watchUnknownOutcomes: Duration
    /// A write is made this soon after its intent was written down, or the store is asked once more whether this pass is still
    /// the latest: a node may have stood still in between, and its link been given to another.
    package var staleIntents: Duration
    /// How often a pass plans again after applying a plan.
    package var maximumRounds: Int

    package init(
        daysBehind: Int = 1, daysAhead: Int = 400, slideAfterDays: Int = 1,
        watchUnknownOutcomes: Duration = .seconds(600), staleIntents: Duration = .seconds(10), maximumRounds: Int = 6
    ) {
        self.daysBehind = daysBehind
        self.daysAhead = daysAhead
        self.slideAfterDays = slideAfterDays
        self.watchUnknownOutcomes = watchUnknownOutcomes
        self.staleIntents = staleIntents
        self.maximumRounds = maximumRounds
    }
}
