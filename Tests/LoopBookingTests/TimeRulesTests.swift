import CalendarModel
import CalendarTime
import LoopBooking
import Testing

@Suite("When a room can be booked")
struct TimeRulesTests {
    /// Sunday, 1 March 2026, noon UTC.
    private let now = Instant(seconds: 1_772_366_400)

    private func room(_ hours: OpeningHours = .always, maximum: Int = 1440, horizon: Int = 365) -> Room {
        Room(
            id: "oslo", organization: "acme", name: "Oslo", zone: ZoneID("Europe/Oslo"), openingHours: hours,
            rules: BookingRules(horizonDays: horizon, maximumMinutes: maximum))
    }

    private func time(_ start: String, _ end: String, zone: String = "Europe/Oslo") throws -> MeetingTime {
        .timed(
            try Zones.timed(
                start: try Timestamps.parseWall(start), end: try Timestamps.parseWall(end), zone: ZoneID(zone)))
    }

    private func days(_ first: String, _ end: String) throws -> MeetingTime {
        .allDay(
            try Zones.allDay(
                first: try Timestamps.parseDate(first), end: try Timestamps.parseDate(end), zone: ZoneID("Europe/Oslo"))
        )
    }

    private func codes(_ time: MeetingTime, previous: MeetingTime? = nil, in room: Room) -> [String] {
        TimeRules.violations(of: time, previous: previous, in: room, now: now).map { "\($0.field): \($0.code)" }
    }

    @Test("People book the room they are standing in: five minutes' grace")
    func grace() throws {
        #expect(codes(try time("2026-03-01T12:55:00", "2026-03-01T14:00:00"), in: room()) == [])
        #expect(codes(try time("2026-03-01T12:54:59", "2026-03-01T14:00:00"), in: room()) == ["start: in-the-past"])
    }

    @Test("Today can be booked as a whole day, yesterday cannot")
    func allDayToday() throws {
        #expect(codes(try days("2026-03-01", "2026-03-02"), in: room()) == [])
        #expect(codes(try days("2026-02-28", "2026-03-01"), in: room()) == ["startDate: in-the-past"])
    }

    @Test("A whole day is 24 hours long also when the clocks change")
    func dayOfChange() throws {
        let autumn = try days("2026-10-25", "2026-10-26")
        #expect(autumn.span.duration == .seconds(25 * 3600))
        #expect(codes(autumn, in: room()) == [])
        #expect(codes(try days("2026-10-25", "2026-10-27"), in: room()) == ["endDate: too-long"])
    }

    @Test("The horizon is the end of the last day in the room's zone")
    func horizon() throws {
        let room = room(horizon: 10)
        #expect(codes(try time("2026-03-11T23:00:00", "2026-03-12T00:00:00"), in: room) == [])
        #expect(codes(try time("2026-03-11T23:00:00", "2026-03-12T00:00:01"), in: room) == ["end: beyond-horizon"])
        #expect(codes(try days("2026-03-11", "2026-03-12"), in: room) == [])
    }

