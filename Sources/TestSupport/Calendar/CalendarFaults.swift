import SyncEngine

/// How often the calendar system misbehaves, as shares of calls, and what it is not allowed to do at the moment.
package struct CalendarFaults: Sendable {
    /// The call fails before it did anything: a passing fault, or throttling.
    package var beforeEffect = 0.0
    /// The call works, and its answer is lost.
    package var lostAnswer = 0.0
    /// A create whose answer is lost lands only some calls later.
    package var lateCreate = 0.0
    /// A change of a series that takes several steps is cut between them, and its answer is lost.
    package var halfDone = 0.0
    /// A reading brings events again, unchanged.
    package var duplicate = 0.0
    /// A reading brings events as they were before their last change; the change itself comes with a later reading.
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
        faults.halfDone = 0.06
        faults.duplicate = 0.5
        faults.stale = 0.2
        faults.noise = 0.2
        faults.expiredCursor = 0.05
        return faults
    }

    /// What goes wrong with one call, rolled.
    func fate(_ dice: Dice) -> CallFate {
        var fate = CallFate()
        if dice.chance(beforeEffect) { fate.refusal = dice.chance(0.4) ? .throttled : .transient }
        if dice.chance(lateCreate) { fate.landsAfter = dice.roll(1..<12) }
        fate.halfDone = dice.chance(halfDone)
        fate.losesAnswer = dice.chance(lostAnswer)
        fate.repeats = dice.chance(duplicate)
        fate.lags = dice.chance(stale)
        fate.isNoisy = dice.chance(noise)
        fate.cursorExpires = dice.chance(expiredCursor)
        return fate
    }
}

/// What goes wrong with one call to the calendar. What does not fit the call does nothing.
package struct CallFate: Hashable, Sendable {
    /// It fails before it did anything.
    package var refusal: ConnectorError.Kind?
    /// A create: it lands after so many more calls, and its answer is lost.
    package var landsAfter: Int?
    /// A change of a series: only its first step is done, and its answer is lost.
    package var halfDone = false
    /// It works, and its answer is lost.
    package var losesAnswer = false
    /// A reading: some events come again, unchanged.
    package var repeats = false
    /// A reading: some events come as they were before their last change.
    package var lags = false
    /// A reading: an id nobody knows is said to be gone.
    package var isNoisy = false
    /// A reading: the cursor is no longer valid.
    package var cursorExpires = false

    package init() {}

    package static let fair = CallFate()
}
