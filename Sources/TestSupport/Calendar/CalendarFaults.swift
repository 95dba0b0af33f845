/// How often the calendar system misbehaves, as shares of calls, and what it is not allowed to do at the moment.
package struct CalendarFaults: Sendable {
    /// The call fails before it did anything: a passing fault, or throttling.
    package var beforeEffect = 0.0
    /// The call works, and its answer is lost.
    package var lostAnswer = 0.0
    /// A create whose answer is lost lands only some calls later.
    package var lateCreate = 0.0
    /// A reading brings an event again, unchanged.
    package var duplicate = 0.0
    /// A reading brings an event as it was before its last change; the change itself comes with a later reading.
    package var stale = 0.0
    /// A reading says of ids nobody knows that they are gone.
    package var noise = 0.0
    /// A reading finds its cursor expired and brings the whole window.
    package var expiredCursor = 0.0
    /// Whether every call is refused for lack of rights.
    package var rightsRevoked = false
    /// Whether the calendar looks empty, as a wrong mailbox would.
    package var looksEmpty = false

    package init() {}

    package static let none = CalendarFaults()

    /// Everything passing, now and then.
    package static var stormy: CalendarFaults {
        var faults = CalendarFaults()
        faults.beforeEffect = 0.06
        faults.lostAnswer = 0.08
        faults.lateCreate = 0.06
        faults.duplicate = 0.2
        faults.stale = 0.1
        faults.noise = 0.2
        faults.expiredCursor = 0.05
        return faults
    }
}
