import CalendarModel
import SyncEngine
import TestSupport

/// Makes up what happens next. Everything random about a story comes from here.
struct Inventor {
    var dice: StoryDice
    private(set) var labels = 0

    init(seed: UInt64) { dice = StoryDice(seed: seed) }

    mutating func nextLabel() -> Label {
        labels += 1
        return labels
    }

    /// A few slots, so that people often want the same one.
    /// - Parameter today: days since the story's start.
    mutating func slot(today: Int) -> Slot {
        let day = today + dice.roll(0..<4)
        if dice.chance(0.04) {
            return Slot(day: day, halfHour: nil, minutes: 1440 * dice.roll(1..<3), zone: Times.oslo)
        }
        let zone = dice.chance(0.85) ? Times.oslo : dice.pick(StoryCalendar.zones)
        // In New York the same hours of Oslo's day are the early ones.
        let earliest = zone == Times.oslo ? 16 : zone == .utc ? 14 : 4
        return Slot(
            day: day, halfHour: earliest + dice.roll(0..<10), minutes: dice.pick([30, 60, 60, 90]), zone: zone)
    }

    mutating func edit() -> Act.Edit {
        switch dice.roll(0..<8) {
        case 0..<4: .subject(dice.roll(0..<3))
        case 4..<6: .body(dice.roll(0..<3))
        case 6: .organizer(dice.roll(0..<2))
        default: .sensitivity(dice.pick([.normal, .private]))
        }
    }

    // MARK: Mishaps

    /// What goes wrong with one call; nil for nothing.
    mutating func fate(of call: Call, _ weather: Surroundings.Weather) -> CallFate? {
        var fate = CallFate()
        if dice.chance(weather.refusals) {
            fate.refusal = dice.pick([.throttled, .throttled, .transient, .transient, .transient])
            return fate
        }
        switch call {
        case .reading:
            fate.repeats = dice.chance(weather.oddReadings)
            fate.lags = dice.chance(weather.oddReadings / 3)
            fate.isNoisy = dice.chance(weather.oddReadings / 2)
            fate.cursorExpires = dice.chance(weather.oddReadings / 7)
        case .creation:
            if dice.chance(weather.lateCreates) { fate.landsAfter = dice.roll(1..<16) }
            fate.halfDone = dice.chance(weather.cuts)
            fate.losesAnswer = dice.chance(weather.lostAnswers)
        case .writing:
            fate.halfDone = dice.chance(weather.cuts)
            fate.losesAnswer = dice.chance(weather.lostAnswers)
        case .lookup, .store, .desk, .bookings: return nil
        }
        return fate == .fair ? nil : fate
    }
}

/// The calls that a pass makes, by what can go wrong with them.
enum Call: Hashable {
    case reading, creation, writing, lookup, store, desk, bookings

    /// Whether a node may stand still before it. A write is made soon after its intent, or not at all.
    var maySeeStall: Bool { self != .creation && self != .writing && self != .desk }

    init(connector name: String) {
        switch name {
        case "events.changes": self = .reading
        case "events.create": self = .creation
        case "events.update", "events.cancel", "events.decline", "events.propose": self = .writing
        default: self = .lookup
        }
    }

    var isConnector: Bool { self != .store && self != .desk && self != .bookings }
}
