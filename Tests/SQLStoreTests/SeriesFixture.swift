import CalendarModel
import LoopBooking
import SQLStore
import TestSupport

/// Series in the test room: Oslo time, in 2026; it is Sunday, 1 March, noon UTC.
extension TestStore {
    /// Mondays from 2 March, ten of them unless said otherwise.
    func weekly(
        _ from: String = "09:00", _ to: String = "10:00", end: RecurrenceRule.End? = .after(count: 10),
        on date: String = "2026-03-02", subject: String = "Weekly"
    ) -> BookingDraft {
        var rule = RecurrenceChange()
        rule.frequency = .weekly
        rule.end = end
        return BookingDraft(
            room: room, time: Self.time(date, from, to), subject: subject, recurrence: rule)
    }

    func single(_ date: String, _ from: String, _ to: String) -> BookingDraft {
        BookingDraft(room: room, time: Self.time(date, from, to), subject: "Single")
    }

    @discardableResult
    func book(_ draft: BookingDraft) async throws -> Booking {
        try await desk.create(draft, by: .person("Anna")).entity
    }

    /// The dates of a booking's slots, as they stand in the database.
    func heldDates(of booking: BookingID) async throws -> [String] {
        try await heldSpans(of: booking).map { span in
            String(Times.wallText(span.start).prefix(10))
        }
    }

    func heldSpans(of booking: BookingID) async throws -> [TimeSpan] {
        try await store.driver.read { connection in
            try connection.query(
                "SELECT start_us, end_us FROM booking_slots WHERE booking = $1 ORDER BY start_us",
                [.text(booking.rawValue)]
            ).map { row in
                TimeSpan(
                    start: Instant(microseconds: try row.integer("start_us")),
                    end: Instant(microseconds: try row.integer("end_us")))
            }
        }
    }

    static func time(_ date: String, _ from: String, _ to: String) -> TimeDraft {
        .timed(start: zoned(date, from), end: zoned(date, to))
    }

    static func change(_ date: String, _ from: String, _ to: String) -> BookingChange {
        BookingChange(time: TimeChange(start: zoned(date, from), end: zoned(date, to)))
    }

    static func rule(_ edit: (inout RecurrenceChange) -> Void) -> BookingChange {
        var change = RecurrenceChange()
        edit(&change)
        return BookingChange(recurrence: .value(change))
    }

    private static func zoned(_ date: String, _ time: String) -> ZonedTime {
        ZonedTime(wall: Times.wall("\(date) \(time)"), zone: "Europe/Oslo")
    }
}

extension Times {
    static func wallText(_ instant: Instant, in zone: ZoneID = oslo) -> String {
        guard case .timed(let time) = timed(TimeSpan(start: instant, end: instant.advanced(by: .seconds(1))), in: zone)
        else { return "" }
        return time.start.description
    }
}

/// `field: code` of each broken rule.
func brokenRules(_ error: DeskError?) -> [String] {
    guard case .rulesBroken(let violations)? = error else { return [] }
    return violations.map { "\($0.field): \($0.code)" }
}
