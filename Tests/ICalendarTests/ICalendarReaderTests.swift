import CalendarModel
import CalendarTime
import ICalendar
import Testing

@Suite("Reading iCalendar files")
struct ICalendarReaderTests {
    private let oslo = ZoneID("Europe/Oslo")

    private func file(_ event: String, zones: String = "", header: String = "") -> String {
        "BEGIN:VCALENDAR\nVERSION:2.0\n\(header)\(zones)BEGIN:VEVENT\nUID:a\n\(event)\nEND:VEVENT\nEND:VCALENDAR\n"
    }

    private func read(_ event: String, zones: String = "", header: String = "") throws -> ImportedMeeting {
        let calendar = try ICalendarReader.read(file(event, zones: zones, header: header), roomZone: oslo)
        return try #require(calendar.meetings.first, "\(calendar.remarks)")
    }

    private func occurrences(_ imported: ImportedMeeting, year: Int = 2026) throws -> [String] {
        let series = try #require(Series(imported.meeting, roomZone: oslo))
        let window = TimeSpan(
            start: try Timestamps.parseRFC3339("\(year)-01-01T00:00:00Z"),
            end: try Timestamps.parseRFC3339("\(year + 1)-01-01T00:00:00Z"))
        return series.occurrences(in: window).map { text($0.time) }
    }

    private func text(_ time: MeetingTime) -> String {
        switch time {
        case .allDay(let time): "\(time.first)/\(time.end)"
        case .timed(let time): "\(time.start)/\(time.end) \(time.zone)"
        }
    }