    @Test("Opening hours are the room's, whatever zone the meeting was made in")
    func openingHours() throws {
        let room = room(.weekly([.monday: OpeningHours.MinuteRange(from: 480, to: 1020)]))
        #expect(codes(try time("2026-03-02T08:00:00", "2026-03-02T17:00:00"), in: room) == [])
        #expect(codes(try time("2026-03-02T07:00:00", "2026-03-02T16:00:00", zone: "UTC"), in: room) == [])
        #expect(
            codes(try time("2026-03-02T08:00:00", "2026-03-02T17:00:00", zone: "UTC"), in: room)
                == ["end: outside-opening-hours"])
        #expect(codes(try days("2026-03-02", "2026-03-03"), in: room) == ["startDate: outside-opening-hours"])
    }

    @Test("Hours that run on over midnight are one opening")
    func overMidnight() throws {
        let nights = room(
            .weekly([
                .monday: OpeningHours.MinuteRange(from: 480, to: 1440),
                .tuesday: OpeningHours.MinuteRange(from: 0, to: 120),
            ]))
        #expect(codes(try time("2026-03-02T22:00:00", "2026-03-03T02:00:00"), in: nights) == [])
        #expect(
            codes(try time("2026-03-02T22:00:00", "2026-03-03T02:01:00"), in: nights)
                == ["end: outside-opening-hours"])
    }

    @Test("A rule that was broken before does not stop a change that mends part of it")
    func shortening() throws {
        let old = try time("2026-03-02T08:00:00", "2026-03-02T18:00:00")
        let room = room(.weekly([.monday: OpeningHours.MinuteRange(from: 540, to: 600)]), maximum: 60)
        #expect(codes(try time("2026-03-02T08:00:00", "2026-03-02T17:00:00"), previous: old, in: room) == [])
        #expect(
            codes(try time("2026-03-02T08:00:00", "2026-03-02T19:00:00"), previous: old, in: room) == ["end: too-long"])
    }

    @Test("An end typed in another zone is taken over into the start's")
    func twoZones() throws {
        let draft = TimeDraft.timed(
            start: ZonedTime(wall: try Timestamps.parseWall("2026-03-02T10:00:00"), zone: "Europe/Oslo"),
            end: ZonedTime(wall: try Timestamps.parseWall("2026-03-02T10:00:00"), zone: "Europe/London"))
        let resolved = TimeRules.resolve(draft, roomZone: .utc)
        guard case .timed(let timed)? = resolved.value else {
            Issue.record("not resolved: \(resolved.violations)")
            return
        }
        #expect(timed.end == (try Timestamps.parseWall("2026-03-02T11:00:00")))
        #expect(timed.span.duration == .seconds(3600))
    }

    @Test("In the hour that autumn repeats the offset says which of the two is meant; without one the first")
    func repeatedHour() throws {
        func length(_ end: ZonedTime) throws -> Duration? {
            let start = ZonedTime(wall: try Timestamps.parseWall("2026-10-25T01:30:00"), zone: "Europe/Oslo")
            return TimeRules.resolve(.timed(start: start, end: end), roomZone: .utc).value?.span.duration
        }
        let end = try Timestamps.parseWall("2026-10-25T02:30:00")
        #expect(try length(ZonedTime(wall: end, zone: "Europe/Oslo")) == .seconds(3600))
        #expect(try length(ZonedTime(wall: end, zone: "Europe/Oslo", offset: 120)) == .seconds(3600))
        #expect(try length(ZonedTime(wall: end, zone: "Europe/Oslo", offset: 60)) == .seconds(7200))
        #expect(
            try length(ZonedTime(wall: try Timestamps.parseWall("2026-10-25T01:30:00"), zone: "UTC"))
                == .seconds(7200))
        let wrong = TimeRules.resolve(
            .timed(
                start: ZonedTime(wall: end, zone: "Europe/Oslo", offset: 0),
                end: ZonedTime(wall: end, zone: "Europe/Oslo")), roomZone: .utc)
        #expect(wrong.violations.map(\.code) == ["offset-mismatch"])
        #expect(wrong.violations.map(\.field) == ["start.offset"])
    }

    @Test("What is free is what is open and not taken")
    func free() throws {
        let room = room(.weekly([.monday: OpeningHours.MinuteRange(from: 480, to: 1020)]))
        let day = try days("2026-03-02", "2026-03-03").span
        let taken = [
            try time("2026-03-02T07:00:00", "2026-03-02T09:00:00").span,
            try time("2026-03-02T12:00:00", "2026-03-02T13:00:00").span,
            try time("2026-03-02T13:00:00", "2026-03-02T17:00:00").span,
        ]
        #expect(
            OpeningTimes.free(in: room, during: day, taken: taken) == [
                try time("2026-03-02T09:00:00", "2026-03-02T12:00:00").span
            ])
        #expect(OpeningTimes.free(in: room, during: day, taken: [day]) == [])
    }
}
