import CalendarModel
import CalendarTime
import Testing

private func wall(_ text: String) throws -> WallTime { try Timestamps.parseWall(text) }
private func instant(_ text: String) throws -> Instant { try Timestamps.parseRFC3339(text) }

@Suite("Zone names")
struct ZoneNameTests {
    @Test(
        "Windows, IANA and Microsoft's special names are understood",
        arguments: [
            ("W. Europe Standard Time", "Europe/Berlin"), ("Pacific Standard Time", "America/Los_Angeles"),
            ("UTC", "UTC"), ("tzone://Microsoft/Utc", "UTC"), ("Europe/Oslo", "Europe/Oslo"),
            ("Asia/Calcutta", "Asia/Calcutta"), ("India Standard Time", "Asia/Calcutta"),
        ])
    func vendorNames(name: String, expected: String) throws {
        guard case .zone(let zone) = Zones.fromVendor(name) else {
            Issue.record("\(name) was not understood")
            return
        }
        #expect(Zones.same(zone, ZoneID(expected)))
    }

    @Test("A region picks its own zone among those of one Windows name")
    func region() {
        #expect(Zones.fromVendor("W. Europe Standard Time", region: "NO") == .zone(ZoneID("Europe/Oslo")))
        #expect(Zones.fromVendor("W. Europe Standard Time", region: "AT") == .zone(ZoneID("Europe/Vienna")))
    }

    @Test("Custom zones have no name", arguments: ["tzone://Microsoft/Custom", "Customized Time Zone", ""])
    func custom(name: String) { #expect(Zones.fromVendor(name) == .custom) }

    @Test("Unknown names stay unknown", arguments: ["Mars/Olympus", "Standard Time", "GMT+0230", "+02:00"])
    func unknown(name: String) {
        #expect(Zones.fromVendor(name) == .unknown(name))
        #expect(Zones.known(name) == nil)
    }

    @Test(
        "IANA zones and aliases have Windows names",
        arguments: [
            ("Europe/Oslo", "W. Europe Standard Time"), ("Europe/Vienna", "W. Europe Standard Time"),
            ("Asia/Kolkata", "India Standard Time"), ("Asia/Calcutta", "India Standard Time"),
            ("Europe/Kyiv", "FLE Standard Time"), ("UTC", "UTC"), ("America/New_York", "Eastern Standard Time"),
        ])
    func windowsNames(zone: String, windows: String) {
        #expect(Zones.windowsName(for: ZoneID(zone)) == windows)
    }

    @Test("Every Windows name that comes out goes in again to a zone with the same clock")
    func roundTrip() throws {
        let summer = try instant("2026-07-01T12:00:00Z")
        let winter = try instant("2026-01-01T12:00:00Z")
        for name in ["Europe/Oslo", "America/Chicago", "Asia/Tokyo", "Australia/Sydney", "America/Sao_Paulo"] {
            let windows = try #require(Zones.windowsName(for: ZoneID(name)))
            guard case .zone(let back) = Zones.fromVendor(windows) else {
                Issue.record("\(windows) was not understood")
                continue
            }
            for moment in [summer, winter] {
                #expect(Zones.wallTime(of: moment, in: back) == Zones.wallTime(of: moment, in: ZoneID(name)))
            }
        }
    }
}

@Suite("Wall time and instant")
struct WallTimeTests {
    @Test(
        "Wall times stand for the instants of RFC 5545, in gaps and overlaps too",
        arguments: [
            ("2026-01-15T09:00:00", "Europe/Oslo", "2026-01-15T08:00:00Z"),
            ("2026-07-15T09:00:00", "Europe/Oslo", "2026-07-15T07:00:00Z"),
            // The gap: clocks jump from 02:00 to 03:00; 02:30 is read with the offset before the jump.
            ("2026-03-29T02:30:00", "Europe/Oslo", "2026-03-29T01:30:00Z"),
            ("2026-03-08T02:30:00", "America/New_York", "2026-03-08T07:30:00Z"),
            // The overlap: 02:30 comes twice; the first one counts.
            ("2026-10-25T02:30:00", "Europe/Oslo", "2026-10-25T00:30:00Z"),
            ("2026-11-01T01:30:00", "America/New_York", "2026-11-01T05:30:00Z"),
        ])
    func instants(text: String, zone: String, expected: String) throws {
        #expect(try Zones.instant(of: wall(text), in: ZoneID(zone)) == instant(expected))
    }

    @Test("An offset tells the two passes of a repeated hour apart, and is refused where clocks never are so")
    func offsets() throws {
        let (oslo, late) = (ZoneID("Europe/Oslo"), try wall("2026-10-25T02:30:00"))
        for (offset, expected) in [(120, "2026-10-25T00:30:00Z"), (60, "2026-10-25T01:30:00Z")] {
            let moment = try instant(expected)
            #expect(Zones.instant(of: late, offset: offset, in: oslo) == moment)
            #expect(Zones.offset(of: late, at: moment) == offset)
        }
        #expect(Zones.instant(of: late, offset: 0, in: oslo) == nil)
        #expect(Zones.instant(of: try wall("2026-07-15T09:00:00"), offset: 60, in: oslo) == nil)
        // In the gap no clock shows it; what it is read as has an offset all the same.
        #expect(
            Zones.instant(of: try wall("2026-03-29T02:30:00"), offset: 60, in: oslo)
                == (try instant("2026-03-29T01:30:00Z")))
        #expect([-570, 0, 60, 345].map(Timestamps.offset) == ["-09:30", "+00:00", "+01:00", "+05:45"])
        #expect(try ["-09:30", "Z", "+01:00"].map(Timestamps.parseOffset) == [-570, 0, 60])
        #expect(throws: TimeError.self) { try Timestamps.parseOffset("+1") }
    }

