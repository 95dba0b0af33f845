import CalendarModel
import SyncEngine
import TestSupport
import Testing

@Suite("Series in the calendar in memory")
struct SeriesCalendarTests {
    private let clock = ManualClock()
    private let calendar: InMemoryCalendar
    private let address = Samples.mirror.address

    init() {
        let clock = clock
        calendar = InMemoryCalendar(now: { clock.now })
    }

    private func weekly(_ count: Int = 5) -> Meeting {
        var meeting = Samples.meeting()
        meeting.recurrence = Recurrence(
            rule: RecurrenceRule(frequency: .weekly, weekdays: [.monday], end: .after(count: count)))
        return meeting
    }

    private func recurrence(_ id: EventID) async throws -> Recurrence {
        try #require(await calendar.event(id)?.meeting.recurrence)
    }

    private let second = Times.wall("2026-03-09 09:00")
    private let third = Times.wall("2026-03-16 09:00")

    @Test("People move, rename, cancel and put back one occurrence; each changes the version of the series")
    func occurrences() async throws {
        let id = await calendar.personCreates(weekly())
        let version = await calendar.event(id)?.version
        await calendar.personChanges(id, occurrence: second) { $0.time = Times.at("2026-03-10 14:00") }
        #expect(await calendar.event(id)?.version != version)
        await calendar.personSets(id, occurrence: third, cancelled: true)
        var series = try await recurrence(id)
        #expect(series.exceptions == [second: OccurrenceChange(time: Times.at("2026-03-10 14:00"))])
        #expect(series.cancelled == [third])
        await calendar.personSets(id, occurrence: third, cancelled: false)
        await calendar.personChanges(id, occurrence: second) { $0.time = Times.at("2026-03-09 09:00") }
        series = try await recurrence(id)
        #expect(series.irregular.isEmpty)
    }

    @Test("A new rule or time by a person makes the series anew; a new subject does not")
    func anew() async throws {
        let id = await calendar.personCreates(weekly())
        await calendar.personSets(id, occurrence: third, cancelled: true)
        await calendar.personChanges(id) { $0.subject = "Renamed" }
        #expect(try await recurrence(id).cancelled == [third])
        await calendar.personChanges(id) { $0.recurrence?.rule.interval = 2 }
        #expect(try await recurrence(id).irregular.isEmpty)
    }

    @Test(
        "An update keeps what differs from the rule although the rule changed; what has no occurrence any more falls away"
    )
    func update() async throws {
        let id = await calendar.personCreates(weekly())
        var wanted = weekly(9)
        wanted.recurrence?.cancelled = [second, Times.wall("2026-03-10 09:00")]
        _ = try await calendar.update(
            EventReference(event: id), to: wanted, parts: [.recurrence], ifVersion: nil, in: address)
        let series = try await recurrence(id)
        #expect(series.rule.end == .after(count: 9))
        #expect(series.cancelled == [second])
    }

    @Test("An update that is cut half way has written the rule, not what differs from it")
    func halfDone() async throws {
        let id = await calendar.personCreates(weekly())
        var wanted = weekly(9)
        wanted.recurrence?.cancelled = [second]
        let meeting = wanted
        await calendar.direct { _ in
            var fate = CallFate()
            fate.halfDone = true
            return fate
        }
        await #expect(throws: ConnectorError.self) {
            try await calendar.update(
                EventReference(event: id), to: meeting, parts: [.recurrence], ifVersion: nil, in: address)
        }
        let series = try await recurrence(id)
        #expect(series.rule.end == .after(count: 9) && series.cancelled.isEmpty)
    }

    @Test("The attendant declines the occurrences that clash, and a series that clashes throughout")
    func attendant() async throws {
        await calendar.personCreates(Samples.meeting("Theirs", Times.at("2026-03-09 09:30")))
        let id = await calendar.personCreates(weekly(), by: .asked)
        #expect(try await recurrence(id).cancelled == [second])
        #expect(await calendar.event(id)?.response == .accepted)
        let other = await calendar.personCreates(weekly(1), by: .asked)
        #expect(await calendar.event(other)?.response == .declined)
    }

    @Test("The room declines one occurrence of somebody's series")
    func decline() async throws {
        let id = await calendar.personCreates(weekly(), by: .invited)
        try await calendar.decline(id, occurrence: third, comment: "Taken.", in: address)
        #expect(try await recurrence(id).cancelled == [third])
        #expect(await calendar.event(id)?.response == .accepted)
    }

    @Test("A series is read while one of its occurrences is in the window")
    func window() async throws {
        let id = await calendar.personCreates(weekly(3))
        func read(_ from: String, _ to: String) async throws -> [EventID] {
            let window = TimeSpan(start: Times.instant(from), end: Times.instant(to))
            return try await calendar.readChanges(of: address, since: nil, window: window).changed.map(\.id)
        }
        #expect(try await read("2026-03-16 00:00", "2026-03-17 00:00") == [id])
        #expect(try await read("2026-03-17 00:00", "2026-03-20 00:00").isEmpty)
        await calendar.personSets(id, occurrence: third, cancelled: true)
        #expect(try await read("2026-03-16 00:00", "2026-03-17 00:00").isEmpty)
    }

    @Test("A plain calendar refuses what it cannot express")
    func dialect() async throws {
        let clock = clock
        let plain = InMemoryCalendar(dialect: .plain, now: { clock.now })
        var meeting = weekly()
        meeting.recurrence?.additions = [Times.wall("2026-03-11 09:00")]
        #expect(!plain.expresses(meeting) && plain.expresses(weekly()))
        let draft = EventDraft(
            meeting: meeting, tag: EventTag(link: "link", booking: "b1", key: "k1"), mode: .direct)
        await #expect(throws: ConnectorError.self) { try await plain.create(draft, in: address) }
    }

    @Test("A copy carries the tag; the tag finds the original")
    func copies() async throws {
        let tag = EventTag(link: "link", booking: "b1", key: "k1")
        let draft = EventDraft(meeting: Samples.meeting(), tag: tag, mode: .direct)
        let original = try await calendar.create(draft, in: address).event.id
        let copy = try #require(await calendar.personCopies(original, to: Times.at("2026-03-04 09:00")))
        #expect(await calendar.tag(of: copy) == tag)
        #expect(try await calendar.find(tag, in: address)?.id == original)
    }
}
