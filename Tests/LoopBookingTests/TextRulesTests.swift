import CalendarModel
import LoopBooking
import Testing

@Suite("What a booking may say")
struct TextRulesTests {
    private func codes(_ change: BookingChange) -> [String] {
        MeetingRules.violations(of: change).map { "\($0.field): \($0.code)" }
    }

    @Test(
        "Addresses have the shape of addresses",
        arguments: [
            "anna@example.com", "a.b+c@sub.example.co", "åse@bücher.example", "x@localhost", "o'neil@example.com",
        ])
    func goodAddresses(address: String) {
        #expect(codes(BookingChange(organizer: .value(Person(name: "", address: address)))) == [])
    }

    @Test(
        "What is no address is refused",
        arguments: [
            "anna", "@example.com", "anna@", "a@b@c.com", "an na@example.com", "anna@exa mple.com",
            "<anna@example.com>",
            "anna@-example.com", "anna@example..com", ".anna@example.com", "anna@example.com,bo@example.com",
            "anna@example.com\u{0}", "anna@example.com\n",
        ])
    func badAddresses(address: String) {
        #expect(
            codes(BookingChange(organizer: .value(Person(name: "", address: address))))
                == ["organizer.address: invalid-address"])
    }

    @Test("Lengths are counted as Microsoft 365 counts them, and the limit itself is allowed")
    func lengths() {
        let limit = TextRules.longestSubject
        #expect(codes(BookingChange(subject: String(repeating: "x", count: limit))) == [])
        #expect(codes(BookingChange(subject: String(repeating: "x", count: limit + 1))) == ["subject: too-long"])
        // An emoji is two of what is counted.
        #expect(codes(BookingChange(subject: String(repeating: "🎉", count: 128))) == ["subject: too-long"])
        #expect(codes(BookingChange(body: String(repeating: "x", count: TextRules.longestBody))) == [])
        #expect(
            codes(BookingChange(body: String(repeating: "x", count: TextRules.longestBody + 1))) == ["body: too-long"])
        let long = String(repeating: "a", count: 60) + "@" + String(repeating: "b.", count: 130) + "com"
        #expect(
            codes(BookingChange(organizer: .value(Person(name: "", address: long)))) == ["organizer.address: too-long"])
    }

    @Test("Five hundred attendees are the most")
    func attendees() {
        let many = (0...500).map { Attendee(person: Person(name: "", address: "p\($0)@example.com")) }
        #expect(codes(BookingChange(attendees: Array(many.prefix(500)))) == [])
        #expect(codes(BookingChange(attendees: many)) == ["attendees: too-many"])
    }

    @Test("An organizer has a name or an address")
    func organizer() {
        #expect(codes(BookingChange(organizer: .value(Person(name: "Anna", address: "")))) == [])
        #expect(codes(BookingChange(organizer: .value(Person(name: " ", address: "")))) == ["organizer.name: required"])
        #expect(codes(BookingChange(organizer: .nothing)) == [])
    }

    @Test("Control characters have no place, line ends only in the body")
    func controlCharacters() {
        #expect(codes(BookingChange(subject: "a\nb")) == ["subject: control-character"])
        #expect(codes(BookingChange(body: "a\n\tb")) == [])
        #expect(codes(BookingChange(body: "a\u{0}b")) == ["body: control-character"])
    }

    @Test("A change of all-day to timed needs both times, and the other way round")
    func timeChanges() throws {
        let days = TimeDraft.allDay(
            first: CivilDate(year: 2026, month: 3, day: 2), end: CivilDate(year: 2026, month: 3, day: 3))
        let wall = WallTime(date: CivilDate(year: 2026, month: 3, day: 2), hour: 9, minute: 0)
        let start = ZonedTime(wall: wall, zone: "UTC")
        func fields(_ change: TimeChange, _ time: TimeDraft?) -> [String] {
            change.applied(to: time).violations.map { "\($0.field): \($0.code)" }
        }
        #expect(fields(TimeChange(start: start), days) == ["start: misplaced"])
        #expect(fields(TimeChange(start: start, allDay: false), days) == ["end: required"])
        #expect(fields(TimeChange(endDate: CivilDate(year: 2026, month: 3, day: 5)), days) == [])
        #expect(
            fields(TimeChange(allDay: true), .timed(start: start, end: start)) == [
                "startDate: required", "endDate: required",
            ])
        #expect(fields(TimeChange(), nil) == ["start: required", "end: required"])
    }
}