    @Test("All-day spans are as long as the day is")
    func allDay() throws {
        let zone = ZoneID("Europe/Oslo")
        let spring = try Zones.allDay(
            first: CivilDate(year: 2026, month: 3, day: 29), end: CivilDate(year: 2026, month: 3, day: 30), zone: zone)
        #expect(spring.span.duration == .seconds(23 * 3600))
    }

    @Test("An unknown zone and an end before the start are errors")
    func errors() throws {
        let (nine, ten) = (try wall("2026-01-15T09:00:00"), try wall("2026-01-15T10:00:00"))
        #expect(throws: TimeError.unknownZone("Mars/Olympus")) {
            try Zones.timed(start: nine, end: ten, zone: ZoneID("Mars/Olympus"))
        }
        #expect(throws: TimeError.endBeforeStart) { try Zones.timed(start: ten, end: nine, zone: .utc) }
    }

    @Test("Days are added by the calendar")
    func days() {
        let date = CivilDate(year: 2028, month: 2, day: 28)
        #expect(Zones.date(date, addingDays: 1) == CivilDate(year: 2028, month: 2, day: 29))
        #expect(Zones.date(date, addingDays: 2) == CivilDate(year: 2028, month: 3, day: 1))
        #expect(Zones.date(date, addingDays: -59) == CivilDate(year: 2027, month: 12, day: 31))
        #expect(Zones.weekday(of: CivilDate(year: 2026, month: 11, day: 22)) == .sunday)
    }
}

@Suite("Timestamps")
struct TimestampTests {
    @Test(
        "RFC 3339 is read and written",
        arguments: [
            ("2026-03-02T09:00:00Z", "2026-03-02T09:00:00.000000Z"),
            ("2026-03-02T09:00:00+02:00", "2026-03-02T07:00:00.000000Z"),
            ("2026-03-02T09:00:00.1234567Z", "2026-03-02T09:00:00.123456Z"),
            ("2026-03-02T09:00:00.5-05:30", "2026-03-02T14:30:00.500000Z"),
            ("1969-12-31T23:59:59.250000Z", "1969-12-31T23:59:59.250000Z"),
        ])
    func roundTrip(text: String, expected: String) throws {
        #expect(Timestamps.rfc3339(try instant(text), fractionDigits: 6) == expected)
    }

    @Test(
        "What is not a time is refused",
        arguments: [
            "2026-02-30T09:00:00Z", "2026-03-02T24:00:00Z", "2026-03-02T09:00:60Z", "2026-03-02 09:00:00Z",
            "2026-03-02T09:00:00", "2026-3-2T09:00:00Z", "2026-13-01T00:00:00Z", "", "2026-03-02T09:00:00.Z",
            "2026-03-02T09:00:00Zx", "2026-03-02T09:00:00+25:00",
        ])
    func refused(text: String) { #expect(throws: TimeError.self) { try instant(text) } }

    @Test("Graph's zone-less form is read")
    func graph() throws {
        let time = try wall("2017-04-15T11:00:00.0000000")
        #expect(time == WallTime(date: CivilDate(year: 2017, month: 4, day: 15), hour: 11, minute: 0))
        #expect(Timestamps.graphWall(time) == "2017-04-15T11:00:00.0000000")
        #expect(throws: TimeError.self) { try wall("2017-04-15T11:00:00Z") }
    }
}

@Suite("Zones known by the moments of a series")
struct SharedClockTests {
    private let date = CivilDate(year: 2026, month: 3, day: 2)

    /// Weekly at a time of day of a zone, for a year.
    private func moments(_ clock: String, in zone: String) throws -> [Instant] {
        let start = try wall("2026-03-02T\(clock)")
        return try (0..<52).map { week in
            let date = Zones.date(start.date, addingDays: 7 * week)
            return try #require(
                Zones.instant(of: WallTime(date: date, hour: start.hour, minute: start.minute), in: ZoneID(zone)))
        }
    }

    @Test(
        "The room's zone comes first, and another one where the clocks of the room's do not fit",
        arguments: [
            ("Europe/Oslo", "09:00:00"), ("America/New_York", "09:00:00"), ("Australia/Adelaide", "07:30:00"),
            ("UTC", "23:30:00"), ("Pacific/Auckland", "08:00:00"), ("Africa/Casablanca", "10:00:00"),
        ])
    func found(zone: String, clock: String) throws {
        let moments = try moments(clock, in: zone)
        let shared = try #require(
            Zones.clock(sharedBy: moments, beginning: moments[0], on: date, preferring: [ZoneID("Europe/Oslo")]))
        #expect(shared.start.date == date)
        for (week, moment) in moments.enumerated() {
            let day = Zones.date(date, addingDays: 7 * week)
            let found = WallTime(date: day, hour: shared.start.hour, minute: shared.start.minute)
            #expect(Zones.instant(of: found, in: shared.zone) == moment, "week \(week) in \(shared.zone)")
        }
        if zone == "Europe/Oslo" { #expect(shared.zone == ZoneID(zone)) }
    }

    @Test("Where no zone fits, most of the moments count")
    func most() throws {
        var moments = try moments("09:00:00", in: "Europe/Oslo")
        moments[10] = moments[10].advanced(by: .seconds(3600))
        let shared = Zones.clock(
            sharedBy: moments, beginning: moments[0], on: date, preferring: [ZoneID("Europe/Oslo")])
        #expect(shared?.zone == ZoneID("Europe/Oslo"))
        #expect(try shared?.start == wall("2026-03-02T09:00:00"))
    }

    @Test("Without moments there is nothing to say")
    func none() throws {
        #expect(Zones.clock(sharedBy: [], beginning: try instant("2026-03-02T08:00:00Z"), on: date) == nil)
    }
}
