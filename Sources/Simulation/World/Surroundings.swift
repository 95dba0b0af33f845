import SyncEngine
import TestSupport

/// What a world is like, drawn from its seed before anything happens.
package struct Surroundings: Hashable, Sendable {
    package var policies: [LinkPolicy]
    package var snapshotReaders: [Bool]
    /// How often things go wrong.
    package var weather: Weather
    /// The share of new meetings that repeat.
    package var seriesShare: Double
    package var dialect: CalendarDialect
    package var start: Int
    /// How far the calendar's clock, and the second node's, are off, in seconds.
    package var calendarSkew: Int
    package var nodeSkew: Int
    package var hasEmptiness: Bool

    /// How often a call goes wrong, and how.
    package struct Weather: Hashable, Sendable {
        package var refusals = 0.0
        package var lostAnswers = 0.0
        package var lateCreates = 0.0
        package var cuts = 0.0
        package var oddReadings = 0.0
        package var crashes = 0.0
        package var meddling = 0.0
        package var stalls = 0.0
        package var outages = 0.0

        package static let calm = Weather()
        package static let stormy = Weather(
            refusals: 0.05, lostAnswers: 0.08, lateCreates: 0.06, cuts: 0.08, oddReadings: 0.35, crashes: 0.012,
            meddling: 0.03, stalls: 0.006, outages: 0.02)
    }

    init(_ dice: inout StoryDice, seriesShare: Double) {
        let rooms = dice.chance(0.4) ? 2 : 1
        hasEmptiness = dice.chance(0.3)
        policies = []
        for _ in 0..<rooms {
            var policy = LinkPolicy()
            policy.clash = dice.pick(LinkPolicy.Clash.allCases)
            policy.divergence = dice.pick(LinkPolicy.Divergence.allCases)
            if dice.chance(0.2) { policy.content = dice.chance(0.5) ? .busyOnly : .busyWithOrganizer }
            if dice.chance(0.15) { policy.writing = .invite }
            if dice.chance(0.3) { policy.whenBlind = .refuse }
            // So that a calendar that looks empty is never a few people's doing.
            if hasEmptiness { policy.massDeletionMinimum = 1 }
            policies.append(policy)
        }
        snapshotReaders = policies.map { _ in dice.chance(0.2) }
        weather = dice.chance(0.85) ? .stormy : .calm
        if dice.chance(0.4) { weather.crashes = 0 }
        self.seriesShare = seriesShare
        dialect = dice.chance(0.5) ? .plain : .complete
        start = dice.roll(0..<StoryCalendar.starts.count)
        calendarSkew = dice.pick([0, 0, 0, 20, -20, 300, -300])
        nodeSkew = dice.pick([0, 0, 15, -15])
    }
}

/// Chance from a seed, for one story.
struct StoryDice {
    private var generator: SplitMix64

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    mutating func roll(_ range: Range<Int>) -> Int { Int.random(in: range, using: &generator) }

    mutating func chance(_ share: Double) -> Bool {
        share > 0 && Double.random(in: 0..<1, using: &generator) < share
    }

    /// One of several, which must not be none.
    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[roll(0..<elements.count)] }
}
