import CalendarModel
import CalendarTime
import StandIns

/// Series drawn from a seed: half of them as Graph would tell them, half as people's calendars also write them.
struct RandomSeries {
    var rule: RecurrenceRule
    var start: CivilDate
    /// Whether Graph tells the rule exactly so.
    var isPlain: Bool

    private static let weekdays = RecurrenceRule.Weekday.allCases

    init(using random: inout SeededGenerator) {
        start = Zones.date(
            CivilDate(year: 2026, month: 1, day: 1), addingDays: Int.random(in: 0..<900, using: &random))
        isPlain = Bool.random(using: &random)
        rule = isPlain ? Self.plain(&random) : Self.odd(&random)
        rule.end = Self.end(after: start, &random)
    }

    private static func some(_ random: inout SeededGenerator) -> Set<RecurrenceRule.Weekday> {
        let chosen = weekdays.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
        return chosen.isEmpty ? [weekdays[Int.random(in: 0..<7, using: &random)]] : Set(chosen)
    }

    private static func pick<Value>(_ values: [Value], _ random: inout SeededGenerator) -> Value {
        values[Int.random(in: 0..<values.count, using: &random)]
    }

    private static func plain(_ random: inout SeededGenerator) -> RecurrenceRule {
        let interval = Int.random(in: 1...6, using: &random)
        let position = pick([1, 2, 3, 4, -1], &random)
        let month = Int.random(in: 1...12, using: &random)
        let day = Int.random(in: 1...28, using: &random)
        switch Int.random(in: 0..<9, using: &random) {
        case 0: return RecurrenceRule(frequency: .daily, interval: interval)
        case 1:
            return RecurrenceRule(
                frequency: .weekly, interval: interval, weekdays: some(&random), weekStart: pick(weekdays, &random))
        case 2: return RecurrenceRule(frequency: .monthly, interval: interval, dayOfMonth: day)
        case 3:
            let last = Int.random(in: 29...31, using: &random)
            return last == 31
                ? RecurrenceRule(frequency: .monthly, interval: interval, dayOfMonth: -1)
                : RecurrenceRule(
                    frequency: .monthly, interval: interval, position: -1, daysOfMonth: Set(28...last))
        case 4:
            return RecurrenceRule(
                frequency: .monthly, interval: interval, ordinalDays: [.init(position, pick(weekdays, &random))])
        case 5:
            return RecurrenceRule(
                frequency: .monthly, interval: interval,
                weekdays: pick(
                    [[.saturday, .sunday], Set(weekdays.prefix(5)), Set(weekdays), [.tuesday, .friday]], &random),
                position: position)
        case 6:
            return RecurrenceRule(
                frequency: .yearly, interval: interval, dayOfMonth: month == 2 && day > 20 ? -1 : day, month: month)
        case 7:
            return RecurrenceRule(
                frequency: .yearly, interval: interval, ordinalDays: [.init(position, pick(weekdays, &random))],
                month: month)
        default:
            return RecurrenceRule(
                frequency: .yearly, interval: interval, weekdays: Set(weekdays.prefix(5)), position: position,
                month: month)
        }
    }

    private static func odd(_ random: inout SeededGenerator) -> RecurrenceRule {
        let interval = pick([1, 1, 2, 3, 100, 1000], &random)
        let month = Int.random(in: 1...12, using: &random)
        switch Int.random(in: 0..<14, using: &random) {
        case 0: return RecurrenceRule(frequency: .weekly, interval: interval)
        case 1: return RecurrenceRule(frequency: .monthly, interval: interval)
        case 2: return RecurrenceRule(frequency: .yearly, interval: interval)
        case 3: return RecurrenceRule(frequency: .daily, interval: interval, weekdays: some(&random))
        case 4: return RecurrenceRule(frequency: .monthly, interval: interval, weekdays: some(&random))
        case 5: return RecurrenceRule(frequency: .monthly, dayOfMonth: Int.random(in: 1...31, using: &random))
        case 6: return RecurrenceRule(frequency: .monthly, dayOfMonth: Int.random(in: -31 ... -1, using: &random))
        case 7: return RecurrenceRule(frequency: .monthly, daysOfMonth: [1, Int.random(in: 2...31, using: &random)])
        case 8: return RecurrenceRule(frequency: .monthly, weekdays: [.friday], dayOfMonth: 13)
        case 9:
            return RecurrenceRule(
                frequency: .yearly, dayOfMonth: Int.random(in: 1...31, using: &random), month: month)
        case 10: return RecurrenceRule(frequency: .yearly, dayOfMonth: 15, months: [month, month % 12 + 1])
        case 11:
            return RecurrenceRule(
                frequency: .monthly, weekdays: some(&random), position: pick([5, -2, 1, -1], &random))
        case 12: return RecurrenceRule(frequency: .yearly, daysOfYear: [100], weekStart: .sunday)
        default:
            return RecurrenceRule(
                frequency: .monthly, ordinalDays: [.init(pick([1, 5, -2], &random), pick(weekdays, &random))],
                weekStart: .sunday)
        }
    }

    private static func end(after start: CivilDate, _ random: inout SeededGenerator) -> RecurrenceRule.End {
        switch Int.random(in: 0..<3, using: &random) {
        case 0: .never
        case 1: .on(Zones.date(start, addingDays: Int.random(in: 0..<1500, using: &random)))
        default: .after(count: Int.random(in: 1...40, using: &random))
        }
    }

    func meeting(at hour: Int = 10, zone: ZoneID = ZoneID("Europe/Oslo")) throws -> Meeting {
        let time = try Zones.timed(
            start: WallTime(date: start, hour: hour, minute: 0), end: WallTime(date: start, hour: hour + 1, minute: 0),
            zone: zone)
        return Meeting(time: .timed(time), subject: "Series", recurrence: Recurrence(rule: rule))
    }
}
