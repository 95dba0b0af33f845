import CalendarModel

/// The state of the stand-in vendors: one actor, so that every request sees and leaves a whole state. Split by extension:
/// `World+….swift` beside the protocol each serves.
package actor World {
    /// The time now. Passed in, so that tests own it.
    package nonisolated let now: @Sendable () -> Instant
    package let settings: WorldSettings

    /// By tenant id.
    var tenants: [String: Tenant] = [:]
    /// By lower-case client id.
    var registrations: [String: AppRegistration] = [:]
    /// By the owner's lower-case address.
    var mailboxes: [String: Mailbox] = [:]
    /// Codes, tokens and sign-ins under way.
    var entra = EntraState()
    /// People at Google, the applications they sign in to, and what is under way there.
    var google = GoogleState()
    var random: SeededGenerator
    /// What the Graph stand-in has under way: answers of booking attendants, requests in flight, counters.
    var graph = GraphState()

    package init(settings: WorldSettings = WorldSettings(), now: @escaping @Sendable () -> Instant) {
        self.settings = settings
        self.now = now
        random = SeededGenerator(seed: settings.seed)
    }
}

/// How the stand-ins behave. The vendors' quirks are on unless switched off.
package struct WorldSettings: Sendable, Codable {
    /// Every random choice derives from it.
    package var seed: UInt64 = 1
    /// Lifetime of access tokens, in seconds.
    package var accessTokenSeconds: Int = 3599
    /// How long a refresh token may lie unused, in days.
    package var refreshTokenDays: Int = 90
    /// How long AutoAccept takes to answer and rewrite, in milliseconds.
    package var attendantDelayMilliseconds: Int = 1500
    /// How long after a write the change key is bumped once more, in milliseconds; nil for never.
    package var secondChangeKeyDelayMilliseconds: Int? = 700
    /// Requests for one application and mailbox in ten minutes.
    package var requestsPerTenMinutes: Int = 10_000
    /// Requests under way for one application and mailbox.
    package var concurrentRequestsPerMailbox: Int = 4
    /// A delta round of a delegate fails with 403 at its first next link, as an open bug report says of room calendars.
    package var deltaNextLinkForbidden = false
    /// The same item may appear twice in one delta round.
    package var deltaDuplicates = true
    /// What only the Graph stand-in looks at.
    package var graph = GraphQuirks()

    package init() {}
}

/// SplitMix64: small, fast, and the same numbers for the same seed on every machine.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
