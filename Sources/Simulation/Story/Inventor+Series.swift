import CalendarModel
import CalendarTime
import ICalendar
import SyncEngine
import TestSupport

/// Series, and what people do to them.
extension Inventor {
    /// A series that starts in a slot, and that the side where it is made can hold; nil when none comes to mind.
    mutating func recurrence(
        from slot: Slot, _ calendar: StoryCalendar, in dialect: CalendarDialect
    ) -> Recurrence? {
        for _ in 0..<4 {
            let recurrence = recurrence(from: slot, calendar)
            let meeting = Meeting(time: calendar.time(slot), subject: "", recurrence: recurrence)
            if dialect.expresses(meeting) { return recurrence }
        }
        return nil
    }

    private mutating func recurrence(from slot: Slot, _ calendar: StoryCalendar) -> Recurrence {
        let start = calendar.wall(slot)
        var recurrence = Recurrence(rule: rule(from: start.date))
        if let series = Self.series(recurrence, slot, calendar), !series.has(start) {
            // The start is an occurrence only if the rule matches it.
            recurrence.additions = [start]
        }
        if dice.chance(0.3), let series = Self.series(recurrence, slot, calendar) {
            let originals = series.originals(from: start.date, through: calendar.date(slot.day + 21))
            if originals.count > 2 { recurrence.cancelled = [originals[dice.roll(1..<originals.count)]] }
        }
        return recurrence
    }

    mutating func rule(from date: CivilDate) -> RecurrenceRule {
        let weekday = Zones.weekday(of: date)
        let end: RecurrenceRule.End =
            switch dice.roll(0..<4) {
            case 0: .never
            case 1: .on(Zones.date(date, addingDays: dice.roll(8..<60)))
            default: .after(count: dice.roll(2..<9))
            }
        switch dice.roll(0..<8) {
        case 0, 1:
            // Endless ones that are on every day leave nothing to anybody.
            return RecurrenceRule(
                frequency: .daily, interval: dice.roll(1..<4), end: end == .never ? .after(count: 12) : end)
        case 2..<5:
            let days: Set<RecurrenceRule.Weekday> =
                dice.chance(0.4) ? [weekday, dice.pick(RecurrenceRule.Weekday.allCases)] : [weekday]
            return RecurrenceRule(frequency: .weekly, interval: dice.roll(1..<3), weekdays: days, end: end)
        case 5: return RecurrenceRule(frequency: .monthly, dayOfMonth: date.day, end: end)
        case 6:
            let ordinal = (date.day - 1) / 7 + 1
            return RecurrenceRule(
                frequency: .monthly, ordinalDays: [.init(ordinal == 5 ? -1 : ordinal, weekday)], end: end)
        default:
            return RecurrenceRule(
                frequency: .monthly, daysOfMonth: [date.day, dice.roll(1..<29)], end: end)
        }
    }

    static func series(_ recurrence: Recurrence, _ slot: Slot, _ calendar: StoryCalendar) -> Series? {
        Series(
            Meeting(time: calendar.time(slot), subject: "", recurrence: recurrence), roomZone: Times.oslo)
    }
}

extension World {
    /// Something that happens to a series; nil when the meeting is none.
    func inventSeriesAct(_ inventor: inout Inventor, _ label: Label, _ side: Side) async -> Act? {
        guard let entry = ledger[label] else { return nil }
        var meeting = entry.booking.flatMap { bookings.booking($0)?.meeting }
        if side == .calendar, let event = entry.event {
            meeting = await sites[entry.room].calendar.event(event)?.meeting
        }
        guard let meeting, let series = Series(meeting, roomZone: Times.oslo) else { return nil }
        let originals = series.originals(from: calendar.date(today), through: calendar.date(today + 30))
        guard !originals.isEmpty else { return nil }
        let original = originals[inventor.dice.roll(0..<min(originals.count, 6))]
        let day = Zones.days(from: calendar.first, to: original.date)
        var slot = inventor.slot(today: day)
        if meeting.time.isAllDay == (slot.halfHour != nil) { return .occurrence(label, side, original, .cancel) }
        switch inventor.dice.roll(0..<20) {
        case 0..<4: return .occurrence(label, side, original, .cancel)
        case 4..<6:
            guard let cancelled = series.recurrence.cancelled.min() else { return nil }
            return .occurrence(label, side, cancelled, .restore)
        case 6..<10:
            slot.day = day + inventor.dice.roll(0..<2)
            return .occurrence(label, side, original, .move(slot))
        case 10..<12: return .occurrence(label, side, original, .subject(inventor.dice.roll(0..<3)))
        case 12: return .occurrence(label, side, original, .body(inventor.dice.roll(0..<3)))
        case 13..<16: return .series(label, side, .end(inventor.rule(from: original.date).end))
        case 16..<18: return .series(label, side, .rule(inventor.rule(from: series.start.date)))
        default:
            slot.day = day
            return .series(label, side, .split(from: original, as: inventor.nextLabel(), to: slot))
        }
    }
}