    @Test("A meeting with all it says")
    func everything() throws {
        let imported = try read(
            """
            SUMMARY:Board\\, weekly
            DESCRIPTION:One\\nTwo
            LOCATION:3rd floor
            DTSTART;TZID=Europe/Oslo:20260302T090000
            DTEND;TZID=Europe/Oslo:20260302T103000
            CLASS:PRIVATE
            STATUS:TENTATIVE
            ORGANIZER;CN="Ada Byron":mailto:ada@example.com
            ATTENDEE;CN=Bo;ROLE=OPT-PARTICIPANT;PARTSTAT=ACCEPTED:MAILTO:bo@example.com
            ATTENDEE;CN=Oslo;CUTYPE=ROOM;PARTSTAT=NEEDS-ACTION:mailto:oslo@example.com
            BEGIN:VALARM
            ACTION:DISPLAY
            TRIGGER:-PT15M
            END:VALARM
            """)
        let meeting = imported.meeting
        #expect(text(meeting.time) == "2026-03-02T09:00:00/2026-03-02T10:30:00 Europe/Oslo")
        #expect(meeting.subject == "Board, weekly")
        #expect(meeting.body == "One\nTwo")
        #expect(meeting.location == "3rd floor")
        #expect(meeting.sensitivity == .private)
        #expect(meeting.showAs == .tentative)
        #expect(meeting.organizer == Person(name: "Ada Byron", address: "ada@example.com"))
        #expect(
            meeting.attendees == [
                Attendee(person: Person(name: "Bo", address: "bo@example.com"), role: .optional, response: .accepted),
                Attendee(
                    person: Person(name: "Oslo", address: "oslo@example.com"), role: .resource,
                    response: .notResponded),
            ])
        #expect(!imported.isCancelled)
        #expect(imported.remarks == ["Its reminders were left out."])
    }

    @Test(
        "When a meeting is",
        arguments: [
            ("DTSTART;VALUE=DATE:20260302", "2026-03-02/2026-03-03"),
            ("DTSTART;VALUE=DATE:20260302\nDTEND;VALUE=DATE:20260305", "2026-03-02/2026-03-05"),
            ("DTSTART;VALUE=DATE:20260302\nDURATION:P2D", "2026-03-02/2026-03-04"),
            ("DTSTART:20260302T090000\nDURATION:PT45M", "2026-03-02T09:00:00/2026-03-02T09:45:00 Europe/Oslo"),
            ("DTSTART:20260302T090000Z\nDTEND:20260302T100000Z", "2026-03-02T09:00:00/2026-03-02T10:00:00 UTC"),
            // A day is a day on the clock, 24 hours are 24 hours: clocks go forward on 29 March.
            ("DTSTART:20260328T120000\nDURATION:P1D", "2026-03-28T12:00:00/2026-03-29T12:00:00 Europe/Oslo"),
            ("DTSTART:20260328T120000\nDURATION:PT24H", "2026-03-28T12:00:00/2026-03-29T13:00:00 Europe/Oslo"),
            ("DTSTART:20260302T090000", "2026-03-02T09:00:00/2026-03-02T09:00:00 Europe/Oslo"),
            ("DTSTART:20260302T100000\nDTEND:20260302T090000", "2026-03-02T09:00:00/2026-03-02T10:00:00 Europe/Oslo"),
        ])
    func times(event: String, expected: String) throws {
        #expect(text(try read(event).meeting.time) == expected)
    }

    @Test(
        "Names of time zones as programs write them",
        arguments: [
            ("Europe/Berlin", "Europe/Berlin"), ("W. Europe Standard Time", "Europe/Berlin"),
            ("/freeassociation.sourceforge.net/Europe/Berlin", "Europe/Berlin"),
            ("/mozilla.org/20070129_1/America/New_York", "America/New_York"),
            (
                "/freeassociation.sourceforge.net/Tzfile/America/Argentina/Buenos_Aires",
                "America/Argentina/Buenos_Aires"
            ),
        ])
    func zoneNames(name: String, zone: String) throws {
        let imported = try read("DTSTART;TZID=\"\(name)\":20260302T090000\nDURATION:PT1H")
        #expect(text(imported.meeting.time) == "2026-03-02T09:00:00/2026-03-02T10:00:00 \(zone)")
    }

    private func definition(_ standard: String, _ summer: String) -> String {
        """
        BEGIN:VTIMEZONE
        TZID:Ours
        BEGIN:STANDARD
        DTSTART:16010101T030000
        TZOFFSETFROM:\(summer)
        TZOFFSETTO:\(standard)
        RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
        END:STANDARD
        BEGIN:DAYLIGHT
        DTSTART:16010101T020000
        TZOFFSETFROM:\(standard)
        TZOFFSETTO:\(summer)
        RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
        END:DAYLIGHT
        END:VTIMEZONE

        """
    }

    @Test("A zone defined in the file is the known zone with the same rules, so that a series keeps its wall time")
    func definedZone() throws {
        let imported = try read(
            "DTSTART;TZID=Ours:20260323T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2",
            zones: definition("+0100", "+0200"))
        guard case .timed(let time) = imported.meeting.time else { Issue.record("not timed"); return }
        #expect(Zones.same(time.zone, ZoneID("Europe/Berlin")) || Zones.same(time.zone, ZoneID("Europe/Paris")))
        #expect(imported.remarks.isEmpty)
        #expect(imported.isInUnnamedZone)
        #expect(try !read("DTSTART;TZID=Europe/Oslo:20260323T090000\nDURATION:PT1H").isInUnnamedZone)
        let series = try #require(Series(imported.meeting, roomZone: oslo))
        let starts = series.originals(
            from: CivilDate(year: 2026, month: 3, day: 1), through: CivilDate(year: 2026, month: 4, day: 30)
        ).compactMap(series.occurrence).map { Timestamps.rfc3339($0.span.start) }
        #expect(starts == ["2026-03-23T08:00:00Z", "2026-03-30T07:00:00Z"])
    }

    @Test("A zone with rules that nobody has keeps its instants, and says so")
    func strangeZone() throws {
        let calendar = try ICalendarReader.read(
            file("DTSTART;TZID=Ours:20260702T090000\nDURATION:PT1H", zones: definition("+0107", "+0207")),
            roomZone: oslo)
        #expect(text(calendar.meetings[0].meeting.time) == "2026-07-02T06:53:00/2026-07-02T07:53:00 UTC")
        #expect(calendar.remarks.contains { $0.contains("No known time zone has the rules") })
    }

    @Test("An unknown zone without rules is taken for the room's, and says so")
    func unknownZone() throws {
        let calendar = try ICalendarReader.read(
            file("DTSTART;TZID=Middle Earth:20260302T090000\nDURATION:PT1H"), roomZone: oslo)
        #expect(text(calendar.meetings[0].meeting.time) == "2026-03-02T09:00:00/2026-03-02T10:00:00 Europe/Oslo")
        #expect(calendar.remarks.contains { $0.contains("Middle Earth") && $0.contains("Europe/Oslo") })
    }

    @Test("The calendar's own zone is where times in UTC and without a zone are meant")
    func calendarZone() throws {
        let header = "X-WR-TIMEZONE:Asia/Tokyo\n"
        let utc = try read("DTSTART:20260302T000000Z\nDURATION:PT1H", header: header)
        #expect(text(utc.meeting.time) == "2026-03-02T09:00:00/2026-03-02T10:00:00 Asia/Tokyo")
        let floating = try read("DTSTART:20260302T090000\nDURATION:PT1H", header: header)
        #expect(floating.meeting.time == utc.meeting.time)
    }

    @Test("Dates taken out and added, with a length of their own and in other zones")
    func dates() throws {
        let imported = try read(
            """
            DTSTART;TZID=Europe/Oslo:20260302T090000
            DURATION:PT1H
            RRULE:FREQ=WEEKLY;COUNT=4
            EXDATE:20260309T080000Z
            EXDATE;VALUE=DATE:20260316
            RDATE;TZID=Europe/Oslo:20260304T120000
            RDATE;VALUE=PERIOD:20260305T110000Z/PT3H
            """)
        let days = ["2026-03-02T09:00:00/2026-03-02T10:00:00", "2026-03-04T12:00:00/2026-03-04T13:00:00"]
        let more = ["2026-03-05T12:00:00/2026-03-05T15:00:00", "2026-03-23T09:00:00/2026-03-23T10:00:00"]
        #expect(try occurrences(imported) == (days + more).map { "\($0) Europe/Oslo" })
    }

    @Test("A start that the rule does not match is an occurrence too")
    func offPattern() throws {
        let imported = try read("DTSTART:20260304T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=2")
        #expect(try occurrences(imported).map { String($0.prefix(10)) } == ["2026-03-04", "2026-03-09", "2026-03-16"])
        #expect(imported.meeting.recurrence?.additions.count == 1)
    }

    private func series(_ change: String) -> String {
        """
        SEQUENCE:1
        SUMMARY:Standup
        DTSTART;TZID=Europe/Oslo:20260302T090000
        DTEND;TZID=Europe/Oslo:20260302T093000
        RRULE:FREQ=DAILY;COUNT=5
        END:VEVENT
        BEGIN:VEVENT
        UID:a
        \(change)
        """
    }

    @Test("A changed occurrence keeps only what differs")
    func change() throws {
        let imported = try read(
            series(
                """
                RECURRENCE-ID:20260303T080000Z
                SUMMARY:Standup with cake
                DTSTART;TZID=Europe/Oslo:20260303T150000
                DTEND;TZID=Europe/Oslo:20260303T153000
                """))
        let recurrence = try #require(imported.meeting.recurrence)
        let original = WallTime(date: CivilDate(year: 2026, month: 3, day: 3), hour: 9, minute: 0)
        let change = try #require(recurrence.exceptions[original])
        #expect(recurrence.exceptions.count == 1)
        #expect(change.subject == "Standup with cake")
        #expect(change.time.map(text) == "2026-03-03T15:00:00/2026-03-03T15:30:00 Europe/Oslo")
        #expect(change.body == nil && change.location == nil && change.showAs == nil)
        #expect(try occurrences(imported).count == 5)
    }

    @Test("A cancelled occurrence is out, whatever way it is named")
    func cancelled() throws {
        for name in ["TZID=Europe/Oslo:20260303T090000", "VALUE=DATE:20260303", "X-A=B:20260303T080000Z"] {
            let imported = try read(
                series("RECURRENCE-ID;\(name)\nSTATUS:CANCELLED\nDTSTART;TZID=Europe/Oslo:20260303T090000"))
            #expect(
                try occurrences(imported).map { String($0.prefix(10)) }
                    == ["2026-03-02", "2026-03-04", "2026-03-05", "2026-03-06"], "\(name)")
        }
    }

    @Test("This and all following are moved by as much")
    func following() throws {
        let imported = try read(
            series(
                """
                RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Oslo:20260304T090000
                DTSTART;TZID=Europe/Oslo:20260304T103000
                DTEND;TZID=Europe/Oslo:20260304T113000
                """))
        #expect(
            try occurrences(imported).map { String($0.dropFirst(11).prefix(28)) } == [
                "09:00:00/2026-03-02T09:30:00", "09:00:00/2026-03-03T09:30:00", "10:30:00/2026-03-04T11:30:00",
                "10:30:00/2026-03-05T11:30:00", "10:30:00/2026-03-06T11:30:00",
            ])
    }

    @Test("A changed occurrence without its series is a meeting of its own")
    func orphan() throws {
        let imported = try read("RECURRENCE-ID:20260303T080000Z\nDTSTART:20260303T080000Z\nDURATION:PT1H")
        #expect(imported.meeting.recurrence == nil)
    }

    @Test("A rule that bookings cannot hold leaves the first occurrence, and says so")
    func hourly() throws {
        let imported = try read("DTSTART:20260302T090000\nDURATION:PT1H\nRRULE:FREQ=HOURLY;COUNT=3")
        #expect(try occurrences(imported).count == 1)
        #expect(imported.remarks.contains { $0.contains("less than a day") && $0.contains("left out") })
    }

    @Test("A meeting that was called off says so; a transparent one is free")
    func states() throws {
        #expect(try read("DTSTART:20260302T090000\nSTATUS:CANCELLED").isCancelled)
        #expect(try read("DTSTART:20260302T090000\nTRANSP:TRANSPARENT").meeting.showAs == .free)
        #expect(try read("DTSTART:20260302T090000\nX-MICROSOFT-CDO-BUSYSTATUS:OOF").meeting.showAs == .outOfOffice)
    }

    @Test(
        "What is no calendar is refused in words",
        arguments: ["", "hello", "BEGIN:VCARD\nEND:VCARD\n", "\u{0}\u{FEFF}"])
    func refused(text: String) {
        #expect(throws: ICalendarError.notACalendar) { try ICalendarReader.read(text, roomZone: oslo) }
    }

    @Test("What is not a meeting, or cannot be read, is listed")
    func leftOut() throws {
        let calendar = try ICalendarReader.read(
            "BEGIN:VCALENDAR\nBEGIN:VTODO\nEND:VTODO\nBEGIN:VEVENT\nDTSTART:soon\nEND:VEVENT\nEND:VCALENDAR\n",
            roomZone: oslo)
        #expect(calendar.meetings.isEmpty)
        #expect(
            calendar.remarks == [
                "An event without a start that can be read was left out.",
                "Not meetings, and left out: tasks (1).",
            ])
    }

    @Test("Broken files never end the program")
    func mutations() throws {
        let sound = file(
            series(
                "RECURRENCE-ID;RANGE=THISANDFUTURE:20260304T080000Z\nDTSTART;TZID=Ours:20260304T103000\nDURATION:PT1H"),
            zones: definition("+0100", "+0200"))
        let pieces = ["99999999999", "-1", "\n", ";", ":", "00000000T000000Z", "P99999999W", "BEGIN:VEVENT\n", "\u{0}"]
        var state: UInt64 = 5545
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(truncatingIfNeeded: state >> 33) % bound
        }
        for _ in 0..<1500 {
            var characters = Array(sound.unicodeScalars)
            for _ in 0...next(6) where !characters.isEmpty {
                let place = next(characters.count)
                switch next(3) {
                case 0: characters.remove(at: place)
                case 1: characters.replaceSubrange(place..., with: characters[place...].dropFirst(next(40)))
                default: characters.insert(contentsOf: pieces[next(pieces.count)].unicodeScalars, at: place)
                }
            }
            let text = String(String.UnicodeScalarView(characters))
            guard let calendar = try? ICalendarReader.read(text, roomZone: oslo) else { continue }
            for meeting in calendar.meetings where meeting.meeting.recurrence != nil { _ = try occurrences(meeting) }
        }
    }
}
