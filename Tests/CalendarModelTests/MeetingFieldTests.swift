import CalendarModel
import TestSupport
import Testing

@Suite("Meetings are compared by what they mean")
struct MeetingFieldTests {
    private let everything = Set(MeetingField.allCases)

    @Test("What vendors rewrite on their own is no difference, and gives the same fingerprint")
    func rewriting() {
        let mine = Samples.meeting(
            "Design review", body: "One\nTwo",
            attendees: [Attendee(person: Samples.anna), Attendee(person: Samples.erik)])
        var theirs = mine
        theirs.subject = "  Design\u{a0} review "
        theirs.body = "\r\nOne \r\n\r\n  Two\r\n"
        theirs.organizer = Person(name: "A. Berg", address: "ANNA@contoso.example")
        theirs.attendees = [
            Attendee(person: Samples.erik, response: .accepted), Attendee(person: Samples.mirror, role: .resource),
            Attendee(person: Samples.anna),
        ]
        theirs.time = Times.timed(mine.span, in: .utc)
        #expect(mine.differences(from: theirs, among: everything).isEmpty)
        #expect(mine.fingerprint() == theirs.fingerprint())
    }

    static let changes: [(MeetingField, @Sendable (inout Meeting) -> Void)] = [
        (.time, { $0.time = Times.at("2026-03-02 09:00", minutes: 61) }), (.subject, { $0.subject += "!" }),
        (.body, { $0.body += "!" }), (.organizer, { $0.organizer = Samples.erik }),
        (.attendees, { $0.attendees = [Attendee(person: Samples.erik)] }),
        (.sensitivity, { $0.sensitivity = .private }),
        (.showAs, { $0.showAs = .tentative }), (.location, { $0.location = "Oslo" }),
        (.recurrence, { $0.recurrence = Recurrence(rule: RecurrenceRule(frequency: .daily)) }),
    ]

    @Test("Each field is told apart, and taken over alone", arguments: changes.indices)
    func fields(index: Int) {
        let (field, change) = Self.changes[index]
        let before = Samples.meeting()
        var after = before
        change(&after)
        #expect(before.differences(from: after, among: everything) == [field])
        #expect(before.fingerprint() != after.fingerprint())
        #expect(before.taking([field], from: after) == after)
        #expect(before.taking(everything.subtracting([field]), from: after) == before)
    }

    @Test("Every field has a case in the table above")
    func complete() { #expect(Set(Self.changes.map(\.0)) == everything) }

    @Test("Whole days are compared by their dates, not by the zone's hours")
    func allDay() {
        let oslo = Times.allDay("2026-03-02", "2026-03-03")
        #expect(oslo.sameTime(as: Times.allDay("2026-03-02", "2026-03-03", in: .utc)))
        #expect(!oslo.sameTime(as: Times.timed(oslo.span)))
    }

    @Test("Fingerprints do not run words together")
    func separation() {
        let one = Samples.meeting("ab", body: "c")
        let other = Samples.meeting("a", body: "bc")
        #expect(one.fingerprint() != other.fingerprint())
    }
}

@Suite("Spans and statuses")
struct SpanTests {
    private func span(_ start: Int64, _ end: Int64) -> TimeSpan {
        TimeSpan(start: Instant(seconds: start), end: Instant(seconds: end))
    }

    @Test("Back-to-back spans do not overlap; touching ones within do")
    func overlaps() {
        #expect(!span(0, 10).overlaps(span(10, 20)))
        #expect(span(0, 10).overlaps(span(9, 20)))
        #expect(span(0, 10).contains(span(0, 10)))
        #expect(span(0, 10).contains(Instant(seconds: 0)) && !span(0, 10).contains(Instant(seconds: 10)))
    }

    @Test("Elapsed time keeps its microseconds, also below zero")
    func durations() {
        let later = Instant(microseconds: 1).advanced(by: .microseconds(-3))
        #expect(later == Instant(microseconds: -2))
        #expect(Duration.milliseconds(-1500).inSeconds == -1.5)
    }

    @Test("What holds the room")
    func holding() {
        #expect(Booking.Status.pending.holdsRoom && !Booking.Status.refused.holdsRoom)
        #expect(Samples.event().holdsRoom)
        #expect(!Samples.event(isCancelled: true).holdsRoom)
        #expect(!Samples.event(role: .attendee, response: .declined).holdsRoom)
        #expect(!Samples.event("e", Samples.meeting(showAs: .free)).holdsRoom)
        #expect(Samples.event(role: .attendee, response: .tentative).holdsRoom)
    }
}
