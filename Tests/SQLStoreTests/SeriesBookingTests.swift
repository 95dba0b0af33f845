import CalendarModel
import LoopBooking
import SQLStore
import TestSupport
import Testing

@Suite("Series at the desk")
struct SeriesBookingTests {
    @Test("Every occurrence holds the room, at its wall time across the clock change, and nobody else gets it")
    func holds() async throws {
        let test = try await TestStore()
        let made = try await test.book(test.weekly())
        #expect(
            try await test.heldSpans(of: made.id).map(\.start)
                == [
                    "2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30", "2026-04-06", "2026-04-13",
                    "2026-04-20", "2026-04-27", "2026-05-04",
                ].map { Times.instant("\($0) 09:00") })
        await #expect(
            throws: DeskError.slotTaken(
                by: made.id,
                during: TimeSpan(
                    start: Times.instant("2026-04-20 09:00"), end: Times.instant("2026-04-20 10:00")))
        ) { try await test.book(test.single("2026-04-20", "09:30", "11:00")) }
        try await test.book(test.single("2026-04-20", "10:00", "11:00"))
        try await test.book(test.single("2026-05-11", "09:00", "10:00"))
    }

    @Test("A series that meets others is refused with all of them, bounded")
    func conflicts() async throws {
        let test = try await TestStore()
        let first = try await test.book(test.single("2026-03-09", "09:30", "10:30"))
        let second = try await test.book(test.single("2026-03-23", "08:00", "12:00"))
        let error = await #expect(throws: DeskError.self) { try await test.book(test.weekly()) }
        guard case .occurrencesTaken(let taken)? = error else {
            Issue.record("expected occurrencesTaken, got \(String(describing: error))")
            return
        }
        #expect(taken.count == 2)
        #expect(taken.of == 10)
        #expect(taken.conflicts.map(\.holder.booking) == [first.id, second.id])
        #expect(
            taken.conflicts.map(\.original) == [Times.wall("2026-03-09 09:00"), Times.wall("2026-03-23 09:00")])
    }

    @Test("Nine of ten fit: the nine are booked, the one is left out and named")
    func skip() async throws {
        let test = try await TestStore()
        try await test.book(test.single("2026-03-23", "09:30", "10:30"))
        var draft = test.weekly()
        draft.onTaken = .skip
        let made = try await test.book(draft)
        #expect(made.status == .confirmed)
        #expect(made.explanation == "Left out, because the room is taken then: 2026-03-23.")
        #expect(made.meeting.recurrence?.cancelled == [Times.wall("2026-03-23 09:00")])
        #expect(try await test.heldDates(of: made.id).count == 9)
        #expect(try await test.desk.changes(of: made.id).first?.reason == made.explanation)
        // When nothing fits there is nothing to book.
        var none = test.weekly(end: .after(count: 1), on: "2026-03-23")
        none.onTaken = .skip
        let nothing = none
        await #expect(throws: DeskError.self) { try await test.book(nothing) }
    }

    @Test("What was left out is told as long as it is out, whatever else is told and confirmed meanwhile")
    func leftOutStays() async throws {
        var test = try await TestStore()
        test.store.roomCertainty = { _, _, _, _ in .hold("The calendar cannot be read.") }
        let desk = test.desk
        let single = try await test.book(test.single("2026-03-23", "09:30", "10:30"))
        var draft = test.weekly()
        draft.onTaken = .skip
        let made = try await test.book(draft)
        let note = "Left out, because the room is taken then: 2026-03-23."
        #expect(made.explanation == "The calendar cannot be read. \(note)")
        _ = try await desk.setStatus(
            made.id, to: .confirmed, ifRevision: made.revision, by: .sync("link"), because: "It is free there too.")
        #expect(try await desk.booking(made.id).explanation == note)
        let renamed = try await desk.change(made.id, BookingChange(subject: "Renamed"), by: .person("Anna"))
        #expect(renamed.explanation == note)
        // The feed tells it once, and then of each change only what is new.
        #expect(try await desk.changes(of: made.id).map { $0.reason?.contains(note) ?? false } == [true, false, false])

        _ = try await desk.cancel(single.id, by: .person("Anna"))
        let restored = try await desk.restoreOccurrence(
            Times.wall("2026-03-23 09:00"), of: made.id, by: .person("Anna")
        ).entity
        #expect(restored.leftOut.isEmpty)
        // Confirmed or held, nothing is said of it any more; nor when a person takes it out.
        let without = try await desk.cancelOccurrence(
            Times.wall("2026-03-23 09:00"), of: made.id, by: .person("Anna"))
        #expect(without.explanation?.contains("Left out") != true)
        #expect(try await desk.booking(made.id) == without)
    }

    @Test("Two series take turns: only what is common to both clashes")
    func seriesAgainstSeries() async throws {
        let test = try await TestStore()
        var everyOther = test.weekly(end: .after(count: 5))
        everyOther.recurrence?.interval = 2
        let first = try await test.book(everyOther)
        var all = test.weekly()
        all.onTaken = .skip
        let second = try await test.book(all)
        #expect(second.meeting.recurrence?.cancelled.count == 5)
        #expect(try await test.heldDates(of: first.id).count == 5)
        #expect(try await test.heldDates(of: second.id).count == 5)
    }

    @Test(
        "A rule that makes no sense is refused in words",
        arguments: [
            ("interval", "recurrence.interval: out-of-range"), ("count", "recurrence.count: out-of-range"),
            ("until", "recurrence.until: until-before-start"), ("ordinal", "recurrence.ordinalDays: misplaced"),
            ("never", "recurrence: never-matches"), ("month", "recurrence.months: out-of-range"),
            ("cancelled", "recurrence.cancelled: no-such-occurrence"),
            ("all", "recurrence.cancelled: no-occurrence-left"), ("long", "recurrence: overlaps-itself"),
            ("position", "recurrence.positions: misplaced"), ("day", "recurrence.daysOfMonth: misplaced"),
        ])
    func badRules(_ fault: String, _ expected: String) async throws {
        let test = try await TestStore()
        var draft = test.weekly()
        switch fault {
        case "interval": draft.recurrence?.interval = 0
        case "count": draft.recurrence?.end = .after(count: 1000)
        case "until": draft.recurrence?.end = .on(Times.date("2026-03-01"))
        case "ordinal": draft.recurrence?.ordinalDays = [.init(1, .monday)]
        case "never":
            draft.recurrence?.frequency = .yearly
            draft.recurrence?.daysOfMonth = [30]
            draft.recurrence?.months = [2]
            draft.recurrence?.end = nil
        case "month": draft.recurrence?.months = [13]
        case "cancelled": draft.recurrence?.cancelled = [Times.wall("2026-03-03 09:00")]
        case "all":
            draft.recurrence?.end = .after(count: 1)
            draft.recurrence?.cancelled = [Times.wall("2026-03-02 09:00")]
        case "long":
            draft.recurrence?.frequency = .daily
            draft.time = .timed(
                start: ZonedTime(wall: Times.wall("2026-03-02 09:00"), zone: "Europe/Oslo"),
                end: ZonedTime(wall: Times.wall("2026-03-03 09:30"), zone: "Europe/Oslo"))
        case "position":
            draft.recurrence?.frequency = .monthly
            draft.recurrence?.positions = [-1]
        default: draft.recurrence?.daysOfMonth = [2]
        }
        let wanted = draft
        let desk = test.desk
        _ = try await desk.changeRoom(test.room, RoomChange(maximumMinutes: 2 * 24 * 60))
        let error = await #expect(throws: DeskError.self) { try await desk.create(wanted, by: .person("Anna")) }
        #expect(brokenRules(error) == [expected])
    }

    @Test("The room's rules hold for every occurrence; only the first must lie within the horizon")
    func roomRules() async throws {
        let test = try await TestStore()
        let desk = test.desk
        let hours = OpeningHours.weekly([.monday: .init(from: 480, to: 1020), .tuesday: .init(from: 480, to: 540)])
        _ = try await desk.changeRoom(test.room, RoomChange(openingHours: hours, horizonDays: 14))
        var daily = test.weekly(end: .after(count: 3))
        daily.recurrence?.frequency = .daily
        let wanted = daily
        let error = await #expect(throws: DeskError.self) { try await desk.create(wanted, by: .person("Anna")) }
        #expect(brokenRules(error) == ["recurrence: outside-opening-hours"])
        guard case .rulesBroken(let violations)? = error else { return }
        #expect(violations[0].message.hasPrefix("2026-03-03, 2026-03-04: On tuesdays the room is open"))
        #expect(try await test.book(test.weekly(end: .never)).status == .confirmed)
        let far = await #expect(throws: DeskError.self) {
            try await test.book(test.weekly("12:00", "13:00", on: "2026-03-30"))
        }
        #expect(brokenRules(far) == ["end: beyond-horizon"])
        let past = await #expect(throws: DeskError.self) {
            try await test.book(test.weekly("12:00", "13:00", on: "2026-02-23"))
        }
        #expect(brokenRules(past) == ["start: in-the-past"])
    }

    @Test("A start that the rule does not match moves to the first day that it matches")
    func offPattern() async throws {
        let test = try await TestStore()
        var draft = test.weekly(end: .after(count: 2))
        draft.recurrence?.weekdays = [.thursday]
        let made = try await test.book(draft)
        #expect(made.meeting.span.start == Times.instant("2026-03-05 09:00"))
        #expect(try await test.heldDates(of: made.id) == ["2026-03-05", "2026-03-12"])
    }

    @Test("All-day series hold whole days of the room, on the days when clocks change too")
    func wholeDays() async throws {
        let test = try await TestStore()
        var rule = RecurrenceChange()
        rule.frequency = .weekly
        rule.end = .after(count: 2)
        let draft = BookingDraft(
            room: test.room, time: .allDay(first: Times.date("2026-03-29"), end: Times.date("2026-03-30")),
            recurrence: rule)
        let made = try await test.book(draft)
        let spans = try await test.heldSpans(of: made.id)
        #expect(spans.map(\.duration) == [.seconds(23 * 3600), .seconds(24 * 3600)])
        #expect(spans.map(\.start) == [Times.instant("2026-03-29 00:00"), Times.instant("2026-04-05 00:00")])
    }

    @Test("A series is listed where one of its occurrences is, once, and pages follow its reach")
    func listing() async throws {
        let test = try await TestStore()
        let series = try await test.book(test.weekly(end: .never))
        let single = try await test.book(test.single("2026-04-14", "09:00", "10:00"))
        func listed(_ from: String, _ to: String) async throws -> [BookingID] {
            try await test.desk.bookings(
                BookingQuery(room: test.room, from: Times.instant(from), to: Times.instant(to))
            ).map(\.id)
        }
        #expect(try await listed("2026-04-13 00:00", "2026-04-15 00:00") == [series.id, single.id])
        #expect(try await listed("2026-04-14 00:00", "2026-04-15 00:00") == [single.id])
        #expect(try await listed("2030-01-07 00:00", "2030-01-08 00:00") == [series.id])
        let first = try await test.desk.page(BookingQuery(room: test.room, limit: 1))
        #expect(first.bookings.map(\.id) == [series.id])
        let second = try await test.desk.page(BookingQuery(room: test.room, after: first.next, limit: 1))
        #expect(second.bookings.map(\.id) == [single.id])
        #expect(second.next == nil)
        let availability = try await test.desk.availability(
            of: test.room,
            during: TimeSpan(start: Times.instant("2026-04-13 08:00"), end: Times.instant("2026-04-13 12:00")))
        #expect(availability.taken.map(\.start) == [Times.instant("2026-04-13 09:00")])
    }
}
