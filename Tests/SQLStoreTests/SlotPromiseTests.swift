import CalendarModel
import CalendarTime
import ICalendar
import LoopBooking
import SQLStore
import TestSupport
import Testing

/// Promise 5, "one yes per slot", on random histories of one room. Each argument is a seed; a failing one replays exactly.
@Suite("One yes per slot on random histories")
struct SlotPromiseTests {
    @Test("Slots never overlap and equal the expansion of their booking", arguments: 0..<24)
    func histories(seed: Int) async throws {
        let history = try await RoomHistory(seed: UInt64(seed))
        for step in 0..<50 {
            let action = try await history.step()
            let faults = try await history.faults()
            #expect(faults.isEmpty, "seed \(seed), step \(step), \(action): \(faults.joined(separator: "; "))")
            guard faults.isEmpty else { return }
        }
        let written = await history.written
        #expect(written > 10, "seed \(seed): a history in which hardly anything succeeds proves nothing")
    }
}

/// One room, and people and a calendar that do what they like with it.
private actor RoomHistory {
    private let test: TestStore
    private let desk: BookingDesk
    private let dice: Dice
    private var made: [BookingID] = []
    private var keys = 0
    private(set) var written = 0
    private let author = ChangeAuthor.person("Anna")
    private let link = ChangeAuthor.sync("link")

    init(seed: UInt64) async throws {
        let test = try await TestStore()
        self.test = test
        // Ids in order: two bookings of one moment are told apart by them, so a replay needs the same.
        let ids = Dice(seed: ~seed)
        desk = test.store.desk(
            of: TestStore.acme, now: { test.clock.now },
            newID: { (0..<4).map { _ in String(ids.roll(0..<1 << 16), radix: 16) }.joined(separator: "-") })
        dice = Dice(seed: seed)
    }

    /// Does something; what the desk refuses is fine.
    func step() async throws -> String {
        let actions: [(String, () async throws -> Void)] = [
            ("book a series", bookSeries), ("book a series", bookSeries), ("book a single", bookSingle),
            ("a series from the calendar", createFromCalendar), ("change an occurrence", changeOccurrence),
            ("change an occurrence", changeOccurrence), ("cancel an occurrence", cancelOccurrence),
            ("restore an occurrence", restoreOccurrence), ("cut a series", split), ("move a booking", move),
            ("change a rule", changeRule), ("the calendar moves a booking", moveFromCalendar),
            ("cancel a booking", cancel), ("time goes by", letTimePass),
        ]
        let (name, action) = actions[dice.roll(0..<actions.count)]
        do {
            try await action()
            written += 1
            return name
        } catch let error as DeskError { return "\(name), refused: \(error)" }
    }

    /// What is wrong with the slots as they stand in the database.
    func faults() async throws -> [String] {
        var faults: [String] = []
        let everything = TimeSpan(start: Instant(seconds: 0), end: .distantFuture)
        let now = test.clock.now
        let (slots, bookings, rolling) = try await test.store.bookings(of: TestStore.acme).read { [room = test.room] in
            (
                try $0.slots(in: room, during: everything),
                try $0.bookings(BookingQuery(room: room, limit: .max)),
                try $0.rolling(in: room, before: .distantFuture)
            )
        }
        for (left, right) in zip(slots, slots.dropFirst()) where left.span.overlaps(right.span) {
            faults.append("\(left) overlaps \(right)")
        }
        let through = Dictionary(uniqueKeysWithValues: rolling.map { ($0.booking.id, $0.through) })
        for booking in bookings {
            let end = through[booking.id] ?? .distantFuture
            // What is over may not have been free when the series was written.
            let actual = slots.filter { $0.booking == booking.id && $0.span.end > now }.map(\.span)
            let window = TimeSpan(start: now, end: end)
            let expected =
                booking.status.holdsRoom ? booking.meeting.heldSpans(in: window, roomZone: Times.oslo) : []
            if actual != expected {
                faults.append("\(booking.id) holds \(actual.count) slots, its meeting has \(expected.count)")
            }
            if booking.status.holdsRoom, end != .distantFuture, end < now.advanced(by: .seconds(400 * 86_400)) {
                faults.append("\(booking.id) holds too little ahead")
            }
        }
        return faults
    }

    // MARK: Actions

    private func bookSeries() async throws {
        var draft = BookingDraft(room: test.room, time: TimeDraft(time()), recurrence: rule())
        draft.onTaken = dice.chance(0.6) ? .skip : .refuse
        made.append(try await desk.create(draft, by: author).entity.id)
    }

    private func bookSingle() async throws {
        let draft = BookingDraft(room: test.room, time: TimeDraft(time()))
        made.append(try await desk.create(draft, by: author).entity.id)
    }

    private func createFromCalendar() async throws {
        var meeting = Samples.meeting("From Outlook", time())
        let weekday = RecurrenceRule.Weekday.allCases[dice.roll(0..<7)]
        meeting.recurrence = Recurrence(
            rule: RecurrenceRule(
                frequency: .weekly, weekdays: [weekday], end: dice.chance(0.3) ? .never : .after(count: 4)))
        keys += 1
        made.append(
            try await desk.createFromCalendar(
                meeting, in: test.room, key: OperationKey("k\(keys)"), slotTakenAt: test.clock.now, by: link,
                because: "Outlook"
            ).id)
    }

    private func changeOccurrence() async throws {
        guard let (booking, original) = try await someOccurrence() else { return }
        let change = BookingChange(time: TimeChange(self.time(near: original.date)))
        _ = try await desk.changeOccurrence(original, of: booking.id, change, by: author)
    }

    private func cancelOccurrence() async throws {
        guard let (booking, original) = try await someOccurrence() else { return }
        _ = try await desk.cancelOccurrence(original, of: booking.id, by: author)
    }

    private func restoreOccurrence() async throws {
        guard let id = dice.pick(made) else { return }
        let booking = try await desk.booking(id)
        let irregular = (booking.meeting.recurrence?.irregular ?? []).sorted()
        guard let original = dice.pick(irregular) else { return }
        _ = try await desk.restoreOccurrence(original, of: id, by: author)
    }

    private func split() async throws {
        guard let (booking, original) = try await someOccurrence() else { return }
        var change = BookingChange(onTaken: .skip)
        if dice.chance(0.5) { change.time = TimeChange(time(near: original.date, days: 0)) }
        let cut = try await desk.split(booking.id, from: original, change, by: author).entity
        made.append(cut.following.id)
    }

    private func move() async throws {
        guard let id = dice.pick(made) else { return }
        let booking = try await desk.booking(id)
        let date = Zones.date(of: booking.meeting.span.start, in: Times.oslo) ?? Times.date("2026-03-02")
        let change = BookingChange(time: TimeChange(time(near: date)), onTaken: dice.chance(0.5) ? .skip : .refuse)
        _ = try await desk.change(id, change, by: author)
    }

    private func changeRule() async throws {
        guard let id = dice.pick(made) else { return }
        let change = BookingChange(recurrence: .value(rule()), onTaken: .skip)
        _ = try await desk.change(id, change, by: author)
    }

    private func moveFromCalendar() async throws {
        guard let id = dice.pick(made) else { return }
        let booking = try await desk.booking(id)
        let date = Zones.date(of: booking.meeting.span.start, in: Times.oslo) ?? Times.date("2026-03-02")
        var theirs = booking.meeting
        theirs.time = time(near: date)
        _ = try await desk.updateFromCalendar(
            id, to: theirs, parts: [.time], ifRevision: booking.revision, by: link, because: "Moved in Outlook.")
    }

    private func cancel() async throws {
        guard dice.chance(0.3), let id = dice.pick(made) else { return }
        _ = try await desk.cancel(id, by: author)
    }

    private func letTimePass() async throws {
        test.clock.advance(by: .seconds(dice.roll(1..<40) * 86_400))
        try await desk.extendSlots(of: test.room)
    }

    // MARK: Chance

    private func someOccurrence() async throws -> (Booking, WallTime)? {
        guard let id = dice.pick(made) else { return nil }
        let booking = try await desk.booking(id)
        guard let series = Series(booking.meeting, roomZone: Times.oslo) else { return nil }
        let now = test.clock.now
        let window = TimeSpan(start: now, end: now.advanced(by: .seconds(90 * 86_400)))
        return dice.pick(series.occurrences(in: window)).map { (booking, $0.original) }
    }

    private func time() -> MeetingTime {
        let today = Zones.date(of: test.clock.now, in: Times.oslo) ?? Times.date("2026-03-02")
        return time(near: Zones.date(today, addingDays: 15), days: 14)
    }

    private func time(near date: CivilDate, days: Int = 3) -> MeetingTime {
        let day = Zones.date(date, addingDays: dice.roll(-days..<days + 1))
        if dice.chance(0.1) { return Times.allDay("\(day)", "\(Zones.date(day, addingDays: 1))") }
        return Times.at(
            "\(day) \(dice.roll(8..<16)):\(dice.chance(0.5) ? "00" : "30")", minutes: 30 * dice.roll(1..<6))
    }

    private func rule() -> RecurrenceChange {
        var rule = RecurrenceChange()
        rule.frequency = dice.pick([.daily, .weekly, .weekly, .monthly])
        rule.interval = dice.roll(1..<4)
        switch rule.frequency {
        case .weekly where dice.chance(0.5):
            rule.weekdays = Set((0..<3).map { _ in RecurrenceRule.Weekday.allCases[dice.roll(0..<7)] })
        case .monthly where dice.chance(0.5):
            rule.ordinalDays = [
                .init(dice.pick([1, 2, 4, -1]) ?? 1, RecurrenceRule.Weekday.allCases[dice.roll(0..<7)])
            ]
        default: break
        }
        rule.end = dice.chance(0.3) ? .never : .after(count: dice.roll(2..<30))
        return rule
    }
}
